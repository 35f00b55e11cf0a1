#include "registry/store/backup_file.h"

#include "registry/base/ensure.h"
#include "registry/base/text.h"
#include "registry/crypto/hash.h"
#include "registry/files/private_file.h"
#include "registry/sqlite/backup.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace egret::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t length_bytes = 8;
constexpr std::size_t sum_bytes = sizeof(Hash);
constexpr std::size_t mark_bytes = 8;
constexpr std::size_t buffer_bytes = 64 * 1024;
// Of a part behind the database: what opens it is small.
constexpr std::uint64_t part_bytes_max = 1024 * 1024;

[[noreturn]] void fail(const char* doing) {
    throw std::system_error(errno, std::generic_category(), doing);
}

void append_length(Bytes& to, std::uint64_t length) {
    for (int shift = 56; shift >= 0; shift -= 8)
        to.push_back(static_cast<std::uint8_t>(length >> shift));
}

std::uint64_t length_in(ByteView bytes) {
    std::uint64_t length = 0;
    for (const auto byte : bytes) length = length << 8U | byte;
    return length;
}

/// A file that has not got its name yet.
class BackupDraft {
public:
    explicit BackupDraft(std::string path) : path_(std::move(path)) {}

    ~BackupDraft() {
        std::error_code ignored;
        fs::remove(path_, ignored);
    }

    BackupDraft(const BackupDraft&) = delete;
    BackupDraft& operator=(const BackupDraft&) = delete;

    const std::string& path() const noexcept { return path_; }

private:
    std::string path_;
};

}  // namespace

/// An open file, closed with the scope.
class BackupFile::File {
public:
    File(const std::string& path, int how) : file_(::open(path.c_str(), how | O_CLOEXEC, 0600)) {}

    ~File() {
        if (file_ >= 0) ::close(file_);
    }

    File(const File&) = delete;
    File& operator=(const File&) = delete;

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

    /// Calls take(part) for the next `length` bytes; false, if there are fewer.
    template <class Take>
    bool for_each_part(std::uint64_t length, Take take) const {
        Bytes room(buffer_bytes);
        while (length > 0) {
            const auto wanted = std::min<std::uint64_t>(length, room.size());
            const auto part = read(std::span(room).first(static_cast<std::size_t>(wanted)));
            if (part.size() < wanted) return false;
            take(part);
            length -= wanted;
        }
        return true;
    }

private:
    int file_;
};

BackupFile::BackupFile(std::unique_ptr<File> file, std::vector<std::uint64_t> lengths,
                       const Hash& sum)
    : file_(std::move(file)), lengths_(std::move(lengths)), sum_(sum) {}

BackupFile::~BackupFile() = default;
BackupFile::BackupFile(BackupFile&&) noexcept = default;

Result<BackupFile> BackupFile::open(const std::string& path, const BackupForm& form) {
    auto file = std::make_unique<File>(path, O_RDONLY);
    if (!file->is_open()) {
        return Error{errno == ENOENT ? ErrorCode::not_found : ErrorCode::unavailable, "FILE",
                     msg("backup.not_read", {{"path", path}})};
    }
    std::error_code failure;
    if (fs::is_directory(path, failure)) return no_backup(path, form);
    const auto trailer_bytes = form.parts * length_bytes + sum_bytes + mark_bytes;
    const auto size = file->size();
    if (size < trailer_bytes) return no_backup(path, form);
    file->seek(size - trailer_bytes);
    Bytes trailer(trailer_bytes);
    if (file->read(trailer).size() != trailer_bytes) return no_backup(path, form);
    const ByteView view(trailer);
    if (text_of(view.last(mark_bytes)) != form.mark) return no_backup(path, form);
    std::vector<std::uint64_t> lengths;
    std::uint64_t all = trailer_bytes;
    for (std::size_t i = 0; i < form.parts; ++i) {
        lengths.push_back(length_in(view.subspan(i * length_bytes, length_bytes)));
        if (lengths.back() > (i == 0 ? size : part_bytes_max)) return no_backup(path, form);
        all += lengths.back();
    }
    if (all != size) return no_backup(path, form);
    file->seek(0);
    crypto::Sha256 hash;
    if (!file->for_each_part(size - sum_bytes - mark_bytes,
                             [&](ByteView part) { hash.update(part); }))
        return no_backup(path, form);
    const auto sum = hash.finish();
    if (!std::ranges::equal(sum, view.subspan(form.parts * length_bytes, sum_bytes)))
        return no_backup(path, form);
    return BackupFile(std::move(file), std::move(lengths), sum);
}

std::uint64_t BackupFile::place_of(std::size_t part) const {
    std::uint64_t place = 0;
    for (std::size_t i = 0; i < part; ++i) place += lengths_[i];
    return place;
}

void BackupFile::write_part(std::size_t part, const std::string& path) const {
    const File to(path, O_WRONLY | O_CREAT | O_EXCL);
    if (!to.is_open()) fail("make a file");
    file_->seek(place_of(part));
    if (!file_->for_each_part(lengths_[part], [&](ByteView bytes) { to.write(bytes); }))
        throw std::system_error(EIO, std::generic_category(), "read a backup");
    to.sync();
}

Bytes BackupFile::read_part(std::size_t part) const {
    file_->seek(place_of(part));
    Bytes content(static_cast<std::size_t>(lengths_[part]));
    if (file_->read(content).size() != content.size())
        throw std::system_error(EIO, std::generic_category(), "read a backup");
    return content;
}

Error no_backup(const std::string& path, const BackupForm& form) {
    return {ErrorCode::unsupported, "FILE",
            msg("backup.no_backup", {{"path", path}, {"command", std::string(form.made_by)}})};
}

Result<Hash> write_backup_file(sqlite::Database& db, const std::vector<Bytes>& more,
                               const BackupForm& form, const std::string& path, Random& random) {
    EGRET_ENSURE(form.parts == more.size() + 1);
    const auto copy_exists = [&] {
        return Error{ErrorCode::conflict, "", msg("store.copy_exists", {{"path", path}})};
    };
    std::error_code failure;
    if (fs::exists(fs::symlink_status(path, failure))) return copy_exists();
    const BackupDraft draft(path + ".new-" + to_hex(random.bytes<4>()));
    // As it is before it is read again: what it becomes afterwards has another hash, and what it
    // was before that doesn't pass.
    crypto::Sha256 hash;
    std::uint64_t database_bytes = 0;
    const auto take_copy = [&] {
        const BackupFile::File file(draft.path(), O_RDONLY);
        if (!file.is_open()) fail("open a file");
        database_bytes = file.size();
        file.for_each_part(database_bytes, [&](ByteView part) { hash.update(part); });
        sync_and_let_go(draft.path());
    };
    if (auto copied = sqlite::backup_to(db, draft.path(), db.options().vfs_name, take_copy);
        !copied)
        return std::move(copied).error();
    Bytes rest;
    for (const auto& part : more) append(rest, part);
    append_length(rest, database_bytes);
    for (const auto& part : more) append_length(rest, part.size());
    const auto sum = hash.update(rest).finish();
    append(rest, sum);
    append(rest, bytes_of(form.mark));
    {
        const BackupFile::File file(draft.path(), O_WRONLY | O_APPEND);
        if (!file.is_open()) fail("open a file");
        file.write(rest);
    }
    sync_and_let_go(draft.path());
    if (const auto again = BackupFile::open(draft.path(), form); !again)
        throw std::system_error(EIO, std::generic_category(), "read a backup again");
    if (!place_new_file(draft.path(), path)) return copy_exists();
    return sum;
}

}  // namespace egret::store
