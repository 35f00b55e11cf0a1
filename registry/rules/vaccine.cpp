#include "registry/rules/vaccine.h"

#include "embedded/vaccine_catalog.h"
#include "registry/base/ensure.h"
#include "registry/json/parse.h"
#include "registry/json/section.h"

#include <algorithm>
#include <utility>

namespace egret::rules {
namespace {

constexpr int valency_max = 20;

bool is_code_shape(std::string_view code) {
    const auto colon = code.find(':');
    return colon != std::string_view::npos && colon > 0 && colon + 1 < code.size();
}

Vaccine read_vaccine(json::Section section) {
    section.only({"code", "title", "valency", "cvx", "icd11", "atc", "maker", "broader"});
    Vaccine vaccine;
    vaccine.code = section.text("code");
    if (!is_code_shape(vaccine.code)) section.refuse("code", msg("definition.unknown_code"));
    auto title = section.section("title");
    vaccine.title.zh = title.text("zh");
    vaccine.title.en = title.text("en");
    vaccine.valency = section.optional_count("valency", valency_max).value_or(0);
    vaccine.cvx = section.optional_text("cvx").value_or("");
    vaccine.icd11 = section.optional_text("icd11").value_or("");
    vaccine.atc = section.optional_text("atc").value_or("");
    vaccine.maker = section.optional_text("maker").value_or("");
    if (section.find("broader")) vaccine.broader = section.codes("broader", is_code_shape);
    return vaccine;
}

bool by_code(const Vaccine& a, const Vaccine& b) { return a.code < b.code; }

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
    std::sort(all.begin(), all.end(), by_code);
    for (std::size_t i = 1; i < all.size(); ++i) {
        if (all[i].code == all[i - 1].code) file.refuse("vaccines", msg("definition.twice"));
    }
    if (error) return *std::move(error);
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

}  // namespace egret::rules
