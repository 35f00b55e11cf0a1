#include "registry/rules/screening/detail/tables.h"

#include "registry/rules/age.h"

#include <algorithm>

namespace egret::rules::detail {
namespace {

Truth truth_of(bool holds) { return holds ? Truth::yes : Truth::no; }

bool is_of_age(const StateTest& test, const Moment& moment) {
    const auto birth = moment.woman.birth;
    return (!test.from || day_of_age(birth, *test.from) <= moment.day) &&
           (!test.until || moment.day < day_of_age(birth, *test.until));
}

/// `from`: at least so long ago. `until`: less long ago. A day that isn't known is neither.
bool is_so_long_ago(const StateTest& test, const StateValue& value, Date today) {
    if (test.is_known && *test.is_known != value.day.has_value()) return false;
    if (!test.from && !test.until) return true;
    return value.day && (!test.from || plus(*value.day, *test.from) <= today) &&
           (!test.until || today < plus(*value.day, *test.until));
}

bool is_between(int number, std::optional<int> min, std::optional<int> max) {
    return (!min || *min <= number) && (!max || number <= *max);
}

Date shifted(Date day, const Shift& shift) {
    if (!shift.is_back) return plus(day, shift.span, MissingDay::clamp);
    const Period back{-shift.span.years, -shift.span.months, -shift.span.days};
    return plus(day, back, MissingDay::clamp);
}

}  // namespace

State::State(const Pathway& pathway, const Moment& moment)
    : pathway_(pathway),
      moment_(moment),
      values_(pathway.states.size()),
      named_(pathway.reports.size()),
      conditions_(pathway.conditions.size()) {}

Truth State::holds(const std::vector<Condition>& all) {
    auto least = Truth::yes;
    for (const auto& condition : all) {
        least = std::min(least, ask(condition));
        if (least == Truth::no) break;
    }
    return least;
}

Truth State::ask(const Condition& condition) {
    return std::visit([&](const auto& test) { return ask(test); }, condition.test);
}

Truth State::ask(const StateTest& test) {
    switch (pathway_.states[test.state].function->kind) {
        case StateKind::age: return truth_of(is_of_age(test, moment_));
        case StateKind::day: return truth_of(is_so_long_ago(test, value(test.state), moment_.day));
        case StateKind::number:
            return truth_of(is_between(value(test.state).number, test.min, test.max));
        case StateKind::codes: break;
    }
    return truth_of(((value(test.state).codes & test.codes) != 0) != test.is_negated);
}

Truth State::ask(const ReportTest& test) {
    const auto* report = find_report(test.report);
    if (test.exists && *test.exists != (report != nullptr)) return Truth::no;
    if (!report) return test.exists ? Truth::yes : Truth::unknown;
    if (!test.saying.is_said_by(*report)) return Truth::no;
    return lies_in(report->day, test.days);
}

Truth State::ask(const CountTest& test) {
    return truth_of(is_between(static_cast<int>(find_all(test.query).size()), test.min, test.max));
}

Truth State::ask(const NamedTest& test) {
    auto& kept = conditions_[test.condition];
    if (!kept) kept = holds(pathway_.conditions[test.condition].all);
    return *kept;
}

Truth State::ask(const AnyOf& test) {
    auto most = Truth::no;
    for (const auto& branch : test.branches) {
        most = std::max(most, holds(branch));
        if (most == Truth::yes) break;
    }
    return most;
}

Truth State::ask(const NotAll& test) {
    switch (holds(test.conditions)) {
        case Truth::yes: return Truth::no;
        case Truth::no: return Truth::yes;
        case Truth::unknown: break;
    }
    return Truth::unknown;
}

const StateValue& State::value(std::size_t call) {
    auto& kept = values_[call];
    if (!kept) kept = pathway_.states[call].function->value(moment_, pathway_.states[call]);
    return *kept;
}

const Reports& State::reports() {
    if (!reports_)
        reports_.emplace(moment_.woman, moment_.known, moment_.day, pathway_.ranks,
                         pathway_.look_back);
    return *reports_;
}

const Report* State::find_report(std::size_t named) {
    auto& kept = named_[named];
    if (kept) return *kept;
    const auto& query = pathway_.reports[named].query;
    const Report* found = nullptr;
    if (query.chain) {
        found = find_in_chain(query);
        if (found && !fits(query, *found)) found = nullptr;
    } else {
        const auto all = find_all(query);
        const auto place = static_cast<std::size_t>(query.nth);
        if (place <= all.size()) found = all[query.is_oldest ? all.size() - place : place - 1];
    }
    kept = found;
    return found;
}

const Report* State::find_in_chain(const ReportQuery& query) {
    const auto& list = reports().of(query.kind);
    auto later = reports().on();
    const Report* found = nullptr;
    for (std::size_t i = 0; i < static_cast<std::size_t>(query.nth); ++i) {
        if (i >= list.size()) return nullptr;
        const auto day = list[i].day;
        if (!(day < later) || day < shifted(later, {*query.chain, true})) return nullptr;
        found = &list[i];
        later = day;
    }
    return found;
}

std::vector<const Report*> State::find_all(const ReportQuery& query) {
    std::vector<const Report*> all;
    for (const auto& report : reports().of(query.kind)) {
        if (fits(query, report)) all.push_back(&report);
    }
    return all;
}

bool State::fits(const ReportQuery& query, const Report& report) {
    const auto is_beside = [&](const Pairing& pairing) { return has_beside(report, pairing); };
    return query.saying.is_said_by(report) && lies_in(report.day, query.days) == Truth::yes &&
           std::all_of(query.beside.begin(), query.beside.end(), is_beside) &&
           std::none_of(query.without.begin(), query.without.end(), is_beside);
}

bool State::has_beside(const Report& report, const Pairing& pairing) {
    const auto& list = reports().of(pairing.kind);
    return std::any_of(list.begin(), list.end(), [&](const Report& other) {
        const auto apart = other.day.days() - report.day.days();
        return apart <= pairing.days && -apart <= pairing.days && pairing.saying.is_said_by(other);
    });
}

Truth State::lies_in(Date day, const DayWindow& window) {
    auto anchor = moment_.day;
    if (window.of == DayWindow::Of::birth) anchor = moment_.woman.birth;
    if (window.of == DayWindow::Of::report) {
        const auto* report = find_report(window.report);
        if (!report) return Truth::unknown;
        anchor = report->day;
    }
    return truth_of((!window.from || shifted(anchor, *window.from) <= day) &&
                    (!window.after || shifted(anchor, *window.after) < day) &&
                    (!window.to || day <= shifted(anchor, *window.to)) &&
                    (!window.before || day < shifted(anchor, *window.before)));
}

Truth State::lies_in(Date day, const std::vector<DayWindow>& windows) {
    auto least = Truth::yes;
    for (const auto& window : windows) least = std::min(least, lies_in(day, window));
    return least;
}

Hit first_hit(const Pathway& pathway, const Table& table, State& state, Rows rows) {
    for (const auto& row : table.rows) {
        const bool is_review = row.outcome && row.outcome->action == ScreeningAction::review;
        if (is_review && rows == Rows::but_reviews) continue;
        if (state.holds(row.when) != Truth::yes) continue;
        if (!row.table) return {&table, &row};
        const auto hit = first_hit(pathway, pathway.tables[*row.table], state, rows);
        if (hit.row) return hit;
    }
    return {};
}

std::string rule_of(const Pathway& pathway, const Hit& hit) {
    return pathway.id + "/" + hit.table->id + "/" + hit.row->id;
}

}  // namespace egret::rules::detail
