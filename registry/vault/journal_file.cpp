#include "registry/vault/detail/sealed_file.h"

#include <sqlite3.h>

#include <algorithm>

namespace egret::vault::detail {
namespace {

// Headers are of one sector, which our VFS says has 512 bytes; numbers, counts and ends are less.
constexpr std::size_t journal_header_bytes = 512;
constexpr Fixed<8> journal_magic = {0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7};
constexpr std::size_t checksum_bytes = 4;

/// The sizes in which SQLite writes what isn't an image: an end of the journal, a page's number or
/// checksum, a count of images, an invalid header, a header.
bool is_plain_write(std::size_t size) {
    return size == 1 || size == 4 || size == 12 || size == 28 || size == journal_header_bytes;
}

}  // namespace

int JournalFile::read(std::span<std::uint8_t> to, std::int64_t at) {
    if (to.size() == page_bytes) return read_image(to.first<page_bytes>(), at);
    if (to.size() > journal_header_bytes) {
        std::fill(to.begin(), to.end(), std::uint8_t{0});
        return refuse_shape(SQLITE_IOERR_READ, to.size(), at);
    }
    const int code = base().read(to, at);
    if (code == SQLITE_OK && is_checksum(to.size(), at)) apply_mask(to);
    return code;
}

int JournalFile::read_image(Page to, std::int64_t at) {
    Fixed<page_bytes> sealed;
    const int code = base().read(sealed, at);
    std::fill(to.begin(), to.end(), std::uint8_t{0});
    if (code != SQLITE_OK) return code;
    if (const int missing = main_.find_cipher(false); missing != SQLITE_OK) return missing;
    checksum_at_ = at + static_cast<std::int64_t>(page_bytes);
    mask_ = main_.cipher().checksum_mask(sealed);
    // An image that a power cut tore was not synced, so its page wasn't overwritten yet. For SQLite
    // the journal ends here; an error would keep the file closed for ever.
    if (!main_.cipher().open({PageKind::journal, at}, sealed, to)) return SQLITE_IOERR_SHORT_READ;
    return SQLITE_OK;
}

int JournalFile::write(ByteView from, std::int64_t at) {
    if (from.size() == page_bytes) return write_image(from.first<page_bytes>(), at);
    if (!is_plain_write(from.size())) return refuse_shape(SQLITE_IOERR_WRITE, from.size(), at);
    if (!is_checksum(from.size(), at)) return base().write(from, at);
    Fixed<checksum_bytes> checksum;
    std::copy(from.begin(), from.end(), checksum.begin());
    apply_mask(checksum);
    return base().write(checksum, at);
}

int JournalFile::write_image(PageView image, std::int64_t at) {
    if (!has_free_seal(image) ||
        std::equal(journal_magic.begin(), journal_magic.end(), image.begin())) {
        return refuse_shape(SQLITE_IOERR_WRITE, image.size(), at);
    }
    if (const int missing = main_.find_cipher(true); missing != SQLITE_OK) return missing;
    if (main_.cipher().is_used_up()) return SQLITE_FULL;
    Fixed<page_bytes> sealed;
    main_.cipher().seal({PageKind::journal, at}, image, sealed);
    checksum_at_ = at + static_cast<std::int64_t>(page_bytes);
    mask_ = main_.cipher().checksum_mask(sealed);
    return base().write(sealed, at);
}

bool JournalFile::is_checksum(std::size_t size, std::int64_t at) const noexcept {
    return size == checksum_bytes && at == checksum_at_;
}

void JournalFile::apply_mask(std::span<std::uint8_t> checksum) const noexcept {
    for (std::size_t i = 0; i < checksum_bytes; ++i) checksum[i] ^= mask_[i];
}

}  // namespace egret::vault::detail
