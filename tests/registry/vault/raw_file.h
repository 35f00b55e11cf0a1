#pragma once

#include "registry/base/bytes.h"

#include <sqlite3.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace egret::tests {

/// The names of a database and its journals, as SQLite gives them to a VFS.
class FileNames {
public:
    explicit FileNames(const std::string& path)
        : main_(sqlite3_create_filename(path.c_str(), (path + "-journal").c_str(),
                                        (path + "-wal").c_str(), 0, nullptr)) {}

    ~FileNames() { sqlite3_free_filename(const_cast<char*>(main_)); }

    FileNames(const FileNames&) = delete;
    FileNames& operator=(const FileNames&) = delete;

    const char* main() const { return main_; }
    const char* journal() const { return sqlite3_filename_journal(main_); }
    const char* wal() const { return sqlite3_filename_wal(main_); }

private:
    const char* main_;
};

/// A file as SQLite's pager uses it: through a VFS, with SQLite's codes.
class RawFile {
public:
    RawFile(const std::string& vfs_name, const char* name, int kind) {
        auto* vfs = sqlite3_vfs_find(vfs_name.c_str());
        memory_.resize(static_cast<std::size_t>(vfs->szOsFile) / sizeof(std::max_align_t) + 1);
        open_code_ = vfs->xOpen(vfs, name, file(),
                                kind | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    }

    ~RawFile() {
        if (file()->pMethods != nullptr) file()->pMethods->xClose(file());
    }

    RawFile(const RawFile&) = delete;
    RawFile& operator=(const RawFile&) = delete;

    int open_code() const { return open_code_; }

    int write(ByteView from, std::int64_t at) {
        return file()->pMethods->xWrite(file(), from.data(), static_cast<int>(from.size()), at);
    }

    /// What was read is in `bytes`.
    int read(std::size_t size, std::int64_t at) {
        bytes.assign(size, 0xee);
        return file()->pMethods->xRead(file(), bytes.data(), static_cast<int>(size), at);
    }

    const sqlite3_io_methods& methods() { return *file()->pMethods; }
    sqlite3_file* file() { return reinterpret_cast<sqlite3_file*>(memory_.data()); }

    Bytes bytes;

private:
    std::vector<std::max_align_t> memory_;
    int open_code_ = SQLITE_CANTOPEN;
};

}  // namespace egret::tests
