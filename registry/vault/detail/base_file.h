#pragma once

#include "registry/base/bytes.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

struct sqlite3_file;
struct sqlite3_vfs;

namespace egret::vault::detail {

/// A file as the VFS below ours has it. What it gives back are SQLite's codes.
class BaseFile {
public:
    explicit BaseFile(sqlite3_vfs& vfs);
    ~BaseFile();

    BaseFile(const BaseFile&) = delete;
    BaseFile& operator=(const BaseFile&) = delete;

    /// Once, before anything else.
    int open(const char* name, int flags, int* flags_out);
    int close();

    /// Past the end of the file `to` gets zeros, and the code is SQLITE_IOERR_SHORT_READ.
    int read(std::span<std::uint8_t> to, std::int64_t at);
    int write(ByteView from, std::int64_t at);
    int truncate(std::int64_t size);
    int size(std::int64_t& size);

    sqlite3_file* handle() noexcept;
    bool has_shared_memory() noexcept;

private:
    sqlite3_vfs& vfs_;
    std::vector<std::max_align_t> memory_;
};

}  // namespace egret::vault::detail
