#include "registry/icu/romanise.h"

#include "registry/base/text.h"
#include "registry/icu/fold.h"

#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace egret::icu {
namespace {

using TransliteratorPtr = std::unique_ptr<const ::icu::Transliterator>;

TransliteratorPtr load_transliterator(const char* rules) {
    UErrorCode status = U_ZERO_ERROR;
    UParseError place;
    TransliteratorPtr made(::icu::Transliterator::createInstance(
        ::icu::UnicodeString::fromUTF8(rules), UTRANS_FORWARD, place, status));
    if (U_FAILURE(status)) throw std::runtime_error("ICU's transliteration data is missing");
    return made;
}

/// A transliterator may be used by one thread at a time, so each thread has its own.
struct Readings {
    // Tones go, the two dots of ü stay until it is decided how ü is typed.
    TransliteratorPtr surname = load_transliterator(
        "Han-Latin/Names; Any-Latin; NFD; [[:Mn:]-[\\u0308]] Remove; NFC; Lower");
    TransliteratorPtr plain =
        load_transliterator("Han-Latin; Any-Latin; NFD; [[:Mn:]-[\\u0308]] Remove; NFC; Lower");
    TransliteratorPtr ascii = load_transliterator("NFD; [:Mn:] Remove; NFC; Latin-ASCII; Lower");
};

const Readings& readings() {
    thread_local const Readings mine;
    return mine;
}

std::string utf8_after(const ::icu::Transliterator& transliterator, std::string_view text) {
    auto changed = ::icu::UnicodeString::fromUTF8(
        ::icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
    transliterator.transliterate(changed);
    std::string out;
    return changed.toUTF8String(out);
}

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

/// The three forms of a text that is ASCII as far as it matters.
Romanised forms_of(std::string_view ascii) {
    Romanised forms;
    bool inside = false;
    for (const char c : ascii) {
        if (!is_letter_or_digit(c)) {
            inside = false;
            continue;
        }
        if (!inside) {
            if (!forms.spaced.empty()) forms.spaced += ' ';
            forms.initials += c;
        }
        inside = true;
        forms.spaced += c;
        forms.joined += c;
    }
    return forms;
}

/// "o'neil" is one word, whichever apostrophe it has.
std::string without_apostrophes(std::string text) {
    for (const std::string_view mark : {"'", "‘", "’", "ʼ"}) {
        for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at))
            text.erase(at, mark.size());
    }
    return text;
}

/// In pinyin ü is told from u after l and n only, and typed there as v.
std::string with_v(std::string text) {
    for (const std::string_view syllable : {"lü", "nü"}) {
        for (auto at = text.find(syllable); at != text.npos; at = text.find(syllable, at)) {
            text.erase(at + 1, syllable.size() - 2);  // The two bytes of ü become the one of v.
            text[at + 1] = 'v';
        }
    }
    return text;
}

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

void add_forms(std::vector<Romanised>& to, std::string_view text) {
    auto forms = forms_of(is_ascii(text) ? std::string(text) : utf8_after(*readings().ascii, text));
    if (forms.joined.empty()) return;
    if (std::find(to.begin(), to.end(), forms) == to.end()) to.push_back(std::move(forms));
}

}  // namespace

std::vector<Romanised> romanise(std::string_view name) {
    std::vector<Romanised> all;
    const auto folded = without_apostrophes(fold(name));
    if (is_ascii(folded)) {
        add_forms(all, folded);
        return all;
    }
    for (const auto* reading : {readings().surname.get(), readings().plain.get()}) {
        const auto latin = utf8_after(*reading, folded);
        add_forms(all, with_v(latin));
        add_forms(all, latin);
    }
    return all;
}

std::string reading_order(std::string_view name) {
    const auto readings = romanise(name);
    if (readings.empty()) return std::string(name);
    const auto& spaced = readings.front().spaced;
    auto characters = to_code_points(fold(name));
    std::erase_if(characters, [](char32_t c) { return c == U' ' || c == U'\u00b7'; });
    const auto words = split(spaced, ' ');
    // A word for each character: a Han name.
    if (words.size() != characters.size()) return spaced + ' ' + std::string(name);
    std::string order;
    for (std::size_t at = 0; at < words.size(); ++at) {
        order.append(words[at]).append(" ");
        order.append(to_utf8(std::u32string_view(characters).substr(at, 1))).append(" ");
    }
    return order;
}

}  // namespace egret::icu
