#include "registry/service/founding.h"

#include "registry/files/private_file.h"
#include "registry/keys/key_file.h"
#include "registry/store/open.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

namespace egret::service {
namespace {

namespace fs = std::filesystem;

Error no_folder() { return {ErrorCode::unavailable, "dir", msg("clinic.no_folder")}; }

std::string keys_path(const std::string& dir) {
    return (fs::path(dir) / keys::KeyFile::file_name).string();
}

/// What is there of a registry already.
Result<Done> check_place(const std::string& dir) {
    std::error_code failure;
    const auto path = registry_path(dir);
    if (store::is_out_of_reach(path)) return store::no_access(path);
    // A log beside a file that is gone may hold all that is left of it.
    if (fs::exists(path, failure) || fs::exists(path + "-wal", failure))
        return Error{ErrorCode::conflict, "", msg("store.file_exists", {{"path", path}})};
    // The keys of a registry that is elsewhere, or of one that was cut short: nobody can tell.
    if (fs::exists(keys_path(dir), failure))
        return Error{ErrorCode::conflict, "", msg("clinic.keys_alone", {{"path", keys_path(dir)}})};
    return Done{};
}

/// The files of a new registry, the one that makes it a registry last.
std::vector<std::string> names_in(const std::string& folder) {
    std::vector<std::string> names;
    const auto registry = fs::path(registry_path("")).filename();
    for (const auto& entry : fs::directory_iterator(folder)) {
        const auto name = entry.path().filename();
        if (name != registry && name.extension() != ".lock") names.push_back(name.string());
    }
    names.push_back(registry.string());
    return names;
}

}  // namespace

Result<std::unique_ptr<Clinic>> found_registry(const std::string& dir, const NewClinic& clinic,
                                               const Founder& founder, const World& world,
                                               Random& chance) {
    auto wanted = clinic;
    wanted.registry = make_random_id<keys::RegistryTag>(chance);
    const auto user = make_random_id<UserTag>(world.random);
    auto made = keys::KeyFile::create(dir,
                                      {wanted.registry,
                                       user,
                                       clinic.user_name,
                                       {founder.pin, founder.device, founder.pin_cost},
                                       founder.recovery},
                                      chance);
    if (!made) return std::move(made).error();
    return Clinic::create(dir, wanted, {std::move(made->key), user}, world);
}

Result<Done> require_registry(const std::string& dir) {
    auto found = store::require_file(registry_path(dir));
    std::error_code failure;
    if (found || found.error().code != ErrorCode::not_found || !fs::exists(keys_path(dir), failure))
        return found;
    return Error{ErrorCode::not_found, "", msg("clinic.file_gone", {{"path", registry_path(dir)}})};
}

Result<RegistryInMaking> RegistryInMaking::start(const std::string& dir, Random& random) {
    if (dir.empty()) return no_folder();
    auto place = fs::absolute(dir).lexically_normal();
    if (!place.has_filename()) place = place.parent_path();  // It ended with a slash.
    if (auto free = check_place(place.string()); !free) return std::move(free).error();
    std::error_code failure;
    const bool is_there = fs::exists(place, failure);
    const bool is_whole =
        !is_there || (!fs::is_symlink(place, failure) && fs::is_directory(place, failure) &&
                      fs::is_empty(place, failure));
    fs::create_directories(is_whole ? place.parent_path() : place, failure);
    if (failure) return no_folder();
    const auto mark = to_hex(random.bytes<4>());
    const auto path =
        is_whole ? place.string() + ".new-" + mark : (place / ("registry.new-" + mark)).string();
    if (!fs::create_directory(path, failure) || failure) return no_folder();
    RegistryInMaking making(place.string(), path, is_whole);
    fs::permissions(path, fs::perms::owner_all, failure);
    return making;
}

RegistryInMaking::RegistryInMaking(RegistryInMaking&& other) noexcept
    : place_(std::move(other.place_)),
      path_(std::exchange(other.path_, "")),
      is_whole_folder_(other.is_whole_folder_) {}

RegistryInMaking::~RegistryInMaking() {
    if (path_.empty()) return;
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

Result<Done> RegistryInMaking::finish() {
    if (!is_whole_folder_) return move_files();
    sync_folder(path_);
    // Takes the place of an empty folder, and of nothing else.
    if (std::rename(path_.c_str(), place_.c_str()) != 0) {
        if (errno != EEXIST && errno != ENOTEMPTY && errno != ENOTDIR)
            throw std::system_error(errno, std::generic_category(), "place a registry");
        return Error{ErrorCode::conflict, "",
                     msg("store.file_exists", {{"path", registry_path(place_)}})};
    }
    path_.clear();
    sync_folder(fs::path(place_).parent_path().string());
    return Done{};
}

Result<Done> RegistryInMaking::move_files() {
    std::vector<std::string> placed;
    for (const auto& name : names_in(path_)) {
        const auto to = (fs::path(place_) / name).string();
        if (place_new_file((fs::path(path_) / name).string(), to)) {
            placed.push_back(to);
            continue;
        }
        std::error_code ignored;
        for (const auto& path : placed) fs::remove(path, ignored);
        return Error{ErrorCode::conflict, "", msg("store.file_exists", {{"path", to}})};
    }
    std::error_code ignored;
    fs::remove_all(path_, ignored);
    path_.clear();
    return Done{};
}

}  // namespace egret::service
