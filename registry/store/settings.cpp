#include "registry/store/settings.h"

#include "registry/crypto/hash.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace egret::store {
namespace {

constexpr auto select_setting_sql = "SELECT value, hash FROM setting WHERE name = ?1";
constexpr auto select_settings_sql = "SELECT value, hash, name FROM setting ORDER BY name";
constexpr auto upsert_setting_sql = R"sql(
    INSERT INTO setting (name, value, hash) VALUES (?1, ?2, ?3)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value, hash = excluded.hash
)sql";
constexpr auto delete_setting_sql = "DELETE FROM setting WHERE name = ?1";

constexpr auto clinic_code = clinic_settings[0];
constexpr auto clinic_name = clinic_settings[1];
constexpr auto clinic_area = clinic_settings[2];
constexpr auto device_id = clinic_settings[3];
constexpr auto time_zone = clinic_settings[4];

Hash hash_setting(std::string_view name, std::string_view value) {
    crypto::Sha256 hash;
    hash.update(bytes_of("cr-st-v1")).update(bytes_of(name)).update(Bytes{0});
    return hash.update(bytes_of(value)).finish();
}

/// Of a row that begins with value and hash.
bool is_as_saved(const sqlite::Statement::Run& row, std::string_view name) {
    return std::ranges::equal(row.blob_view(1), hash_setting(name, row.text_view(0)));
}

}  // namespace

Settings::Settings(sqlite::Database& db)
    : select_(db, select_setting_sql),
      select_all_(db, select_settings_sql),
      upsert_(db, upsert_setting_sql),
      delete_(db, delete_setting_sql) {}

std::optional<ClinicIdentity> Settings::find_clinic() {
    const auto device_text = find(device_id);
    if (!device_text) return std::nullopt;
    const auto device = DeviceId::parse(*device_text);
    if (!device) return std::nullopt;
    ClinicIdentity clinic;
    clinic.device = *device;
    clinic.code = find(clinic_code).value_or("");
    clinic.name = find(clinic_name).value_or("");
    clinic.area = find(clinic_area).value_or("");
    clinic.time_zone = find(time_zone).value_or(clinic.time_zone);
    return clinic;
}

void Settings::save_clinic(const ClinicIdentity& clinic, sqlite::WriteTransaction& tx) {
    save(clinic_code, clinic.code, tx);
    save(clinic_name, clinic.name, tx);
    save(clinic_area, clinic.area, tx);
    save(device_id, clinic.device.to_string(), tx);
    save(time_zone, clinic.time_zone, tx);
}

std::optional<std::string> Settings::find_centre_url() { return find(centre_url_setting); }

void Settings::save_centre_url(std::string_view url, sqlite::WriteTransaction& tx) {
    save(centre_url_setting, url, tx);
}

Hlc Settings::clock() {
    Hlc clock;
    if (const auto text = find(clock_setting))
        std::from_chars(text->data(), text->data() + text->size(), clock.value);
    return clock;
}

void Settings::save_clock(Hlc clock, sqlite::WriteTransaction& tx) {
    save(clock_setting, std::to_string(clock.value), tx);
}

std::optional<std::string> Settings::find(std::string_view name) {
    auto run = select_.start();
    run.bind_all(name);
    if (!run.next() || !is_as_saved(run, name)) return std::nullopt;
    return run.text(0);
}

std::vector<std::string> Settings::damaged() {
    std::vector<std::string> names;
    auto run = select_all_.start();
    while (run.next()) {
        auto name = run.text(2);
        if (!is_as_saved(run, name)) names.push_back(std::move(name));
    }
    return names;
}

void Settings::save(std::string_view name, std::string_view value, sqlite::WriteTransaction&) {
    upsert_.start().bind_all(name, value, hash_setting(name, value)).finish();
}

void Settings::remove(std::string_view name, sqlite::WriteTransaction&) {
    delete_.start().bind_all(name).finish();
}

}  // namespace egret::store
