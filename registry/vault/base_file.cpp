#include "registry/vault/detail/base_file.h"

#include <sqlite3.h>

#include <algorithm>

namespace egret::vault::detail {

BaseFile::BaseFile(sqlite3_vfs& vfs)
    : vfs_(vfs), memory_(static_cast<std::size_t>(vfs.szOsFile) / sizeof(std::max_align_t) + 1) {}

BaseFile::~BaseFile() { close(); }

sqlite3_file* BaseFile::handle() noexcept {
    return reinterpret_cast<sqlite3_file*>(memory_.data());
}

int BaseFile::open(const char* name, int flags, int* flags_out) {
    const int code = vfs_.xOpen(&vfs_, name, handle(), flags, flags_out);
    // A VFS may ask to be closed after a failure, too.
    if (code != SQLITE_OK) close();
    return code;
}

int BaseFile::close() {
    auto* file = handle();
    if (file->pMethods == nullptr) return SQLITE_OK;
    const int code = file->pMethods->xClose(file);
    file->pMethods = nullptr;
    return code;
}

int BaseFile::read(std::span<std::uint8_t> to, std::int64_t at) {
    const int code =
        handle()->pMethods->xRead(handle(), to.data(), static_cast<int>(to.size()), at);
    if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ)
        std::fill(to.begin(), to.end(), std::uint8_t{0});
    return code;
}

int BaseFile::write(ByteView from, std::int64_t at) {
    return handle()->pMethods->xWrite(handle(), from.data(), static_cast<int>(from.size()), at);
}

int BaseFile::truncate(std::int64_t size) { return handle()->pMethods->xTruncate(handle(), size); }

int BaseFile::size(std::int64_t& size) {
    sqlite3_int64 found = 0;
    const int code = handle()->pMethods->xFileSize(handle(), &found);
    size = found;
    return code;
}

bool BaseFile::has_shared_memory() noexcept {
    return handle()->pMethods->iVersion >= 2 && handle()->pMethods->xShmMap != nullptr;
}

}  // namespace egret::vault::detail
