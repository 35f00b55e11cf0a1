#pragma once

#include "registry/service/unlocked.h"

#include <string>

namespace egret::cli {

/// What opens a registry, in the memory of the process that keeps it unlocked, and of those that
/// do its commands.
struct KeptKeys {
    std::string dir;  // Of the registry, absolute.
    service::Unlocked unlocked;

    /// A second one, in memory of its own.
    KeptKeys again() const { return {dir, unlocked.again()}; }
};

}  // namespace egret::cli
