#include "registry/files/private_file.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace egret {
namespace {

[[noreturn]] void fail(const char* doing) {
    throw std::system_error(errno, std::generic_category(), doing);
}

/// An open file, closed with the scope.
class Descriptor {
public:
    explicit Descriptor(int number) noexcept : number_(number) {}

    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }

    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int number() const noexcept { return number_; }

private:
    int number_;
};

void write_all(int file, ByteView content) {
    while (!content.empty()) {
        const auto written = ::write(file, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail("write a file");
        content = content.subspan(static_cast<std::size_t>(written));
    }
}

void write_new(const std::string& path, ByteView content) {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (file.number() < 0) fail("make a file");
    if (::fchmod(file.number(), 0600) != 0) fail("close a file to others");
    write_all(file.number(), content);
    if (::fsync(file.number()) != 0) fail("write a file to the disk");
}

void sync_folder_of(const std::string& path) {
    auto folder = std::filesystem::path(path).parent_path().string();
    if (folder.empty()) folder = ".";
    const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.number() < 0) fail("open a folder");
    // Some file systems of sticks can't sync a folder.
    if (::fsync(opened.number()) != 0 && errno != EINVAL) fail("write a folder to the disk");
}

}  // namespace

void replace_private_file(const std::string& path, ByteView content) {
    const auto beside = path + ".new";
    try {
        write_new(beside, content);
    } catch (const std::system_error&) {
        ::unlink(beside.c_str());
        throw;
    }
    if (::rename(beside.c_str(), path.c_str()) != 0) fail("rename a file");
    sync_folder_of(path);
}

bool place_new_file(const std::string& draft, const std::string& path) {
    // A link never replaces; where there are none (sticks), a look before must do.
    if (::link(draft.c_str(), path.c_str()) == 0) {
        ::unlink(draft.c_str());
    } else {
        if (errno == EEXIST || ::access(path.c_str(), F_OK) == 0) return false;
        if (::rename(draft.c_str(), path.c_str()) != 0) fail("rename a file");
    }
    sync_folder_of(path);
    return true;
}

std::optional<Bytes> read_small_file(const std::string& path, std::size_t bytes_max) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.number() < 0) {
        if (errno == ENOENT) return std::nullopt;
        fail("open a file");
    }
    Bytes content(bytes_max + 1);
    std::size_t length = 0;
    while (length < content.size()) {
        const auto got = ::read(file.number(), content.data() + length, content.size() - length);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail("read a file");
        if (got == 0) break;
        length += static_cast<std::size_t>(got);
    }
    if (length > bytes_max) return std::nullopt;
    content.resize(length);
    return content;
}

}  // namespace egret
