#include "registry/domain/tnm.h"

#include "registry/base/text.h"

#include <array>
#include <span>

namespace egret {
namespace {

constexpr std::array<std::string_view, 6> prefixes = {"yc", "yp", "c", "p", "r", "a"};

constexpr std::string_view t_categories[] = {
    "X",  "0",  "is", "is(DCIS)", "is(LCIS)", "is(Paget)", "1",  "1mi", "1a",
    "1b", "1c", "2",  "3",        "4",        "4a",        "4b", "4c",  "4d",
};
constexpr std::string_view n_categories[] = {
    "X",  "0",  "0(i-)", "0(i+)", "0(mol-)", "0(mol+)", "1",  "1mi", "1a",
    "1b", "1c", "2",     "2a",    "2b",      "3",       "3a", "3b",  "3c",
};
constexpr std::string_view m_categories[] = {"0", "0(i+)", "1"};

// Several tumours; the sentinel node alone, or a fine needle, told of the nodes.
constexpr std::string_view t_suffixes[] = {"", "(m)"};
constexpr std::string_view n_suffixes[] = {"", "(sn)", "(f)"};
constexpr std::string_view m_suffixes[] = {""};

struct PartRules {
    char letter;
    std::span<const std::string_view> categories;
    std::span<const std::string_view> suffixes;
};

PartRules rules_of(TnmPart part) {
    switch (part) {
        case TnmPart::t: return {'T', t_categories, t_suffixes};
        case TnmPart::n: return {'N', n_categories, n_suffixes};
        case TnmPart::m: break;
    }
    return {'M', m_categories, m_suffixes};
}

/// Takes a prefix and the letter off; a prefix stands before a letter only.
std::string take_start(std::string_view& text, char letter) {
    const auto begins = [&](std::string_view prefix) {
        return text.size() > prefix.size() && text.starts_with(prefix) &&
               text[prefix.size()] == letter;
    };
    for (const auto prefix : prefixes) {
        if (!begins(prefix)) continue;
        text.remove_prefix(prefix.size() + 1);
        return std::string(prefix);
    }
    if (begins("")) text.remove_prefix(1);
    return {};
}

}  // namespace

std::optional<std::string> tnm_form(TnmPart part, std::string_view typed) {
    const auto rules = rules_of(part);
    const auto lower = to_lower(typed);
    std::string_view rest = lower;
    auto form = take_start(rest, static_cast<char>(rules.letter - 'A' + 'a'));
    form += rules.letter;
    for (const auto category : rules.categories) {
        for (const auto suffix : rules.suffixes) {
            const auto whole = std::string(category).append(suffix);
            if (to_lower(whole) == rest) return form + whole;
        }
    }
    return std::nullopt;
}

}  // namespace egret
