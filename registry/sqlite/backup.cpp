#include "registry/sqlite/backup.h"

#include "registry/sqlite/detail/failure.h"

#include <sqlite3.h>

#include <vector>

namespace egret::sqlite {

namespace {

/// The file of the copy, seen through its VFS: the VFS need not keep it in a folder of the system.
class CopyFile {
public:
    CopyFile(const std::string& path, const std::string& vfs_name)
        : vfs_(sqlite3_vfs_find(vfs_name.empty() ? nullptr : vfs_name.c_str())), path_(path) {
        if (vfs_ == nullptr) throw SqliteError(SQLITE_MISUSE, "there is no VFS of this name", path);
        std::vector<char> full(static_cast<std::size_t>(vfs_->mxPathname) + 1);
        const int code =
            vfs_->xFullPathname(vfs_, path.c_str(), static_cast<int>(full.size()), full.data());
        // A symbolic link is followed, and reported as a success of its own kind.
        if ((code & 0xff) != SQLITE_OK) throw SqliteError(code, sqlite3_errstr(code), path);
        path_ = full.data();
    }

    ~CopyFile() {
        if (is_ours_ && !is_kept_) vfs_->xDelete(vfs_, path_.c_str(), 1);
    }

    CopyFile(const CopyFile&) = delete;
    CopyFile& operator=(const CopyFile&) = delete;

    bool exists() const {
        int found = 0;
        const int code = vfs_->xAccess(vfs_, path_.c_str(), SQLITE_ACCESS_EXISTS, &found);
        if (code != SQLITE_OK) throw SqliteError(code, sqlite3_errstr(code), path_);
        return found != 0;
    }

    void claim() noexcept { is_ours_ = true; }

    void keep() noexcept { is_kept_ = true; }

private:
    sqlite3_vfs* vfs_;
    std::string path_;
    bool is_ours_ = false;
    bool is_kept_ = false;
};

void copy_pages(Database& source, Database& copy) {
    auto* backup = sqlite3_backup_init(copy.handle(), "main", source.handle(), "main");
    if (backup == nullptr)
        detail::fail(copy.handle(), sqlite3_errcode(copy.handle()), copy.options().path);
    const int step = sqlite3_backup_step(backup, -1);
    const int end = sqlite3_backup_finish(backup);
    if (step != SQLITE_DONE)
        detail::fail(copy.handle(), end != SQLITE_OK ? end : step, copy.options().path);
}

}  // namespace

Result<Done> backup_to(Database& source, const std::string& path, const std::string& vfs_name,
                       const std::function<void()>& when_written) {
    CopyFile file(path, vfs_name);
    if (file.exists())
        return Error{ErrorCode::conflict, "", msg("store.copy_exists", {{"path", path}})};

    OpenOptions options;
    options.path = path;
    options.vfs_name = vfs_name;
    options.create = true;
    options.exclusive = true;
    // The pages come in one transaction: a power cut leaves an empty file, never half a copy.
    options.journal = Journal::rollback;
    file.claim();
    {
        Database copy(options);
        copy_pages(source, copy);
    }
    options.create = false;
    {
        // The header came with the source's journal mode, and gets its own now.
        const Database shaped(options);
    }
    when_written();
    // Opened anew, because another connection would check what it still has in memory.
    Database copy(options);
    const auto problems = copy.integrity_check();
    if (!problems.empty()) throw SqliteError(SQLITE_CORRUPT, problems.front(), path);
    file.keep();
    return Done{};
}

Result<Done> backup_to(Database& source, const std::string& path, const std::string& vfs_name) {
    return backup_to(source, path, vfs_name, [] {});
}

Result<Done> backup_to(Database& source, const std::string& path) {
    return backup_to(source, path, source.options().vfs_name);
}

}  // namespace egret::sqlite
