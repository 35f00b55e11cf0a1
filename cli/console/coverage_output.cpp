#include "cli/console/coverage_output.h"

#include "cli/console/answer_form.h"
#include "cli/console/catalog.h"
#include "cli/console/csv.h"
#include "cli/console/stock_indicator_output.h"
#include "cli/console/table.h"
#include "registry/base/text.h"
#include "registry/json/dump.h"
#include "registry/store/series_days.h"

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

Result<std::vector<Date>> days_asked(const Parsed& parsed, Date today) {
    const auto from = parsed.find_day("from");
    const auto to = parsed.find_day("to");
    const auto on = parsed.find_day("on");
    if (!from && !to) {
        if (parsed.has("step"))
            return Error{ErrorCode::invalid_input, "--step", msg("coverage.days_unclear")};
        return std::vector<Date>{on.value_or(today)};
    }
    if (!from || !to || on)
        return Error{ErrorCode::invalid_input, "--from", msg("coverage.days_unclear")};
    const auto step = coverage::parse_step(parsed.find("step").value_or("month"));
    if (!step) return step.error();
    auto days = coverage::days_of_series(*from, *to, *step);
    // "to" is a field of a series; here it is an option as she typed it.
    if (!days) return Error{days.error().code, "--" + days.error().field, days.error().message};
    return days;
}

bool is_series(const store::CoverageReply& reply) { return reply.question.is_series; }

/// A year is a number for programs; what is not known is a word.
json::Value cell_value(coverage::Dimension dimension, const std::string& value) {
    std::int64_t number = 0;
    const auto end = value.data() + value.size();
    if (dimension == coverage::Dimension::birth_year &&
        std::from_chars(value.data(), end, number).ptr == end)
        return number;
    return value;
}

void append_figure(json::Object& to, const coverage::Figure& figure) {
    const auto percent = figure.percent();
    if (figure.is_suppressed) {
        to.append("numerator", nullptr);
        to.append("denominator", nullptr);
    } else {
        to.append("numerator", figure.numerator);
        to.append("denominator", figure.denominator);
    }
    to.append("percent", percent ? json::Value(*percent) : json::Value());
    to.append("suppressed", figure.is_suppressed);
    if (figure.exceeds_denominator()) to.append("exceeds_denominator", true);
}

json::Value totals_json(const store::CoverageReply& reply) {
    json::Array totals;
    for (const auto& total : reply.answer.totals) {
        json::Object one;
        if (is_series(reply)) one.append("on", total.on.to_string());
        append_figure(one, total.figure);
        totals.emplace_back(std::move(one));
    }
    return is_series(reply) ? json::Value(std::move(totals)) : std::move(totals.front());
}

std::vector<std::string> figure_texts(const coverage::Figure& figure) {
    if (figure.is_suppressed) return {"*", "*", "*"};
    return {std::to_string(figure.numerator), std::to_string(figure.denominator),
            figure.percent().value_or("")};
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
    if (!is_series(reply)) origin.push_back({"on", on.to_string()});
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
    if (is_series(reply)) columns.push_back({"on", "coverage.column.on"});
    for (const auto dimension : reply.answer.by)
        columns.push_back({coverage::to_string(dimension), title_of(dimension)});
    columns.push_back({"numerator", "coverage.column.numerator", Align::right});
    columns.push_back({"denominator", "coverage.column.denominator", Align::right});
    columns.push_back({"percent", "coverage.column.percent", Align::right});
    if (file_of) {
        for (const auto& origin : origin_of(reply, *file_of, *file_of))
            columns.push_back({origin.key, ""});
    }

    Table table(std::move(columns));
    const auto add = [&](Date on, std::vector<std::string> values, const coverage::Figure& figure) {
        if (is_series(reply)) values.insert(values.begin(), on.to_string());
        const auto figures = figure_texts(figure);
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
            add(cell.on, std::move(values), cell.figure);
        }
        if (file_of) return table;
    }
    for (const auto& total : reply.answer.totals) {
        std::vector<std::string> values(reply.answer.by.size());
        if (!values.empty()) values.front() = text("coverage.total", terminal.language);
        add(total.on, std::move(values), total.figure);
    }
    return table;
}

