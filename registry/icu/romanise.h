#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace egret::icu {

/// One way to type a name with the keys a to z and 0 to 9, in the three forms in which it is
/// searched.
struct Romanised {
    std::string spaced;    // "wang xiao li"
    std::string joined;    // "wangxiaoli"
    std::string initials;  // "wxl"

    friend bool operator==(const Romanised&, const Romanised&) = default;
};

/// All readings of a name, the likeliest first, none twice.
///
/// A Han name is read in pinyin without tones: first as a surname would be read (单 is shan), then
/// as the plain words (dan) where that differs; each ü once as v, as it is typed, and once as u.
/// Latin names lose case and accents; other scripts are transliterated as far as ICU can (Tibetan
/// it can't: no reading). What is neither a letter nor a digit parts words. Empty if nothing is
/// left, or if `name` is not UTF-8.
///
/// Some 100 µs a name, next to nothing if it is ASCII; the first call of a thread takes 0.1 s more,
/// to load ICU's tables.
std::vector<Romanised> romanise(std::string_view name);

/// Sorts names as a teacher's list does: by pinyin, a surname as one is read, and of the same
/// reading those with the same character together. Other names by their letters. Takes as long as
/// romanise().
std::string reading_order(std::string_view name);

}  // namespace egret::icu
