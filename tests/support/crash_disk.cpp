#include "tests/support/crash_disk.h"

#include "registry/base/ensure.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace egret::tests {

/// SQLite's calls.
struct CrashDiskCalls {
    struct Place {
        sqlite3_file head;
        CrashDisk* disk;
        std::shared_ptr<CrashDisk::File>* file;
    };

    using Step = CrashDisk::Step;

    static CrashDisk& disk_of(sqlite3_vfs* vfs) { return *static_cast<CrashDisk*>(vfs->pAppData); }

    static Place& place_of(sqlite3_file* file) { return *reinterpret_cast<Place*>(file); }

    static CrashDisk::File& content_of(sqlite3_file* file) { return **place_of(file).file; }

    static int close(sqlite3_file* file) {
        const std::unique_ptr<std::shared_ptr<CrashDisk::File>> held(place_of(file).file);
        return SQLITE_OK;
    }

    static int read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
        if (place_of(file).disk->meets_fault(Step::read)) return SQLITE_IOERR_READ;
        const auto& now = content_of(file).now;
        const auto wanted = static_cast<std::size_t>(size);
        const auto at = std::min(static_cast<std::size_t>(offset), now.size());
        const auto there = std::min(wanted, now.size() - at);
        auto* out = static_cast<std::uint8_t*>(to);
        std::copy_n(now.begin() + static_cast<std::ptrdiff_t>(at), there, out);
        std::fill_n(out + there, wanted - there, std::uint8_t{0});
        return there == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
    }

    static int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) {
        auto& disk = *place_of(file).disk;
        ByteView bytes(static_cast<const std::uint8_t*>(from), static_cast<std::size_t>(size));
        const bool was_cut = disk.has_failed_ && disk.fault_ == DiskFault::power_cut;
        const bool fails = disk.meets_fault(Step::write);
        if (was_cut) return SQLITE_IOERR_WRITE;
        // A write that fails has written a part.
        if (fails && disk.fault_ != DiskFault::power_cut)
            bytes = bytes.first(disk.random_.below(bytes.size() + 1));
        disk.write(content_of(file), static_cast<std::size_t>(offset), bytes);
        if (!fails) return SQLITE_OK;
        return disk.fault_ == DiskFault::full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    }

    static int truncate(sqlite3_file* file, sqlite3_int64 size) {
        if (place_of(file).disk->meets_fault(Step::truncate)) return SQLITE_IOERR_TRUNCATE;
        auto& content = content_of(file);
        content.now.resize(static_cast<std::size_t>(size));
        content.pending.push_back({static_cast<std::size_t>(size), {}, true});
        return SQLITE_OK;
    }

    static int sync(sqlite3_file* file, int /*flags*/) {
        if (place_of(file).disk->meets_fault(Step::sync)) return SQLITE_IOERR_FSYNC;
        auto& content = content_of(file);
        content.synced = content.now;
        content.pending.clear();
        content.is_name_synced = true;
        return SQLITE_OK;
    }

    static int size(sqlite3_file* file, sqlite3_int64* size) {
        if (place_of(file).disk->meets_fault(Step::look)) return SQLITE_IOERR_FSTAT;
        *size = static_cast<sqlite3_int64>(content_of(file).now.size());
        return SQLITE_OK;
    }

    static int lock(sqlite3_file* /*file*/, int /*level*/) { return SQLITE_OK; }

    static int check_reserved(sqlite3_file* /*file*/, int* is_reserved) {
        *is_reserved = 0;
        return SQLITE_OK;
    }

    static int control(sqlite3_file* /*file*/, int /*which*/, void* /*argument*/) {
        return SQLITE_NOTFOUND;
    }

    static int sector_size(sqlite3_file* /*file*/) {
        return static_cast<int>(CrashDisk::sector_bytes);
    }

    static int characteristics(sqlite3_file* /*file*/) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

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
            made.xUnlock = lock;
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
        auto& disk = disk_of(vfs);
        file->pMethods = nullptr;
        if (disk.meets_fault(Step::open) || name == nullptr) return SQLITE_CANTOPEN;
        auto& content = disk.files_[name];
        if (content == nullptr) {
            if ((flags & SQLITE_OPEN_CREATE) == 0) {
                disk.files_.erase(name);
                return SQLITE_CANTOPEN;
            }
            content = std::make_shared<CrashDisk::File>();
        }
        auto& place = place_of(file);
        place.disk = &disk;
        place.file = std::make_unique<std::shared_ptr<CrashDisk::File>>(content).release();
        place.head.pMethods = methods();
        if (flags_out != nullptr) *flags_out = flags;
        return SQLITE_OK;
    }

    static int remove(sqlite3_vfs* vfs, const char* name, int /*sync_folder*/) {
        auto& disk = disk_of(vfs);
        if (disk.meets_fault(Step::remove)) return SQLITE_IOERR_DELETE;
        // As by a file system that writes its changes of names in their order: the next sync of
        // any file makes it durable, and SQLite asks for no more (synchronous = FULL).
        return disk.files_.erase(name) == 0 ? SQLITE_IOERR_DELETE_NOENT : SQLITE_OK;
    }

    static int access(sqlite3_vfs* vfs, const char* name, int /*flags*/, int* answer) {
        auto& disk = disk_of(vfs);
        if (disk.meets_fault(Step::look)) return SQLITE_IOERR_ACCESS;
        const auto found = disk.files_.find(name);
        *answer = found != disk.files_.end() ? 1 : 0;
        return SQLITE_OK;
    }

    static int full_path(sqlite3_vfs* /*vfs*/, const char* name, int size, char* path) {
        const auto length = std::strlen(name) + 1;
        if (length > static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
        std::copy_n(name, length, path);
        return SQLITE_OK;
    }

    static int randomness(sqlite3_vfs* vfs, int size, char* to) {
        disk_of(vfs).random_.fill(
            {reinterpret_cast<std::uint8_t*>(to), static_cast<std::size_t>(size)});
        return size;
    }

    static int sleep(sqlite3_vfs* /*vfs*/, int microseconds) { return microseconds; }

    static int time(sqlite3_vfs* /*vfs*/, double* julian_day) {
        *julian_day = 2'461'372.0;
        return SQLITE_OK;
    }

    static int last_error(sqlite3_vfs* /*vfs*/, int /*size*/, char* /*text*/) { return 0; }
};

