#include "tests/support/wrong_vault.h"

#include "registry/base/bytes.h"
#include "registry/base/ensure.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace egret::tests {
namespace {

constexpr int a_page = 4096;
constexpr int a_frame = a_page + 24;
constexpr int a_seal = 32;

}  // namespace

/// SQLite's calls: all passed on, but where the fault is.
struct WrongVaultCalls {
    struct Place {
        sqlite3_file head;
        WrongVault* vault;
        int flags;
    };

    static WrongVault& vault_of(sqlite3_vfs* vfs) {
        return *static_cast<WrongVault*>(vfs->pAppData);
    }

    static Place& place_of(sqlite3_file* file) { return *reinterpret_cast<Place*>(file); }

    static sqlite3_file* base_of(sqlite3_file* file) {
        return reinterpret_cast<sqlite3_file*>(reinterpret_cast<std::byte*>(file) + sizeof(Place));
    }

    static int close(sqlite3_file* file) { return base_of(file)->pMethods->xClose(base_of(file)); }

    static int read_base(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
        return base_of(file)->pMethods->xRead(base_of(file), to, size, at);
    }

    static bool is_damaged(sqlite3_file* file, sqlite3_int64 at) {
        std::vector<std::uint8_t> page(a_page);
        return read_base(file, page.data(), a_page, at) == SQLITE_IOERR_DATA;
    }

    static int read(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
        auto& place = place_of(file);
        auto& vault = *place.vault;
        const auto way = vault.way_;
        const bool is_log = (place.flags & SQLITE_OPEN_WAL) != 0;
        const bool is_main = (place.flags & SQLITE_OPEN_MAIN_DB) != 0;
        const bool is_journal = (place.flags & SQLITE_OPEN_MAIN_JOURNAL) != 0;
        if (way == WrongWay::torn_frame_is_error && is_log && size == a_frame &&
            is_damaged(file, at + 24)) {
            return SQLITE_IOERR_DATA;
        }
        if (way == WrongWay::torn_first_page_is_error && is_main && size == 100 &&
            is_damaged(file, 0)) {
            return SQLITE_IOERR_DATA;
        }
        const int code = read_base(file, to, size, at);
        if (way == WrongWay::torn_image_is_error && is_journal && size == a_page &&
            code == SQLITE_IOERR_SHORT_READ) {
            return SQLITE_IOERR_DATA;
        }
        const std::span bytes(static_cast<std::uint8_t*>(to), static_cast<std::size_t>(size));
        if (way == WrongWay::seal_is_left_in_the_page && size >= a_page && code == SQLITE_OK) {
            ++vault.reads_;
            std::fill(bytes.end() - a_seal, bytes.end(),
                      static_cast<std::uint8_t>(vault.reads_ % 251 + 1));
        }
        return code;
    }

