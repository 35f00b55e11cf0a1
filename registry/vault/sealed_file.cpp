#include "registry/vault/detail/sealed_file.h"

#include <sqlite3.h>

#include <algorithm>

namespace egret::vault::detail {

int refuse_shape(int code, std::size_t size, std::int64_t at) {
    sqlite3_log(code, "vault: %d bytes at %lld fit no shape", static_cast<int>(size),
                static_cast<long long>(at));
    return code;
}

int report_damage(std::int64_t at) {
    sqlite3_log(SQLITE_IOERR_DATA, "vault: what is at %lld is not what was sealed there",
                static_cast<long long>(at));
    return SQLITE_IOERR_DATA;
}

bool is_zero(ByteView bytes) noexcept {
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

bool has_free_seal(PageView page) noexcept { return is_zero(page.last<seal_bytes>()); }

}  // namespace egret::vault::detail
