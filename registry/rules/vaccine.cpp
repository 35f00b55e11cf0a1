#include "registry/rules/vaccine.h"

#include "embedded/vaccine_catalog.h"
#include "registry/base/ensure.h"
#include "registry/base/text.h"
#include "registry/json/parse.h"
#include "registry/rules/detail/definition_reader.h"

#include <algorithm>
#include <utility>

namespace egret::rules {
namespace {

constexpr int valency_max = 20;

bool is_code_shape(std::string_view code) {
    const auto colon = code.find(':');
    return colon != std::string_view::npos && colon > 0 && colon + 1 < code.size();
}

/// A code within its system: letters and digits. "" if it is missing.
std::string read_bare_code(json::Section& section, std::string_view name) {
    auto code = section.optional_text(name).value_or("");
    const bool is_shaped = std::all_of(code.begin(), code.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    });
    if (!is_shaped) section.refuse(name, msg("definition.unknown_code"));
    return code;
}

/// "0.5": digits, and behind a point more of them.
bool is_volume(std::string_view text) {
    const auto point = std::min(text.find('.'), text.size());
    const auto fraction = text.substr(std::min(point + 1, text.size()));
    return is_digits(text.substr(0, point)) && (point == text.size() || is_digits(fraction));
}

DoseVolume read_dose(json::Section section) {
    section.only({"ml", "source", "verified"});
    DoseVolume dose;
    dose.ml = section.text("ml");
    if (!is_volume(dose.ml)) section.refuse("ml", msg("dose.volume"));
    dose.source = section.text("source");
    dose.is_verified = section.optional_truth("verified").value_or(false);
    return dose;
}

Vaccine read_vaccine(json::Section section) {
    section.only({"code", "title", "valency", "cvx", "icd11", "atc", "maker", "dose", "broader"});
    Vaccine vaccine;
    vaccine.code = section.text("code");
    if (!is_code_shape(vaccine.code)) section.refuse("code", msg("definition.unknown_code"));
    vaccine.title = detail::read_languages(section.section("title"));
    vaccine.valency = section.optional_count("valency", valency_max).value_or(0);
    vaccine.cvx = read_bare_code(section, "cvx");
    vaccine.icd11 = read_bare_code(section, "icd11");
    vaccine.atc = read_bare_code(section, "atc");
    vaccine.maker = section.optional_text("maker").value_or("");
    if (section.has("dose")) vaccine.dose = read_dose(section.section("dose"));
    if (section.has("broader")) vaccine.broader = section.codes("broader", is_code_shape);
    return vaccine;
}

bool by_code(const Vaccine& a, const Vaccine& b) { return a.code < b.code; }

/// A code that is there twice, or that stands for several and isn't there itself.
void refuse_unsound(json::Section& file, const std::vector<Vaccine>& all) {
    const auto count = [&](const std::string& code) {
        return std::count_if(all.begin(), all.end(),
                             [&](const Vaccine& one) { return one.code == code; });
    };
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto path = "vaccines[" + std::to_string(i) + "].";
        if (count(all[i].code) > 1) file.refuse(path + "code", msg("definition.twice"));
        for (std::size_t j = 0; j < all[i].broader.size(); ++j) {
            if (count(all[i].broader[j]) == 0)
                file.refuse(path + "broader[" + std::to_string(j) + "]",
                            msg("rules.unknown_vaccine"));
        }
    }
}

}  // namespace

bool Vaccine::is_a(std::string_view wanted) const {
    return code == wanted || std::find(broader.begin(), broader.end(), wanted) != broader.end();
}

Result<std::vector<Vaccine>> parse_vaccines(std::string_view text) {
    const auto document = json::parse(text);
    if (!document) return document.error();
    std::optional<Error> error;
    json::Section file(&*document, "", error);
    file.only({"source", "vaccines"});
    file.text("source");
    std::vector<Vaccine> all;
    for (auto& vaccine : file.sections("vaccines")) all.push_back(read_vaccine(std::move(vaccine)));
    if (all.empty()) file.refuse("vaccines", msg("rules.no_vaccine"));
    refuse_unsound(file, all);
    if (error) return *std::move(error);
    std::sort(all.begin(), all.end(), by_code);
    return all;
}

const std::vector<Vaccine>& known_vaccines() {
    static const auto vaccines = [] {
        auto all = parse_vaccines(embedded::vaccine_catalog().front().content);
        EGRET_ENSURE(all);  // A test reads it.
        return *std::move(all);
    }();
    return vaccines;
}

const Vaccine* find_vaccine(std::string_view code) {
    const auto& all = known_vaccines();
    const auto found = std::lower_bound(
        all.begin(), all.end(), code,
        [](const Vaccine& one, std::string_view wanted) { return one.code < wanted; });
    return found != all.end() && found->code == code ? &*found : nullptr;
}

bool is_one_of(std::string_view code, const std::vector<std::string>& vaccines) {
    const auto* vaccine = find_vaccine(code);
    return vaccine && std::any_of(vaccines.begin(), vaccines.end(),
                                  [&](const auto& wanted) { return vaccine->is_a(wanted); });
}

std::vector<const Vaccine*> products_behind(const Vaccine& vaccine) {
    std::vector<const Vaccine*> products;
    if (!vaccine.maker.empty()) return products;
    // Two systems' codes for one vaccine are each a case of the other; products name one of them.
    std::vector<std::string> same{vaccine.code};
    for (const auto& code : vaccine.broader) {
        const auto* other = find_vaccine(code);
        if (other && other->is_a(vaccine.code)) same.push_back(code);
    }
    for (const auto& one : known_vaccines()) {
        const bool is_case =
            std::any_of(same.begin(), same.end(), [&](const auto& code) { return one.is_a(code); });
        if (!one.maker.empty() && is_case) products.push_back(&one);
    }
    return products;
}

}  // namespace egret::rules
