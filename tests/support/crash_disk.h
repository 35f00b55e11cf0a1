#pragma once

#include "registry/base/bytes.h"
#include "registry/base/random.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

struct sqlite3_vfs;

namespace egret::tests {

/// What a disk does to those who use it.
enum class DiskFault {
    power_cut,  // Nothing goes on, and what was not synced is lost as crash() says.
    full,       // A write has no room, and leaves a part of itself.
    broken,     // Any operation fails.
};

/// A disk in memory, as a VFS of SQLite's for one connection at a time. It keeps what was synced;
/// the rest is at the mercy of crash(), sector by sector.
class CrashDisk {
public:
    using Files = std::map<std::string, Bytes>;

    static constexpr std::size_t sector_bytes = 512;

    explicit CrashDisk(std::uint64_t seed);
    ~CrashDisk();

    CrashDisk(const CrashDisk&) = delete;
    CrashDisk& operator=(const CrashDisk&) = delete;

    const std::string& vfs_name() const noexcept { return name_; }

    /// All files as programs see them.
    Files files() const;
    /// Instead of all that is there; synced. No file may be open.
    void set_files(const Files& files);
    void set_seed(std::uint64_t seed) { random_ = SeededRandom(seed); }

    /// From now on, the n-th operation (from 1) that this fault can meet, meets it: once, or it and
    /// all after it. A power cut is for good.
    void fail_at(std::uint64_t n, DiskFault fault, bool is_once = false);
    /// No fault from now on. Counts anew.
    void mend();
    /// Meanwhile no operation meets a fault or counts: who looks on changes nothing.
    class Watch {
    public:
        explicit Watch(CrashDisk& disk) noexcept : disk_(disk) { ++disk_.watches_; }

        ~Watch() { --disk_.watches_; }

        Watch(const Watch&) = delete;
        Watch& operator=(const Watch&) = delete;

    private:
        CrashDisk& disk_;
    };
    /// Operations that the fault could have met since then.
    std::uint64_t operations() const noexcept { return operations_; }
    bool has_failed() const noexcept { return has_failed_; }

    /// The power comes back. Of what was not synced, each sector of each write is there or not, and
    /// a file whose name was never synced may be gone. No file may be open.
    void crash();

    /// Called with all that is ever written.
    std::function<void(ByteView)> on_write;

protected:
    friend struct CrashDiskCalls;

    enum class Step { open, read, write, truncate, sync, remove, look };

    struct Pending {
        std::size_t at;  // The new size, if it truncates.
        Bytes bytes;
        bool truncates;
    };

    struct File {
        Bytes now;
        Bytes synced;
        std::vector<Pending> pending;
        bool is_name_synced = false;
    };

    /// True if this operation fails.
    bool meets_fault(Step step);
    void write(File& file, std::size_t at, ByteView bytes);

    SeededRandom random_;
    std::map<std::string, std::shared_ptr<File>> files_;
    DiskFault fault_ = DiskFault::power_cut;

private:
    bool can_meet(Step step) const noexcept;
    void survive(File& file, double part_kept);

    std::string name_;
    std::unique_ptr<sqlite3_vfs> vfs_;
    std::uint64_t fails_at_ = 0;  // 0: never.
    std::uint64_t operations_ = 0;
    bool is_once_ = false;
    int watches_ = 0;
    bool has_failed_ = false;
};

}  // namespace egret::tests
