#include "registry/icu/time_zone.h"

#include <unicode/basictz.h>
#include <unicode/timezone.h>
#include <unicode/tztrans.h>
#include <unicode/unistr.h>

#include <cstdio>
#include <stdexcept>
#include <utility>

namespace egret::icu {
namespace {

constexpr std::size_t zone_name_bytes_max = 64;
constexpr std::int64_t day_ms = 24LL * 3600 * 1000;

// ICU counts milliseconds in a double, which holds those of 280,000 years exactly.
UDate to_udate(Instant at) { return static_cast<UDate>(unix_ms(at)); }

void require_success(UErrorCode status) {
    if (U_FAILURE(status)) throw std::runtime_error("ICU could not convert a time");
}

Error unknown_zone() { return {ErrorCode::invalid_input, "", msg("time_zone.unknown")}; }

bool is_zone_name(std::string_view name) {
    if (name.empty() || name.size() > zone_name_bytes_max) return false;
    for (const char c : name) {
        if (c <= ' ' || c > '~') return false;
    }
    return true;
}

}  // namespace

struct TimeZone::Rules {
    std::unique_ptr<const ::icu::TimeZone> owned;
    const ::icu::BasicTimeZone* zone = nullptr;  // The same, with its transitions.

    std::int64_t offset_ms(Instant at) const {
        std::int32_t raw = 0;
        std::int32_t saving = 0;
        UErrorCode status = U_ZERO_ERROR;
        zone->getOffset(to_udate(at), false, raw, saving, status);
        require_success(status);
        return std::int64_t{raw} + saving;
    }

    /// What the wall shows, as if it were UTC.
    Instant local(Instant at) const { return at + std::chrono::milliseconds{offset_ms(at)}; }
};

TimeZone::TimeZone(std::string name, std::unique_ptr<const Rules> rules) noexcept
    : name_(std::move(name)), rules_(std::move(rules)) {}

TimeZone::TimeZone(TimeZone&&) noexcept = default;
TimeZone& TimeZone::operator=(TimeZone&&) noexcept = default;
TimeZone::~TimeZone() = default;

Result<TimeZone> TimeZone::parse(std::string_view name) {
    if (!is_zone_name(name)) return unknown_zone();
    const auto id = ::icu::UnicodeString::fromUTF8(
        ::icu::StringPiece(name.data(), static_cast<std::int32_t>(name.size())));

    // createTimeZone makes something of any text; only this says whether the database has it.
    ::icu::UnicodeString canonical;
    UBool in_database = false;
    UErrorCode status = U_ZERO_ERROR;
    ::icu::TimeZone::getCanonicalID(id, canonical, in_database, status);
    if (U_FAILURE(status) || in_database == 0 || id == ::icu::UnicodeString(u"Etc/Unknown"))
        return unknown_zone();

    auto rules = std::make_unique<Rules>();
    rules->owned.reset(::icu::TimeZone::createTimeZone(id));
    rules->zone = dynamic_cast<const ::icu::BasicTimeZone*>(rules->owned.get());
    if (rules->zone == nullptr) return unknown_zone();
    return TimeZone(std::string(name), std::move(rules));
}

Date TimeZone::local_day(Instant at) const {
    const auto day = std::chrono::floor<std::chrono::days>(rules_->local(at));
    return Date::from_days(static_cast<std::int32_t>(day.time_since_epoch().count()));
}

Instant TimeZone::start_of_day(Date day) const {
    const auto midnight = instant_from_unix_ms(day.days() * day_ms);
    std::int32_t raw = 0;
    std::int32_t saving = 0;
    UErrorCode status = U_ZERO_ERROR;
    // A midnight that comes twice: the earlier. One that is jumped over: by the clock before it.
    rules_->zone->getOffsetFromLocal(to_udate(midnight), UCAL_TZ_LOCAL_FORMER, UCAL_TZ_LOCAL_FORMER,
                                     raw, saving, status);
    require_success(status);
    const auto start = midnight - std::chrono::milliseconds{std::int64_t{raw} + saving};
    if (rules_->local(start) == midnight) return start;

    // There is no midnight. The day begins at the jump, even if that began before midnight.
    ::icu::TimeZoneTransition jump;
    if (rules_->zone->getPreviousTransition(to_udate(start), true, jump) == 0) return start;
    return instant_from_unix_ms(static_cast<std::int64_t>(jump.getTime()));
}

std::string TimeZone::local_time_text(Instant at) const {
    const auto local = rules_->local(at);
    const auto minutes = std::chrono::floor<std::chrono::minutes>(
        local - std::chrono::floor<std::chrono::days>(local));
    const auto of_day = static_cast<int>(minutes.count());
    char time[16];
    std::snprintf(time, sizeof time, " %02d:%02d", of_day / 60, of_day % 60);
    return local_day(at).to_string() + time;
}

}  // namespace egret::icu
