#include "sync/central/key_files.h"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace egret::central {
namespace {

constexpr std::size_t key_file_bytes_max = 64 * 1024;

[[noreturn]] void throw_errno(const std::string& path) {
    throw std::system_error(errno, std::generic_category(), path);
}

/// A file descriptor that is closed on every path.
class Descriptor {
public:
    explicit Descriptor(int number) noexcept : number_(number) {}

    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }

    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int number() const noexcept { return number_; }

    bool is_open() const noexcept { return number_ >= 0; }

private:
    int number_;
};

}  // namespace

void write_key_file(const std::string& path, ByteView content) {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file.is_open()) throw_errno(path);
    while (!content.empty()) {
        const auto written = ::write(file.number(), content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) throw_errno(path);
        content = content.subspan(static_cast<std::size_t>(written));
    }
    if (::fsync(file.number()) != 0) throw_errno(path);
}

Result<crypto::Secret> read_key_file(const std::string& path) {
    const Error unreadable{ErrorCode::not_found, "", msg("central.no_key_file", {{"path", path}})};
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) return unreadable;
    auto content = crypto::Secret::of_size(key_file_bytes_max + 1);
    std::size_t size = 0;
    while (size < content.size()) {
        const auto got = ::read(file.number(), content.span().data() + size, content.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return unreadable;
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    if (size > key_file_bytes_max)
        return Error{ErrorCode::unsupported, "", msg("central.bad_key_file", {{"path", path}})};
    return crypto::Secret(content.view().first(size));
}

void sync_folder(const std::string& path) {
    const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.is_open() || ::fsync(folder.number()) != 0) throw_errno(path);
}

}  // namespace egret::central
