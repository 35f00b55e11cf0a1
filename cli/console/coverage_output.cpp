#include "cli/console/coverage_output.h"

#include "cli/console/answer_form.h"
#include "cli/console/catalog.h"
#include "cli/console/coverage_figures.h"
#include "cli/console/csv.h"
#include "cli/console/indicator_output.h"
#include "cli/console/table.h"
#include "registry/base/text.h"
#include "registry/json/dump.h"

#include <algorithm>
#include <charconv>
#include <ostream>
#include <string>
#include <utility>

namespace egret::console {
namespace {

// Those who see persons anyway see small figures, too.
const std::vector<std::string> roles_with_persons = {"nurse", "lead", "coordinator", "officer"};

bool hides_small_cells(const Parsed& parsed) {
    const auto role = parsed.find("role");
    return role && std::find(roles_with_persons.begin(), roles_with_persons.end(), *role) ==
                       roles_with_persons.end();
}

/// Fills in the days asked; for cases and times, the periods.
Result<Done> read_days(const Parsed& parsed, Date today, store::CoverageQuestion& question) {
    const auto from = parsed.find_day("from");
    const auto to = parsed.find_day("to");
    const auto on = parsed.find_day("on");
    auto& query = question.query;
    const bool of_periods = question.indicator->counts != coverage::Counts::women;
    if (!from && !to) {
        if (parsed.has("step"))
            return Error{ErrorCode::invalid_input, "--step", msg("coverage.days_unclear")};
        query.on = {on.value_or(today)};
        return Done{};
    }
    if (!from || !to || on)
        return Error{ErrorCode::invalid_input, "--from", msg("coverage.days_unclear")};
    // "to" is a field of a series; here it is an option as she typed it.
    const auto typed = [](const Error& error) {
        return Error{error.code, "--" + error.field, error.message};
    };
    if (of_periods && !parsed.has("step")) {
        if (*to < *from)
            return Error{ErrorCode::invalid_input, "--to", msg("coverage.series_backwards")};
        query.on = {*to};
        query.from = {*from};
        return Done{};
    }
    const auto step = coverage::parse_step(parsed.find("step").value_or("month"));
    if (!step) return step.error();
    question.is_series = true;
    if (of_periods) {
        if (auto asked = coverage::ask_periods(query, *from, *to, *step); !asked)
            return typed(asked.error());
        return Done{};
    }
    auto days = coverage::days_of_series(*from, *to, *step);
    if (!days) return typed(days.error());
    query.on = *std::move(days);
    return Done{};
}

bool is_series(const store::CoverageReply& reply) { return reply.question.is_series; }

bool is_of_periods(const store::CoverageReply& reply) {
    return reply.question.indicator->counts != coverage::Counts::women;
}

/// "" where the period has no beginning. `on`: its last day.
std::string first_day_of(const store::CoverageQuestion& question, Date on) {
    const auto& query = question.query;
    const auto found = std::find(query.on.begin(), query.on.end(), on);
    if (query.from.empty() || found == query.on.end()) return "";
    return query.from[static_cast<std::size_t>(found - query.on.begin())].to_string();
}

json::Value period_json(const store::CoverageQuestion& question, Date on) {
    auto from = first_day_of(question, on);
    return json::Object{{"from", from.empty() ? json::Value() : json::Value(std::move(from))},
                        {"to", on.to_string()}};
}

/// Of which day or period a cell of a series is.
void append_when(json::Object& to, const store::CoverageReply& reply, Date on) {
    if (!is_series(reply)) return;
    if (is_of_periods(reply)) {
        to.append("period", period_json(reply.question, on));
    } else {
        to.append("on", on.to_string());
    }
}

/// A year is a number for programs; what is not known is a word.
json::Value cell_value(coverage::Dimension dimension, const std::string& value) {
    std::int64_t number = 0;
    const auto end = value.data() + value.size();
    if (dimension == coverage::Dimension::birth_year &&
        std::from_chars(value.data(), end, number).ptr == end)
        return number;
    return value;
}

json::Value totals_json(const store::CoverageReply& reply) {
    json::Array totals;
    for (const auto& total : reply.answer.totals) {
        json::Object one;
        append_when(one, reply, total.on);
        append_figure(one, *reply.question.indicator, total.figure, total.details);
        totals.emplace_back(std::move(one));
    }
    return is_series(reply) ? json::Value(std::move(totals)) : std::move(totals.front());
}

std::string_view title_of(coverage::Dimension dimension) {
    using coverage::Dimension;
    switch (dimension) {
        case Dimension::area: return "coverage.column.area";
        case Dimension::province: return "coverage.column.province";
        case Dimension::city: return "coverage.column.city";
        case Dimension::town: return "coverage.column.town";
        case Dimension::village: return "coverage.column.village";
        case Dimension::facility: return "coverage.column.facility";
        case Dimension::birth_year: return "coverage.column.birth_year";
        case Dimension::birth_month: return "coverage.column.birth_month";
    }
    return "";
}

bool is_below_district(coverage::Dimension dimension) {
    return dimension == coverage::Dimension::town || dimension == coverage::Dimension::village;
}

/// For people: what is not known, and areas that are known less exactly than asked, are called so.
void put_in_words(std::vector<std::string>& values, const std::vector<coverage::Dimension>& by,
                  Language language) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i] == coverage::unknown_value) {
            values[i] = text("coverage.unknown", language);
        } else if (is_below_district(by[i]) && !coverage::is_of_level(by[i], values[i])) {
            values[i] = text(Message{"coverage.wider_area", {{"area", values[i]}}}, language);
        }
    }
}

