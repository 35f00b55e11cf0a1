#pragma once

#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

#include <string>
#include <sys/mount.h>
#include <unistd.h>

namespace egret::tests {

/// While this lives files are touched as somebody whom rights stop, also where the tests run as
/// somebody who may do all. The folder is his meanwhile.
class PlainUser {
public:
    explicit PlainUser(const std::string& folder) : before_(::geteuid()) {
        if (before_ != 0) return;
        REQUIRE(::chown(folder.c_str(), nobody, static_cast<gid_t>(-1)) == 0);
        REQUIRE(::seteuid(nobody) == 0);
    }

    ~PlainUser() {
        if (before_ == 0 && ::seteuid(before_) != 0) ::_exit(1);
    }

    PlainUser(const PlainUser&) = delete;
    PlainUser& operator=(const PlainUser&) = delete;

private:
    static constexpr uid_t nobody = 65'534;

    uid_t before_;
};

/// A small disk of its own in a folder, which can be write-protected. Only some may make one.
class ProtectedDisk {
public:
    ProtectedDisk() : is_there_(::mount("tmpfs", path().c_str(), "tmpfs", 0, "size=4m") == 0) {}

    ~ProtectedDisk() {
        if (is_there_) ::umount2(path().c_str(), MNT_DETACH);
    }

    ProtectedDisk(const ProtectedDisk&) = delete;
    ProtectedDisk& operator=(const ProtectedDisk&) = delete;

    bool is_there() const noexcept { return is_there_; }

    const std::string& path() const noexcept { return dir_.path(); }

    void protect() {
        REQUIRE(::mount("tmpfs", path().c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, "") == 0);
    }

private:
    TempDir dir_;
    bool is_there_;
};

}  // namespace egret::tests
