#include "sync/central/centre.h"

#include "registry/base/limits.h"
#include "registry/base/text.h"
#include "registry/domain/plain_text.h"
#include "registry/files/private_file.h"
#include "registry/store/open.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

namespace egret::central {
namespace {

namespace fs = std::filesystem;

constexpr auto default_port = "8443";
constexpr auto default_zone = "Asia/Shanghai";
constexpr auto code_key_setting = "code_key_mark";

Error data_exists(const std::string& folder) {
    return {ErrorCode::conflict, "", msg("central.data_exists", {{"path", folder}})};
}

Error no_centre(const std::string& folder) {
    return {ErrorCode::not_found, "data", msg("central.no_data", {{"path", folder}})};
}

/// Nothing, if a centre is in the folder.
std::optional<Error> find_missing(const std::string& folder) {
    const auto file = folder + "/centre.db";
    if (store::is_out_of_reach(file)) return store::no_access(folder);
    if (!fs::exists(file)) return no_centre(folder);
    return std::nullopt;
}

/// Beside the folder, so that it can be renamed into its place; gone unless it was.
class FolderInMaking {
public:
    explicit FolderInMaking(const fs::path& folder) : path_(folder.string() + ".new-XXXXXX") {
        if (::mkdtemp(path_.data()) == nullptr)
            throw std::system_error(errno, std::generic_category(), path_);
    }

    ~FolderInMaking() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }

    FolderInMaking(const FolderInMaking&) = delete;
    FolderInMaking& operator=(const FolderInMaking&) = delete;

    const std::string& path() const noexcept { return path_; }

private:
    std::string path_;
};

bool is_host(std::string_view host) {
    return !host.empty() && host.find_first_of(",/ ") == std::string_view::npos;
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

Result<Done> fill(const std::string& folder, const NewCentre& centre, Instant now, Random& random) {
    const auto made = CentreKeys::create(folder + "/keys", centre.name, now, random);
    if (!made) return made.error();
    const auto keys = CentreKeys::load(folder + "/keys");
    if (!keys) return keys.error();
    // A host that no certificate can name is found now, not when the first clinic calls.
    const auto tried = keys->issue_server_certificate(centre.hosts, now);
    if (!tried) return tried.error();
    const auto store = SqliteStore::create(folder + "/centre.db");
    if (!store) return store.error();
    (*store)->save_setting("name", centre.name);
    (*store)->save_setting("hosts", joined(centre.hosts));
    (*store)->save_setting("port", default_port);
    (*store)->save_setting("time_zone", centre.time_zone);
    (*store)->save_setting(code_key_setting, to_hex(keys->code_key_mark()));
    return Done{};
}

bool is_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto end = text.data() + text.size();
    const auto [at, failure] = std::from_chars(text.data(), end, port);
    return at == end && failure == std::errc{} && port != 0;
}

/// `mark` is what was noted of the code key when it was made.
bool is_other_code_key(const std::string& mark, const CentreKeys& keys) {
    return mark != to_hex(keys.code_key_mark());
}

Error damaged_file(const std::string& folder) {
    return {ErrorCode::unsupported, "",
            msg("store.damaged_centre", {{"path", folder + "/centre.db"}})};
}

/// What is wrong with the settings; `keys` are the centre's, if they are all right.
std::vector<Fault> check_settings(SqliteStore& store, const CentreKeys* keys) {
    std::vector<Fault> faults;
    for (const auto& damaged : store.damaged_settings())
        faults.push_back({{}, 0, "setting_" + damaged});
    if (!faults.empty()) return faults;
    const auto hold = [&](const char* name, bool is_right) {
        if (!is_right) faults.push_back({{}, 0, std::string("setting_") + name});
    };
    const auto name = store.find_setting("name");
    hold("name", name && !name->empty());
    const auto joined_hosts = store.find_setting("hosts").value_or("");
    const auto hosts = split(joined_hosts, ',');
    hold("hosts", std::all_of(hosts.begin(), hosts.end(), is_host));
    hold("time_zone", bool(icu::TimeZone::parse(store.find_setting("time_zone").value_or(""))));
    const auto port = store.find_setting("port");
    hold("port", port && is_port(*port));
    hold("clinic.last", store.clinics().empty() || store.find_setting("clinic.last"));
    const auto mark = store.find_setting(code_key_setting);
    hold(code_key_setting, bool(mark));
    if (keys != nullptr && mark && is_other_code_key(*mark, *keys))
        faults.push_back({{}, 0, "key_file_code.key"});
    return faults;
}

}  // namespace

