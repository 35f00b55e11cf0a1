#include "registry/rules/programme.h"

#include "embedded/programmes.h"
#include "registry/base/ensure.h"
#include "registry/base/find_by_id.h"
#include "registry/base/text.h"
#include "registry/calendar/work_calendar.h"
#include "registry/domain/area.h"
#include "registry/json/parse.h"
#include "registry/rules/age.h"
#include "registry/rules/detail/protocol_head.h"
#include "registry/rules/protocol_catalog.h"
#include "registry/rules/screening/catalog.h"
#include "registry/rules/screening/screening.h"
#include "registry/rules/vaccination.h"
#include "registry/rules/vaccine.h"

#include <algorithm>
#include <utility>

namespace egret::rules {
namespace {

using detail::DefinitionReader;
using json::Section;

constexpr int tier_max = 9;
constexpr int stock_low_max = 1'000'000;
constexpr int stock_expiry_days_max = 3660;
constexpr int follow_up_days_max = 366;

std::vector<Choice> read_choices(Section section) {
    std::vector<Choice> choices;
    for (auto& one : section.sections("choices")) {
        one.only({"parameter", "value"});
        auto parameter = one.text("parameter");
        choices.push_back({std::move(parameter), one.text("value")});
    }
    return choices;
}

Assignment read_assignment(Section section, DefinitionReader& reader) {
    section.only({"protocol", "from", "to", "sexes", "born_from", "born_to", "flags", "begun_with",
                  "not_begun_with", "begun_from_age", "only_without_dose", "until_age", "tier",
                  "choices"});
    Assignment one;
    one.protocol = section.text("protocol");
    one.in_force = reader.in_force(section);
    one.sexes = detail::read_sexes(section);
    one.born_from = reader.date(section, "born_from");
    one.born_to = reader.date(section, "born_to");
    if (one.born_from && one.born_to && *one.born_to < *one.born_from)
        section.refuse("born_to", msg("rules.ends_before_it_begins"));
    if (section.has("flags")) one.flags = detail::read_flags(section);
    const auto is_vaccine = [](std::string_view code) { return find_vaccine(code) != nullptr; };
    if (section.has("begun_with")) one.begun_with = section.codes("begun_with", is_vaccine);
    if (section.has("not_begun_with"))
        one.not_begun_with = section.codes("not_begun_with", is_vaccine);
    one.begun_from_age = reader.period(section, "begun_from_age");
    one.only_without_dose = section.optional_truth("only_without_dose").value_or(false);
    one.until_age = reader.period(section, "until_age");
    one.tier = section.optional_count("tier", tier_max).value_or(0);
    one.choices = read_choices(section);
    return one;
}

StockLevels read_stock_levels(Section section) {
    section.only({"low_doses", "expiry_days"});
    return {section.optional_count("low_doses", stock_low_max),
            section.optional_count("expiry_days", stock_expiry_days_max)};
}

FollowUpTimes read_follow_up(Section section) {
    section.only({"calendar", "inform_working_days", "feedback_working_days", "result_days",
                  "referral_days", "act_within_days", "confirm_within_days", "overdue_after_days",
                  "ask_again_days", "deferral_days"});
    FollowUpTimes times;
    times.calendar = section.text("calendar");
    if (const auto known = find_work_calendar(times.calendar); !known && !section.failed())
        section.refuse("calendar", known.error().message);
    times.inform_working_days = section.count("inform_working_days", follow_up_days_max);
    times.feedback_working_days = section.count("feedback_working_days", follow_up_days_max);
    times.result_days = section.count("result_days", follow_up_days_max);
    times.referral_days = section.count("referral_days", follow_up_days_max);
    times.act_within_days = section.count("act_within_days", follow_up_days_max);
    times.confirm_within_days = section.count("confirm_within_days", follow_up_days_max);
    times.overdue_after_days = section.count("overdue_after_days", follow_up_days_max);
    times.ask_again_days = section.count("ask_again_days", follow_up_days_max);
    times.deferral_days = section.count("deferral_days", follow_up_days_max);
    return times;
}

/// The assigned protocol with the programme's choices in place of its parameters.
std::optional<Protocol> choose(const Assignment& assignment, Section& section) {
    auto protocol = load_protocol(assignment.protocol, assignment.choices);
    if (protocol) return *std::move(protocol);
    section.refuse(protocol.error().field, protocol.error().message);
    return std::nullopt;
}

ScreeningAssignment read_screening(Section section, DefinitionReader& reader) {
    section.only({"protocol", "from", "to", "choices"});
    ScreeningAssignment one;
    one.protocol = section.text("protocol");
    one.in_force = reader.in_force(section);
    one.choices = read_choices(section);
    return one;
}

/// The assigned pathways with the programme's choices in place of their parameters.
void read_pathways(Section& file, DefinitionReader& reader, Programme& programme) {
    for (auto& section : file.sections("screening")) {
        auto assignment = read_screening(section, reader);
        if (file.failed()) return;
        auto pathway = load_pathway(assignment.protocol, assignment.choices);
        if (!pathway) return section.refuse(pathway.error().field, pathway.error().message);
        programme.screening.push_back(std::move(assignment));
        programme.pathways.push_back(*std::move(pathway));
    }
}

/// The day of somebody's first dose of a vaccine that the rules know, and its product.
const GivenDose* first_dose(const Subject& subject, Date on) {
    const GivenDose* first = nullptr;
    for (const auto& dose : subject.doses) {
        if (dose.is_substandard || on < dose.date.earliest() || !find_vaccine(dose.product))
            continue;
        if (!first || dose < *first) first = &dose;
    }
    return first;
}

bool has_one_of(const std::vector<std::string>& flags, const Subject& subject, Date on) {
    return flags.empty() ||
           std::any_of(subject.flags.begin(), subject.flags.end(), [&](const SubjectFlag& flag) {
               return flag.holds_on(on) &&
                      std::find(flags.begin(), flags.end(), flag.code) != flags.end();
           });
}

/// A birth date that isn't known to the day belongs wherever it may.
bool is_born_between(const Assignment& one, const Subject& subject) {
    if (!one.born_from && !one.born_to) return true;
    if (!subject.birth_date) return false;
    return (!one.born_from || *one.born_from <= subject.birth_date->latest()) &&
           (!one.born_to || subject.birth_date->earliest() <= *one.born_to);
}

/// A day of birth or of the dose that isn't known doesn't take her out.
bool has_begun_at(const Period& age, const Subject& subject, const GivenDose* first) {
    return first && subject.birth_date &&
           day_of_age(subject.birth_date->earliest(), age) <= first->date.latest();
}

bool is_for(const Assignment& one, const Subject& subject, const GivenDose* first, Date on) {
    if (!one.in_force.holds_on(on) || !is_born_between(one, subject)) return false;
    if (!one.sexes.empty() &&
        std::find(one.sexes.begin(), one.sexes.end(), subject.sex) == one.sexes.end())
        return false;
    if (!has_one_of(one.flags, subject, on)) return false;
    if (one.until_age && subject.birth_date &&
        day_of_age(subject.birth_date->latest(), *one.until_age) <= on)
        return false;
    if (one.only_without_dose && first) return false;
    if (one.begun_from_age && !has_begun_at(*one.begun_from_age, subject, first)) return false;
    const std::string product = first ? first->product : "";
    return (one.begun_with.empty() || is_one_of(product, one.begun_with)) &&
           !is_one_of(product, one.not_begun_with);
}

/// What an ordinary schedule would ask for beside that of the risk group is not asked for.
void leave_to_risk_group(Decision& decision) {
    Action left;
    left.why.push_back({decision.protocol + "/risk-group", msg("rules.risk_group_decides")});
    decision.actions = {std::move(left)};
    decision.not_counted.clear();  // What counts the risk group's schedule says.
}

bool has_series_for(const Protocol& protocol, Sex sex) {
    const auto& all = protocol.schedule.series;
    return std::any_of(all.begin(), all.end(), [&](const Series& series) {
        return series.sexes.empty() ||
               std::find(series.sexes.begin(), series.sexes.end(), sex) != series.sexes.end();
    });
}

/// One that was spoilt is passed over for that.
bool is_void_for_sex(const Programme& programme, const Subject& subject, const GivenDose& dose,
                     Date on) {
    return !dose.is_substandard && dose.date.earliest() <= on &&
           is_for_other_sex(programme, dose.product, subject.sex);
}

void tell_doses_for_other_sex(const Programme& programme, const Subject& subject,
                              Decision& decision) {
    auto all = subject.doses;
    std::erase_if(all, [&](const GivenDose& dose) {
        return !is_void_for_sex(programme, subject, dose, decision.on);
    });
    std::sort(all.begin(), all.end());
    for (const auto& dose : all) {
        const auto is_later = [&](const auto& other) { return dose.date < other.date; };
        EvaluatedDose evaluated;
        evaluated.date = dose.date;
        evaluated.product = dose.product;
        evaluated.status = DoseStatus::inadvertent;
        evaluated.reason = DoseReason::inadvertent;
        auto& doses = decision.doses;
        doses.insert(std::find_if(doses.begin(), doses.end(), is_later), std::move(evaluated));
        auto& lines = decision.not_counted;
        lines.insert(
            std::find_if(lines.begin(), lines.end(), is_later),
            {dose.date, dose.product,
             Why{decision.protocol + "/other-sex", msg("rules.not_counted_other_sex")}, dose.lot});
    }
}

/// Whether vaccines may be mixed no source says: a further dose isn't asked for as if the other one
/// had not been given.
void leave_mixed_to_clinician(Decision& decision) {
    const bool wants_dose =
        !decision.actions.empty() && decision.actions.front().code == ActionCode::dose;
    const bool is_mixed = std::any_of(decision.not_counted.begin(), decision.not_counted.end(),
                                      [](const UncountedDose& dose) {
                                          const auto* text = std::get_if<Message>(&dose.why.text);
                                          return text && text->id == "rules.not_counted_vaccine";
                                      });
    if (!wants_dose || !is_mixed) return;
    Action ask;
    ask.code = ActionCode::clinician_decides;
    ask.dose_number = decision.actions.front().dose_number;
    ask.why.push_back({decision.protocol + "/other-vaccine", msg("rules.other_vaccine_matters")});
    decision.actions = {std::move(ask)};
}

}  // namespace

Result<Programme> parse_programme(std::string_view text) {
    const auto document = json::parse(text);
    if (!document) return document.error();
    std::optional<Error> error;
    Section file(&*document, "", error);
    file.only({"id", "version", "title", "source", "area", "valid", "stock", "protocols",
               "screening", "follow_up"});
    const std::vector<Parameter> none;
    DefinitionReader reader(none);
    std::vector<std::string> taken;
    Programme programme;
    programme.id = detail::read_id(file, taken);
    programme.version = detail::read_version(file);
    programme.title = detail::read_languages(file.section("title"));
    programme.source = detail::read_languages(file.section("source"));
    programme.area = detail::read_area(file);
    programme.valid = detail::read_valid(file, reader);
    if (file.has("stock")) programme.stock = read_stock_levels(file.section("stock"));
    for (auto& section : file.sections("protocols")) {
        auto assignment = read_assignment(section, reader);
        if (error) break;
        auto protocol = choose(assignment, section);
        if (!protocol) break;
        programme.assignments.push_back(std::move(assignment));
        programme.protocols.push_back(*std::move(protocol));
    }
    read_pathways(file, reader, programme);
    if (!programme.pathways.empty() || file.has("follow_up"))
        programme.follow_up = read_follow_up(file.section("follow_up"));
    if (programme.assignments.empty()) file.refuse("protocols", msg("rules.no_assignment"));
    if (error) return *std::move(error);
    return programme;
}

const std::vector<Programme>& known_programmes() {
    static const auto programmes = [] {
        std::vector<Programme> all;
        for (const auto& file : embedded::programmes()) {
            auto programme = parse_programme(file.content);
            EGRET_ENSURE(programme);  // A test reads each of them.
            all.push_back(*std::move(programme));
        }
        std::sort(all.begin(), all.end(),
                  [](const Programme& a, const Programme& b) { return a.id < b.id; });
        return all;
    }();
    return programmes;
}

Result<const Programme*> find_programme(std::string_view id) {
    const auto found = find_by_id(known_programmes(), id);
    if (found.item) return found.item;
    if (found.meant) {
        return Error{ErrorCode::not_found, "programme",
                     msg("rules.unknown_programme_meant", {{"meant", *found.meant}})};
    }
    return Error{ErrorCode::not_found, "programme", msg("rules.unknown_programme")};
}

const Programme* programme_at(std::string_view area, Date on) {
    const Programme* found = nullptr;
    for (const auto& programme : known_programmes()) {
        const bool is_there = programme.area.empty() || lies_in(area, programme.area);
        if (!is_there || !programme.valid.holds_on(on)) continue;
        if (!found || found->area.size() < programme.area.size()) found = &programme;
    }
    return found;
}

std::vector<const Protocol*> labels_of(const Programme& programme, std::string_view product) {
    const auto* vaccine = find_vaccine(product);
    if (!vaccine) return {};
    auto products = products_behind(*vaccine);
    if (products.empty()) products.push_back(vaccine);
    std::vector<const Protocol*> labels;
    for (const auto* one : products) {
        const auto before = labels.size();
        for (std::size_t i = 0; i < programme.assignments.size(); ++i) {
            const auto& begun = programme.assignments[i].begun_with;
            if (std::find(begun.begin(), begun.end(), one->code) != begun.end())
                labels.push_back(&programme.protocols[i]);
        }
        if (labels.size() == before) return {};
    }
    return labels;
}

bool is_for_other_sex(const Programme& programme, std::string_view product, Sex sex) {
    if (sex == Sex::unknown) return false;
    const auto labels = labels_of(programme, product);
    return !labels.empty() &&
           std::none_of(labels.begin(), labels.end(),
                        [&](const Protocol* label) { return has_series_for(*label, sex); });
}

Subject without_doses_for_other_sex(const Programme& programme, const Subject& subject, Date on) {
    auto kept = subject;
    std::erase_if(kept.doses, [&](const GivenDose& dose) {
        return is_void_for_sex(programme, subject, dose, on);
    });
    return kept;
}

std::vector<const Protocol*> protocols_for(const Programme& programme, const Subject& subject,
                                           Date on) {
    std::vector<const Protocol*> all;
    std::size_t of_risk = 0;  // So many stand before the others.
    int tier = tier_max + 1;
    const auto own = without_doses_for_other_sex(programme, subject, on);
    const auto* first = first_dose(own, on);
    for (std::size_t i = 0; i < programme.assignments.size(); ++i) {
        const auto& one = programme.assignments[i];
        const bool is_in_force = programme.protocols[i].valid.holds_on(on);
        if (one.tier > tier || !is_in_force || !is_for(one, subject, first, on)) continue;
        if (one.tier < tier) {
            all.clear();
            of_risk = 0;
        }
        tier = one.tier;
        const auto place = one.flags.empty() ? all.size() : of_risk++;
        all.insert(all.begin() + static_cast<std::ptrdiff_t>(place), &programme.protocols[i]);
    }
    return all;
}

bool is_of_risk_group(const Programme& programme, const Protocol& protocol) {
    for (std::size_t i = 0; i < programme.protocols.size(); ++i) {
        if (&programme.protocols[i] == &protocol) return !programme.assignments[i].flags.empty();
    }
    return false;
}

std::vector<Decision> decide_all(const Programme& programme, const Subject& subject, Date on) {
    std::vector<Decision> decisions;
    bool has_risk = false;
    const auto own = without_doses_for_other_sex(programme, subject, on);
    for (const auto* protocol : protocols_for(programme, subject, on)) {
        const bool is_risk = is_of_risk_group(programme, *protocol);
        auto decision = decide(*protocol, is_risk ? subject : own, on);
        has_risk = has_risk || is_risk;
        if (!is_risk) {
            tell_doses_for_other_sex(programme, subject, decision);
            leave_mixed_to_clinician(decision);
            if (has_risk) leave_to_risk_group(decision);
        }
        decisions.push_back(std::move(decision));
    }
    return decisions;
}

std::vector<ScreeningDecision> decide_screening(const Programme& programme,
                                                const ScreeningSubject& subject, Date on) {
    std::vector<ScreeningDecision> decisions;
    for (std::size_t i = 0; i < programme.screening.size(); ++i) {
        if (programme.screening[i].in_force.holds_on(on) &&
            programme.pathways[i].valid.holds_on(on))
            decisions.push_back(decide(programme.pathways[i], subject, on));
    }
    return decisions;
}

}  // namespace egret::rules
