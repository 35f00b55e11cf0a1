#pragma once

#include "registry/domain/codes.h"

#include <string>
#include <string_view>

namespace egret::console {

/// What help calls a value ("FILE.csv", "ID,ID", "field=value…") in that language: words in
/// capitals are translated, all else stays as it is typed.
std::string placeholder(std::string_view name, Language language);

}  // namespace egret::console
