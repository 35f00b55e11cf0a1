#include "registry/files/access.h"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace egret {
namespace {

/// Why not, as an errno; 0 if she may. Asked for the user as whom files are opened.
int refusal_of(const std::string& path, int right) {
    return ::faccessat(AT_FDCWD, path.c_str(), right, AT_EACCESS) == 0 ? 0 : errno;
}

bool is_right_missing(int refusal) { return refusal == EACCES || refusal == EPERM; }

}  // namespace

Hindrance find_hindrance(const std::string& path) {
    if (is_right_missing(refusal_of(path, R_OK))) return Hindrance::not_readable;
    const auto parent = std::filesystem::path(path).parent_path().string();
    const auto folder = parent.empty() ? std::string(".") : parent;
    for (const auto& place : {path, folder}) {
        const int refusal = refusal_of(place, W_OK);
        if (refusal == EROFS) return Hindrance::protected_disk;
        if (is_right_missing(refusal)) return Hindrance::not_writable;
    }
    return Hindrance::none;
}

}  // namespace egret
