#include "sync/central/centre.h"

#include "registry/base/text.h"
#include "registry/files/private_file.h"
#include "registry/store/open.h"
#include "sync/central/backup.h"
#include "sync/central/centre_device.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

namespace egret::central {
namespace {

namespace fs = std::filesystem;

constexpr auto default_zone = "Asia/Shanghai";
constexpr auto bundle_number_setting = "bundle.number_min";
// With what a file of SQLite begins that is not encrypted.
constexpr std::string_view plain_beginning = "SQLite format 3";

std::string file_of(const std::string& folder) { return folder + "/centre.db"; }

std::string keys_of(const std::string& folder) { return folder + "/" + WomanKeys::file_name; }

Error no_centre(const std::string& folder) {
    return {ErrorCode::not_found, "data", msg("central.no_data", {{"path", folder}})};
}

/// Nothing, if a centre is in the folder.
std::optional<Error> find_missing(const std::string& folder) {
    if (store::is_out_of_reach(file_of(folder))) return store::no_access(folder);
    if (!fs::exists(file_of(folder))) return no_centre(folder);
    return std::nullopt;
}

bool is_plain(const std::string& folder) {
    std::array<std::uint8_t, plain_beginning.size()> beginning{};
    try {
        const auto length = read_file_into(beginning, file_of(folder));
        return length == beginning.size() && text_of(beginning) == plain_beginning;
    } catch (const std::system_error&) {
        return false;  // There, but not ours to read: opening it says so.
    }
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
    return {ErrorCode::unsupported, "", msg("store.damaged_centre", {{"path", file_of(folder)}})};
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

/// What is done once to a centre that came out of a backup, before it gives any code.
Result<Done> go_on_if_restored(const std::string& folder, const CentreKeys& keys,
                               StoreOptions options, Progress& progress, Random& random) {
    const auto mark = folder + "/" + restored_mark;
    std::error_code failure;
    if (!fs::exists(mark, failure)) return Done{};
    // Nothing can be made anew from facts whose keys are gone, before they are taken out.
    options.stale = store::StaleProjections::leave;
    const auto store = SqliteStore::open(file_of(folder), progress, options);
    if (!store) return store.error();
    // Whoever opens it is told of that.
    if (!(*store)->damaged_settings().empty()) return Done{};
    renew_centre_device(**store, random);
    if (auto gone_on = (*store)->go_on_restored(codes_skipped, progress); !gone_on) return gone_on;
    (*store)->save_setting(bundle_number_setting,
                           std::to_string(keys.bundle_number() + bundles_skipped));
    fs::remove(mark, failure);
    return Done{};
}

}  // namespace

Result<keys::MachineKeyFile> Centre::find_key_file(const std::string& folder) {
    if (auto missing = find_missing(folder)) return *std::move(missing);
    auto file = keys::MachineKeyFile::load(folder);
    if (!file && file.error().code == ErrorCode::not_found && is_plain(folder))
        return Error{ErrorCode::unsupported, "", msg("central.plain_centre", {{"path", folder}})};
    return file;
}

Result<Centre> Centre::open(const std::string& folder, keys::DataKey key, Progress& progress,
                            StoreOptions options) {
    auto keys = CentreKeys::load(folder + "/keys", key);
    if (!keys) return std::move(keys).error();
    auto vault = std::make_unique<Vault>(key);
    options.vfs_name = vault->mount.vfs_name();
    options.keys_path = keys_of(folder);
    if (auto gone_on = go_on_if_restored(folder, *keys, options, progress, vault->chance); !gone_on)
        return std::move(gone_on).error();
    auto store = SqliteStore::open(file_of(folder), progress, options);
    if (!store) return std::move(store).error();
    auto zone = icu::TimeZone::parse((*store)->find_setting("time_zone").value_or(default_zone));
    if (!zone || !(*store)->damaged_settings().empty()) return damaged_file(folder);
    Centre centre(folder, std::move(key), *std::move(zone));
    centre.vault_ = std::move(vault);
    centre.store_ = *std::move(store);
    centre.keys_ = std::make_unique<CentreKeys>(*std::move(keys));
    return centre;
}

Result<Done> Centre::go_on_restored(const std::string& folder, const keys::DataKey& key,
                                    Progress& progress) {
    const auto keys = CentreKeys::load(folder + "/keys", key);
    if (!keys) return keys.error();
    Vault vault(key);
    StoreOptions options;
    options.vfs_name = vault.mount.vfs_name();
    options.keys_path = keys_of(folder);
    return go_on_if_restored(folder, *keys, options, progress, vault.chance);
}

Result<std::vector<Fault>> Centre::check(const std::string& folder, const keys::DataKey& key,
                                         Instant now, Random& random, Progress& progress) {
    crypto::SystemRandom chance;
    const vault::Mount mount(key.view(), chance);
    StoreOptions options;
    options.vfs_name = mount.vfs_name();
    options.keys_path = keys_of(folder);
    options.stale = store::StaleProjections::leave;
    const auto store = SqliteStore::open(file_of(folder), progress, options);
    if (!store) return store.error();
    auto zone = icu::TimeZone::parse((*store)->find_setting("time_zone").value_or(default_zone));
    if (!zone) zone = icu::TimeZone::parse(default_zone);
    const auto copy = folder + "/check-" + to_hex(random.bytes<8>()) + ".db";
    auto faults = (*store)->check(copy, zone->local_day(now), progress);
    for (const auto& file : CentreKeys::check(folder + "/keys", key))
        faults.push_back({{}, 0, "key_file_" + file});
    // A file that is damaged further up has been named, and its settings can't be read.
    if (std::find(faults.begin(), faults.end(), Fault{{}, 0, "damaged"}) != faults.end())
        return faults;
    const auto keys = CentreKeys::load(folder + "/keys", key);
    for (auto& fault : check_settings(**store, keys ? &*keys : nullptr))
        faults.push_back(std::move(fault));
    return faults;
}

Result<Done> Centre::check_keys() {
    const auto folder = folder_ + "/keys";
    auto names = CentreKeys::check(folder, key_);
    std::erase(names, "root.key");
    std::erase(names, "recovery.key");
    const auto mark = store_->find_setting(code_key_setting);
    // Where nothing is noted of the key, it is no fault of the key.
    if (!mark) return damaged_file(folder_);
    if (is_other_code_key(*mark, *keys_)) names.emplace_back("code.key");
    if (names.empty()) return Done{};
    return CentreKeys::bad_files(folder, names);
}

std::uint64_t Centre::bundle_number_min() {
    const auto noted = store_->find_setting(bundle_number_setting).value_or("1");
    std::uint64_t number = 1;
    std::from_chars(noted.data(), noted.data() + noted.size(), number);
    return number;
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
