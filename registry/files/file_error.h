#pragma once

#include <cerrno>
#include <string>
#include <system_error>

namespace egret {

/// The system refused something about a file: which, and why. The path is one of the registry's own
/// or was typed with the command, and only whoever typed it is told.
class FileError : public std::system_error {
public:
    FileError(int code, const char* doing, std::string path)
        : std::system_error(code, std::generic_category(), doing), path_(std::move(path)) {}

    const std::string& path() const noexcept { return path_; }

private:
    std::string path_;
};

/// Throws it with the system's reason of this moment.
[[noreturn]] inline void throw_file_error(const char* doing, const std::string& path) {
    throw FileError(errno, doing, path);
}

}  // namespace egret
