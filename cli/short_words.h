#pragma once

#include <array>
#include <string_view>

namespace egret::cli {

/// A short word for one item of a list of groups: name=X is {"use":"official","text":X}.
struct ShortWord {
    std::string_view word;
    std::string_view list;
    std::string_view key_member;  // "": the list holds plain texts.
    std::string_view key;
    std::string_view value_member;
};

inline constexpr std::array short_words = {
    ShortWord{"name", "names", "use", "official", "text"},
    ShortWord{"romanised", "names", "use", "romanised", "text"},
    ShortWord{"alias", "names", "use", "alias", "text"},
    ShortWord{"phone", "phones", "", "", ""},
    ShortWord{"resident_id", "identifiers", "kind", "resident_id", "value"},
    ShortWord{"passport", "identifiers", "kind", "passport", "value"},
    ShortWord{"birth_certificate", "identifiers", "kind", "birth_certificate", "value"},
    ShortWord{"school_number", "identifiers", "kind", "school_number", "value"},
    ShortWord{"programme_card", "identifiers", "kind", "programme_card", "value"},
    ShortWord{"external", "identifiers", "kind", "external", "value"},
};

}  // namespace egret::cli
