#pragma once

#include "registry/files/disk.h"
#include "tests/support/crash_disk.h"

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace egret::tests {

/// All the disk of one machine: databases through its VFS, and the small files beside them, in one
/// memory and with one count of operations. Of a small file, each step that SystemDisk takes is
/// one: to make a draft, to write it, to sync it, to rename it, to sync its folder.
///
/// Names of small files that were given or taken since their folder was synced are lost by crash()
/// from some point on, folder by folder. There is no end of folders: each is there.
class SimDisk final : public CrashDisk, public files::Disk {
public:
    explicit SimDisk(std::uint64_t seed) : CrashDisk(seed) {}

    std::optional<Bytes> read(const std::string& path, std::size_t bytes_max) override;
    bool is_there(const std::string& path) override;
    bool is_folder(const std::string& path) override;
    std::vector<std::string> names_in(const std::string& folder) override;
    void replace(const std::string& path, ByteView content) override;
    bool place_new(const std::string& draft, const std::string& path) override;
    void remove(const std::string& path) override;
    void make_folder(const std::string& path) override;
    std::unique_ptr<files::Lock> take_lock(const std::string& path) override;

    /// The power is gone, and nothing goes on until crash().
    void cut_power();
    bool is_cut() const noexcept { return has_failed() && fault_ == DiskFault::power_cut; }

    /// As CrashDisk's, with the names. No file may be open, and no lock held.
    void crash();
    /// As CrashDisk's.
    void set_files(const Files& files);

private:
    class HeldName;

    /// What stood under these names before a change that is not on the disk yet.
    struct NameChange {
        std::string folder;
        std::vector<std::pair<std::string, std::shared_ptr<File>>> before;
    };

    template <class Work>
    void operate(Step step, const Work& work);
    /// Null: no file.
    void name(NameChange& change, const std::string& path, std::shared_ptr<File> file);
    void write_draft(const std::string& path, ByteView content);
    void rename(const std::string& draft, const std::string& path);
    void sync_folder_of(const std::string& path);

    std::vector<NameChange> changes_;
    std::set<std::string> held_;
};

}  // namespace egret::tests
