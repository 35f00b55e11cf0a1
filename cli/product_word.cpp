#include "cli/product_word.h"

#include "registry/base/text.h"
#include "registry/icu/fold.h"
#include "registry/rules/vaccine.h"

#include <algorithm>
#include <vector>

namespace egret::cli {
namespace {

constexpr std::string_view own_prefix = "egret:";

/// Small letters, digits and characters alone: "Gardasil 9" is "gardasil9".
std::string bare(std::string_view text) {
    std::string kept;
    for (const char c : icu::fold(text)) {
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (is_letter || static_cast<unsigned char>(c) >= 0x80) kept += c;
    }
    return kept;
}

struct ProductName {
    std::string name;
    std::string code;
};

/// How a product is called: its code without ours before it, and its names without what stands in
/// brackets.
std::vector<ProductName> product_names() {
    std::vector<ProductName> names;
    for (const auto& vaccine : rules::known_vaccines()) {
        const std::string_view code = vaccine.code;
        if (!code.starts_with(own_prefix)) continue;
        const std::string_view en = vaccine.title.en;
        const std::string_view zh = vaccine.title.zh;
        for (const auto name : {code.substr(own_prefix.size()), en.substr(0, en.find(" (")),
                                zh.substr(0, zh.find("（"))})
            names.push_back({bare(name), vaccine.code});
    }
    return names;
}

}  // namespace

std::optional<std::string> find_meant_product(std::string_view typed) {
    if (typed.starts_with(own_prefix)) typed.remove_prefix(own_prefix.size());
    const auto names = product_names();
    std::vector<std::string> words;
    words.reserve(names.size());
    for (const auto& known : names) words.push_back(known.name);
    const auto wanted = bare(typed);
    const auto is_it = [](const std::string& word) {
        return [&word](const ProductName& known) { return known.name == word; };
    };
    auto found = std::find_if(names.begin(), names.end(), is_it(wanted));
    if (found == names.end()) {
        const auto meant = did_you_mean(wanted, words);
        if (!meant) return std::nullopt;
        found = std::find_if(names.begin(), names.end(), is_it(*meant));
    }
    return found->code;
}

Result<Done> check_product_word(std::string_view typed, Message unknown) {
    if (rules::find_vaccine(typed)) return Done{};
    if (const auto meant = find_meant_product(typed))
        return Error{ErrorCode::invalid_input, "", msg("product.meant", {{"meant", *meant}})};
    return Error{ErrorCode::invalid_input, "", std::move(unknown)};
}

}  // namespace egret::cli
