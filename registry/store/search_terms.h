#pragma once

#include "registry/domain/woman.h"

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
};

/// All that terms are made of, as one text: equal sources have equal terms.
std::string search_source(const Demographics& who);

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

/// Where to look for what was typed, best hits first. Empty if nothing was typed.
std::vector<Probe> probes_of(std::string_view typed);

}  // namespace egret::store
