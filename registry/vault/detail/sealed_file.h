#pragma once

#include "registry/base/bytes.h"
#include "registry/vault/detail/base_file.h"
#include "registry/vault/page_cipher.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace egret::vault::detail {

/// One file of a database as SQLite sees it: plain. It is read and written only in the shapes that
/// SQLite is known to use; any other is refused, so that nothing passes unsealed.
///
/// Codes are SQLite's. After any failure the buffer of a read holds zeros.
class SealedFile {
public:
    explicit SealedFile(std::unique_ptr<BaseFile> base) : base_(std::move(base)) {}
    virtual ~SealedFile() = default;

    SealedFile(const SealedFile&) = delete;
    SealedFile& operator=(const SealedFile&) = delete;

    virtual int read(std::span<std::uint8_t> to, std::int64_t at) = 0;
    virtual int write(ByteView from, std::int64_t at) = 0;
    virtual int truncate(std::int64_t size) { return base().truncate(size); }

    BaseFile& base() noexcept { return *base_; }

private:
    std::unique_ptr<BaseFile> base_;
};

/// The database itself. Its first page says by which keys it and its journals are sealed.
class MainFile final : public SealedFile {
public:
    /// `ring` outlives this.
    MainFile(std::unique_ptr<BaseFile> base, const KeyRing& ring)
        : SealedFile(std::move(base)), ring_(ring) {}

    int read(std::span<std::uint8_t> to, std::int64_t at) override;
    int write(ByteView from, std::int64_t at) override;
    int truncate(std::int64_t size) override;

    /// SQLITE_OK, and then the cipher of this file and its journals is there: that of the file on
    /// the disk, or a new one if `may_make` and the file is empty.
    int find_cipher(bool may_make);
    /// After find_cipher().
    PageCipher& cipher() noexcept { return *cipher_; }

private:
    int read_page(Page to, std::int64_t at);
    int read_header(std::span<std::uint8_t> to);
    int adopt(std::span<const std::uint8_t, 16> id);
    int write_page(PageView page, std::int64_t at);
    int count_on();

    const KeyRing& ring_;
    std::optional<PageCipher> cipher_;
};

/// The rollback journal: images of pages under their numbers, with a checksum behind each.
class JournalFile final : public SealedFile {
public:
    /// `main` outlives this.
    JournalFile(std::unique_ptr<BaseFile> base, MainFile& main)
        : SealedFile(std::move(base)), main_(main) {}

    int read(std::span<std::uint8_t> to, std::int64_t at) override;
    int write(ByteView from, std::int64_t at) override;

private:
    int read_image(Page to, std::int64_t at);
    int write_image(PageView image, std::int64_t at);
    bool is_checksum(std::size_t size, std::int64_t at) const noexcept;
    void apply_mask(std::span<std::uint8_t> checksum) const noexcept;

    MainFile& main_;
    std::int64_t checksum_at_ = -1;  // Behind the image that was read or written last.
    Fixed<4> mask_{};
};

/// The write-ahead log: a header, and frames of a header and a page.
class WalFile final : public SealedFile {
public:
    /// `main` outlives this.
    WalFile(std::unique_ptr<BaseFile> base, MainFile& main)
        : SealedFile(std::move(base)), main_(main) {}

    int read(std::span<std::uint8_t> to, std::int64_t at) override;
    int write(ByteView from, std::int64_t at) override;

private:
    int read_log_header(std::span<std::uint8_t> to);
    int read_frame(std::span<std::uint8_t> to, std::int64_t at);
    int read_checksums(std::span<std::uint8_t> to, std::int64_t frame_at);
    int read_payload(Page to, std::int64_t at);
    int write_frame_header(ByteView from, std::int64_t at);
    int write_payload(PageView page, std::int64_t at);

    MainFile& main_;
    bool is_recovering_ = false;
};

/// For what no shape fits: says so to SQLite's log, and gives back `code`.
int refuse_shape(int code, std::size_t size, std::int64_t at);
/// SQLITE_IOERR_DATA, for a page that isn't what was sealed there. Says so to SQLite's log.
int report_damage(std::int64_t at);

/// SQLite never uses the end of a page, where the seal goes.
bool has_free_seal(PageView page) noexcept;
bool is_zero(ByteView bytes) noexcept;

}  // namespace egret::vault::detail
