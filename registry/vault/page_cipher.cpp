#include "registry/vault/page_cipher.h"

#include "registry/base/ensure.h"
#include "registry/sqlite/database.h"

#include <algorithm>
#include <string_view>

namespace egret::vault {
namespace {

static_assert(page_bytes == sqlite::page_bytes);
static_assert(seal_bytes == sqlite::reserved_bytes_per_page);

constexpr std::string_view magic{"SQLite format 3\0", 16};
constexpr std::size_t sealed_end = page_bytes - seal_bytes;
constexpr std::size_t nonce_at = sealed_end;
constexpr std::size_t seals_at = nonce_at + 12;
constexpr std::size_t tag_at = seals_at + 4;
static_assert(tag_at + 16 == page_bytes);

/// Big-endian.
template <std::size_t N>
void put_number(std::uint64_t number, std::span<std::uint8_t, N> to) {
    for (auto at = to.rbegin(); at != to.rend(); ++at, number >>= 8)
        *at = static_cast<std::uint8_t>(number);
}

/// What a page must be and where, though it isn't hidden: kind, offset, count, and the first
/// page's clear bytes.
class Surroundings {
public:
    Surroundings(const PagePlace& place, std::span<const std::uint8_t, 4> seals, ByteView clear)
        : size_(fixed_bytes + clear.size()) {
        bytes_[0] = static_cast<std::uint8_t>(place.kind);
        put_number(static_cast<std::uint64_t>(place.offset), std::span(bytes_).subspan<1, 8>());
        std::copy(seals.begin(), seals.end(), bytes_.begin() + 9);
        std::copy(clear.begin(), clear.end(), bytes_.begin() + fixed_bytes);
    }

    ByteView view() const noexcept { return ByteView(bytes_).first(size_); }

private:
    static constexpr std::size_t fixed_bytes = 13;

    Fixed<fixed_bytes + clear_bytes> bytes_{};
    std::size_t size_;
};

template <class To, class From>
void copy_bytes(const From& from, To to) {
    std::copy(from.begin(), from.end(), to.begin());
}

crypto::XtsKey::Tweak tweak_of(std::uint8_t use, std::int64_t offset) {
    crypto::XtsKey::Tweak tweak{};
    tweak[0] = use;
    put_number(static_cast<std::uint64_t>(offset), std::span(tweak).last<8>());
    return tweak;
}

std::size_t hidden_from(const PagePlace& place) {
    return place.is_first_of_database() ? clear_bytes : 0;
}

}  // namespace

PageCipher::PageCipher(const KeyRing& ring, const FileId& id)
    : id_(id),
      random_(ring.random()),
      page_key_(crypto::Aead::aes_256_gcm,
                ring.key_for(id, "pages", crypto::key_bytes(crypto::Aead::aes_256_gcm))),
      header_key_(ring.key_for(id, "frame headers", crypto::XtsKey::key_bytes)) {}

crypto::Nonce PageCipher::next_nonce() {
    crypto::Nonce nonce;
    // Drawn many at a time: one by one they would cost as much as the cipher.
    if (nonces_used_ == nonces_.size()) {
        random_.fill(nonces_);
        nonces_used_ = 0;
    }
    std::copy_n(nonces_.begin() + static_cast<std::ptrdiff_t>(nonces_used_), nonce.size(),
                nonce.begin());
    nonces_used_ += nonce.size();
    return nonce;
}

void PageCipher::seal(const PagePlace& place, PageView plain, Page out) {
    EGRET_ENSURE(!is_used_up());
    const auto nonce = next_nonce();
    ++uncounted_;
    const auto from = hidden_from(place);
    if (place.is_first_of_database()) {
        copy_bytes(id_, out.first<16>());
        copy_bytes(plain.subspan<16, 8>(), out.subspan<16, 8>());
    }
    const auto seals = out.subspan<seals_at, 4>();
    const auto steps = (counted_ + uncounted_ + seals_step - 1) / seals_step;
    put_number(place.is_first_of_database() ? steps : 0, seals);
    copy_bytes(nonce, out.subspan<nonce_at, 12>());
    const Surroundings around(place, seals, out.first(from));
    const auto tag = page_key_.seal_to(nonce, around.view(), plain.subspan(from, sealed_end - from),
                                       out.subspan(from, sealed_end - from));
    copy_bytes(tag, out.subspan<tag_at, 16>());
}

bool PageCipher::open(const PagePlace& place, PageView sealed, Page out) {
    const auto from = hidden_from(place);
    crypto::Nonce nonce;
    crypto::Tag tag;
    copy_bytes(sealed.subspan<nonce_at, 12>(), std::span(nonce));
    copy_bytes(sealed.subspan<tag_at, 16>(), std::span(tag));
    const auto seals = sealed.subspan<seals_at, 4>();
    const Surroundings around(place, seals, sealed.first(from));
    const bool is_whole =
        page_key_.open_to(nonce, around.view(), sealed.subspan(from, sealed_end - from),
                          out.subspan(from, sealed_end - from), tag);
    if (!is_whole) {
        std::fill(out.begin(), out.end(), std::uint8_t{0});
        return false;
    }
    if (place.is_first_of_database()) {
        copy_bytes(bytes_of(magic), out.first<16>());
        copy_bytes(sealed.subspan<16, 8>(), out.subspan<16, 8>());
        go_on_from(steps_in(seals));
    }
    // SQLite's checksums in the write-ahead log go over the whole page, and were made over zeros.
    std::fill(out.begin() + sealed_end, out.end(), std::uint8_t{0});
    return true;
}

FrameHeader PageCipher::hide(std::int64_t offset, const FrameHeader& header) {
    FrameHeader hidden{};
    header_key_.encrypt(tweak_of(0, offset), header, hidden);
    return hidden;
}

FrameHeader PageCipher::show(std::int64_t offset, const FrameHeader& hidden) {
    FrameHeader header{};
    header_key_.decrypt(tweak_of(0, offset), hidden, header);
    return header;
}

Fixed<4> PageCipher::checksum_mask(PageView sealed) {
    // A nonce never comes twice, so neither does the mask.
    crypto::XtsKey::Tweak tweak{};
    tweak[0] = 1;
    copy_bytes(sealed.subspan<nonce_at, 12>(), std::span(tweak).last<12>());
    Fixed<16> stream{};
    header_key_.encrypt(tweak, stream, stream);
    Fixed<4> mask{};
    copy_bytes(std::span(stream).first<4>(), std::span(mask));
    return mask;
}

std::uint32_t PageCipher::steps_in(std::span<const std::uint8_t, 4> field) {
    std::uint32_t steps = 0;
    for (const auto byte : field) steps = steps << 8 | byte;
    return steps;
}

void PageCipher::go_on_from(std::uint32_t steps) noexcept {
    // Never back: somebody may have put an old page there.
    counted_ = std::max(counted_, std::uint64_t{steps} * seals_step);
}

void PageCipher::note_counted() noexcept {
    counted_ = (counted_ + uncounted_ + seals_step - 1) / seals_step * seals_step;
    uncounted_ = 0;
}

}  // namespace egret::vault
