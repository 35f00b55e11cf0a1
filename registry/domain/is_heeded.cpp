#include "registry/domain/authority.h"

namespace egret {

bool is_heeded(const LoggedEvent& later, const LoggedEvent& fact) {
    return !why_unheeded(later, fact);
}

}  // namespace egret
