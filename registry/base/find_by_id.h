#pragma once

#include "registry/base/text.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace egret {

/// What a catalog has under an id; if it has nothing, the id that was probably meant.
template <class Item>
struct ById {
    const Item* item = nullptr;
    std::optional<std::string> meant{};
};

/// The first of the items with that `id`. Points into `items`.
template <class Item>
ById<Item> find_by_id(const std::vector<Item>& items, std::string_view id) {
    std::vector<std::string> ids;
    for (const auto& item : items) {
        if (item.id == id) return {&item};
        ids.push_back(item.id);
    }
    return {nullptr, did_you_mean(id, ids)};
}

}  // namespace egret
