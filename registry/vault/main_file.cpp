#include "registry/vault/detail/sealed_file.h"

#include <sqlite3.h>

#include <algorithm>
#include <string_view>

namespace egret::vault::detail {
namespace {

// SQLite's name for it: what is read before anything else is known of the file.
constexpr std::size_t file_header_bytes = 100;
constexpr std::string_view database_magic{"SQLite format 3\0", 16};
constexpr std::int64_t count_at = page_bytes - 20;

/// Pages of our size, and none that uses its end.
bool is_first_page(PageView page) noexcept {
    return text_of(page.first<16>()) == database_magic && page[16] == page_bytes >> 8 &&
           page[17] == 0 && page[20] == seal_bytes;
}

void fill_zeros(std::span<std::uint8_t> bytes) {
    std::fill(bytes.begin(), bytes.end(), std::uint8_t{0});
}

}  // namespace

int MainFile::read(std::span<std::uint8_t> to, std::int64_t at) {
    if (at == 0 && to.size() == file_header_bytes) return read_header(to);
    const auto within = static_cast<std::size_t>(at % static_cast<std::int64_t>(page_bytes));
    if (within == 0 && to.size() == page_bytes) return read_page(to.first<page_bytes>(), at);
    if (within + to.size() > page_bytes) {
        fill_zeros(to);
        return refuse_shape(SQLITE_IOERR_READ, to.size(), at);
    }
    // In rollback mode SQLite looks at 16 bytes of the first page before each transaction.
    Fixed<page_bytes> page;
    const int code = read_page(page, at - static_cast<std::int64_t>(within));
    std::copy_n(page.begin() + static_cast<std::ptrdiff_t>(within), to.size(), to.begin());
    return code;
}

int MainFile::read_page(Page to, std::int64_t at) {
    Fixed<page_bytes> sealed;
    int code = base().read(sealed, at);
    fill_zeros(to);
    if (code == SQLITE_IOERR_SHORT_READ) {
        // Behind the end SQLite expects zeros; half a page is no page.
        std::int64_t size = 0;
        if (const int failed = base().size(size); failed != SQLITE_OK) return failed;
        return size > at ? report_damage(at) : code;
    }
    if (code != SQLITE_OK) return code;
    // Never written: a free page that SQLite left out, or the one at 1 GiB where the locks are.
    if (is_zero(sealed)) return SQLITE_OK;
    code = at == 0 ? adopt(std::span(sealed).first<16>()) : find_cipher(false);
    if (code != SQLITE_OK) return code;
    if (!cipher_->open({PageKind::database, at}, sealed, to)) return report_damage(at);
    return SQLITE_OK;
}

int MainFile::read_header(std::span<std::uint8_t> to) {
    Fixed<page_bytes> sealed;
    const int code = base().read(sealed, 0);
    fill_zeros(to);
    if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ) return code;
    if (is_zero(sealed)) return code;
    if (const int failed = adopt(std::span(sealed).first<16>()); failed != SQLITE_OK) return failed;
    Fixed<page_bytes> page{};
    if (!cipher_->open({PageKind::database, 0}, sealed, page)) {
        // A power cut may have torn this page: SQLite puts it right from a journal, of which it
        // doesn't know yet. So it gets what it asks for first, the shape of a page.
        std::copy(database_magic.begin(), database_magic.end(), page.begin());
        std::copy_n(sealed.begin() + 16, clear_bytes - 16, page.begin() + 16);
    }
    std::copy_n(page.begin(), to.size(), to.begin());
    return code;
}

int MainFile::adopt(std::span<const std::uint8_t, 16> id_on_disk) {
    FileId id;
    std::copy(id_on_disk.begin(), id_on_disk.end(), id.begin());
    if (cipher_ && cipher_->file_id() == id) return SQLITE_OK;
    if (!ring_.owns(id)) return SQLITE_NOTADB;
    cipher_.emplace(ring_, id);
    return SQLITE_OK;
}

int MainFile::find_cipher(bool may_make) {
    if (cipher_) return SQLITE_OK;
    FileId id{};
    const int code = base().read(id, 0);
    if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ) return code;
    if (!is_zero(id)) return adopt(id);
    if (!may_make) return report_damage(0);
    // Another page than the first may be written first, when the cache is small.
    cipher_.emplace(ring_, ring_.new_file_id());
    return SQLITE_OK;
}

int MainFile::write(ByteView from, std::int64_t at) {
    if (from.size() != page_bytes || at % static_cast<std::int64_t>(page_bytes) != 0)
        return refuse_shape(SQLITE_IOERR_WRITE, from.size(), at);
    return write_page(from.first<page_bytes>(), at);
}

int MainFile::write_page(PageView page, std::int64_t at) {
    if (!has_free_seal(page) || (at == 0 && !is_first_page(page)))
        return refuse_shape(SQLITE_IOERR_WRITE, page.size(), at);
    int code = find_cipher(true);
    if (code == SQLITE_OK && at == 0) code = count_on();
    if (code != SQLITE_OK) return code;
    if (cipher_->is_used_up()) return SQLITE_FULL;
    Fixed<page_bytes> sealed;
    cipher_->seal({PageKind::database, at}, page, sealed);
    code = base().write(sealed, at);
    if (code == SQLITE_OK && at == 0) cipher_->note_counted();
    return code;
}

int MainFile::count_on() {
    // Another process may have written since we looked.
    Fixed<4> steps{};
    const int code = base().read(steps, count_at);
    if (code == SQLITE_OK) cipher_->go_on_from(PageCipher::steps_in(steps));
    return code == SQLITE_IOERR_SHORT_READ ? SQLITE_OK : code;
}

int MainFile::truncate(std::int64_t size) {
    const int code = base().truncate(size);
    // An empty file is nobody's: who fills it again chooses its id.
    if (code == SQLITE_OK && size == 0) cipher_.reset();
    return code;
}

}  // namespace egret::vault::detail
