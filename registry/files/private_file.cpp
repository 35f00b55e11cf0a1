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

/// `how` it is opened beside for writing: to be made, or to be replaced, too.
void write_file(const std::string& path, ByteView content, int how) {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | how, 0600));
    if (file.number() < 0) fail("make a file");
    if (::fchmod(file.number(), 0600) != 0) fail("close a file to others");
    write_all(file.number(), content);
    if (::fsync(file.number()) != 0) fail("write a file to the disk");
}

void sync_folder_of(const std::string& path) {
    const auto folder = std::filesystem::path(path).parent_path().string();
    sync_folder(folder.empty() ? "." : folder);
}

}  // namespace

void replace_private_file(const std::string& path, ByteView content) {
    const auto beside = path + ".new";
    try {
        write_file(beside, content, O_TRUNC);
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

void create_private_file(const std::string& path, ByteView content) {
    write_file(path, content, O_EXCL);
}

void sync_folder(const std::string& path) {
    const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.number() < 0) fail("open a folder");
    // Some file systems of sticks can't sync a folder.
    if (::fsync(folder.number()) != 0 && errno != EINVAL) fail("write a folder to the disk");
}

void sync_and_let_go(const std::string& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.number() < 0) fail("open a file");
    if (::fsync(file.number()) != 0) fail("write a file to the disk");
    ::posix_fadvise(file.number(), 0, 0, POSIX_FADV_DONTNEED);
}

std::optional<std::size_t> read_file_into(std::span<std::uint8_t> to, const std::string& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.number() < 0) {
        if (errno == ENOENT) return std::nullopt;
        fail("open a file");
    }
    std::size_t length = 0;
    while (length < to.size()) {
        const auto got = ::read(file.number(), to.data() + length, to.size() - length);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail("read a file");
        if (got == 0) break;
        length += static_cast<std::size_t>(got);
    }
    return length;
}

std::optional<Bytes> read_small_file(const std::string& path, std::size_t bytes_max) {
    Bytes content(bytes_max + 1);
    const auto length = read_file_into(content, path);
    if (!length || *length > bytes_max) return std::nullopt;
    content.resize(*length);
    return content;
}

}  // namespace egret
