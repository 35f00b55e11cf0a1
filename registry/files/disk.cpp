#include "registry/files/disk.h"

#include "registry/files/file_lock.h"
#include "registry/files/private_file.h"

#include <cerrno>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <utility>

namespace egret::files {
namespace {

namespace fs = std::filesystem;

class SystemLock final : public Lock {
public:
    explicit SystemLock(FileLock lock) noexcept : lock_(std::move(lock)) {}

private:
    FileLock lock_;
};

[[noreturn]] void fail_to_make_folder() {
    throw std::system_error(errno, std::generic_category(), "make a folder");
}

class SystemDisk final : public Disk {
public:
    std::optional<Bytes> read(const std::string& path, std::size_t bytes_max) override {
        return read_small_file(path, bytes_max);
    }

    bool is_there(const std::string& path) override { return fs::exists(path); }

    bool is_folder(const std::string& path) override {
        std::error_code unknown;
        return fs::is_directory(path, unknown);
    }

    std::vector<std::string> names_in(const std::string& folder) override {
        std::vector<std::string> names;
        std::error_code gone;
        for (const auto& entry : fs::directory_iterator(folder, gone))
            names.push_back(entry.path().filename().string());
        return names;
    }

    void replace(const std::string& path, ByteView content) override {
        replace_private_file(path, content);
    }

    bool place_new(const std::string& draft, const std::string& path) override {
        return place_new_file(draft, path);
    }

    void remove(const std::string& path) override {
        std::error_code ignored;
        fs::remove(path, ignored);
    }

    void make_folder(const std::string& path) override {
        auto folder = fs::path(path).lexically_normal();
        if (!folder.has_filename()) folder = folder.parent_path();
        const auto parent = folder.parent_path();
        if (::mkdir(folder.c_str(), 0700) != 0) {
            if (errno == EEXIST) return;
            if (errno != ENOENT || parent.empty()) fail_to_make_folder();
            fs::create_directories(parent);
            if (::mkdir(folder.c_str(), 0700) != 0) fail_to_make_folder();
        }
        sync_folder(parent.empty() ? "." : parent.string());
    }

    std::unique_ptr<Lock> take_lock(const std::string& path) override {
        auto lock = FileLock::take(path);
        if (!lock) return nullptr;
        return std::make_unique<SystemLock>(*std::move(lock));
    }
};

}  // namespace

Disk& system_disk() noexcept {
    static SystemDisk disk;
    return disk;
}

}  // namespace egret::files
