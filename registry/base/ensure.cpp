#include "registry/base/ensure.h"

#include <cstdio>
#include <cstdlib>

namespace egret::detail {

void ensure_failed(const char* condition, const char* file, int line) noexcept {
    std::fprintf(stderr, "egret: internal error at %s:%d: %s\n", file, line, condition);
    std::abort();
}

}  // namespace egret::detail