    static int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
        const auto* begin = static_cast<const std::uint8_t*>(from);
        std::vector<std::uint8_t> bytes(begin, begin + size);
        if (place_of(file).vault->way_ == WrongWay::seal_is_left_in_the_page && size == a_page)
            std::fill(bytes.end() - a_seal, bytes.end(), std::uint8_t{0});
        return base_of(file)->pMethods->xWrite(base_of(file), bytes.data(), size, at);
    }

    static int truncate(sqlite3_file* file, sqlite3_int64 size) {
        return base_of(file)->pMethods->xTruncate(base_of(file), size);
    }

    static int sync(sqlite3_file* file, int flags) {
        return base_of(file)->pMethods->xSync(base_of(file), flags);
    }

    static int size(sqlite3_file* file, sqlite3_int64* size) {
        return base_of(file)->pMethods->xFileSize(base_of(file), size);
    }

    static int lock(sqlite3_file* file, int level) {
        return base_of(file)->pMethods->xLock(base_of(file), level);
    }

    static int unlock(sqlite3_file* file, int level) {
        return base_of(file)->pMethods->xUnlock(base_of(file), level);
    }

    static int check_reserved(sqlite3_file* file, int* is_reserved) {
        return base_of(file)->pMethods->xCheckReservedLock(base_of(file), is_reserved);
    }

    static int control(sqlite3_file* file, int which, void* argument) {
        return base_of(file)->pMethods->xFileControl(base_of(file), which, argument);
    }

    static int sector_size(sqlite3_file* file) {
        return base_of(file)->pMethods->xSectorSize(base_of(file));
    }

    static int characteristics(sqlite3_file* file) {
        return base_of(file)->pMethods->xDeviceCharacteristics(base_of(file));
    }

    static const sqlite3_io_methods* methods() {
        static const auto all = [] {
            sqlite3_io_methods made{};
            made.iVersion = 1;
            made.xClose = close;
            made.xRead = read;
            made.xWrite = write;
            made.xTruncate = truncate;
            made.xSync = sync;
            made.xFileSize = size;
            made.xLock = lock;
            made.xUnlock = unlock;
            made.xCheckReservedLock = check_reserved;
            made.xFileControl = control;
            made.xSectorSize = sector_size;
            made.xDeviceCharacteristics = characteristics;
            return made;
        }();
        return &all;
    }

    static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags,
                    int* flags_out) {
        auto& vault = vault_of(vfs);
        auto& place = place_of(file);
        place.head.pMethods = nullptr;
        const int code = vault.base_->xOpen(vault.base_, name, base_of(file), flags, flags_out);
        if (code != SQLITE_OK) return code;
        place.vault = &vault;
        place.flags = flags;
        place.head.pMethods = methods();
        return SQLITE_OK;
    }
};

WrongVault::WrongVault(const std::string& base_name, WrongWay way)
    : base_(sqlite3_vfs_find(base_name.c_str())), way_(way) {
    EGRET_ENSURE(base_ != nullptr);
    static int count = 0;
    name_ = "wrong-vault-" + std::to_string(++count);
    vfs_ = std::make_unique<sqlite3_vfs>(*base_);
    // All goes to the other, as itself.
    vfs_->pNext = nullptr;
    vfs_->szOsFile = static_cast<int>(sizeof(WrongVaultCalls::Place)) + base_->szOsFile;
    vfs_->zName = name_.c_str();
    vfs_->pAppData = this;
    vfs_->xOpen = WrongVaultCalls::open;
    vfs_->xDelete = [](sqlite3_vfs* vfs, const char* name, int sync_folder) {
        auto* base = WrongVaultCalls::vault_of(vfs).base_;
        return base->xDelete(base, name, sync_folder);
    };
    vfs_->xAccess = [](sqlite3_vfs* vfs, const char* name, int flags, int* answer) {
        auto* base = WrongVaultCalls::vault_of(vfs).base_;
        return base->xAccess(base, name, flags, answer);
    };
    vfs_->xFullPathname = [](sqlite3_vfs* vfs, const char* name, int size, char* path) {
        auto* base = WrongVaultCalls::vault_of(vfs).base_;
        return base->xFullPathname(base, name, size, path);
    };
    vfs_->xRandomness = [](sqlite3_vfs* vfs, int size, char* to) {
        auto* base = WrongVaultCalls::vault_of(vfs).base_;
        return base->xRandomness(base, size, to);
    };
    vfs_->xSleep = [](sqlite3_vfs* vfs, int microseconds) {
        auto* base = WrongVaultCalls::vault_of(vfs).base_;
        return base->xSleep(base, microseconds);
    };
    vfs_->xCurrentTime = [](sqlite3_vfs* vfs, double* julian_day) {
        auto* base = WrongVaultCalls::vault_of(vfs).base_;
        return base->xCurrentTime(base, julian_day);
    };
    vfs_->xGetLastError = [](sqlite3_vfs* vfs, int size, char* text) {
        auto* base = WrongVaultCalls::vault_of(vfs).base_;
        return base->xGetLastError(base, size, text);
    };
    EGRET_ENSURE(sqlite3_vfs_register(vfs_.get(), 0) == SQLITE_OK);
}

WrongVault::~WrongVault() { sqlite3_vfs_unregister(vfs_.get()); }

}  // namespace egret::tests