/// What a figure in a file needs to be asked for again.
struct Origin {
    std::string_view key;
    std::string value;
};

std::vector<Origin> origin_of(const store::CoverageReply& reply, Date on, Date today) {
    const auto& question = reply.question;
    const auto& oldest = reply.freshness.oldest;
    std::vector<Origin> origin = {{"indicator", question.indicator->id},
                                  {"version", question.indicator->version}};
    if (!is_series(reply) && is_of_periods(reply)) {
        origin.push_back({"from", first_day_of(question, on)});
        origin.push_back({"to", on.to_string()});
    } else if (!is_series(reply)) {
        origin.push_back({"on", on.to_string()});
    }
    origin.push_back({"known_on", question.known_on.value_or(today).to_string()});
    origin.push_back({"clinics", std::to_string(reply.freshness.clinics)});
    origin.push_back({"oldest", oldest ? utc_text(*oldest) : ""});
    origin.push_back({"stamp", reply.stamp});
    return origin;
}

/// For people there is a last line for each day, the total; files (`file_of` is the day on which
/// they are made) hold cells only, unless nothing else was asked for, and where they are from.
Table coverage_table(const store::CoverageReply& reply, const Terminal& terminal,
                     std::optional<Date> file_of) {
    std::vector<Column> columns;
    const auto& indicator = *reply.question.indicator;
    if (is_series(reply) && is_of_periods(reply)) {
        columns.push_back({"from", "coverage.column.from"});
        columns.push_back({"to", "coverage.column.to"});
    } else if (is_series(reply)) {
        columns.push_back({"on", "coverage.column.on"});
    }
    for (const auto dimension : reply.answer.by)
        columns.push_back({coverage::to_string(dimension), title_of(dimension)});
    for (const auto& column : figure_columns(indicator)) columns.push_back(column);
    if (file_of) {
        for (const auto& origin : origin_of(reply, *file_of, *file_of))
            columns.push_back({origin.key, ""});
    }

    Table table(std::move(columns));
    const auto add = [&](const auto& one, std::vector<std::string> values) {
        const auto on = one.on;
        if (is_series(reply)) values.insert(values.begin(), on.to_string());
        if (is_series(reply) && is_of_periods(reply))
            values.insert(values.begin(), first_day_of(reply.question, on));
        const auto figures = figure_texts(indicator, one.figure, one.details, terminal.language,
                                          file_of.has_value());
        values.insert(values.end(), figures.begin(), figures.end());
        if (file_of) {
            for (auto& origin : origin_of(reply, on, *file_of))
                values.push_back(std::move(origin.value));
        }
        table.add_row(std::move(values));
    };
    if (!reply.answer.by.empty()) {
        for (const auto& cell : reply.answer.cells) {
            auto values = cell.values;
            if (!file_of) put_in_words(values, reply.answer.by, terminal.language);
            add(cell, std::move(values));
        }
        if (file_of) return table;
    }
    for (const auto& total : reply.answer.totals) {
        std::vector<std::string> values(reply.answer.by.size());
        if (!values.empty()) values.front() = text("coverage.total", terminal.language);
        add(total, std::move(values));
    }
    return table;
}

/// Nobody belongs on any of the days.
bool has_nobody(const store::CoverageReply& reply) {
    const auto& totals = reply.answer.totals;
    return std::all_of(totals.begin(), totals.end(),
                       [](const auto& total) { return total.figure == coverage::Figure{}; });
}

