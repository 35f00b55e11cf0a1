#include "sync/daemon/new_private_file.h"

#include "registry/files/private_file.h"

#include <filesystem>
#include <system_error>

namespace egret::daemon {

namespace fs = std::filesystem;

Result<Done> write_new_file(const std::string& path, const std::string& content) {
    const auto folder = fs::absolute(path).parent_path().string();
    std::error_code failure;
    if (fs::exists(fs::symlink_status(path, failure)))
        return Error{ErrorCode::conflict, "FILE", msg("file.exists", {{"path", path}})};
    if (!fs::is_directory(folder, failure))
        return Error{ErrorCode::unavailable, "FILE", msg("file.not_made", {{"path", path}})};
    create_private_file(path, bytes_of(content));
    sync_folder(folder);
    return Done{};
}

}  // namespace egret::daemon