CrashDisk::CrashDisk(std::uint64_t seed)
    : random_(seed), vfs_(std::make_unique<sqlite3_vfs>(sqlite3_vfs{})) {
    static int count = 0;
    name_ = "crash-disk-" + std::to_string(++count);
    using Calls = CrashDiskCalls;
    vfs_->iVersion = 1;
    vfs_->szOsFile = sizeof(Calls::Place);
    vfs_->mxPathname = 200;
    vfs_->zName = name_.c_str();
    vfs_->pAppData = this;
    vfs_->xOpen = Calls::open;
    vfs_->xDelete = Calls::remove;
    vfs_->xAccess = Calls::access;
    vfs_->xFullPathname = Calls::full_path;
    vfs_->xRandomness = Calls::randomness;
    vfs_->xSleep = Calls::sleep;
    vfs_->xCurrentTime = Calls::time;
    vfs_->xGetLastError = Calls::last_error;
    EGRET_ENSURE(sqlite3_vfs_register(vfs_.get(), 0) == SQLITE_OK);
}

CrashDisk::~CrashDisk() { sqlite3_vfs_unregister(vfs_.get()); }

CrashDisk::Files CrashDisk::files() const {
    Files all;
    for (const auto& entry : files_) all[entry.first] = entry.second->now;
    return all;
}

void CrashDisk::set_files(const Files& files) {
    files_.clear();
    for (const auto& entry : files) {
        auto file = std::make_shared<File>();
        file->now = entry.second;
        file->synced = entry.second;
        file->is_name_synced = true;
        files_[entry.first] = std::move(file);
    }
    mend();
}

void CrashDisk::fail_at(std::uint64_t n, DiskFault fault, bool is_once) {
    mend();
    fails_at_ = n;
    fault_ = fault;
    is_once_ = is_once;
}

void CrashDisk::mend() {
    fails_at_ = 0;
    operations_ = 0;
    has_failed_ = false;
}

bool CrashDisk::can_meet(Step step) const noexcept {
    switch (fault_) {
        case DiskFault::full: return step == Step::write;
        case DiskFault::power_cut: return step != Step::read && step != Step::look;
        case DiskFault::broken: return true;
    }
    return false;
}

bool CrashDisk::meets_fault(Step step) {
    if (watches_ > 0) return false;
    if (fault_ == DiskFault::power_cut && has_failed_) return true;
    if (!can_meet(step)) return false;
    ++operations_;
    if (fails_at_ == 0 || operations_ < fails_at_) return false;
    if (is_once_ && operations_ > fails_at_) return false;
    has_failed_ = true;
    return true;
}

void CrashDisk::write(File& file, std::size_t at, ByteView bytes) {
    if (on_write) on_write(bytes);
    if (bytes.empty()) return;
    if (file.now.size() < at + bytes.size()) file.now.resize(at + bytes.size());
    std::copy(bytes.begin(), bytes.end(), file.now.begin() + static_cast<std::ptrdiff_t>(at));
    file.pending.push_back({at, copy_of(bytes), false});
}

void CrashDisk::survive(File& file, double part_kept) {
    for (const auto& change : file.pending) {
        if (change.truncates) {
            if (random_.chance(part_kept)) file.synced.resize(change.at);
            continue;
        }
        for (std::size_t done = 0; done < change.bytes.size();) {
            const auto at = change.at + done;
            const auto piece =
                std::min(sector_bytes - at % sector_bytes, change.bytes.size() - done);
            if (random_.chance(part_kept)) {
                if (file.synced.size() < at + piece) file.synced.resize(at + piece);
                std::copy_n(change.bytes.begin() + static_cast<std::ptrdiff_t>(done), piece,
                            file.synced.begin() + static_cast<std::ptrdiff_t>(at));
            }
            done += piece;
        }
    }
    file.pending.clear();
    file.now = file.synced;
}

void CrashDisk::crash() {
    constexpr std::array parts = {0.0, 0.1, 0.5, 0.9, 1.0};
    const auto part_kept = parts[random_.below(parts.size())];
    for (auto at = files_.begin(); at != files_.end();) {
        EGRET_ENSURE(at->second.use_count() == 1);
        if (!at->second->is_name_synced && random_.chance(0.3)) {
            at = files_.erase(at);
            continue;
        }
        survive(*at->second, part_kept);
        at->second->is_name_synced = true;
        ++at;
    }
    mend();
}

}  // namespace egret::tests