bool has_hidden(const store::CoverageReply& reply) {
    const auto is_hidden = [](const auto& one) { return one.figure.is_suppressed; };
    const auto& answer = reply.answer;
    return std::any_of(answer.cells.begin(), answer.cells.end(), is_hidden) ||
           std::any_of(answer.totals.begin(), answer.totals.end(), is_hidden);
}

Message source_of(const store::CoverageReply& reply, const icu::TimeZone& zone) {
    const auto& [clinics, oldest] = reply.freshness;
    if (!oldest) return msg("coverage.footer.source_empty");
    return msg("coverage.footer.source",
               {{"clinics", std::to_string(clinics)}, {"oldest", zone.local_time_text(*oldest)}});
}

/// Who is born in different years reaches the age in different years: together they are no figure
/// of one cohort.
bool mixes_cohorts(const store::CoverageQuestion& question) {
    const auto& indicator = *question.indicator;
    const auto is_by_birthday = [](const coverage::CountingRule& rule) {
        return rule.before_age.has_value();
    };
    const auto& who = indicator.population;
    const bool has_bounds = who.age || who.age_reached_in_year || who.born || !who.any_of.empty();
    if (has_bounds ||
        std::none_of(indicator.any_of.begin(), indicator.any_of.end(), is_by_birthday))
        return false;
    const auto is_birth = [](coverage::Dimension dimension) {
        return dimension == coverage::Dimension::birth_year ||
               dimension == coverage::Dimension::birth_month;
    };
    const auto& by = question.query.by;
    const auto& where = question.query.where;
    return std::none_of(by.begin(), by.end(), is_birth) &&
           std::none_of(where.begin(), where.end(),
                        [&](const coverage::Filter& filter) { return is_birth(filter.dimension); });
}

/// The day or the period that was asked.
Message when_of(const store::CoverageReply& reply, Date known) {
    const auto on = reply.question.query.on.front();
    if (!is_of_periods(reply))
        return msg("coverage.footer.on", {{"on", on.to_string()}, {"known", known.to_string()}});
    const auto from = first_day_of(reply.question, on);
    if (from.empty())
        return msg("coverage.footer.period_to",
                   {{"to", on.to_string()}, {"known", known.to_string()}});
    return msg("coverage.footer.period",
               {{"from", from}, {"to", on.to_string()}, {"known", known.to_string()}});
}

/// The first day asked whose cases had not all their time by `known`, where there is a limit to it.
std::optional<Date> first_open_day(const store::CoverageReply& reply, Date known) {
    const auto& cases = reply.question.indicator->cases;
    if (!cases) return std::nullopt;
    std::optional<Date> first;
    for (const auto& group : cases->counts_if.all_of) {
        for (const auto& rule : group) {
            if (!rule.within || rule.when != coverage::When::after) continue;
            auto day = known;  // Back to the last day from which the whole time has passed.
            while (known < plus(day, *rule.within)) day = day.plus_days(-1);
            first = std::min(first.value_or(day.plus_days(1)), day.plus_days(1));
        }
    }
    if (!first || reply.question.query.on.back() < *first) return std::nullopt;
    const auto& from = reply.question.query.from;
    return from.empty() ? *first : std::max(*first, from.front());
}

}  // namespace

Result<store::CoverageQuestion> coverage_question(const Parsed& parsed, Date today) {
    if (auto form = check_one_form(parsed, {"csv", "json"}); !form) return std::move(form).error();
    store::CoverageQuestion question;
    const auto indicator = coverage::find_indicator(parsed.value("INDICATOR"));
    if (!indicator) return indicator.error();
    question.indicator = *indicator;
    for (const auto& word : parsed.list("by")) {
        const auto dimension = coverage::parse_dimension(word);
        if (!dimension) return Error{dimension.error()}.within("--by");
        if (std::find(question.query.by.begin(), question.query.by.end(), *dimension) !=
            question.query.by.end())
            return Error{ErrorCode::invalid_input, "--by", msg("coverage.by_twice")};
        question.query.by.push_back(*dimension);
    }
    for (const auto& word : parsed.list("where")) {
        auto filter = coverage::parse_filter(word);
        if (!filter) return Error{filter.error()}.within("--where");
        question.query.where.push_back(*std::move(filter));
    }
    if (auto days = read_days(parsed, today, question); !days) return std::move(days).error();
    question.known_on = parsed.find_day("known-on");
    if (question.known_on && *question.known_on > today)
        return Error{ErrorCode::invalid_input, "--known-on", msg("coverage.known_in_future")};
    question.by_recount = parsed.has("recount");
    question.hides_small_cells = hides_small_cells(parsed);
    return question;
}

