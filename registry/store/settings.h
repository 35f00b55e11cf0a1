#pragma once

#include "registry/base/hlc.h"
#include "registry/base/ids.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace egret::store {

/// Whose registry this is.
struct ClinicIdentity {
    std::string code;  // Of the facility.
    std::string name;
    std::string area;
    DeviceId device;  // This machine's.
    std::string time_zone = "Asia/Shanghai";

    friend bool operator==(const ClinicIdentity&, const ClinicIdentity&) = default;
};

/// The settings that save_clinic saves, all of them always.
inline constexpr std::string_view clinic_settings[] = {"clinic.code", "clinic.name", "clinic.area",
                                                       "device.id", "clinic.time_zone"};
/// What save_centre_url and save_clock save.
inline constexpr std::string_view centre_url_setting = "centre.url";
inline constexpr std::string_view clock_setting = "clock.last";

/// What a registry's file knows about itself: names and texts. Each is kept with
/// SHA-256("cr-st-v1" ‖ name ‖ 0 ‖ value), so that damage to it is seen.
class Settings {
public:
    explicit Settings(sqlite::Database& db);

    /// Empty until it was saved.
    std::optional<ClinicIdentity> find_clinic();
    void save_clinic(const ClinicIdentity& clinic, sqlite::WriteTransaction& tx);

    /// Where the centre listens; empty until the clinic is enrolled.
    std::optional<std::string> find_centre_url();
    void save_centre_url(std::string_view url, sqlite::WriteTransaction& tx);

    /// The last reading of the registry's clock; the first one's predecessor if there is none.
    Hlc clock();
    void save_clock(Hlc clock, sqlite::WriteTransaction& tx);

    /// Any other setting, by its name. Nothing, if it was never saved or is not as it was saved.
    std::optional<std::string> find(std::string_view name);
    /// The names of those that are not as they were saved.
    std::vector<std::string> damaged();
    void save(std::string_view name, std::string_view value, sqlite::WriteTransaction& tx);
    void remove(std::string_view name, sqlite::WriteTransaction& tx);

private:
    sqlite::Statement select_;
    sqlite::Statement select_all_;
    sqlite::Statement upsert_;
    sqlite::Statement delete_;
};

}  // namespace egret::store
