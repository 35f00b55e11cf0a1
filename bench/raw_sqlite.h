#pragma once

#include "registry/base/bytes.h"

#include <cstdint>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

/// SQLite as it comes, for the limits: none of our own checks on the way.
namespace egret::bench {

// What our own files have (registry/service/clinic.cpp, sync/central/sqlite_store.cpp).
inline constexpr int clinic_cache_kib = 2000;  // SQLite's own choice.
inline constexpr int clinic_checkpoint_pages = 4000;
inline constexpr int centre_cache_kib = 64 * 1024;
inline constexpr int centre_checkpoint_pages = 16'384;

/// Pages and journal as in our own files; durable (FULL).
class RawDatabase {
public:
    struct Sizes {
        int cache_kib;
        int checkpoint_pages;
    };

    RawDatabase(const std::string& path, const Sizes& sizes);
    ~RawDatabase();

    RawDatabase(const RawDatabase&) = delete;
    RawDatabase& operator=(const RawDatabase&) = delete;

    void execute(const char* sql);
    sqlite3* handle() const noexcept { return handle_; }

private:
    sqlite3* handle_ = nullptr;
};

/// Values are not copied: they must stay until step() or the end of the rows.
class RawStatement {
public:
    RawStatement(RawDatabase& db, const char* sql);
    ~RawStatement();

    RawStatement(const RawStatement&) = delete;
    RawStatement& operator=(const RawStatement&) = delete;

    void bind(int index, std::int64_t value);
    void bind(int index, ByteView value);
    void bind(int index, std::string_view value);

    /// Runs a statement without rows, and makes it ready to be bound again.
    void run();
    /// True while there are rows; then it is ready to be bound again.
    bool next();
    void reset();
    std::int64_t int64(int column) const;
    std::string_view text(int column) const;

private:
    sqlite3_stmt* handle_ = nullptr;
};

}  // namespace egret::bench
