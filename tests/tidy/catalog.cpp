#include "tests/tidy/rules.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <set>

namespace egret::tidy {
namespace {

using Json = nlohmann::json;

/// "count" of "count", and of "count:one|more"; "" if it is neither.
std::string_view name_of_gap(std::string_view gap) {
    const auto colon = gap.find(':');
    if (colon == std::string_view::npos) return gap;
    const auto words = gap.substr(colon + 1);
    const auto bar = words.find('|');
    const bool has_two = bar != std::string_view::npos && bar > 0 && bar + 1 < words.size() &&
                         words.find('|', bar + 1) == std::string_view::npos;
    return has_two ? gap.substr(0, colon) : "";
}

/// The names between braces, sorted, each once; nothing if a brace is left over.
std::optional<std::set<std::string>> gaps_of(std::string_view text) {
    std::set<std::string> gaps;
    for (std::size_t at = 0; (at = text.find_first_of("{}", at)) != std::string_view::npos;) {
        const auto close = text.find('}', at);
        if (text[at] == '}' || close == std::string_view::npos) return std::nullopt;
        const auto name = name_of_gap(text.substr(at + 1, close - at - 1));
        if (name.empty() ||
            name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos) {
            return std::nullopt;
        }
        gaps.emplace(name);
        at = close + 1;
    }
    return gaps;
}

bool ends_sentence(std::string_view text) {
    return text.ends_with(".") || text.ends_with("?") || text.ends_with("。") ||
           text.ends_with("？");
}

bool has_han(std::string_view text) {
    // U+4E00 to U+9FFF start with E4 B8 to E9 BF in UTF-8.
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0xE4 && byte <= 0xE9;
    });
}

/// The literal that starts at `at` ("), without its quotes; escapes stay as they are.
std::optional<std::string> literal_at(std::string_view text, std::size_t at) {
    if (at >= text.size() || text[at] != '"') return std::nullopt;
    for (auto end = at + 1; end < text.size(); ++end) {
        if (text[end] == '\\') {
            ++end;
        } else if (text[end] == '"') {
            return std::string(text.substr(at + 1, end - at - 1));
        }
    }
    return std::nullopt;
}

/// Reads what follows the id in msg("id"…, up to the closing parenthesis: nothing, or a list
/// {{"name", value}, …} written out.
void read_arguments(std::string_view text, std::size_t at, MessageUse& use) {
    at = text.find_first_not_of(" \n", at);
    if (at == std::string_view::npos) return;
    if (text[at] == ')') {
        use.arguments_known = true;
        return;
    }
    at = text.find_first_not_of(" \n", at + 1);
    if (at == std::string_view::npos || text[at] != '{') return;
    int depth = 0;
    for (; at < text.size(); ++at) {
        if (text[at] == '"') {
            const auto literal = literal_at(text, at);
            if (!literal) return;
            at += literal->size() + 1;
        } else if (text[at] == '{' || text[at] == '(') {
            ++depth;
            if (depth != 2 || text[at] != '{') continue;
            const auto name = literal_at(text, text.find_first_not_of(" \n", at + 1));
            if (!name) return;
            use.arguments.push_back(*name);
        } else if ((text[at] == '}' || text[at] == ')') && --depth == 0) {
            use.arguments_known = true;
            return;
        }
    }
}

void check_use(const MessageUse& use, const Catalog& catalog, Breaches& found) {
    const auto entry = catalog.find(use.id);
    const auto add = [&](std::string what) {
        found.push_back({use.path, use.line, std::move(what)});
    };
    if (entry == catalog.end()) {
        add("says " + use.id + ", which is in no file of schemas/messages");
        return;
    }
    const auto& text = entry->second;
    if (!ends_sentence(text.en) || !ends_sentence(text.zh)) {
        found.push_back({text.file, 0, use.id + " is said to somebody and is no whole sentence"});
    }
    const auto gaps = gaps_of(text.en);
    if (!use.arguments_known || !gaps) return;
    if (std::set(use.arguments.begin(), use.arguments.end()) != *gaps)
        add("does not fill the gaps of " + use.id + ", or fills some that it doesn't have");
}

}  // namespace

Breaches read_messages(const Source& file, Catalog& catalog) {
    Breaches found;
    const auto add = [&](std::string what) { found.push_back({file.path, 0, std::move(what)}); };
    std::set<std::string> seen;
    // The parser itself would keep the last of two equal keys, and say nothing.
    const auto watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
        if (depth == 1 && event == Json::parse_event_t::key &&
            !seen.insert(parsed.get<std::string>()).second) {
            add(parsed.get<std::string>() + " is there twice");
        }
        return true;
    };
    const auto entries = Json::parse(file.text, watch, false);
    if (!entries.is_object()) {
        add("is no JSON object");
        return found;
    }
    for (const auto& [id, texts] : entries.items()) {
        if (!texts.is_object() || texts.size() != 2 || !texts.contains("en") ||
            !texts.contains("zh") || !texts["en"].is_string() || !texts["zh"].is_string()) {
            add(id + " is not {\"en\": …, \"zh\": …}");
            continue;
        }
        const auto [entry, is_new] = catalog.try_emplace(
            id, Text{file.path, texts["en"].get<std::string>(), texts["zh"].get<std::string>()});
        if (!is_new) add(id + " is in " + entry->second.file + " already");
    }
    return found;
}

std::vector<MessageUse> message_uses(const Source& source) {
    std::vector<MessageUse> found;
    const auto code = blank_except(source.text, Keep::code);
    const auto text = blank_except(source.text, Keep::code_and_strings);
    for (const auto at : find_words(code, "msg(")) {
        const auto quote = text.find_first_not_of(" \n", at + 4);
        const auto id = literal_at(text, quote);
        if (!id) continue;
        MessageUse use{source.path, line_of(text, at), *id, false, {}};
        read_arguments(text, quote + id->size() + 2, use);
        found.push_back(std::move(use));
    }
    return found;
}

Breaches check_messages(const Catalog& catalog, const std::vector<Source>& sources) {
    Breaches found;
    for (const auto& entry : catalog) {
        const auto& text = entry.second;
        const auto add = [&](const std::string& what) {
            found.push_back({entry.second.file, 0, entry.first + " " + what});
        };
        const auto en = gaps_of(text.en);
        const auto zh = gaps_of(text.zh);
        if (!en || !zh || *en != *zh) add("has other gaps in en than in zh, or an odd brace");
        if (text.en.empty() || has_han(text.en)) add("has no English text");
        if (!has_han(text.zh)) add("has no Chinese text");
        if (ends_sentence(text.en) != ends_sentence(text.zh))
            add("is a sentence in one language only");
    }

    std::string everything;
    for (const auto& source : sources) {
        for (const auto& use : message_uses(source)) check_use(use, catalog, found);
        everything += blank_except(source.text, Keep::code_and_strings);
    }
    for (const auto& [id, text] : catalog) {
        if (everything.find('"' + id + '"') == std::string::npos)
            found.push_back({text.file, 0, id + " is used by nobody"});
    }
    return found;
}

}  // namespace egret::tidy