/// Nobody belongs on any of the days.
bool has_nobody(const store::CoverageReply& reply) {
    const auto& totals = reply.answer.totals;
    return std::all_of(totals.begin(), totals.end(), [](const auto& total) {
        return !total.figure.is_suppressed && total.figure.denominator == 0;
    });
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

std::string in_language(const BothLanguages& texts, Language language) {
    return language == Language::zh ? texts.zh : texts.en;
}

json::Value both_json(const BothLanguages& texts) {
    return json::Object{{"zh", texts.zh}, {"en", texts.en}};
}

/// "any", "valid", or null where no doses are counted.
json::Value doses_json(const coverage::Indicator& indicator) {
    if (!indicator.doses) return {};
    return indicator.doses == coverage::DosesCounted::any ? "any" : "valid";
}

json::Value protocols_json(const std::string& protocols) {
    return protocols.empty() ? json::Value() : json::Value(protocols);
}

/// Who belongs, who counts, and which doses: a line for each.
void print_numbers(const coverage::Indicator& indicator, const Terminal& terminal) {
    const auto say = [&](const Message& message) {
        terminal.out << text(message, terminal.language) << '\n';
    };
    say(msg("coverage.footer.denominator",
            {{"who", in_language(indicator.denominator_text, terminal.language)}}));
    say(msg("coverage.footer.numerator",
            {{"what", in_language(indicator.numerator_text, terminal.language)}}));
    if (!indicator.doses) return;
    if (indicator.doses == coverage::DosesCounted::any) {
        say(msg("coverage.footer.any_dose"));
    } else {
        say(msg("coverage.footer.valid_doses",
                {{"protocols", store::protocol_versions_of(indicator)}}));
    }
}

std::string doses_text(const coverage::Indicator& indicator, Language language) {
    if (!indicator.doses) return "";
    return text(indicator.doses == coverage::DosesCounted::any ? "coverage.doses.any"
                                                               : "coverage.doses.valid",
                language);
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
    auto days = days_asked(parsed, today);
    if (!days) return std::move(days).error();
    question.query.on = *std::move(days);
    question.is_series = parsed.has("from");
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
        if (is_series(reply)) one.append("on", cell.on.to_string());
        for (std::size_t i = 0; i < cell.values.size(); ++i) {
            one.append(std::string(coverage::to_string(reply.answer.by[i])),
                       cell_value(reply.answer.by[i], cell.values[i]));
        }
        append_figure(one, cell.figure);
        cells.emplace_back(std::move(one));
    }
    const auto& oldest = reply.freshness.oldest;
    json::Object out;
    out.append("indicator", question.indicator->id);
    out.append("version", question.indicator->version);
    out.append("doses", doses_json(*question.indicator));
    out.append("protocols", protocols_json(reply.protocols));
    out.append("on", is_series(reply) ? json::Value() : question.query.on.front().to_string());
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
    if (!is_series(reply)) {
        terminal.out << text(msg("coverage.footer.on",
                                 {{"on", reply.question.query.on.front().to_string()},
                                  {"known", known.to_string()}}),
                             terminal.language)
                     << '\n';
    }
    if (mixes_cohorts(reply.question))
        terminal.out << text(msg("coverage.footer.cohorts"), terminal.language) << '\n';
    if (has_nobody(reply))
        terminal.out << text(msg("coverage.footer.nobody"), terminal.language) << '\n';
    if (has_hidden(reply))
        terminal.out << text(msg("coverage.footer.hidden"), terminal.language) << '\n';
    terminal.out << text(source_of(reply, zone), terminal.language) << '\n'
                 << text(msg("coverage.footer.stamp", {{"stamp", reply.stamp}}), terminal.language)
                 << '\n';
}

void print_indicators(const Terminal& terminal) {
    if (terminal.json) {
        json::Array all;
        for (const auto& indicator : coverage::known_indicators()) {
            all.emplace_back(json::Object{{"id", indicator.id},
                                          {"version", indicator.version},
                                          {"kind", "coverage"},
                                          {"doses", doses_json(indicator)},
                                          {"title", both_json(indicator.title)}});
        }
        for (const auto& indicator : coverage::known_stock_indicators())
            all.emplace_back(stock_indicator_item(indicator));
        terminal.out << json::dump(std::move(all)) << '\n';
        return;
    }
    Table table({{"id", "coverage.column.indicator"},
                 {"version", "coverage.column.version"},
                 {"kind", "coverage.column.kind"},
                 {"doses", "coverage.column.doses"},
                 {"title", "coverage.column.title"}});
    for (const auto& indicator : coverage::known_indicators()) {
        table.add_row({indicator.id, indicator.version,
                       text("coverage.kind.coverage", terminal.language),
                       doses_text(indicator, terminal.language),
                       in_language(indicator.title, terminal.language)});
    }
    for (const auto& indicator : coverage::known_stock_indicators())
        table.add_row(stock_indicator_row(indicator, terminal.language));
    terminal.out << table.to_text(terminal.language);
}

Result<Done> print_indicator(std::string_view id, const Terminal& terminal) {
    if (const auto* stock = coverage::find_stock_indicator(id)) {
        print_stock_indicator(*stock, terminal);
        return Done{};
    }
    const auto found = coverage::find_indicator(id);
    if (!found) return found.error();
    const auto& indicator = **found;
    if (terminal.json) {
        json::Object shown{
            {"id", indicator.id}, {"version", indicator.version}, {"kind", "coverage"}};
        shown.append("doses", doses_json(indicator));
        shown.append("protocols", protocols_json(store::protocol_versions_of(indicator)));
        shown.append("title", both_json(indicator.title));
        shown.append("description", both_json(indicator.description));
        shown.append("denominator", both_json(indicator.denominator_text));
        shown.append("numerator", both_json(indicator.numerator_text));
        shown.append("source", both_json(indicator.source));
        terminal.out << json::dump(std::move(shown)) << '\n';
        return Done{};
    }
    terminal.out << indicator.id << " " << indicator.version << "\n"
                 << in_language(indicator.title, terminal.language) << "\n\n"
                 << in_language(indicator.description, terminal.language) << "\n\n";
    print_numbers(indicator, terminal);
    terminal.out << '\n' << in_language(indicator.source, terminal.language) << '\n';
    return Done{};
}

}  // namespace egret::console
