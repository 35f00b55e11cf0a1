#pragma once

#include "registry/base/bytes.h"
#include "registry/crypto/aead.h"
#include "registry/crypto/xts.h"
#include "registry/vault/key_ring.h"

#include <cstdint>
#include <span>

namespace egret::vault {

inline constexpr std::size_t page_bytes = 4096;
/// At the end of each page: nonce 12 ‖ seals 4 ‖ tag 16. SQLite never uses them.
inline constexpr std::size_t seal_bytes = 32;
/// At the beginning of the database's first page: the file's id, and what SQLite must be able to
/// read before it knows the shape of a page.
inline constexpr std::size_t clear_bytes = 24;
inline constexpr std::size_t frame_header_bytes = 24;

using Page = std::span<std::uint8_t, page_bytes>;
using PageView = std::span<const std::uint8_t, page_bytes>;
using FrameHeader = Fixed<frame_header_bytes>;

/// In which of a database's files a page lies. The numbers are part of what is authenticated.
enum class PageKind : std::uint8_t { database = 1, journal = 2, wal = 3 };

struct PagePlace {
    PageKind kind;
    std::int64_t offset;  // Of its first byte in that file.

    bool is_first_of_database() const noexcept { return kind == PageKind::database && offset == 0; }
};

/// Seals and opens the pages of one file, and of the journals beside it: AES-256-GCM with a nonce
/// drawn by chance.
///
/// A page opens only with the key, in the file and at the place that it was sealed for. It does not
/// tell an old page from a new one. Not thread-safe.
class PageCipher {
public:
    /// So many pages may be sealed under one key: with nonces by chance, two of them are alike
    /// then with a probability of 2^-33. Copying the database into a new file gives a new key.
    static constexpr std::uint64_t seals_max = 1ULL << 32;
    /// The count in the file goes on in steps of so many.
    static constexpr std::uint64_t seals_step = 256;

    /// `ring` outlives this.
    PageCipher(const KeyRing& ring, const FileId& id);

    const FileId& file_id() const noexcept { return id_; }

    /// `plain` ends in seal_bytes zeros; the database's first page begins with SQLite's magic.
    /// `out` is other memory.
    void seal(const PagePlace& place, PageView plain, Page out);
    /// False, if this isn't what was sealed there; `out` is zeros then. Else `out` ends in
    /// seal_bytes zeros. `out` is other memory.
    bool open(const PagePlace& place, PageView sealed, Page out);

    /// The header of a frame of the write-ahead log, which holds a checksum of the plain page.
    FrameHeader hide(std::int64_t offset, const FrameHeader& header);
    FrameHeader show(std::int64_t offset, const FrameHeader& hidden);
    /// What hides the checksum beside a page in the rollback journal.
    Fixed<4> checksum_mask(PageView sealed);

    /// True when no more may be sealed.
    bool is_used_up() const noexcept { return counted_ + uncounted_ >= seals_max; }

    /// The count, in steps, that a sealed first page carries.
    static std::uint32_t steps_in(std::span<const std::uint8_t, 4> field);
    /// Before the first page is sealed: what the one on the disk, which is overwritten, carries.
    void go_on_from(std::uint32_t steps) noexcept;
    /// After the first page was written.
    void note_counted() noexcept;

private:
    crypto::Nonce next_nonce();

    FileId id_;
    Random& random_;
    crypto::AeadKey page_key_;
    crypto::XtsKey header_key_;
    Fixed<std::size_t{64} * 12> nonces_{};
    std::size_t nonces_used_ = nonces_.size();
    std::uint64_t counted_ = 0;    // Of all that have written to the file, as it says.
    std::uint64_t uncounted_ = 0;  // Our own since then.
};

}  // namespace egret::vault
