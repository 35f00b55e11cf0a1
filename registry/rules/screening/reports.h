#pragma once

#include "registry/base/date.h"
#include "registry/rules/screening/visits.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Single reports of a history, found by what they say and when: "the newest biopsy of CIN 2 or
/// worse", "the second HPV test back", "the cytology taken with it".
namespace egret::rules {

/// A set of codes of one list, by their place in it.
using Codes = std::uint64_t;

enum class ReportKind : std::uint8_t { hpv, cytology, via, histology, treatment, colposcopy };

inline constexpr std::size_t report_kinds = 6;

std::optional<ReportKind> find_report_kind(std::string_view name);

/// What a report of that kind can say. Of histology "told" stands beside the results, where nobody
/// saw a paper; of HPV tests "positive" stands beside the types; of treatments "for_precancer"
/// beside the procedure, where its reason is CIN 2 or worse.
const std::vector<std::string>& codes_of(ReportKind kind);

/// Which of several results of a report is its value: the first group, the worst, that has any of
/// them; its value is the first code of that group. A result of no group ranks below all.
struct RankGroup {
    Codes codes = 0;
    Codes value = 0;

    friend bool operator==(const RankGroup&, const RankGroup&) = default;
};

struct Ranks {
    std::vector<std::vector<RankGroup>> kinds{report_kinds};  // The worst group first.

    friend bool operator==(const Ranks&, const Ranks&) = default;
};

struct Report {
    Date day;
    Codes contains = 0;
    Codes value = 0;       // One of them.
    std::size_t rank = 0;  // The smaller, the worse.
};

/// A span forward or back.
struct Shift {
    Period span;
    bool is_back = false;

    friend bool operator==(const Shift&, const Shift&) = default;
};

/// Days seen from another day. A day that doesn't exist is the last of its month.
struct DayWindow {
    enum class Of : std::uint8_t { day, birth, report };

    Of of = Of::day;              // `day`: of the question.
    std::size_t report = 0;       // Of the named reports.
    std::optional<Shift> from;    // Not before this...
    std::optional<Shift> after;   // ...or later than this;
    std::optional<Shift> to;      // not after this...
    std::optional<Shift> before;  // ...or earlier than this.

    friend bool operator==(const DayWindow&, const DayWindow&) = default;
};

/// What a report says; 0 doesn't ask.
struct Saying {
    Codes value = 0;     // Its value is one of these.
    Codes contains = 0;  // It has one of these.
    Codes lacks = 0;     // It has none of these.

    bool is_said_by(const Report& report) const {
        return (value == 0 || (report.value & value) != 0) &&
               (contains == 0 || (report.contains & contains) != 0) &&
               (report.contains & lacks) == 0;
    }

    friend bool operator==(const Saying&, const Saying&) = default;
};

/// Another report, taken within so many days of this one.
struct Pairing {
    ReportKind kind = ReportKind::hpv;
    Saying saying;
    int days = 0;

    friend bool operator==(const Pairing&, const Pairing&) = default;
};

struct ReportQuery {
    ReportKind kind = ReportKind::hpv;
    Saying saying;
    std::vector<DayWindow> days;   // All must hold.
    std::vector<Pairing> beside;   // There is such a report beside it, for each...
    std::vector<Pairing> without;  // ...and none of these.
    bool is_oldest = false;        // Counted from the oldest, else from the newest.
    int nth = 1;
    /// One place in a chain: the nth newest of its kind, whatever it says, if it and each before
    /// it lie less than this before the one that follows it, the first before the day.
    std::optional<Period> chain;

    friend bool operator==(const ReportQuery&, const ReportQuery&) = default;
};

struct NamedReport {
    std::string name;
    ReportQuery query;

    friend bool operator==(const NamedReport&, const NamedReport&) = default;
};

/// How far back reports of a kind are looked at, if that is limited.
struct LookBack {
    std::vector<std::optional<Period>> kinds{report_kinds};

    friend bool operator==(const LookBack&, const LookBack&) = default;
};

/// The reports of a history up to a day, by kind, the newest first and of one day the worst first.
class Reports {
public:
    /// `known`: so many findings, the oldest first.
    Reports(const ScreeningCase& woman, std::size_t known, Date day, const Ranks& ranks,
            const LookBack& look_back);

    const std::vector<Report>& of(ReportKind kind) const {
        return lists_[static_cast<std::size_t>(kind)];
    }

    Date on() const { return on_; }

private:
    void add(const ExactFinding& exact, const Ranks& ranks, const LookBack& look_back);

    Date on_;
    std::vector<std::vector<Report>> lists_{report_kinds};
};

}  // namespace egret::rules
