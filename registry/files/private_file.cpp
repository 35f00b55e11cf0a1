#include "registry/files/private_file.h"

#include "registry/files/file_error.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace egret {
namespace {

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

bool write_all(int file, ByteView content) {
    while (!content.empty()) {
        const auto written = ::write(file, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        content = content.subspan(static_cast<std::size_t>(written));
    }
    return ::fsync(file) == 0;
}

/// `how` it is opened beside for writing: to be made, or to be replaced, too. Of a file that isn't
/// whole nothing is left.
void write_file(const std::string& path, ByteView content, int how) {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | how, 0600));
    if (file.number() < 0) throw_file_error("make a file", path);
    if (::fchmod(file.number(), 0600) == 0 && write_all(file.number(), content)) return;
    const int reason = errno;
    ::unlink(path.c_str());
    throw FileError(reason, "write a file", path);
}

void sync_folder_of(const std::string& path) {
    const auto folder = std::filesystem::path(path).parent_path().string();
    sync_folder(folder.empty() ? "." : folder);
}

}  // namespace

void replace_private_file(const std::string& path, ByteView content) {
    const auto beside = path + ".new";
    write_file(beside, content, O_TRUNC);
    if (::rename(beside.c_str(), path.c_str()) != 0) throw_file_error("rename a file", path);
    sync_folder_of(path);
}

bool place_new_file(const std::string& draft, const std::string& path) {
    // A link never replaces; where there are none (sticks), a look before must do.
    if (::link(draft.c_str(), path.c_str()) == 0) {
        ::unlink(draft.c_str());
    } else {
        if (errno == EEXIST || ::access(path.c_str(), F_OK) == 0) return false;
        if (::rename(draft.c_str(), path.c_str()) != 0) throw_file_error("rename a file", path);
    }
    sync_folder_of(path);
    return true;
}

void create_private_file(const std::string& path, ByteView content) {
    write_file(path, content, O_EXCL);
}

void sync_folder(const std::string& path) {
    const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.number() < 0) throw_file_error("open a folder", path);
    // Some file systems of sticks can't sync a folder.
    if (::fsync(folder.number()) != 0 && errno != EINVAL)
        throw_file_error("write a folder to the disk", path);
}

void sync_and_let_go(const std::string& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.number() < 0) throw_file_error("open a file", path);
    if (::fsync(file.number()) != 0) throw_file_error("write a file to the disk", path);
    ::posix_fadvise(file.number(), 0, 0, POSIX_FADV_DONTNEED);
}

std::optional<std::size_t> read_file_into(std::span<std::uint8_t> to, const std::string& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.number() < 0) {
        if (errno == ENOENT) return std::nullopt;
        throw_file_error("open a file", path);
    }
    std::size_t length = 0;
    while (length < to.size()) {
        const auto got = ::read(file.number(), to.data() + length, to.size() - length);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw_file_error("read a file", path);
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
