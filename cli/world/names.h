#pragma once

#include "registry/base/random.h"
#include "registry/domain/codes.h"

#include <cstddef>
#include <string>

/// Names that nobody was asked for: put together by chance from common characters.
namespace egret::world {

/// A family name and a given name of one or two characters.
std::string invented_name(Sex sex, SeededRandom& random);

/// A given name's family name, for a relative.
std::string family_name_of(const std::string& name);

/// A name for the clinic with that number, counted from 0, in a district of that name. Clinics of
/// different numbers have different names.
std::string invented_clinic_name(const std::string& district, std::size_t number);

std::string invented_school_name(SeededRandom& random);

}  // namespace egret::world
