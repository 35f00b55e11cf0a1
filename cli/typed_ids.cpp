#include "cli/typed_ids.h"

namespace egret::cli {

Result<WomanId> parse_woman_id(const std::string& typed, const char* field) {
    const auto id = WomanId::parse(typed);
    if (!id || id->is_nil()) return Error{ErrorCode::invalid_input, field, msg("woman.bad_id")};
    return *id;
}

Result<History> load_woman(service::Clinic& clinic, const std::string& typed, const char* field) {
    const auto id = parse_woman_id(typed, field);
    if (!id) return id.error();
    auto history = clinic.load_history(*id);
    if (!history || (!history->registered_on && !history->is_registration_voided))
        return Error{ErrorCode::not_found, field, msg("woman.unknown")};
    return *std::move(history);
}

Result<EventUid> parse_event_uid(const std::string& typed) {
    const auto uid = EventUid::parse(typed);
    if (!uid || uid->is_nil()) return Error{ErrorCode::invalid_input, "EVENT", msg("event.bad_id")};
    return *uid;
}

}  // namespace egret::cli
