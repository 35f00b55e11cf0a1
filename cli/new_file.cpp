#include "cli/new_file.h"

#include "registry/files/private_file.h"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace egret::cli {
namespace {

Error there_already(const std::string& path) {
    return {ErrorCode::conflict, "FILE", msg("file.exists", {{"path", path}})};
}

}  // namespace

NewFileBuffer::int_type NewFileBuffer::overflow(int_type character) {
    if (sync() != 0) return traits_type::eof();
    if (!traits_type::eq_int_type(character, traits_type::eof())) {
        *pptr() = traits_type::to_char_type(character);
        pbump(1);
    }
    return traits_type::not_eof(character);
}

int NewFileBuffer::sync() {
    const char* at = pbase();
    while (failure_ == 0 && at < pptr()) {
        const auto written = ::write(file_, at, static_cast<std::size_t>(pptr() - at));
        if (written >= 0) {
            at += written;
        } else if (errno != EINTR) {
            failure_ = errno;
        }
    }
    setp(bytes_.data(), bytes_.data() + bytes_.size());
    return failure_ == 0 ? 0 : -1;
}

bool NewFileBuffer::sync_to_disk() {
    if (sync() == 0 && ::fsync(file_) != 0) failure_ = errno;
    return failure_ == 0;
}

void NewFileBuffer::close() noexcept {
    if (file_ >= 0) ::close(file_);
    file_ = -1;
}

Result<std::unique_ptr<NewFile>> NewFile::create(std::string path) {
    std::error_code failure;
    if (std::filesystem::exists(std::filesystem::symlink_status(path, failure)))
        return there_already(path);
    auto draft = path + ".XXXXXX";
    const int file = ::mkstemp(draft.data());
    if (file < 0)
        return Error{ErrorCode::unavailable, "FILE", msg("file.not_made", {{"path", path}})};
    auto made = std::make_unique<NewFile>(Private{}, std::move(path), std::move(draft));
    made->buffer_.open(file);
    return made;
}

NewFile::~NewFile() {
    buffer_.close();
    if (!draft_.empty()) ::unlink(draft_.c_str());
}

Result<Done> NewFile::commit() {
    if (!buffer_.sync_to_disk())
        throw std::system_error(buffer_.failure(), std::generic_category());
    buffer_.close();
    try {
        if (!place_new_file(draft_, path_)) return there_already(path_);
    } catch (const std::system_error&) {
        // It has its name already, and the folder didn't come to the disk.
        if (::access(draft_.c_str(), F_OK) != 0) ::unlink(path_.c_str());
        throw;
    }
    draft_.clear();
    return Done{};
}

}  // namespace egret::cli
