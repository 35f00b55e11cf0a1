#pragma once

#include "registry/domain/history.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What can be typed to find a woman.
///
/// A term is a letter that says what it is, and the text:
///
///   a  a name from its start           b  from one of its later characters
///   c  a reading from its start        d  from one of its later words
///   e  the initials of a reading       f  from a later one
///   g  an identity or card number      h  a phone number, from its start
///   i  a number or phone number read backwards, for its last digits
///   j  the barcode of a specimen of hers, whole
///
/// She is found by the names and phone numbers that she had before, too: those that a fact that
/// holds said, and a later one changed. What was corrected or voided she never had.
///
/// Names are folded, without spaces and middle dots; readings are those of icu::romanise. Texts are
/// cut after a fixed number of characters, typed ones too.
namespace egret::store {

enum class TermKind : char {
    name = 'a',
    inner_name = 'b',
    reading = 'c',
    inner_reading = 'd',
    initials = 'e',
    inner_initials = 'f',
    number = 'g',
    phone = 'h',
    backwards = 'i',
    barcode = 'j',
};

/// All that terms are made of, as one text: equal sources have equal terms.
std::string search_source(const History& history);

/// The terms of a source, sorted, none twice.
std::vector<std::string> terms_of(std::string_view source);

/// One look into the terms: those of that kind that begin with `text`, or are `text`.
struct Probe {
    TermKind kind = TermKind::name;
    std::string text;
    bool is_exact = false;

    /// The smallest term that fits; from there on, in order, stand all others.
    std::string lowest() const;

    friend bool operator==(const Probe&, const Probe&) = default;
};

/// A name or a phone number that she had before.
struct Former {
    bool is_name = false;
    std::string text;

    friend bool operator==(const Former&, const Former&) = default;
};

/// By which of what she had before she is found; nothing, if it is by what she has now.
std::optional<Former> find_former(std::string_view source, std::string_view typed);

/// Where to look for what was typed, best hits first. Empty if nothing was typed.
std::vector<Probe> probes_of(std::string_view typed);

}  // namespace egret::store
