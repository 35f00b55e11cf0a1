#pragma once

#include <array>
#include <string_view>

namespace egret::world {

struct District {
    std::string_view code;
    std::string_view name;
};

/// The six districts of Xiamen.
inline constexpr auto districts = std::to_array<District>({
    {"350203", "思明区"},
    {"350205", "海沧区"},
    {"350206", "湖里区"},
    {"350211", "集美区"},
    {"350212", "同安区"},
    {"350213", "翔安区"},
});

}  // namespace egret::world