Result<Done> Centre::create(const std::string& folder, const NewCentre& centre, Instant now,
                            Random& random) {
    auto checked = check_new(centre);
    if (!checked) return checked;
    const auto target = fs::absolute(folder).lexically_normal();
    const auto place = target.has_filename() ? target : target.parent_path();
    if (fs::exists(place) && !(fs::is_directory(place) && fs::is_empty(place)))
        return data_exists(folder);
    fs::create_directories(place.parent_path());
    const FolderInMaking making(place);
    auto filled = fill(making.path(), centre, now, random);
    if (!filled) return filled;
    sync_folder(making.path());
    // Fails on anything but an empty folder.
    if (std::rename(making.path().c_str(), place.c_str()) != 0) {
        if (errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR) return data_exists(folder);
        throw std::system_error(errno, std::generic_category(), folder);
    }
    sync_folder(place.parent_path().string());
    return Done{};
}

Result<Centre> Centre::open(const std::string& folder, Progress& progress,
                            const StoreOptions& options) {
    if (auto missing = find_missing(folder)) return *std::move(missing);
    auto keys = CentreKeys::load(folder + "/keys");
    if (!keys) return std::move(keys).error();
    auto store = SqliteStore::open(folder + "/centre.db", progress, options);
    if (!store) return std::move(store).error();
    auto zone = icu::TimeZone::parse((*store)->find_setting("time_zone").value_or(default_zone));
    if (!zone || !(*store)->damaged_settings().empty()) return damaged_file(folder);
    return Centre(folder, *std::move(store), std::make_unique<CentreKeys>(*std::move(keys)),
                  *std::move(zone));
}

Result<std::vector<Fault>> Centre::check(const std::string& folder, Instant now, Random& random,
                                         Progress& progress) {
    if (auto missing = find_missing(folder)) return *std::move(missing);
    StoreOptions options;
    options.stale = store::StaleProjections::leave;
    const auto store = SqliteStore::open(folder + "/centre.db", progress, options);
    if (!store) return store.error();
    auto zone = icu::TimeZone::parse((*store)->find_setting("time_zone").value_or(default_zone));
    if (!zone) zone = icu::TimeZone::parse(default_zone);
    const auto copy = folder + "/check-" + to_hex(random.bytes<8>()) + ".db";
    auto faults = (*store)->check(copy, zone->local_day(now), progress);
    for (const auto& file : CentreKeys::check(folder + "/keys"))
        faults.push_back({{}, 0, "key_file_" + file});
    // A file that is damaged further up has been named, and its settings can't be read.
    if (std::find(faults.begin(), faults.end(), Fault{{}, 0, "damaged"}) != faults.end())
        return faults;
    const auto keys = CentreKeys::load(folder + "/keys");
    for (auto& fault : check_settings(**store, keys ? &*keys : nullptr))
        faults.push_back(std::move(fault));
    return faults;
}

Result<Done> Centre::check_keys() {
    const auto folder = folder_ + "/keys";
    auto names = CentreKeys::check(folder);
    std::erase(names, "root.key");
    std::erase(names, "recovery.key");
    const auto mark = store_->find_setting(code_key_setting);
    // Where nothing is noted of the key, it is no fault of the key.
    if (!mark) return damaged_file(folder_);
    if (is_other_code_key(*mark, *keys_)) names.emplace_back("code.key");
    if (names.empty()) return Done{};
    return CentreKeys::bad_files(folder, names);
}

std::string Centre::name() { return store_->find_setting("name").value_or(""); }

std::vector<std::string> Centre::hosts() {
    std::vector<std::string> all;
    const auto joined_hosts = store_->find_setting("hosts").value_or("localhost");
    for (const auto host : split(joined_hosts, ',')) all.emplace_back(host);
    return all;
}

std::string Centre::url() {
    const auto host = hosts().front();
    const bool is_ipv6 = host.find(':') != std::string::npos;
    return "https://" + (is_ipv6 ? "[" + host + "]" : host) + ":" +
           store_->find_setting("port").value_or(default_port);
}

void Centre::note_port(std::uint16_t port) {
    const auto text = std::to_string(port);
    if (store_->find_setting("port") != text) store_->save_setting("port", text);
}

std::string Centre::file(std::string_view name) const { return folder_ + "/" + std::string(name); }

}  // namespace egret::central
