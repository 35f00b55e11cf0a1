#pragma once

#include "registry/base/result.h"

#include <string>

namespace egret::simulation {

/// A folder that appears whole or not at all: filled under another name beside its place.
class FolderInMaking {
public:
    /// Errors: conflict, if there is something at `place`, but an empty folder; unavailable, if
    /// no folder can be made there.
    static Result<FolderInMaking> start(const std::string& place);

    FolderInMaking(FolderInMaking&& other) noexcept;
    FolderInMaking& operator=(FolderInMaking&&) = delete;
    /// Takes away what was not finished.
    ~FolderInMaking();

    /// Where to put things meanwhile.
    const std::string& path() const noexcept { return path_; }

    std::string file(const std::string& name) const { return path_ + "/" + name; }

    /// Errors: conflict, if somebody else was faster.
    Result<Done> finish();

private:
    FolderInMaking(std::string place, std::string path)
        : place_(std::move(place)), path_(std::move(path)) {}

    std::string place_;
    std::string path_;  // "" once it is in its place.
};

}  // namespace egret::simulation
