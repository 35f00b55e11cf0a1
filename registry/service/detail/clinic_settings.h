#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What Clinic keeps beside store::Settings, by its names.
namespace egret::service {

/// A registry's own facility code, until the centre gives it one: letters that no centre gives.
inline constexpr std::string_view provisional_prefix = "LOCAL-";

inline constexpr std::string_view registry_id_setting = "registry_id";
inline constexpr std::string_view scope_setting = "scope";
inline constexpr std::string_view shut_out_setting = "shut_out";  // The machine that was.
inline constexpr std::string_view server_day_setting = "server_day";
inline constexpr std::string_view confirmed_day_setting = "confirmed.day";
inline constexpr std::string_view confirmed_clock_setting = "confirmed.clock_ms";
inline constexpr std::string_view confirmed_ingest_setting = "confirmed.ingest";

// The check of a data key that is not the registry's any more: its file under that one is closed
// for good. It comes along into the file under the next.
inline constexpr std::string_view closed_key_setting = "closed_key_check";

// The role of a user who left, in her row.
inline constexpr std::string_view gone_role = "gone";

/// The number that a setting holds; 0, if there is none.
inline std::int64_t number_of(const std::optional<std::string>& setting) {
    std::int64_t number = 0;
    if (setting) std::from_chars(setting->data(), setting->data() + setting->size(), number);
    return number;
}

}  // namespace egret::service
