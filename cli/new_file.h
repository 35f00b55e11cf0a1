#pragma once

#include "registry/base/result.h"

#include <fstream>
#include <memory>
#include <ostream>
#include <string>

namespace egret::cli {

/// A file that is there whole or not at all: written under another name beside its place, and put
/// there by commit(). Nothing that is there already is ever replaced. Only its owner may read it.
class NewFile {
    struct Private {};  // Only create() makes one.

public:
    NewFile(Private, std::string path, std::string draft)
        : path_(std::move(path)), draft_(std::move(draft)) {}

    /// Errors: conflict, if there is a file of that name; unavailable, if none can be made there.
    static Result<std::unique_ptr<NewFile>> create(std::string path);

    /// Without commit() nothing is left.
    ~NewFile();

    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;

    std::ostream& stream() noexcept { return stream_; }

    /// Afterwards it is on the disk under its name.
    /// Errors: conflict, if somebody made such a file meanwhile.
    /// Throws std::system_error if the disk is full or fails.
    Result<Done> commit();

private:
    std::string path_;
    std::string draft_;
    std::ofstream stream_;
};

}  // namespace egret::cli
