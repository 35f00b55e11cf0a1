#include "registry/domain/area.h"
#include "registry/service/clinic.h"
#include "registry/service/detail/clinic_settings.h"

#include <algorithm>

namespace egret::service {

bool Clinic::has_damaged_settings() {
    auto damaged = settings_.damaged();
    std::erase(damaged, server_day_setting);  // The next sync brings it again.
    return !damaged.empty() || !missing_settings().empty() || users_.has_damage() ||
           users_.all().empty();
}

/// Those that are not there, or not as they were saved, of all that a registry like this one has:
/// from its beginning on, once it has facts, and once it has joined, which its log's name tells.
std::vector<std::string> Clinic::missing_settings() {
    std::vector<std::string_view> needed{registry_id_setting};
    needed.insert(needed.end(), std::begin(store::clinic_settings),
                  std::end(store::clinic_settings));
    const auto head = log_.find_head(device());
    if (head && head->seq > 0) needed.push_back(store::clock_setting);
    if (head && !head->clinic.starts_with(provisional_prefix))
        needed.insert(needed.end(), {scope_setting, store::centre_url_setting});
    const std::string_view confirmed[] = {confirmed_day_setting, confirmed_clock_setting,
                                          confirmed_ingest_setting};
    const auto is_there = [&](std::string_view name) { return bool(settings_.find(name)); };
    if (std::ranges::any_of(confirmed, is_there))
        needed.insert(needed.end(), std::begin(confirmed), std::end(confirmed));
    std::vector<std::string> missing;
    for (const auto name : needed) {
        if (!is_there(name)) missing.emplace_back(name);
    }
    return missing;
}

std::vector<store::StoreFault> Clinic::check(Progress& progress,
                                             const std::optional<keys::AuditHead>& kept_audit) {
    const auto copy = db_->options().path + ".check-" + to_hex(world_.random.bytes<8>());
    store::CheckOptions options{copy, today()};
    if (!world_.indicators.empty()) options.indicators = world_.indicators;
    auto faults = store::check_store(*db_, options, progress);
    if (faults.empty()) faults = check_settings();
    check_audit(kept_audit, faults);
    return faults;
}

std::vector<store::StoreFault> Clinic::check_settings() {
    std::vector<store::StoreFault> faults;
    auto names = settings_.damaged();
    if (names.empty()) names = missing_settings();
    for (auto& name : names) {
        std::ranges::replace(name, '.', '_');
        faults.push_back({{}, 0, "setting_" + name});
    }
    if (!faults.empty()) return faults;
    const auto head = log_.find_head(device());
    if (!head) return {{{}, 0, "setting_device_id"}};
    if (head->clinic != identity_.code) faults.push_back({{}, 0, "setting_clinic_code"});
    if (identity_.name.empty()) faults.push_back({{}, 0, "setting_clinic_name"});
    if (!AreaCode::parse(identity_.area)) faults.push_back({{}, 0, "setting_clinic_area"});
    if (users_.has_damage() || users_.all().empty()) faults.push_back({{}, 0, "user_row"});
    if (registry_id().empty()) faults.push_back({{}, 0, "setting_registry_id"});
    const auto scope = settings_.find(scope_setting);
    if (scope.value_or("0") != std::to_string(scope_)) faults.push_back({{}, 0, "setting_scope"});
    // The next fact would be numbered before one that is there.
    if (settings_.clock() < log_.head_hlc(device()).value_or(Hlc{}))
        faults.push_back({{}, 0, "setting_clock"});
    return faults;
}

}  // namespace egret::service