Result<Done> check_levels(const store::CoverageReply& reply) {
    const auto& by = reply.answer.by;
    for (std::size_t i = 0; i < by.size(); ++i) {
        if (!is_below_district(by[i])) continue;
        std::vector<std::string> values;
        for (const auto& cell : reply.answer.cells) values.push_back(cell.values[i]);
        const auto narrowest = coverage::narrowest_level(values);
        const bool is_known = std::any_of(
            values.begin(), values.end(),
            [&](const std::string& value) { return coverage::is_of_level(by[i], value); });
        if (is_known || !narrowest) continue;
        return Error{ErrorCode::not_found, "",
                     msg("coverage.level_unknown",
                         {{"level", std::string(coverage::to_string(by[i]))},
                          {"known", std::string(coverage::to_string(*narrowest))}})};
    }
    return Done{};
}

json::Value coverage_json(const store::CoverageReply& reply) {
    const auto& question = reply.question;
    json::Array by;
    for (const auto dimension : reply.answer.by) by.emplace_back(coverage::to_string(dimension));
    json::Array cells;
    for (const auto& cell : reply.answer.cells) {
        json::Object one;
        append_when(one, reply, cell.on);
        for (std::size_t i = 0; i < cell.values.size(); ++i) {
            one.append(std::string(coverage::to_string(reply.answer.by[i])),
                       cell_value(reply.answer.by[i], cell.values[i]));
        }
        append_figure(one, *question.indicator, cell.figure, cell.details);
        cells.emplace_back(std::move(one));
    }
    const auto& oldest = reply.freshness.oldest;
    json::Object out;
    out.append("indicator", question.indicator->id);
    out.append("version", question.indicator->version);
    out.append("doses", doses_json(*question.indicator));
    out.append("protocols", protocols_json(reply.protocols));
    const auto on = question.query.on.front();
    out.append("on", is_series(reply) ? json::Value() : on.to_string());
    if (is_of_periods(reply)) {
        out.append("period", is_series(reply) ? json::Value() : period_json(question, on));
        append_measure(out, *question.indicator);
    }
    out.append("known_on",
               question.known_on ? json::Value(question.known_on->to_string()) : json::Value());
    out.append("by", std::move(by));
    out.append("denominator", "registered");
    out.append("cells", std::move(cells));
    out.append("totals", totals_json(reply));
    out.append("freshness",
               json::Object{{"clinics", reply.freshness.clinics},
                            {"oldest", oldest ? json::Value(utc_text(*oldest)) : json::Value()}});
    out.append("stamp", reply.stamp);
    if (reply.erased > 0) out.append("erased", reply.erased);
    return out;
}

void print_coverage(const store::CoverageReply& reply, const Parsed& parsed, Date today,
                    const icu::TimeZone& zone, const Terminal& terminal) {
    if (terminal.json) {
        terminal.out << json::dump(coverage_json(reply)) << '\n';
        return;
    }
    if (parsed.has("csv")) {
        terminal.out << to_csv(coverage_table(reply, terminal, today));
        return;
    }
    const auto& indicator = *reply.question.indicator;
    const auto known = reply.question.known_on.value_or(today);
    terminal.out << in_language(indicator.title, terminal.language) << " (" << indicator.id << " "
                 << indicator.version << ")\n\n"
                 << coverage_table(reply, terminal, std::nullopt).to_text(terminal.language)
                 << '\n';
    print_numbers(indicator, terminal);
    if (!is_series(reply)) terminal.out << text(when_of(reply, known), terminal.language) << '\n';
    if (const auto since = first_open_day(reply, known)) {
        terminal.out << text(msg("coverage.footer.still_open", {{"day", since->to_string()}}),
                             terminal.language)
                     << '\n';
    }
    if (mixes_cohorts(reply.question))
        terminal.out << text(msg("coverage.footer.cohorts"), terminal.language) << '\n';
    if (has_nobody(reply))
        terminal.out << text(is_of_periods(reply) ? "coverage.footer.no_case"
                                                  : "coverage.footer.nobody",
                             terminal.language)
                     << '\n';
    if (has_hidden(reply))
        terminal.out << text(msg("coverage.footer.hidden"), terminal.language) << '\n';
    if (reply.erased > 0)
        terminal.out << text(msg("coverage.footer.erased",
                                 {{"count", std::to_string(reply.erased)}}),
                             terminal.language)
                     << '\n';
    terminal.out << text(source_of(reply, zone), terminal.language) << '\n'
                 << text(msg("coverage.footer.stamp", {{"stamp", reply.stamp}}), terminal.language)
                 << '\n';
}

}  // namespace egret::console
