#include "registry/domain/fact.h"

namespace egret {

std::uint16_t type_number(const Fact& fact) {
    return std::visit(
        [](const auto& detail) -> std::uint16_t {
            using T = std::decay_t<decltype(detail)>;
            if constexpr (std::is_same_v<T, NewerFact>) {
                return detail.type_number;
            } else {
                return T::type;
            }
        },
        fact.detail);
}

std::string_view type_name(const Fact& fact) {
    return std::visit(
        [](const auto& detail) -> std::string_view {
            using T = std::decay_t<decltype(detail)>;
            if constexpr (std::is_same_v<T, NewerFact>) {
                return "newer";
            } else {
                return T::name;
            }
        },
        fact.detail);
}

bool is_completed(const Fact& fact) {
    return !fact.at.status || *fact.at.status == EventStatus::completed;
}

}  // namespace egret
