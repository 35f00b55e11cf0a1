#include "cli/field_help.h"

#include "cli/console/catalog.h"
#include "cli/console/labels.h"
#include "cli/field_words.h"
#include "cli/short_words.h"
#include "registry/codec/fact_shape.h"
#include "registry/domain/fact.h"
#include "registry/domain/flag_code.h"
#include "registry/domain/stock_check.h"
#include "registry/icu/width.h"
#include "registry/rules/vaccine.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <vector>

namespace egret::cli {
namespace {

using codec::MemberShape;
using Shapes = std::vector<MemberShape>;
using console::code_label;
using console::kind_label;
using console::member_label;

constexpr std::size_t columns_max = 80;

std::string joined(const std::vector<std::string>& items) {
    std::string all;
    for (const auto& item : items) all.append(all.empty() ? "" : "|").append(item);
    return all;
}

/// What may stand behind the "=".
std::string form_of(const MemberShape& member) {
    std::string form = "…";
    if (member.kind == MemberShape::Kind::code) form = joined(member.codes);
    if (member.kind == MemberShape::Kind::truth) form = "true|false";
    if (member.kind == MemberShape::Kind::integer) form = "N";
    if (member.name == "tz_type" || member.name == "hospital_level") form = "1|2|3";
    if (member.name == "swede") form = "0-10";
    if (member.name == "biopsies") form = "0-30";
    if (member.name == "t") form = "T1c";
    if (member.name == "n") form = "N0";
    if (member.name == "m") form = "M0";
    if (member.name == "dose_number") form = "1-9";
    if (member.name == "vvm_stage") form = "1|2|3|4";
    if (member.name == "volume_ml") form = "0.5";
    if (member.name == "min_celsius" || member.name == "max_celsius") form = "-0.5";
    if (member.name == "onset_time" || member.name == "vaccination_time") form = "14:30";
    if (member.kind == MemberShape::Kind::date) form = "2026-03-31";
    if (member.kind == MemberShape::Kind::partial_date) form = "2026-03-31|2026-03|2026";
    return member.is_list ? form + ",…" : form;
}

/// The codes in lines of their own, for those that are too many for one.
void add_codes(std::string& help, const std::vector<std::string>& codes) {
    std::string line = "       ";
    for (const auto& code : codes) {
        if (line.size() + 1 + code.size() > columns_max) {
            help += line + "\n";
            line = "       ";
        }
        line += " " + code;
    }
    help += line + "\n";
}

void add_field(std::string& help, const MemberShape& member, const std::string& path,
               Language language) {
    const auto label = std::string(member.is_required ? " *" : "") + "  (" +
                       label_of_member(member, language) + ")\n";
    const auto start = "    " + path + "=";
    auto line = start + form_of(member) + label;
    const bool is_condition = member.name == "code" && member.list_name == Flag::name;
    if (!is_condition && icu::display_width(line) <= columns_max) {
        help += line;
        return;
    }
    help += start + (member.is_list ? "…,…" : "…") + label;
    add_codes(help, member.codes);
}

void add_fields(std::string& help, const Shapes& members, const std::string& outer,
                Language language) {
    using enum MemberShape::Kind;
    for (const auto& member : members) {
        if (member.kind == object && !member.is_list) {
            add_fields(help, member.members, outer + member.name + ".", language);
        } else if (member.kind != object && member.kind != fact) {
            add_field(help, member, outer + member.name, language);
        }
    }
}

void add_short_words(std::string& help, Language language) {
    for (const auto& known : short_words) {
        const auto label = known.list == "identifiers"
                               ? code_label("identifier_kind", known.key, language)
                               : member_label(known.word, language);
        help.append("    ").append(known.word).append("=…  (").append(label).append(")\n");
    }
}

/// What a kind has beside what all have. Conditions are a list of codes here, though other
/// systems' codes are taken, too.
Shapes own_fields(std::string_view type, std::size_t common) {
    auto shape = *codec::entered_shape(type);
    shape.erase(shape.begin(), shape.begin() + static_cast<std::ptrdiff_t>(common));
    for (auto& member : shape) {
        const bool is_vaccine =
            type == Dose::name || type == DoseNotGiven::name || type == Stock::name;
        if (is_vaccine && member.name == "product") {
            member.list_name = Dose::name;
            for (const auto& vaccine : rules::known_vaccines())
                member.codes.push_back(vaccine.code);
        }
        // It follows from what is said of the two sides.
        if (type == BreastExam::name && member.name == "result") member.is_required = false;
        if (type != Flag::name || member.name != "code") continue;
        member.list_name = Flag::name;
        member.codes.assign(flag_codes().begin(), flag_codes().end());
    }
    if (says_who_she_is(type)) {
        std::erase_if(shape, [](const MemberShape& member) { return member.name == "phones"; });
    }
    return shape;
}

/// What a record of each kind looks like.
struct Example {
    std::string_view kind;
    std::string_view fields;
};

constexpr auto examples = std::to_array<Example>({
    {"demographics", "phone=13900000000 area=350203"},
    {"consent", "scope=vaccination decision=given by=guardian"},
    {"flag", "code=pregnant from=2026-03-01"},
    {"transfer", "to_facility=C002 reason=moved"},
    {"death", "cause=icd10:C53"},
    {"dose", "product=egret:cecolin lot=A1 expires_on=2028-06"},
    {"dose_not_given", "reason=caregiver_refusal dose_number=1"},
    {"adverse_event", "manifestations=syncope serious=false"},
    {"hpv_test", "result=positive types=16,18 specimen=B1001"},
    {"cytology", "results=ASC-US specimen=B1001"},
    {"via", "result=negative"},
    {"gyn_exam", "result=normal"},
    {"colposcopy", "impression=low_grade tz_type=1 swede=3"},
    {"histology", "results=CIN2 taken_by=punch p16=positive"},
    {"specimen", "barcode=B1001 tests=hpv,cytology"},
    {"breast_exam", "left=normal right=abnormal"},
    {"breast_ultrasound", "left.birads=1 right.birads=4a"},
    {"mammogram", "left.birads=1 right.birads=2 density=b"},
    {"senior_review", "decision=biopsy rank=associate_senior"},
    {"treatment", "procedure=leep reason=CIN2 site=cervix"},
    {"visit", "note=…"},
    {"diagnosis", "site=cervix code=icd10:C53.9 figo=IB1"},
    {"contact", "outcome=not_reached method=phone"},
    {"referral", "to_facility=C002 reason=HPV16+"},
    {"referral_feedback", "referral=NUMBER from_facility=C002"},
    {"informed", "about=NUMBER method=phone"},
    {"deferral", "site=cervix until=2027-03-31 reason=pregnant"},
    {"ceasing", "site=cervix step=proposed reason=no_cervix"},
    {"closing", "site=cervix reason=completed"},
    {"procedure", "code=icd9cm:67.32"},
});

std::string meaning_of(const MemberShape& member, const std::string& code, Language language) {
    if (member.list_name != Dose::name) return code_label(member.list_name, code, language);
    const auto& title = rules::find_vaccine(code)->title;
    return language == Language::zh ? title.zh : title.en;
}

/// A code in a line with what it means; those that are their own meaning ("16") together.
void add_code_meanings(std::string& help, const MemberShape& member, Language language) {
    std::vector<std::string> plain;
    for (const auto& code : member.codes) {
        const auto label = meaning_of(member, code, language);
        if (label == code) {
            plain.push_back(code);
        } else {
            help.append("        ").append(code).append("  (").append(label).append(")\n");
        }
    }
    if (!plain.empty()) add_codes(help, plain);
}

void add_explained(std::string& help, const Shapes& members, const std::string& outer,
                   const std::string& outer_label, Language language) {
    using enum MemberShape::Kind;
    for (const auto& member : members) {
        const auto label = outer_label + label_of_member(member, language);
        if (member.kind == object && !member.is_list) {
            add_explained(help, member.members, outer + member.name + ".", label + " ", language);
        } else if (member.kind != object && member.kind != fact) {
            const bool has_codes = !member.codes.empty();
            const auto form = has_codes ? (member.is_list ? "…,…" : "…") : form_of(member);
            help.append("    ").append(outer).append(member.name).append("=").append(form);
            help.append(member.is_required ? " *" : "").append("  (").append(label).append(")\n");
            if (has_codes) add_code_meanings(help, member, language);
        }
    }
}

std::string kind_help(const Example& example, Language language) {
    const auto common = *codec::entered_shape(Visit::name);
    auto help = "\n" + console::text("help.fields_needed", language) + "\n\n  ";
    help.append(example.kind) += "  (" + kind_label(example.kind, language) + ")\n";
    if (says_who_she_is(example.kind)) add_short_words(help, language);
    add_explained(help, own_fields(example.kind, common.size()), "", "", language);
    help += "\n  " + console::text("help.fields_of_all", language) + "\n";
    add_explained(help, common, "", "", language);
    help += "\n" + console::text("help.example", language) + "\n  egret record ";
    help.append(example.kind).append(" --woman ID ").append(example.fields).append("\n");
    return help;
}

Shapes own_fields_of_person() {
    return own_fields(Register::name, codec::entered_shape(Visit::name)->size());
}

std::string fields_of_person(const Shapes& own, Language language) {
    std::string help;
    add_short_words(help, language);
    add_fields(help, own, "", language);
    add_fields(help, *codec::entered_shape(Visit::name), "", language);
    return help;
}

std::string all_kinds_help(Language language) {
    // A visit has nothing beside what every kind has.
    const auto common = *codec::entered_shape(Visit::name);
    auto help = "\n" + console::text("help.kinds_and_fields", language) + "\n";
    for (const auto& type : codec::fact_type_names()) {
        if (has_own_command(type)) continue;
        help += "\n  " + type + "  (" + kind_label(type, language) + ")\n";
        if (says_who_she_is(type)) add_short_words(help, language);
        add_fields(help, own_fields(type, common.size()), "", language);
    }
    help += "\n  " + console::text("help.fields_of_all", language) + "\n";
    add_fields(help, common, "", language);
    return help;
}

Shapes own_stock_fields(StockAction action) {
    auto own = own_fields(Stock::name, codec::entered_shape(Visit::name)->size());
    std::erase_if(own, [&](const MemberShape& member) {
        return member.name == "action" || member.name == "about" ||
               !stock_has_member(action, member.name);
    });
    return own;
}

Shapes common_stock_fields() {
    auto common = *codec::entered_shape(Visit::name);
    std::erase_if(common, [](const MemberShape& member) {
        return member.name == "status" || member.name == "source" || member.name == "clock_suspect";
    });
    for (auto& member : common) {  // Of stock the exact day is needed.
        if (member.name == "date") member.kind = MemberShape::Kind::date;
    }
    return common;
}

}  // namespace

std::string label_of_member(const MemberShape& member, Language language) {
    const auto own = member.owner + "." + member.name;
    const auto label = member_label(own, language);
    return label == own ? member_label(member.name, language) : label;
}

std::string person_fields_help(std::string_view, Language language) {
    return "\n" + console::text("help.fields", language) + "\n" +
           fields_of_person(own_fields_of_person(), language);
}

std::string new_person_help(std::string_view, Language language) {
    auto fields = own_fields_of_person();
    for (auto& field : fields)
        field.is_required = field.name == "birth_date" || field.name == "sex";
    return "\n" + console::text("help.fields_of_new_person", language) + "\n" +
           fields_of_person(fields, language);
}

std::string stock_field_names(StockAction action) {
    std::string names;
    for (const auto& shape : {own_stock_fields(action), common_stock_fields()}) {
        for (const auto& member : shape)
            names.append(names.empty() ? "" : ", ").append(member.name);
    }
    return names;
}

std::string stock_fields_help(StockAction action, Language language) {
    auto help = "\n" + console::text("help.fields", language) + "\n";
    add_explained(help, own_stock_fields(action), "", "", language);
    help += "\n  " + console::text("help.fields_of_all", language) + "\n";
    add_fields(help, common_stock_fields(), "", language);
    return help;
}

std::string record_help(std::string_view about, Language language) {
    for (const auto& example : examples) {
        if (example.kind == about) return kind_help(example, language);
    }
    return all_kinds_help(language);
}

}  // namespace egret::cli
