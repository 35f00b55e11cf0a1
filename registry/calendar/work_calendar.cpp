#include "registry/calendar/work_calendar.h"

#include "embedded/calendars.h"
#include "registry/base/ensure.h"
#include "registry/base/find_by_id.h"
#include "registry/base/limits.h"
#include "registry/base/text.h"
#include "registry/domain/plain_text.h"
#include "registry/json/parse.h"
#include "registry/json/section.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace egret {
namespace {

using json::Section;

bool is_small(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

std::string read_line(Section& section, std::string_view name) {
    auto text = section.text(name);
    if (text.empty()) return text;
    if (trim(text).empty()) section.refuse(name, msg("definition.expects_text"));
    if (const auto plain = check_plain_text(text, Lines::one); !plain)
        section.refuse(name, plain.error().message);
    return text;
}

BothLanguages read_both(Section section) {
    section.only({"zh", "en"});
    auto zh = read_line(section, "zh");
    return {std::move(zh), read_line(section, "en")};
}

std::string read_id(Section& file) {
    auto id = file.text("id");
    if (!std::all_of(id.begin(), id.end(), is_small))
        file.refuse("id", msg("rules.protocol_id_shape"));
    return id;
}

std::string read_version(Section& file) {
    auto version = file.text("version");
    const bool is_shaped = std::all_of(version.begin(), version.end(), [](char c) {
        return is_small(c) || (c >= 'A' && c <= 'Z') || c == '.';
    });
    if (!is_shaped) file.refuse("version", msg("rules.version_shape"));
    return version;
}

Date read_day(Section& section, std::string_view name, const std::string& written) {
    if (written.empty()) return {};
    const auto day = Date::parse(written);
    if (day) return *day;
    section.refuse(name, day.error().message);
    return {};
}

void read_notices(Section& section, WorkCalendar::Year& year) {
    for (auto& one : section.sections("notices")) {
        one.only({"number", "date"});
        auto number = read_line(one, "number");
        year.notices.push_back({std::move(number), read_day(one, "date", one.text("date"))});
    }
    if (year.notices.empty()) section.refuse("notices", msg("calendar.no_notice"));
}

void read_off(Section& section, WorkCalendar::Year& year) {
    for (auto& one : section.sections("off")) {
        one.only({"from", "to"});
        WorkCalendar::DaysOff days;
        days.from = read_day(one, "from", one.text("from"));
        const auto last = one.optional_text("to");
        days.to = last ? read_day(one, "to", *last) : days.from;
        if (days.from.year() != year.year) one.refuse("from", msg("calendar.outside_year"));
        if (days.to.year() != year.year) one.refuse("to", msg("calendar.outside_year"));
        if (days.to < days.from) one.refuse("to", msg("rules.ends_before_it_begins"));
        if (!year.off.empty() && days.from <= year.off.back().to)
            one.refuse("from", msg("calendar.not_in_order"));
        year.off.push_back(days);
    }
    if (year.off.empty()) section.refuse("off", msg("calendar.no_day_off"));
}

/// What is wrong about a worked day after those before it.
std::optional<Message> fault_of_worked(Date day, const WorkCalendar::Year& year) {
    if (day.year() != year.year) return msg("calendar.outside_year");
    if (!is_weekend(day)) return msg("calendar.not_weekend");
    if (!year.worked.empty() && day <= year.worked.back()) return msg("calendar.not_in_order");
    const bool is_off = std::any_of(year.off.begin(), year.off.end(), [&](const auto& days) {
        return days.from <= day && day <= days.to;
    });
    if (is_off) return msg("calendar.off_and_worked");
    return std::nullopt;
}

void read_worked(Section& section, WorkCalendar::Year& year) {
    const auto* found = section.find("worked");
    if (!found || !found->is_array())
        return section.refuse("worked", msg("definition.expects_list"));
    for (const auto& item : found->as_array()) {
        const auto place = "worked[" + std::to_string(year.worked.size()) + "]";
        if (!item.is_text() || item.as_text().empty())
            return section.refuse(place, msg("definition.expects_text"));
        const auto day = read_day(section, place, item.as_text());
        if (section.failed()) return;
        if (const auto fault = fault_of_worked(day, year)) return section.refuse(place, *fault);
        year.worked.push_back(day);
    }
}

WorkCalendar::Year read_year(Section& section) {
    section.only({"year", "notices", "off", "worked"});
    WorkCalendar::Year year;
    year.year = section.count("year", limits::year_max);
    if (year.year < limits::year_min) section.refuse("year", msg("definition.expects_count"));
    read_notices(section, year);
    read_off(section, year);
    read_worked(section, year);
    return year;
}

}  // namespace

Result<WorkCalendar> parse_work_calendar(std::string_view json) {
    const auto document = json::parse(json);
    if (!document) return document.error();
    std::optional<Error> error;
    Section file(&*document, "", error);
    file.only({"id", "version", "title", "source", "years"});
    WorkCalendar calendar;
    calendar.id = read_id(file);
    calendar.version = read_version(file);
    calendar.title = read_both(file.section("title"));
    calendar.source = read_both(file.section("source"));
    for (auto& section : file.sections("years")) {
        auto year = read_year(section);
        if (!calendar.years.empty() && year.year <= calendar.years.back().year)
            section.refuse("year", msg("calendar.not_in_order"));
        if (error) break;
        calendar.years.push_back(std::move(year));
    }
    if (calendar.years.empty()) file.refuse("years", msg("calendar.no_year"));
    if (error) return *std::move(error);
    return calendar;
}

const std::vector<WorkCalendar>& known_work_calendars() {
    static const auto calendars = [] {
        std::vector<WorkCalendar> all;
        for (const auto& file : embedded::calendars()) {
            auto calendar = parse_work_calendar(file.content);
            EGRET_ENSURE(calendar);  // A test reads each of them.
            all.push_back(*std::move(calendar));
        }
        std::sort(all.begin(), all.end(),
                  [](const WorkCalendar& a, const WorkCalendar& b) { return a.id < b.id; });
        return all;
    }();
    return calendars;
}

Result<const WorkCalendar*> find_work_calendar(std::string_view id) {
    const auto found = find_by_id(known_work_calendars(), id);
    if (found.item) return found.item;
    if (found.meant) {
        return Error{ErrorCode::not_found, "calendar",
                     msg("calendar.unknown_meant", {{"meant", *found.meant}})};
    }
    return Error{ErrorCode::not_found, "calendar", msg("calendar.unknown")};
}

}  // namespace egret
