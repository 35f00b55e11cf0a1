#include "registry/sqlite/file.h"

#include "registry/sqlite/error.h"

#include <sqlite3.h>

namespace egret::sqlite {
namespace {

sqlite3_vfs* find_vfs(const std::string& name) {
    return sqlite3_vfs_find(name.empty() ? nullptr : name.c_str());
}

}  // namespace

bool is_file(const std::string& path, const std::string& vfs_name) {
    auto* vfs = find_vfs(vfs_name);
    if (vfs == nullptr) throw SqliteError(SQLITE_MISUSE, "there is no VFS of this name", vfs_name);
    int found = 0;
    const int code = vfs->xAccess(vfs, path.c_str(), SQLITE_ACCESS_EXISTS, &found);
    if (code != SQLITE_OK) throw SqliteError(code, sqlite3_errstr(code), path);
    return found != 0;
}

void remove_files(const std::string& path, const std::string& vfs_name) noexcept {
    auto* vfs = find_vfs(vfs_name);
    if (vfs == nullptr) return;
    for (const char* suffix : {"", "-wal", "-shm", "-journal"})
        vfs->xDelete(vfs, (path + suffix).c_str(), 0);
}

}  // namespace egret::sqlite
