#pragma once

#include <string>
#include <string_view>

namespace egret::icu {

/// The form in which texts are compared and searched: compatibility characters as plain ones
/// (full-width digits and letters become ASCII), without case, without invisible characters, with
/// one space where there was white space and none at the ends. Accents stay. Folding twice
/// changes nothing. Empty for what is not UTF-8.
std::string fold(std::string_view text);

}  // namespace egret::icu
