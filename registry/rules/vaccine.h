#pragma once

#include "registry/base/result.h"
#include "registry/domain/both_languages.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace egret::rules {

/// How much a dose of a product is.
struct DoseVolume {
    std::string ml;            // "0.5", in millilitres; "" if nobody said.
    std::string source;        // Who says so.
    bool is_verified = false;  // Read in the source itself.
};

/// One product of the catalog, or a vaccine type that stands for several.
struct Vaccine {
    std::string code;  // "egret:cecolin", "cvx:165", "icd11:XM9QP0"
    BothLanguages title;
    int valency = 0;    // Number of HPV types; 0 if the code doesn't say.
    std::string cvx;    // CDC's vaccine type.
    std::string icd11;  // ICD-11 extension code.
    std::string atc;    // WHO's ATC code.
    std::string maker;  // Marketing authorisation holder, "" if the code doesn't say.
    DoseVolume dose;    // By its label.
    /// Codes that this one is a case of, nearest first: a bivalent product is one of "cvx:118".
    std::vector<std::string> broader;

    /// True, if the code is this one's own or one that it is a case of.
    bool is_a(std::string_view wanted) const;
};

/// The catalog that the program carries (schemas/codes/vaccines.json), by code.
const std::vector<Vaccine>& known_vaccines();

/// Null if the catalog doesn't have it.
const Vaccine* find_vaccine(std::string_view code);

/// True if the code is in the catalog, and a case of one of these.
bool is_one_of(std::string_view code, const std::vector<std::string>& vaccines);

/// The products of the catalog that a code may stand for. None, if it is a product's own.
std::vector<const Vaccine*> products_behind(const Vaccine& vaccine);

/// Reads a catalog.
/// Errors: invalid_input with the path of what is wrong.
Result<std::vector<Vaccine>> parse_vaccines(std::string_view text);

}  // namespace egret::rules
