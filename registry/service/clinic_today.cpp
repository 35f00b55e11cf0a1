#include "registry/base/limits.h"
#include "registry/service/clinic.h"
#include "registry/service/detail/clinic_settings.h"

#include <algorithm>

namespace egret::service {
namespace {

// Steps back that a clock takes when it is set by the network say nothing.
constexpr std::chrono::milliseconds clock_step{limits::clock_suspect_ms};

}  // namespace

std::optional<Date> Clinic::server_day() {
    const auto text = settings_.find(server_day_setting);
    if (!text) return std::nullopt;
    const auto day = Date::parse(*text);
    return day ? std::optional(*day) : std::nullopt;
}

DayEvidence Clinic::day_evidence() {
    DayEvidence evidence{time_zone_.local_day(now()), world_.earliest_today, server_day()};
    auto seen = Instant::min();
    std::int64_t ingest = 0;
    if (const auto text = settings_.find(confirmed_day_setting)) {
        if (const auto day = Date::parse(*text)) {
            seen = instant_from_unix_ms(number_of(settings_.find(confirmed_clock_setting)));
            ingest = number_of(settings_.find(confirmed_ingest_setting));
            evidence.confirmed = ConfirmedDay{*day, time_zone_.local_day(seen)};
        }
    }
    if (const auto last = log_.last_ingest(); last && last->id > ingest) {
        evidence.recorded = last->known_day;
        seen = std::max(seen, last->received);
    }
    evidence.went_back = seen > now() + clock_step;
    return evidence;
}

ClinicDay Clinic::day() {
    auto judged = judge_day(day_evidence());
    judged.is_by_option = is_day_by_option_;
    if (!assumed_today_) return judged;
    judged.today = *assumed_today_;
    judged.clock = judged.machine == judged.today ? ClockState::agrees : ClockState::corrected;
    return judged;
}

Result<Date> Clinic::recording_day() {
    const auto judged = day();
    if (judged.clock != ClockState::ahead) return judged.today;
    return Error{ErrorCode::conflict, "today",
                 msg("day.ahead", {{"machine", judged.machine.to_string()},
                                   {"known", judged.known.to_string()}})};
}

Result<Done> Clinic::check_said_day(Date day) {
    const auto first = std::max(world_.earliest_today, server_day().value_or(day));
    if (day >= first) return Done{};
    return Error{ErrorCode::invalid_input, "today",
                 msg("day.too_early", {{"first", first.to_string()}})};
}

Result<Done> Clinic::assume_today(Date day) {
    if (auto checked = check_said_day(day); !checked) return checked;
    assumed_today_ = day;
    is_day_by_option_ = true;
    return Done{};
}

Result<Done> Clinic::confirm_today(Date day, DaySaid said) {
    if (auto checked = check_said_day(day); !checked) return checked;
    is_day_by_option_ = said == DaySaid::by_option;
    const auto judged = this->day();
    const bool is_settled =
        judged.clock == ClockState::agrees || judged.clock == ClockState::corrected;
    if (is_settled && judged.today == day) return Done{};
    const auto last = log_.last_ingest();
    sqlite::WriteTransaction tx(*db_);
    settings_.save(confirmed_day_setting, day.to_string(), tx);
    settings_.save(confirmed_clock_setting, std::to_string(unix_ms(now())), tx);
    settings_.save(confirmed_ingest_setting, std::to_string(last ? last->id : 0), tx);
    tx.commit();
    return Done{};
}

void Clinic::note_server_time(Instant at, sqlite::WriteTransaction& tx) {
    const auto day = time_zone_.local_day(at).to_string();
    const auto known = settings_.find(server_day_setting);
    if (!known || *known < day) settings_.save(server_day_setting, day, tx);
}

void Clinic::heed_centre(Instant said) {
    const auto said_day = time_zone_.local_day(said);
    const auto judged = day();
    if (judged.machine != said_day || judged.clock == ClockState::agrees) return;
    // Refused only if the centre itself said a later day before: then somebody has to look.
    if (const auto settled = confirm_today(said_day); !settled) return;
}

}  // namespace egret::service
