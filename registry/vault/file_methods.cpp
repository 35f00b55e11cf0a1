#include "registry/vault/detail/file_methods.h"

#include "registry/vault/detail/vault_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <memory>
#include <new>

/// SQLite's calls to a file, and the edge where exceptions end: it is written in C.
namespace egret::vault::detail {
namespace {

struct Place {
    sqlite3_file head;  // First: SQLite knows only this.
    VaultVfs* vfs;
    SealedFile* file;
};

Place& place_of(sqlite3_file* file) { return *reinterpret_cast<Place*>(file); }

SealedFile& sealed(sqlite3_file* file) { return *place_of(file).file; }

sqlite3_file* base_of(sqlite3_file* file) { return sealed(file).base().handle(); }

const sqlite3_io_methods& base_methods(sqlite3_file* file) { return *base_of(file)->pMethods; }

/// The code of `action`, or `code` if it throws.
template <class Action>
int guarded(int code, Action action) noexcept {
    try {
        return action();
    } catch (const std::bad_alloc&) {
        return SQLITE_IOERR_NOMEM;
    } catch (...) {  // C boundary: OpenSSL failed.
        return code;
    }
}

int file_close(sqlite3_file* file) {
    auto& place = place_of(file);
    const std::unique_ptr<SealedFile> closing(place.file);
    place.vfs->forget(closing.get());
    place.file = nullptr;
    place.head.pMethods = nullptr;
    return closing->base().close();
}

int file_read(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
    const std::span bytes(static_cast<std::uint8_t*>(to), static_cast<std::size_t>(size));
    return guarded(SQLITE_IOERR_READ, [&] { return sealed(file).read(bytes, at); });
}

int file_write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
    const ByteView bytes(static_cast<const std::uint8_t*>(from), static_cast<std::size_t>(size));
    return guarded(SQLITE_IOERR_WRITE, [&] { return sealed(file).write(bytes, at); });
}

int file_truncate(sqlite3_file* file, sqlite3_int64 size) {
    return guarded(SQLITE_IOERR_TRUNCATE, [&] { return sealed(file).truncate(size); });
}

int file_sync(sqlite3_file* file, int flags) {
    return base_methods(file).xSync(base_of(file), flags);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    return base_methods(file).xFileSize(base_of(file), size);
}

int file_lock(sqlite3_file* file, int level) {
    return base_methods(file).xLock(base_of(file), level);
}

int file_unlock(sqlite3_file* file, int level) {
    return base_methods(file).xUnlock(base_of(file), level);
}

int file_check_reserved(sqlite3_file* file, int* is_reserved) {
    return base_methods(file).xCheckReservedLock(base_of(file), is_reserved);
}

int file_control(sqlite3_file* file, int which, void* argument) {
    switch (which) {
        // What asks and tells, and changes no byte of a file.
        case SQLITE_FCNTL_LOCKSTATE:
        case SQLITE_FCNTL_LAST_ERRNO:
        case SQLITE_FCNTL_PERSIST_WAL:
        case SQLITE_FCNTL_HAS_MOVED:
        case SQLITE_FCNTL_SYNC:
        case SQLITE_FCNTL_COMMIT_PHASETWO:
        case SQLITE_FCNTL_LOCK_TIMEOUT:
            return base_methods(file).xFileControl(base_of(file), which, argument);
        case SQLITE_FCNTL_VFSNAME:
            *static_cast<char**>(argument) =
                sqlite3_mprintf("%s", place_of(file).vfs->name().c_str());
            return SQLITE_OK;
        // Not those that write past us, map memory, make room ahead or make writes atomic.
        default: return SQLITE_NOTFOUND;
    }
}

int file_sector_size(sqlite3_file* /*file*/) {
    // So that a header of the rollback journal is never as long as a page.
    return 512;
}

int file_characteristics(sqlite3_file* file) {
    // Not that a page is written at once, or the log would be skipped. But that a torn write spoils
    // no neighbour: without it SQLite writes pages to the write-ahead log in two parts.
    constexpr int kept = SQLITE_IOCAP_POWERSAFE_OVERWRITE | SQLITE_IOCAP_UNDELETABLE_WHEN_OPEN;
    return base_methods(file).xDeviceCharacteristics(base_of(file)) & kept;
}

int file_shm_map(sqlite3_file* file, int region, int size, int extend, void volatile** memory) {
    return base_methods(file).xShmMap(base_of(file), region, size, extend, memory);
}

int file_shm_lock(sqlite3_file* file, int offset, int count, int flags) {
    return base_methods(file).xShmLock(base_of(file), offset, count, flags);
}

void file_shm_barrier(sqlite3_file* file) { base_methods(file).xShmBarrier(base_of(file)); }

int file_shm_unmap(sqlite3_file* file, int remove) {
    return base_methods(file).xShmUnmap(base_of(file), remove);
}

/// Version 1 knows no shared memory. Version 3 would let SQLite map the file and see it sealed.
constexpr sqlite3_io_methods methods_of_version(int version) {
    sqlite3_io_methods methods{};
    methods.iVersion = version;
    methods.xClose = file_close;
    methods.xRead = file_read;
    methods.xWrite = file_write;
    methods.xTruncate = file_truncate;
    methods.xSync = file_sync;
    methods.xFileSize = file_size;
    methods.xLock = file_lock;
    methods.xUnlock = file_unlock;
    methods.xCheckReservedLock = file_check_reserved;
    methods.xFileControl = file_control;
    methods.xSectorSize = file_sector_size;
    methods.xDeviceCharacteristics = file_characteristics;
    if (version >= 2) {
        methods.xShmMap = file_shm_map;
        methods.xShmLock = file_shm_lock;
        methods.xShmBarrier = file_shm_barrier;
        methods.xShmUnmap = file_shm_unmap;
    }
    return methods;
}

constexpr auto plain_methods = methods_of_version(1);
constexpr auto shared_methods = methods_of_version(2);

}  // namespace

int file_place_bytes() noexcept { return static_cast<int>(sizeof(Place)); }

void set_methods(sqlite3_file* place, VaultVfs& vfs, SealedFile* file) noexcept {
    auto& ours = place_of(place);
    ours.vfs = &vfs;
    ours.file = file;
    ours.head.pMethods = file->base().has_shared_memory() ? &shared_methods : &plain_methods;
}

}  // namespace egret::vault::detail
