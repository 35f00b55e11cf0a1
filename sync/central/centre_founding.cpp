#include "sync/central/centre_founding.h"

#include "registry/base/limits.h"
#include "registry/crypto/random_bytes.h"
#include "registry/domain/plain_text.h"
#include "registry/files/private_file.h"
#include "registry/icu/time_zone.h"
#include "registry/keys/machine_key_file.h"
#include "registry/vault/mount.h"
#include "sync/central/centre_keys.h"
#include "sync/central/sqlite_store.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace egret::central {
namespace {

namespace fs = std::filesystem;

constexpr const char* root_files[] = {"root.key", "recovery.key"};

Error data_exists(const std::string& folder) {
    return {ErrorCode::conflict, "", msg("central.data_exists", {{"path", folder}})};
}

Error bad_root_folder(ErrorCode code, const char* message, const std::string& path) {
    return {code, "root-dir", msg(message, {{"path", path}})};
}

Result<Done> check_new(const NewCentre& centre) {
    if (centre.name.empty() || centre.name.size() > limits::name_bytes_max)
        return Error{ErrorCode::invalid_input, "NAME", msg("central.centre_name")};
    if (auto plain = check_plain_text(centre.name, Lines::one); !plain)
        return std::move(plain).error().within("NAME");
    if (centre.hosts.empty())
        return Error{ErrorCode::invalid_input, "host", msg("central.host_missing")};
    for (const auto& host : centre.hosts) {
        if (!is_host(host))
            return Error{ErrorCode::invalid_input, "host", msg("central.host_missing")};
    }
    const auto zone = icu::TimeZone::parse(centre.time_zone);
    if (!zone) return Error{zone.error()}.within("time_zone");
    return Done{};
}

std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const auto& text : texts) all.append(all.empty() ? "" : ",").append(text);
    return all;
}

/// Whether `path` is the folder or lies in it, by whatever name.
bool is_inside(fs::path path, const fs::path& folder) {
    std::error_code failure;
    path = fs::canonical(path, failure);
    for (; !failure && path.has_relative_path(); path = path.parent_path()) {
        std::error_code unknown;
        if (path == folder || fs::equivalent(path, folder, unknown)) return true;
    }
    return false;
}

}  // namespace

bool is_host(std::string_view host) {
    return !host.empty() && host.find_first_of(",/ ") == std::string_view::npos;
}

Result<CentreInMaking> CentreInMaking::start(const std::string& folder) {
    const auto target = fs::absolute(folder).lexically_normal();
    const auto place = target.has_filename() ? target : target.parent_path();
    if (fs::exists(place) && !(fs::is_directory(place) && fs::is_empty(place)))
        return data_exists(folder);
    fs::create_directories(place.parent_path());
    auto path = place.string() + ".new-XXXXXX";
    if (::mkdtemp(path.data()) == nullptr)
        throw std::system_error(errno, std::generic_category(), path);
    return CentreInMaking(place.string(), std::move(path));
}

CentreInMaking::CentreInMaking(CentreInMaking&& other) noexcept
    : place_(std::move(other.place_)),
      path_(std::exchange(other.path_, "")),
      root_folder_(std::exchange(other.root_folder_, "")) {}

CentreInMaking::~CentreInMaking() {
    if (path_.empty()) return;
    std::error_code ignored;
    fs::remove_all(path_, ignored);
    if (root_folder_.empty()) return;
    for (const auto* name : root_files) fs::remove(fs::path(root_folder_) / name, ignored);
}

Result<std::string> CentreInMaking::root_folder_for(const Founder& founder) const {
    if (founder.root_folder.empty()) return path_ + "/keys";
    const auto folder = fs::absolute(founder.root_folder).lexically_normal();
    std::error_code failure;
    if (!fs::is_directory(folder, failure))
        return bad_root_folder(ErrorCode::unavailable, "central.root_no_folder",
                               founder.root_folder);
    if (is_inside(folder, place_))
        return bad_root_folder(ErrorCode::conflict, "central.root_in_folder", founder.root_folder);
    for (const auto* name : root_files) {
        const auto file = (folder / name).string();
        if (fs::exists(fs::symlink_status(file, failure)))
            return bad_root_folder(ErrorCode::conflict, "central.root_there", file);
    }
    return folder.string();
}

Result<keys::DataKey> CentreInMaking::fill(const NewCentre& centre, const Founder& founder,
                                           Instant now, Random& random) {
    if (auto good = check_new(centre); !good) return std::move(good).error();
    const auto root_folder = root_folder_for(founder);
    if (!root_folder) return root_folder.error();
    auto made = keys::MachineKeyFile::create(path_, founder.device, founder.recovery, random);
    if (!made) return std::move(made).error();
    if (auto filled = fill_files(centre, *root_folder, made->key, now, random); !filled)
        return std::move(filled).error();
    return std::move(made->key);
}

Result<Done> CentreInMaking::fill_files(const NewCentre& centre, const std::string& root_folder,
                                        const keys::DataKey& key, Instant now, Random& random) {
    const auto folder = path_ + "/keys";
    auto made = CentreKeys::create({folder, root_folder, key}, centre.name, now, random);
    if (!made) return made;
    if (root_folder != folder) root_folder_ = root_folder;
    const auto keys = CentreKeys::load(folder, key);
    if (!keys) return keys.error();
    // A host that no certificate can name is found now, not when the first clinic calls.
    const auto tried = keys->issue_server_certificate(centre.hosts, now);
    if (!tried) return tried.error();
    crypto::SystemRandom chance;
    const vault::Mount mount(key.view(), chance);
    StoreOptions options;
    options.vfs_name = mount.vfs_name();
    options.keys_path = path_ + "/" + WomanKeys::file_name;
    const auto store = SqliteStore::create(path_ + "/centre.db", options);
    if (!store) return store.error();
    (*store)->save_setting("name", centre.name);
    (*store)->save_setting("hosts", joined(centre.hosts));
    (*store)->save_setting("port", default_port);
    (*store)->save_setting("time_zone", centre.time_zone);
    (*store)->save_setting(code_key_setting, to_hex(keys->code_key_mark()));
    return Done{};
}

Result<Done> CentreInMaking::finish() {
    sync_folder(path_);
    // Fails on anything but an empty folder.
    if (std::rename(path_.c_str(), place_.c_str()) != 0) {
        if (errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR) return data_exists(place_);
        throw std::system_error(errno, std::generic_category(), place_);
    }
    path_.clear();
    sync_folder(fs::path(place_).parent_path().string());
    return Done{};
}

Result<keys::DataKey> found_centre(const std::string& folder, const NewCentre& centre,
                                   const Founder& founder, Instant now, Random& random) {
    auto making = CentreInMaking::start(folder);
    if (!making) return std::move(making).error();
    auto key = making->fill(centre, founder, now, random);
    if (!key) return key;
    if (auto finished = making->finish(); !finished) return std::move(finished).error();
    return key;
}

}  // namespace egret::central
