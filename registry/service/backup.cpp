#include "registry/service/backup.h"

#include "registry/crypto/hash.h"
#include "registry/files/private_file.h"
#include "registry/keys/key_file.h"
#include "registry/service/founding.h"
#include "registry/sqlite/backup.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace egret::service {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view mark = "EgrBkp01";
constexpr std::size_t length_bytes = 8;
constexpr std::size_t hash_bytes = sizeof(Hash);
constexpr std::size_t trailer_bytes = 2 * length_bytes + hash_bytes + mark.size();
constexpr std::size_t keys_bytes_max = 256 * 1024;
constexpr std::size_t buffer_bytes = 64 * 1024;

[[noreturn]] void fail(const char* doing) {
    throw std::system_error(errno, std::generic_category(), doing);
}

Error no_backup(const std::string& path) {
    return {ErrorCode::unsupported, "FILE", msg("backup.no_backup", {{"path", path}})};
}

/// An open file, closed with the scope.
class OpenFile {
public:
    OpenFile(const std::string& path, int how)
        : file_(::open(path.c_str(), how | O_CLOEXEC, 0600)) {}

    ~OpenFile() {
        if (file_ >= 0) ::close(file_);
    }

    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;

    bool is_open() const noexcept { return file_ >= 0; }

    /// As many bytes as there are, up to its size.
    ByteView read(std::span<std::uint8_t> to) const {
        std::size_t length = 0;
        while (length < to.size()) {
            const auto got = ::read(file_, to.data() + length, to.size() - length);
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) fail("read a file");
            if (got == 0) break;
            length += static_cast<std::size_t>(got);
        }
        return to.first(length);
    }

    void write(ByteView content) const {
        while (!content.empty()) {
            const auto written = ::write(file_, content.data(), content.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) fail("write a file");
            content = content.subspan(static_cast<std::size_t>(written));
        }
    }

    void sync() const {
        if (::fsync(file_) != 0) fail("write a file to the disk");
    }

    void seek(std::uint64_t to) const {
        if (::lseek(file_, static_cast<off_t>(to), SEEK_SET) < 0) fail("read a file");
    }

    std::uint64_t size() const {
        const auto end = ::lseek(file_, 0, SEEK_END);
        if (end < 0) fail("read a file");
        seek(0);
        return static_cast<std::uint64_t>(end);
    }

private:
    int file_;
};

void append_length(Bytes& to, std::uint64_t length) {
    for (int shift = 56; shift >= 0; shift -= 8)
        to.push_back(static_cast<std::uint8_t>(length >> shift));
}

std::uint64_t length_in(ByteView bytes) {
    std::uint64_t length = 0;
    for (const auto byte : bytes) length = length << 8U | byte;
    return length;
}

/// Calls take(part) for the next `length` bytes; false, if there are fewer.
template <class Take>
bool for_each_part(const OpenFile& file, std::uint64_t length, Take take) {
    Bytes room(buffer_bytes);
    while (length > 0) {
        const auto wanted = std::min<std::uint64_t>(length, room.size());
        const auto part = file.read(std::span(room).first(static_cast<std::size_t>(wanted)));
        if (part.size() < wanted) return false;
        take(part);
        length -= wanted;
    }
    return true;
}

struct Parts {
    std::uint64_t registry_bytes = 0;
    std::uint64_t keys_bytes = 0;
};

/// Where the parts of a backup are, if every byte of it is as it was written.
std::optional<Parts> read_parts(const OpenFile& file) {
    const auto size = file.size();
    if (size < trailer_bytes) return std::nullopt;
    file.seek(size - trailer_bytes);
    std::array<std::uint8_t, trailer_bytes> trailer{};
    if (file.read(trailer).size() != trailer_bytes) return std::nullopt;
    const ByteView view(trailer);
    if (text_of(view.last(mark.size())) != mark) return std::nullopt;
    const Parts parts{length_in(view.first(length_bytes)),
                      length_in(view.subspan(length_bytes, length_bytes))};
    if (parts.keys_bytes > keys_bytes_max || parts.registry_bytes > size ||
        parts.registry_bytes + parts.keys_bytes + trailer_bytes != size)
        return std::nullopt;
    file.seek(0);
    crypto::Sha256 hash;
    if (!for_each_part(file, size - hash_bytes - mark.size(),
                       [&](ByteView part) { hash.update(part); }))
        return std::nullopt;
    const auto found = hash.finish();
    if (!std::ranges::equal(found, view.subspan(2 * length_bytes, hash_bytes))) return std::nullopt;
    return parts;
}

/// A file that has not got its name yet.
class CopyDraft {
public:
    explicit CopyDraft(std::string path) : path_(std::move(path)) {}

