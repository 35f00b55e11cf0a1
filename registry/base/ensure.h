#pragma once

namespace egret::detail {

/// Writes where and what to standard error, then aborts.
[[noreturn]] void ensure_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace egret::detail

/// Holds in every build, or the program stops: a broken invariant is our bug, the file on the disk
/// is safe, and the next start is clean. The condition's text is printed, never a value.
#define EGRET_ENSURE(condition) \
    ((condition) ? void() : ::egret::detail::ensure_failed(#condition, __FILE__, __LINE__))
