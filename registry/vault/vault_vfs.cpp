#include "registry/vault/detail/vault_vfs.h"

#include "registry/sqlite/error.h"
#include "registry/vault/detail/file_methods.h"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <fcntl.h>
#include <unistd.h>

namespace egret::vault::detail {
namespace {

VaultVfs& ours(sqlite3_vfs* vfs) { return *static_cast<VaultVfs*>(vfs->pAppData); }

sqlite3_vfs& find_base(const std::string& name) {
    auto* base = sqlite3_vfs_find(name.empty() ? nullptr : name.c_str());
    if (base == nullptr)
        throw sqlite::SqliteError(SQLITE_MISUSE, "there is no VFS of this name", name);
    return *base;
}

std::string fresh_name() {
    static std::atomic<unsigned> count{0};
    return "egret-vault-" + std::to_string(++count);
}

/// A new file is its owner's alone, and SQLite gives what it puts beside it the same rights.
void make_private_file(const char* name) {
    // Exclusively: closing a file that is open elsewhere in this process would drop its locks.
    const int file = ::open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file >= 0) ::close(file);
}

int vfs_open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
    file->pMethods = nullptr;
    try {
        return ours(vfs).open(name, file, flags, flags_out);
    } catch (const std::bad_alloc&) {
        return SQLITE_NOMEM;
    } catch (...) {  // C boundary: OpenSSL failed.
        return SQLITE_CANTOPEN;
    }
}

int vfs_delete(sqlite3_vfs* vfs, const char* name, int sync_folder) {
    auto& base = ours(vfs).base();
    return base.xDelete(&base, name, sync_folder);
}

int vfs_access(sqlite3_vfs* vfs, const char* name, int flags, int* answer) {
    auto& base = ours(vfs).base();
    return base.xAccess(&base, name, flags, answer);
}

int vfs_full_path(sqlite3_vfs* vfs, const char* name, int size, char* path) {
    auto& base = ours(vfs).base();
    return base.xFullPathname(&base, name, size, path);
}

void* vfs_dl_open(sqlite3_vfs* vfs, const char* path) {
    auto& base = ours(vfs).base();
    return base.xDlOpen(&base, path);
}

void vfs_dl_error(sqlite3_vfs* vfs, int size, char* text) {
    auto& base = ours(vfs).base();
    base.xDlError(&base, size, text);
}

void (*vfs_dl_sym(sqlite3_vfs* vfs, void* library, const char* symbol))() {
    auto& base = ours(vfs).base();
    return base.xDlSym(&base, library, symbol);
}

void vfs_dl_close(sqlite3_vfs* vfs, void* library) {
    auto& base = ours(vfs).base();
    base.xDlClose(&base, library);
}

int vfs_randomness(sqlite3_vfs* vfs, int size, char* to) {
    auto& base = ours(vfs).base();
    return base.xRandomness(&base, size, to);
}

int vfs_sleep(sqlite3_vfs* vfs, int microseconds) {
    auto& base = ours(vfs).base();
    return base.xSleep(&base, microseconds);
}

int vfs_time(sqlite3_vfs* vfs, double* julian_day) {
    auto& base = ours(vfs).base();
    return base.xCurrentTime(&base, julian_day);
}

int vfs_last_error(sqlite3_vfs* vfs, int size, char* text) {
    auto& base = ours(vfs).base();
    return base.xGetLastError(&base, size, text);
}

sqlite3_vfs make_vfs(VaultVfs& owner, const sqlite3_vfs& base) {
    sqlite3_vfs vfs{};
    vfs.iVersion = 1;
    vfs.szOsFile = file_place_bytes();
    vfs.mxPathname = base.mxPathname;
    vfs.zName = owner.name().c_str();
    vfs.pAppData = &owner;
    vfs.xOpen = vfs_open;
    vfs.xDelete = vfs_delete;
    vfs.xAccess = vfs_access;
    vfs.xFullPathname = vfs_full_path;
    vfs.xDlOpen = vfs_dl_open;
    vfs.xDlError = vfs_dl_error;
    vfs.xDlSym = vfs_dl_sym;
    vfs.xDlClose = vfs_dl_close;
    vfs.xRandomness = vfs_randomness;
    vfs.xSleep = vfs_sleep;
    vfs.xCurrentTime = vfs_time;
    vfs.xGetLastError = vfs_last_error;
    return vfs;
}

}  // namespace

void VaultVfs::Free::operator()(sqlite3_vfs* vfs) const noexcept {
    const std::unique_ptr<sqlite3_vfs> freed(vfs);
    sqlite3_vfs_unregister(vfs);
}

VaultVfs::VaultVfs(const KeyRing& ring, const std::string& base_name)
    : ring_(ring),
      base_(find_base(base_name)),
      is_over_system_(base_name.empty()),
      name_(fresh_name()),
      vfs_(std::make_unique<sqlite3_vfs>(make_vfs(*this, base_)).release()) {
    if (const int code = sqlite3_vfs_register(vfs_.get(), 0); code != SQLITE_OK)
        throw sqlite::SqliteError(code, sqlite3_errstr(code), name_);
}

VaultVfs::~VaultVfs() = default;

int VaultVfs::open(const char* name, sqlite3_file* place, int flags, int* flags_out) {
    const bool is_main = (flags & SQLITE_OPEN_MAIN_DB) != 0;
    const bool is_journal = (flags & SQLITE_OPEN_MAIN_JOURNAL) != 0;
    const bool is_wal = (flags & SQLITE_OPEN_WAL) != 0;
    // Whatever else SQLite would put into a file (what it sorts, what VACUUM builds, what a
    // statement undoes) would lie there as it is. `PRAGMA temp_store = MEMORY` keeps it from it.
    if (name == nullptr || !(is_main || is_journal || is_wal)) return SQLITE_CANTOPEN;
    auto* main = is_main ? nullptr : find_main(name);
    if (!is_main && main == nullptr) return SQLITE_CANTOPEN;
    if (is_main && is_over_system_ && (flags & SQLITE_OPEN_CREATE) != 0) make_private_file(name);

    auto base = std::make_unique<BaseFile>(base_);
    const int code = base->open(name, flags, flags_out);
    if (code != SQLITE_OK) return code;
    std::unique_ptr<SealedFile> file;
    if (is_main) {
        auto opened = std::make_unique<MainFile>(std::move(base), ring_);
        const std::lock_guard lock(mutex_);
        mains_[name] = opened.get();
        file = std::move(opened);
    } else if (is_journal) {
        file = std::make_unique<JournalFile>(std::move(base), *main);
    } else {
        file = std::make_unique<WalFile>(std::move(base), *main);
    }
    set_methods(place, *this, file.release());
    return SQLITE_OK;
}

MainFile* VaultVfs::find_main(const char* journal_name) {
    const std::lock_guard lock(mutex_);
    const auto found = mains_.find(sqlite3_filename_database(journal_name));
    return found == mains_.end() ? nullptr : found->second;
}

void VaultVfs::forget(const SealedFile* file) noexcept {
    const std::lock_guard lock(mutex_);
    std::erase_if(mains_, [&](const auto& entry) { return entry.second == file; });
}

}  // namespace egret::vault::detail
