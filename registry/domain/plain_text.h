#pragma once

#include "registry/base/result.h"

#include <string_view>

namespace egret {

/// Whether a text may have lines.
enum class Lines { one, many };

/// Holds a text that a person types to what can be seen: no control character, nothing that turns
/// the direction of writing around, nothing invisible. Two names that look alike are then alike,
/// and no text can hide a part of itself or steer a terminal.
///
/// What scripts need is let through where they need it: joiners between Arabic, Indic and Mongolian
/// letters and inside emoji, variation selectors after the character that they vary (the forms of
/// a Chinese name), Mongolian's own selectors. `Lines::many` lets line feeds through.
/// Errors: invalid_input, also for what is not UTF-8. The text is not quoted.
Result<Done> check_plain_text(std::string_view text, Lines lines);

}  // namespace egret
