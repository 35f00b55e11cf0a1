#include "registry/rules/detail/out_of_force.h"

namespace egret::rules::detail {

std::optional<Why> why_out_of_force(const std::string& id, const InForce& valid, Date on) {
    if (valid.holds_on(on)) return std::nullopt;
    const auto rule = id + "/valid";
    if (valid.from && on < *valid.from)
        return Why{rule, msg("rules.not_in_force_yet", {{"from", valid.from->to_string()}})};
    return Why{rule, msg("rules.no_longer_in_force", {{"to", valid.to->to_string()}})};
}

}  // namespace egret::rules::detail
