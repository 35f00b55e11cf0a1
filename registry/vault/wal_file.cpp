#include "registry/vault/detail/sealed_file.h"

#include <sqlite3.h>

#include <algorithm>

namespace egret::vault::detail {
namespace {

constexpr std::size_t log_header_bytes = 32;
constexpr std::size_t frame_bytes = frame_header_bytes + page_bytes;
// In a frame's header: page 4 ‖ size 4 ‖ salts 8 ‖ checksums 8.
constexpr std::size_t salts_in_frame = 8;
constexpr std::size_t checksums_in_frame = 16;
constexpr std::size_t salts_in_log = 16;

using Salts = Fixed<8>;

/// Where an offset is in its frame, or -1 in the log's header.
std::int64_t place_in_frame(std::int64_t at) {
    const auto behind_header = at - static_cast<std::int64_t>(log_header_bytes);
    return behind_header < 0 ? -1 : behind_header % static_cast<std::int64_t>(frame_bytes);
}

/// Every frame that counts repeats those of the log's header.
Salts salts_of(const FrameHeader& header) {
    Salts salts;
    std::copy_n(header.begin() + salts_in_frame, salts.size(), salts.begin());
    return salts;
}

/// Behind a frame that was written once more, frames have neither salts nor checksums until their
/// transaction is committed.
bool is_unfinished(const FrameHeader& header) {
    return is_zero(ByteView(header).subspan(salts_in_frame));
}

void fill_with_zeros(std::span<std::uint8_t> bytes) {
    std::fill(bytes.begin(), bytes.end(), std::uint8_t{0});
}

}  // namespace

int WalFile::read(std::span<std::uint8_t> to, std::int64_t at) {
    if (at == 0 && to.size() == log_header_bytes) return read_log_header(to);
    const auto place = place_in_frame(at);
    if (place == 0 && to.size() == frame_bytes) return read_frame(to, at);
    if (place == frame_header_bytes && to.size() == page_bytes)
        return read_payload(to.first<page_bytes>(), at);
    if (place == checksums_in_frame && to.size() == frame_header_bytes - checksums_in_frame)
        return read_checksums(to, at - place);
    // The checksums of the log's own header, from which those of the first frame go on.
    if (at == log_header_bytes - 8 && to.size() == 8) return base().read(to, at);
    fill_with_zeros(to);
    return refuse_shape(SQLITE_IOERR_READ, to.size(), at);
}

int WalFile::read_log_header(std::span<std::uint8_t> to) {
    // SQLite looks at it only to find out what a log of an earlier time holds.
    is_recovering_ = true;
    return base().read(to, 0);
}

int WalFile::read_frame(std::span<std::uint8_t> to, std::int64_t at) {
    Fixed<frame_bytes> sealed;
    FrameHeader header;
    Salts salts{};
    fill_with_zeros(to);
    int code = base().read(sealed, at);
    if (code == SQLITE_OK) code = base().read(salts, salts_in_log);
    if (code == SQLITE_OK) code = main_.find_cipher(false);
    if (code != SQLITE_OK) return code;
    std::copy_n(sealed.begin(), header.size(), header.begin());
    header = main_.cipher().show(at, header);
    const PagePlace place{PageKind::wal, at + static_cast<std::int64_t>(frame_header_bytes)};
    const bool is_whole =
        main_.cipher().open(place, std::span(sealed).last<page_bytes>(), to.last<page_bytes>());
    if (is_recovering_) {
        // A frame that a power cut tore ends the log, as SQLite knows it; an error would keep the
        // file closed for ever. So it gets salts that are not the log's.
        if (!is_whole) {
            std::transform(salts.begin(), salts.end(), header.begin() + salts_in_frame,
                           [](std::uint8_t byte) { return static_cast<std::uint8_t>(~byte); });
        }
    } else if (!is_whole || !(salts_of(header) == salts || is_unfinished(header))) {
        // Of the transaction that is open, to give it new checksums: nothing of it can be torn.
        fill_with_zeros(to);
        return report_damage(at);
    }
    std::copy(header.begin(), header.end(), to.begin());
    return SQLITE_OK;
}

int WalFile::read_checksums(std::span<std::uint8_t> to, std::int64_t frame_at) {
    FrameHeader header;
    Salts salts{};
    fill_with_zeros(to);
    int code = base().read(header, frame_at);
    if (code == SQLITE_OK) code = base().read(salts, salts_in_log);
    if (code == SQLITE_OK) code = main_.find_cipher(false);
    if (code != SQLITE_OK) return code;
    header = main_.cipher().show(frame_at, header);
    if (salts_of(header) != salts) return report_damage(frame_at);
    std::copy_n(header.begin() + checksums_in_frame, to.size(), to.begin());
    return SQLITE_OK;
}

int WalFile::read_payload(Page to, std::int64_t at) {
    Fixed<page_bytes> sealed;
    const int code = base().read(sealed, at);
    fill_with_zeros(to);
    if (code != SQLITE_OK) return code;
    if (const int missing = main_.find_cipher(false); missing != SQLITE_OK) return missing;
    if (!main_.cipher().open({PageKind::wal, at}, sealed, to)) return report_damage(at);
    return SQLITE_OK;
}

int WalFile::write(ByteView from, std::int64_t at) {
    is_recovering_ = false;
    if (at == 0 && from.size() == log_header_bytes) return base().write(from, at);
    const auto place = place_in_frame(at);
    if (place == 0 && from.size() == frame_header_bytes) return write_frame_header(from, at);
    if (place == frame_header_bytes && from.size() == page_bytes)
        return write_payload(from.first<page_bytes>(), at);
    return refuse_shape(SQLITE_IOERR_WRITE, from.size(), at);
}

int WalFile::write_frame_header(ByteView from, std::int64_t at) {
    if (const int missing = main_.find_cipher(false); missing != SQLITE_OK) return missing;
    FrameHeader header;
    std::copy(from.begin(), from.end(), header.begin());
    return base().write(main_.cipher().hide(at, header), at);
}

int WalFile::write_payload(PageView page, std::int64_t at) {
    if (!has_free_seal(page)) return refuse_shape(SQLITE_IOERR_WRITE, page.size(), at);
    if (const int missing = main_.find_cipher(false); missing != SQLITE_OK) return missing;
    if (main_.cipher().is_used_up()) return SQLITE_FULL;
    Fixed<page_bytes> sealed;
    main_.cipher().seal({PageKind::wal, at}, page, sealed);
    return base().write(sealed, at);
}

}  // namespace egret::vault::detail
