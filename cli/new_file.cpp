#include "cli/new_file.h"

#include "registry/files/private_file.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace egret::cli {
namespace {

Error there_already(const std::string& path) {
    return {ErrorCode::conflict, "FILE", msg("file.exists", {{"path", path}})};
}

[[noreturn]] void fail(int code) {
    throw std::system_error(code != 0 ? code : EIO, std::generic_category());
}

void sync_to_disk(const std::string& path, int flags) {
    const int file = ::open(path.c_str(), flags | O_CLOEXEC);
    if (file < 0) fail(errno);
    const int outcome = ::fsync(file);
    const int code = errno;
    ::close(file);
    // Some file systems of sticks can't sync a folder.
    if (outcome != 0 && code != EINVAL) fail(code);
}

}  // namespace

Result<std::unique_ptr<NewFile>> NewFile::create(std::string path) {
    std::error_code failure;
    if (std::filesystem::exists(std::filesystem::symlink_status(path, failure)))
        return there_already(path);
    auto draft = path + ".XXXXXX";
    const int file = ::mkstemp(draft.data());
    if (file < 0)
        return Error{ErrorCode::unavailable, "FILE", msg("file.not_made", {{"path", path}})};
    ::close(file);
    auto made = std::make_unique<NewFile>(Private{}, std::move(path), std::move(draft));
    made->stream_.open(made->draft_, std::ios::binary | std::ios::trunc);
    return made;
}

NewFile::~NewFile() {
    stream_.close();
    if (!draft_.empty()) ::unlink(draft_.c_str());
}

Result<Done> NewFile::commit() {
    errno = 0;
    stream_.flush();
    if (!stream_) fail(errno);
    stream_.close();
    if (!stream_) fail(errno);
    sync_to_disk(draft_, O_RDONLY);
    if (!place_new_file(draft_, path_)) return there_already(path_);
    draft_.clear();
    return Done{};
}

}  // namespace egret::cli
