#include "registry/domain/fact.h"

#include "registry/domain/facility_id.h"

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

bool fits_subject(const Fact& fact, const WomanId& subject) {
    // What a newer version means by a fact of a kind unknown here, it knows itself.
    if (std::holds_alternative<Correct>(fact.detail) ||
        std::holds_alternative<VoidFact>(fact.detail) ||
        std::holds_alternative<NewerFact>(fact.detail))
        return true;
    return std::holds_alternative<Stock>(fact.detail) == is_facility(subject);
}

bool is_completed(const Fact& fact) {
    return !fact.at.status || *fact.at.status == EventStatus::completed;
}

}  // namespace egret
