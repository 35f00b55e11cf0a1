#pragma once

#include "registry/base/ensure.h"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace egret::tests {

/// A folder of this test's own, gone when the test ends.
class TempDir {
public:
    TempDir() : path_((std::filesystem::temp_directory_path() / "egret_test_XXXXXX").string()) {
        EGRET_ENSURE(::mkdtemp(path_.data()) != nullptr);
    }

    ~TempDir() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    const std::string& path() const noexcept { return path_; }

    std::string file(const std::string& name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

}  // namespace egret::tests
