#include "registry/rules/screening/condition.h"

namespace egret::rules {

bool operator==(const AnyOf& a, const AnyOf& b) { return a.branches == b.branches; }

bool operator==(const NotAll& a, const NotAll& b) { return a.conditions == b.conditions; }

}  // namespace egret::rules
