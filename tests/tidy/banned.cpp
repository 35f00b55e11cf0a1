#include "tests/tidy/rules.h"

#include <algorithm>
#include <array>

namespace egret::tidy {
namespace {

constexpr int lines_max = 500;
constexpr int columns_max = 100;

bool is_product(std::string_view path) {
    return path.starts_with("registry/") || path.starts_with("sync/") || path.starts_with("cli/") ||
           path.starts_with("web/");
}

bool is_cpp(std::string_view path) { return path.ends_with(".h") || path.ends_with(".cpp"); }

/// Code points of UTF-8: bytes that don't continue another.
int width_of(std::string_view line) {
    return static_cast<int>(std::count_if(line.begin(), line.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }));
}

/// Calls visit(number, line) for each line.
template <class Visit>
void for_each_line(std::string_view text, Visit visit) {
    int number = 0;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        visit(++number, text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

struct Ban {
    std::string_view word;
    std::string_view why;
    std::vector<std::string_view> allowed = {};  // Beginnings of paths.
    bool in_tests = true;
};

// Who looks at a woman leaves an entry in the audit: registry/service sees to that, and only who
// asks it is sure of it. The tables behind it are for what names nobody.
constexpr std::string_view unnoted = "is not noted in the audit: registry/service has what is";
const std::vector<std::string_view> noted_places = {"registry/", "sync/"};

std::vector<std::string_view> noted_places_and(std::vector<std::string_view> more) {
    more.insert(more.end(), noted_places.begin(), noted_places.end());
    return more;
}

const std::vector<Ban>& bans() {
    static const std::vector<Ban> all = {
        {"std::regex", "overflows the stack on long input"},
        {"system_clock",
         "time comes in as a Clock",
         {"registry/base/clock.cpp", "registry/base/clock.h"}},
        {"rand(", "chance comes in as a Random"},
        {"srand(", "chance comes in as a Random"},
        {"random_device", "chance comes in as a Random"},
        {"mt19937", "chance comes in as a Random"},
        {"strtok", "changes its input and a global: split() does neither"},
        {"gmtime", "dates are Date, and time comes in as a Clock"},
        {"gmtime_r", "dates are Date, and time comes in as a Clock"},
        {"localtime", "dates are Date, and time comes in as a Clock"},
        {"localtime_r", "dates are Date, and time comes in as a Clock"},
        {"using namespace", "names are written out"},
        // A key is destroyed when the last request that works with it is done.
        {"shared_ptr",
         "one owner (unique_ptr), all others refer",
         {"sync/central/key_ring", "sync/central/key_promotion.cpp", "sync/central/centre_keys"},
         false},
        {"make_shared",
         "one owner (unique_ptr), all others refer",
         {"sync/central/key_ring", "sync/central/key_promotion.cpp", "sync/central/centre_keys"},
         false},
        // To wait for another process, or for a line that may come back, is what needs it.
        {"sleep_for",
         "a test waits for what happens, not for time",
         {"tests/fault/", "tests/line/", "tests/support/", "cli/sync_commands.cpp"}},
        {"load_history", unnoted, noted_places, false},
        {"for_each_history", unnoted, noted_places, false},
        {"members_of", unnoted, noted_places, false},
        {"make_card", unnoted, noted_places, false},
        {"foresee", unnoted, noted_places, false},
        {"search()", unnoted, noted_places, false},
        // The ids that begin with what was typed.
        {"women()", unnoted, noted_places_and({"cli/typed_ids.cpp"}), false},
        // Figures, and how many facts there are.
        {"log()", unnoted, noted_places_and({"cli/coverage_commands.cpp", "cli/care_commands.cpp"}),
         false},
        {"sleep_until",
         "a test waits for what happens, not for time",
         {"tests/fault/", "tests/line/", "tests/support/"}},
    };
    return all;
}

/// The position after the brace that closes the first one at or after `from`.
std::size_t block_end(std::string_view code, std::size_t from) {
    int depth = 0;
    for (auto i = code.find('{', from); i < code.size(); ++i) {
        if (code[i] == '{') ++depth;
        if (code[i] == '}' && --depth == 0) return i + 1;
    }
    return code.size();
}

bool says(std::string_view comments, std::string_view text, std::size_t position,
          std::string_view what) {
    // On this line or the one before.
    const auto end = std::min(text.find('\n', position), text.size());
    auto begin = position == 0 ? 0 : text.rfind('\n', position - 1);
    if (begin == std::string_view::npos) begin = 0;
    begin = begin == 0 ? 0 : text.rfind('\n', begin - 1);
    if (begin == std::string_view::npos) begin = 0;
    return comments.substr(begin, end - begin).find(what) != std::string_view::npos;
}

}  // namespace

Breaches check_form(const Source& source) {
    Breaches found;
    int lines = 0;
    for_each_line(source.text, [&](int number, std::string_view line) {
        lines = number;
        if (width_of(line) > columns_max) {
            found.push_back({source.path, number,
                             "is " + std::to_string(width_of(line)) + " columns wide, more than " +
                                 std::to_string(columns_max)});
        }
        if (line.find('\t') != std::string_view::npos && is_cpp(source.path))
            found.push_back({source.path, number, "has a tab"});
    });
    if (lines > lines_max) {
        found.push_back({source.path, 0,
                         "has " + std::to_string(lines) + " lines, more than " +
                             std::to_string(lines_max) + ": split it by what is looked for"});
    }
    if (source.path.ends_with(".h")) {
        const auto code = blank_except(source.text, Keep::code);
        const auto first = code.find_first_not_of(" \n");
        if (first == std::string::npos || !code.substr(first).starts_with("#pragma once\n"))
            found.push_back({source.path, 1, "does not start with #pragma once"});
    }
    return found;
}

Breaches check_banned(const Source& source) {
    Breaches found;
    const auto code = blank_except(source.text, Keep::code);
    for (const auto& ban : bans()) {
        if (!ban.in_tests && !is_product(source.path)) continue;
        if (std::any_of(ban.allowed.begin(), ban.allowed.end(),
                        [&](std::string_view path) { return source.path.starts_with(path); })) {
            continue;
        }
        for (const auto at : find_words(code, ban.word)) {
            found.push_back({source.path, line_of(code, at),
                             "says " + std::string(ban.word) + ": " + std::string(ban.why)});
        }
    }
    return found;
}

Breaches check_catch_all(const Source& source) {
    static constexpr std::array leaves = {"throw", "abort", "terminate", "_exit",
                                          "current_exception"};
    Breaches found;
    const auto code = blank_except(source.text, Keep::code);
    const auto comments = blank_except(source.text, Keep::comments);
    for (const auto at : find_words(code, "catch")) {
        const auto open = code.find_first_not_of(" \n", at + 5);
        if (open == std::string::npos || code[open] != '(') continue;
        const auto close = code.find(')', open);
        if (close == std::string::npos || code.find("...", open) > close) continue;
        const auto block = std::string_view(code).substr(close, block_end(code, close) - close);
        const auto is_left = std::any_of(leaves.begin(), leaves.end(), [&](const char* leave) {
            return !find_words(block, leave).empty();
        });
        if (is_left || says(comments, source.text, at, "C boundary")) continue;
        found.push_back({source.path, line_of(code, at),
                         "catch (...) goes on: throw, end, or say \"C boundary\" beside it"});
    }
    return found;
}

Breaches check_ownership(const Source& source) {
    Breaches found;
    const auto code = blank_except(source.text, Keep::code);
    const auto comments = blank_except(source.text, Keep::comments);
    const auto add = [&](std::size_t at, std::string what) {
        found.push_back({source.path, line_of(code, at), std::move(what)});
    };
    for (const auto at : find_words(code, "new")) {
        const auto line_begin = code.rfind('\n', at);
        const auto before = std::string_view(code).substr(
            line_begin == std::string::npos ? 0 : line_begin + 1,
            at - (line_begin == std::string::npos ? 0 : line_begin + 1));
        if (before.find("#include") != std::string_view::npos) continue;
        if (before.ends_with("operator ")) continue;
        if (!says(comments, source.text, at, "Poco takes ownership"))
            add(at, "a bare new: make_unique, or say \"Poco takes ownership\" beside it");
    }
    for (const auto at : find_words(code, "delete")) {
        const auto before = code.find_last_not_of(" \n", at == 0 ? 0 : at - 1);
        if (before != std::string::npos && code[before] == '=') continue;
        if (code.substr(0, at).ends_with("operator ")) continue;
        add(at, "a bare delete: unique_ptr does it");
    }
    return found;
}

Breaches check_speech(const Source& source) {
    // Each in two pieces, or this file would be the first to break its rule.
    static const std::vector<std::pair<std::string, std::string>> words = {
        {std::string("/wo") + "rk/", "names a folder of somebody's machine"},
        {std::string(".lib") + "rary", "names a folder of somebody's machine"},
        {std::string("TO") + "DO", "leaves work for later: do it, or write it down as an issue"},
        {std::string("FIX") + "ME", "leaves work for later: do it, or write it down as an issue"},
    };
    Breaches found;
    for (const auto& [word, why] : words) {
        const auto what = std::string("says ").append(word).append(": ").append(why);
        for (const auto at : find_words(source.text, word))
            found.push_back({source.path, line_of(source.text, at), what});
    }
    return found;
}

}  // namespace egret::tidy
