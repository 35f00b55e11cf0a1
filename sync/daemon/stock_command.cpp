#include "sync/daemon/stock_command.h"

#include "cli/console/answer_form.h"
#include "cli/console/catalog.h"
#include "cli/console/csv.h"
#include "cli/console/labels.h"
#include "cli/console/stock_words.h"
#include "registry/coverage/stock_indicator.h"
#include "registry/domain/check.h"
#include "registry/json/dump.h"
#include "sync/daemon/centre_access.h"

#include <ostream>

namespace egret::daemon {
namespace {

using console::Align;
using console::text;
using store::StockBy;

Result<store::StockQuestion> stock_question(const console::Parsed& parsed, Date today) {
    if (auto form = console::check_one_form(parsed, {"csv", "json"}); !form)
        return std::move(form).error();
    store::StockQuestion question;
    const auto period = console::stock_period(parsed, today);
    if (!period) return period.error();
    question.period = *period;
    if (const auto area = parsed.find("area")) {
        const auto code = AreaCode::parse(*area);
        if (!code) return Error{code.error()}.within("--area");
        question.area = *code;
    }
    question.facility = parsed.find("facility").value_or("");
    if (parsed.has("facility") && !is_facility_code(question.facility))
        return Error{ErrorCode::invalid_input, "--facility", msg("facility.shape")};
    const auto by = parsed.find("by");
    if (by == "facility") question.by = StockBy::facility;
    if (by == "product") question.by = StockBy::product;
    return question;
}

std::string_view title_of(StockMeasure measure) {
    switch (measure) {
        case StockMeasure::closed_vial_wastage: return "stock.column.closed_vial";
        case StockMeasure::open_vial_wastage: return "stock.column.open_vial";
        case StockMeasure::stock_out_days: return "stock.column.stock_out_days";
        case StockMeasure::stock_availability: break;
    }
    return "stock.column.available";
}

/// In the order of the code list, whatever the files are called.
std::vector<const coverage::StockIndicator*> stock_indicators() {
    std::vector<const coverage::StockIndicator*> all;
    for (const auto& [measure, name] : CodeList<StockMeasure>::entries) {
        for (const auto& indicator : coverage::known_stock_indicators()) {
            if (indicator.measure == measure) all.push_back(&indicator);
        }
    }
    return all;
}

/// The columns that say of what a line is.
std::vector<console::Column> stock_keys(StockBy by) {
    std::vector<console::Column> columns;
    if (by != StockBy::product) {
        columns.push_back({"facility", "member.facility"});
        columns.push_back({"area", "central.column.area"});
    }
    if (by != StockBy::facility) columns.push_back({"product", "member.product"});
    return columns;
}

std::vector<std::string> stock_values(StockBy by, const store::StockCell& cell) {
    std::vector<std::string> values;
    if (by != StockBy::product) values = {cell.facility, cell.area};
    if (by != StockBy::facility) values.push_back(cell.product);
    return values;
}

/// For people: a share a cell, and the sum of all as the last line.
console::Table stock_table(const store::StockReply& reply, Language language) {
    const auto by = reply.question.by;
    auto columns = stock_keys(by);
    for (const auto* indicator : stock_indicators())
        columns.push_back({indicator->id, title_of(indicator->measure), Align::right});
    const auto key_count = columns.size() - stock_indicators().size();
    console::Table table(std::move(columns));
    const auto add = [&](std::vector<std::string> row, const StockFigures& figures) {
        for (const auto* indicator : stock_indicators())
            row.push_back(console::share_text(figures.of(indicator->measure)));
        table.add_row(std::move(row));
    };
    for (auto cell : reply.cells) {
        cell.product = console::vaccine_title(cell.product, language);
        add(stock_values(by, cell), cell.figures);
    }
    std::vector<std::string> total(key_count);
    total.front() = text("coverage.total", language);
    add(std::move(total), reply.total);
    return table;
}

/// Three of each measure; a table points at them.
const std::vector<std::string>& number_keys() {
    static const auto keys = [] {
        std::vector<std::string> all;
        for (const auto& [measure, name] : CodeList<StockMeasure>::entries) {
            for (const auto* suffix : {"_numerator", "_denominator", "_percent"})
                all.push_back(std::string(name) + suffix);
        }
        return all;
    }();
    return keys;
}

/// For spreadsheets: numbers only, and in each line of which days it is. No sums: who needs them,
/// adds numerators and denominators.
console::Table stock_file(const store::StockReply& reply) {
    const auto by = reply.question.by;
    auto columns = stock_keys(by);
    for (const auto& key : number_keys()) columns.push_back({key, "", Align::right});
    for (const auto* key : {"from", "to", "indicators"}) columns.push_back({key, ""});
    std::string versions;
    for (const auto* indicator : stock_indicators())
        versions.append(versions.empty() ? "" : " ")
            .append(indicator->id + "@" + indicator->version);
    console::Table table(std::move(columns));
    for (const auto& cell : reply.cells) {
        auto row = stock_values(by, cell);
        for (const auto& [measure, name] : CodeList<StockMeasure>::entries) {
            const auto& share = cell.figures.of(measure);
            row.push_back(std::to_string(share.part));
            row.push_back(std::to_string(share.of));
            row.push_back(console::percent_of(share).value_or(""));
        }
        row.push_back(reply.question.period.from.to_string());
        row.push_back(reply.question.period.to.to_string());
        row.push_back(versions);
        table.add_row(std::move(row));
    }
    return table;
}

json::Value text_or_null(const std::string& value) {
    return value.empty() ? json::Value() : json::Value(value);
}

void append_figures(json::Object& to, const StockFigures& figures) {
    for (const auto& [measure, name] : CodeList<StockMeasure>::entries) {
        const auto& share = figures.of(measure);
        const auto percent = console::percent_of(share);
        to.append(std::string(name),
                  json::Object{{"numerator", share.part},
                               {"denominator", share.of},
                               {"percent", percent ? json::Value(*percent) : json::Value()}});
    }
}

json::Array codes_json(const std::vector<std::string>& codes) {
    json::Array all;
    for (const auto& code : codes) all.emplace_back(code);
    return all;
}

json::Value stock_json(const store::StockReply& reply) {
    const auto& question = reply.question;
    json::Array indicators;
    for (const auto* indicator : stock_indicators()) {
        indicators.emplace_back(json::Object{{"id", indicator->id},
                                             {"version", indicator->version},
                                             {"measure", to_string(indicator->measure)}});
    }
    json::Array cells;
    for (const auto& cell : reply.cells) {
        json::Object one;
        if (question.by != StockBy::product) {
            one.append("facility", cell.facility);
            one.append("area", text_or_null(cell.area));
        }
        if (question.by != StockBy::facility) one.append("product", cell.product);
        append_figures(one, cell.figures);
        cells.emplace_back(std::move(one));
    }
    json::Object totals;
    append_figures(totals, reply.total);
    const auto& oldest = reply.freshness.oldest;
    return json::Object{
        {"from", question.period.from.to_string()},
        {"to", question.period.to.to_string()},
        {"area", question.area ? json::Value(question.area->text()) : json::Value()},
        {"facility", text_or_null(question.facility)},
        {"indicators", std::move(indicators)},
        {"cells", std::move(cells)},
        {"totals", std::move(totals)},
        {"told", codes_json(reply.told)},
        {"told_nothing", codes_json(reply.silent)},
        {"freshness",
         json::Object{{"clinics", reply.freshness.clinics},
                      {"oldest", oldest ? json::Value(utc_text(*oldest)) : json::Value()}}}};
}

std::string joined(const std::vector<std::string>& codes) {
    std::string all;
    for (const auto& code : codes) all.append(all.empty() ? "" : ", ").append(code);
    return all;
}

void print_stock(const store::StockReply& reply, const icu::TimeZone& zone,
                 const console::Terminal& terminal) {
    const auto& period = reply.question.period;
    const auto say = [&](const Message& message) {
        terminal.out << text(message, terminal.language) << '\n';
    };
    if (reply.cells.empty())
        say(msg("stock.nobody_told"));
    else
        terminal.out << stock_table(reply, terminal.language).to_text(terminal.language) << '\n';
    say(msg("stock.footer.days",
            {{"from", period.from.to_string()}, {"to", period.to.to_string()}}));
    if (!reply.told.empty())
        say(msg("stock.footer.told", {{"facilities", std::to_string(reply.told.size())}}));
    if (!reply.silent.empty()) {
        say(msg("stock.footer.silent", {{"count", std::to_string(reply.silent.size())},
                                        {"facilities", joined(reply.silent)}}));
    }
    if (const auto& oldest = reply.freshness.oldest)
        say(msg("stock.footer.oldest", {{"oldest", zone.local_time_text(*oldest)}}));
}

}  // namespace

Result<console::ExitStatus> stock_wastage(const console::Parsed& parsed,
                                          const console::Terminal& terminal) {
    auto centre = open_centre(parsed, terminal);
    if (!centre) return std::move(centre).error();
    const auto today = centre->zone().local_day(SystemClock().now());
    const auto question = stock_question(parsed, today);
    if (!question) return question.error();
    const auto reply = centre->store().answer_stock(*question);
    const bool is_known = question->facility.empty() || !reply.told.empty() ||
                          centre->store().find_clinic(question->facility);
    if (!is_known) return Error{ErrorCode::not_found, "facility", msg("central.no_clinic")};
    if (terminal.json)
        terminal.out << json::dump(stock_json(reply)) << '\n';
    else if (parsed.has("csv"))
        terminal.out << console::to_csv(stock_file(reply));
    else
        print_stock(reply, centre->zone(), terminal);
    return console::ExitStatus::done;
}

}  // namespace egret::daemon
