#include "cli/console/catalog.h"

#include "cli/console/labels.h"
#include "embedded/messages.h"
#include "registry/base/ensure.h"
#include "registry/base/text.h"
#include "registry/json/parse.h"

#include <algorithm>
#include <unordered_map>

namespace egret::console {
namespace {

struct Entry {
    std::string zh;
    std::string en;
};

using Entries = std::unordered_map<std::string, Entry>;

const Entries& entries() {
    static const Entries all = [] {
        Entries read;
        for (const auto& file : embedded::messages()) {
            const auto parsed = json::parse(file.content);
            EGRET_ENSURE(parsed && parsed->is_object());
            for (const auto& [id, texts] : parsed->as_object()) {
                const auto* zh = texts.find("zh");
                const auto* en = texts.find("en");
                EGRET_ENSURE(zh != nullptr && en != nullptr);
                read.try_emplace(id, Entry{zh->as_text(), en->as_text()});
            }
        }
        return read;
    }();
    return all;
}

const std::string* find_text(const std::string& id, Language language) {
    const auto found = entries().find(id);
    if (found == entries().end()) return nullptr;
    return language == Language::zh ? &found->second.zh : &found->second.en;
}

const std::string* find_argument(const Message& message, std::string_view name) {
    for (const auto& [known, value] : message.arguments) {
        if (known == name) return &value;
    }
    return nullptr;
}

/// The codes of vaccines, parted by ", ", as people call them.
std::string vaccine_names(std::string_view codes, Language language) {
    std::string names;
    for (const auto code : split(codes, ',')) {
        if (!names.empty()) names += language == Language::zh ? "、" : ", ";
        names += vaccine_name(std::string(trim(code)), language);
    }
    return names;
}

/// What is owed, in words, of the codes of a list with commas.
std::string loop_action_labels(std::string_view codes, Language language) {
    std::string labels;
    for (const auto code : split(codes, ',')) {
        if (!labels.empty()) labels += language == Language::zh ? "、" : ", ";
        labels += loop_action_label(trim(code), language);
    }
    return labels;
}

/// The word is the code, but for its spaces.
bool is_same_word(std::string_view word, std::string_view code) {
    return std::equal(word.begin(), word.end(), code.begin(), code.end(),
                      [](char a, char b) { return a == b || (a == ' ' && b == '_'); });
}

/// Codes of a list, each with its word where that is another, of "list:code,code".
std::string code_words(std::string_view value, Language language) {
    const auto colon = value.find(':');
    EGRET_ENSURE(colon != std::string_view::npos);
    const auto list = value.substr(0, colon);
    std::string words;
    for (const auto code : split(value.substr(colon + 1), ',')) {
        if (!words.empty()) words += language == Language::zh ? "、" : ", ";
        const auto word = code_label(list, trim(code), language);
        if (is_same_word(word, trim(code)))
            words += trim(code);
        else if (language == Language::zh)
            words.append(word).append("（").append(trim(code)) += "）";
        else
            words.append(trim(code)).append(" (").append(word) += ")";
    }
    return words;
}

/// What stands in the place of a gap: the argument of "{count}", or of "{count:one|more}" the word
/// that goes with that number. Of "{product}" and "{products}" the names of vaccines whose codes
/// are given, of "{screening_kind}" what a kind of record is called, of "{loop_actions}" what is
/// owed, of "{code_words}" the codes of a list with their words. Nothing, if no such argument is
/// given.
std::optional<std::string> filling_of(std::string_view gap, const Message& message,
                                      Language language) {
    const auto colon = gap.find(':');
    const auto* value = find_argument(message, gap.substr(0, colon));
    if (value == nullptr) return std::nullopt;
    if (gap == "product" || gap == "products") return vaccine_names(*value, language);
    if (gap == "screening_kind") return kind_label(*value, language);
    if (gap == "code_words") return code_words(*value, language);
    if (gap == "loop_actions") return loop_action_labels(*value, language);
    if (colon == std::string_view::npos) return *value;
    const auto words = gap.substr(colon + 1);
    const auto bar = words.find('|');
    EGRET_ENSURE(bar != std::string_view::npos);  // The tidy test sees to it.
    return std::string(*value == "1" ? words.substr(0, bar) : words.substr(bar + 1));
}

}  // namespace

std::string text(const Message& message, Language language) {
    const auto* found = find_text(message.id, language);
    if (found == nullptr) return message.id;
    const std::string_view pattern = *found;
    std::string filled;
    // One pass: braces inside an argument are only text.
    for (std::size_t at = 0; at < pattern.size();) {
        const auto open = std::min(pattern.find('{', at), pattern.size());
        filled += pattern.substr(at, open - at);
        const auto close = pattern.find('}', open);
        if (close == std::string_view::npos) {
            filled += pattern.substr(open);
            break;
        }
        const auto filling =
            filling_of(pattern.substr(open + 1, close - open - 1), message, language);
        filled += filling ? std::string_view(*filling) : pattern.substr(open, close + 1 - open);
        at = close + 1;
    }
    return filled;
}

std::string text(std::string_view id, Language language) {
    const auto* found = find_text(std::string(id), language);
    return found != nullptr ? *found : std::string(id);
}

Language choose_language(const std::optional<std::string>& asked, const Environment& environment) {
    if (asked) {
        if (const auto known = find_code<Language>(*asked)) return *known;
    }
    if (const auto own = environment("EGRET_LANG")) {
        if (const auto known = find_code<Language>(*own)) return *known;
    }
    for (const auto* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const auto locale = environment(name);
        if (locale && !locale->empty())
            return locale->starts_with("zh") ? Language::zh : Language::en;
    }
    return Language::en;
}

}  // namespace egret::console