    ~CopyDraft() {
        std::error_code ignored;
        fs::remove(path_, ignored);
    }

    CopyDraft(const CopyDraft&) = delete;
    CopyDraft& operator=(const CopyDraft&) = delete;

    const std::string& path() const noexcept { return path_; }

private:
    std::string path_;
};

/// The sealed copy of the registry, as it is before it is read again: what it becomes afterwards
/// has another hash, and what it was before that doesn't pass.
struct SealedCopy {
    std::uint64_t bytes = 0;
    crypto::Sha256 hash;  // Of it alone, so far.

    void take(const std::string& draft) {
        const OpenFile file(draft, O_RDONLY);
        if (!file.is_open()) fail("open a file");
        bytes = file.size();
        for_each_part(file, bytes, [&](ByteView part) { hash.update(part); });
        sync_and_let_go(draft);
    }
};

/// Behind the copy of the registry, what makes a backup of it.
void append_rest(const std::string& draft, const Bytes& keys, SealedCopy& copy) {
    const OpenFile file(draft, O_WRONLY | O_APPEND);
    if (!file.is_open()) fail("open a file");
    auto rest = keys;
    append_length(rest, copy.bytes);
    append_length(rest, keys.size());
    const auto sum = copy.hash.update(rest).finish();
    append(rest, sum);
    append(rest, bytes_of(mark));
    file.write(rest);
    sync_and_let_go(draft);
}

void write_part(const OpenFile& from, std::uint64_t length, const std::string& path) {
    const OpenFile to(path, O_WRONLY | O_CREAT | O_EXCL);
    if (!to.is_open()) fail("make a file");
    for_each_part(from, length, [&](ByteView part) { to.write(part); });
    to.sync();
}

std::string keys_path(const std::string& dir) {
    return (fs::path(dir) / keys::KeyFile::file_name).string();
}

/// There, until somebody has opened what was restored.
std::string restored_path(const std::string& dir) {
    return (fs::path(dir) / "registry.restored").string();
}

}  // namespace

Result<Done> write_backup(Clinic& clinic, const std::string& dir, const std::string& path) {
    std::error_code failure;
    if (fs::exists(fs::symlink_status(path, failure)))
        return Error{ErrorCode::conflict, "", msg("store.copy_exists", {{"path", path}})};
    // Without keys that open it a copy is none.
    if (const auto file = keys::KeyFile::load(dir); !file) return file.error();
    const auto keys = read_small_file(keys_path(dir), keys_bytes_max);
    if (!keys) return Error{ErrorCode::unsupported, "", msg("keys.damaged")};
    const CopyDraft draft(path + ".new-" + to_hex(clinic.random().bytes<4>()));
    SealedCopy copy;
    auto& db = clinic.database();
    if (auto copied = sqlite::backup_to(db, draft.path(), db.options().vfs_name,
                                        [&] { copy.take(draft.path()); });
        !copied)
        return copied;
    append_rest(draft.path(), *keys, copy);
    const OpenFile written(draft.path(), O_RDONLY);
    if (!written.is_open() || !read_parts(written))
        throw std::system_error(EIO, std::generic_category(), "read a backup again");
    if (!place_new_file(draft.path(), path))
        return Error{ErrorCode::conflict, "", msg("store.copy_exists", {{"path", path}})};
    return Done{};
}

Result<Done> restore_backup(const std::string& path, const std::string& dir, Random& random) {
    const OpenFile file(path, O_RDONLY);
    if (!file.is_open()) {
        return Error{errno == ENOENT ? ErrorCode::not_found : ErrorCode::unavailable, "FILE",
                     msg("backup.not_read", {{"path", path}})};
    }
    std::error_code failure;
    if (fs::is_directory(path, failure)) return no_backup(path);
    const auto parts = read_parts(file);
    if (!parts) return no_backup(path);
    auto making = RegistryInMaking::start(dir, random);
    if (!making) return std::move(making).error();
    file.seek(0);
    write_part(file, parts->registry_bytes, registry_path(making->path()));
    write_part(file, parts->keys_bytes, keys_path(making->path()));
    if (const auto keys = keys::KeyFile::load(making->path()); !keys) return keys.error();
    create_private_file(restored_path(making->path()), {});
    return making->finish();
}

void note_restored(Clinic& clinic, const std::string& dir) {
    std::error_code failure;
    if (!fs::exists(restored_path(dir), failure)) return;
    clinic.note(clinic.caller().with(Purpose::maintenance), {audit::Action::restored});
    fs::remove(restored_path(dir), failure);
}

}  // namespace egret::service
