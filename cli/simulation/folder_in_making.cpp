#include "cli/simulation/folder_in_making.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

namespace egret::simulation {
namespace {

namespace fs = std::filesystem;

Error place_taken() { return {ErrorCode::conflict, "out", msg("simulate.out_taken")}; }

Error no_place() { return {ErrorCode::unavailable, "out", msg("simulate.out_not_made")}; }

}  // namespace

Result<FolderInMaking> FolderInMaking::start(const std::string& place) {
    if (place.empty()) return no_place();
    auto target = fs::absolute(place).lexically_normal();
    if (!target.has_filename()) target = target.parent_path();  // It ended with a slash.
    std::error_code failure;
    if (fs::exists(target, failure) &&
        !(fs::is_directory(target, failure) && fs::is_empty(target, failure)))
        return place_taken();
    fs::create_directories(target.parent_path(), failure);
    if (failure) return no_place();
    auto path = target.string() + ".new-XXXXXX";
    if (::mkdtemp(path.data()) == nullptr) return no_place();
    return FolderInMaking(target.string(), std::move(path));
}

FolderInMaking::FolderInMaking(FolderInMaking&& other) noexcept
    : place_(std::move(other.place_)), path_(std::exchange(other.path_, "")) {}

FolderInMaking::~FolderInMaking() {
    if (path_.empty()) return;
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

Result<Done> FolderInMaking::finish() {
    // Takes the place of an empty folder, and of nothing else.
    if (std::rename(path_.c_str(), place_.c_str()) != 0) return place_taken();
    path_.clear();
    return Done{};
}

}  // namespace egret::simulation
