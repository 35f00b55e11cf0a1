#pragma once

#include "registry/base/date.h"
#include "registry/domain/codes.h"
#include "registry/domain/extras.h"

#include <optional>
#include <string>
#include <vector>

namespace egret {

/// One name as it is written in one script.
struct PersonName {
    NameUse use = NameUse::official;
    std::string text;
    Extras extras;

    friend bool operator==(const PersonName&, const PersonName&) = default;
};

/// A number that names a person, checked by its kind (identity_number.h).
struct Identifier {
    IdentifierKind kind = IdentifierKind::external;
    std::string value;
    Extras extras;

    friend bool operator==(const Identifier&, const Identifier&) = default;
};

/// Who answers for a minor.
struct Guardian {
    std::string name;
    std::string phone;
    std::string relation;
    Extras extras;

    friend bool operator==(const Guardian&, const Guardian&) = default;
};

/// Who she is, or what is said anew of it: an absent member says nothing.
struct Demographics {
    std::vector<PersonName> names;
    std::optional<PartialDate> birth_date;
    std::optional<Sex> sex;
    std::vector<Identifier> identifiers;
    std::vector<std::string> phones;
    std::string address;
    std::string area;            // Home area (GB/T 2260 and below), from the fact's date on.
    std::string household_area;  // Where her household is registered (hukou).
    std::optional<HouseholdKind> household_kind;
    std::optional<IncomeCategory> income_category;
    std::string school;
    std::string school_class;
    std::string school_area;  // Where the school lies (GB/T 2260 and below).
    std::optional<Guardian> guardian;
    std::optional<Language> language;
    std::optional<bool> resident;  // Lives in the programme's area; true unless said otherwise.

    friend bool operator==(const Demographics&, const Demographics&) = default;
};

}  // namespace egret
