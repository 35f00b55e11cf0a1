#include "cli/console/answer_form.h"
#include "cli/console/catalog.h"
#include "cli/console/csv.h"
#include "cli/console/labels.h"
#include "cli/console/stock_words.h"
#include "cli/describe.h"
#include "cli/field_help.h"
#include "cli/field_words.h"
#include "cli/handlers.h"
#include "cli/recorded_answer.h"
#include "cli/stock_answer.h"
#include "cli/stock_output.h"
#include "cli/typed_ids.h"
#include "registry/base/text.h"
#include "registry/codec/fact_json.h"
#include "registry/domain/check.h"
#include "registry/domain/stock_figures.h"
#include "registry/json/dump.h"
#include "registry/service/stock.h"

#include <algorithm>
#include <ostream>

namespace egret::cli {
namespace {

using console::ExitStatus;
using console::text;

// ---- what happened ------------------------------------------------------------------------------

/// A field of another thing that happens to stock is none here, whatever it says.
Result<Done> check_own_fields(const Command& command, StockAction action) {
    const auto shape = codec::entered_shape(Stock::name);
    const auto names = stock_field_names(action);
    const auto own = split(names, ',');
    for (const auto& word : command.parsed.fields()) {
        const auto is_it = [&](std::string_view name) { return trim(name) == word.field; };
        const bool is_known = std::any_of(shape->begin(), shape->end(), [&](const auto& member) {
            return member.name == word.field;
        });
        if (is_known && std::none_of(own.begin(), own.end(), is_it) && word.field != "action" &&
            word.field != "about")
            return Error{ErrorCode::invalid_input, word.field, msg("stock.not_of_action")};
    }
    return Done{};
}

Result<Fact> read_stock_fact(const Command& command, StockAction action, const EventUid& about) {
    json::Object start{{"action", to_string(action)}};
    if (!about.is_nil()) start.set("about", about.to_string());
    if (auto own = check_own_fields(command, action); !own) return std::move(own).error();
    auto object =
        put_words(Stock::name, std::move(start), command.parsed.fields(), EmptyValue::refused);
    if (!object && object.error().message.id == "field.unknown") {
        // Only those of what she wants to record.
        return Error{ErrorCode::invalid_input, object.error().field,
                     msg("field.unknown", {{"all", stock_field_names(action)}})};
    }
    if (!object) return std::move(object).error();
    if (object->find("action")->as_text() != to_string(action) ||
        (!about.is_nil() && object->find("about")->as_text() != about.to_string()))
        return Error{ErrorCode::invalid_input, "action", msg("stock.other_action")};
    return codec::fact_from_json(*object);
}

/// How much is left, or how many doses are concerned: what she'd ask next.
std::int64_t left_of(service::Clinic& clinic, const std::string& facility, const Stock& stock) {
    std::int64_t left = 0;
    for (const auto& lot : service::StockKeeper(clinic).book(facility).lots(clinic.today())) {
        if (lot.product == stock.product && lot_key(lot.lot) == lot_key(stock.lot))
            left = lot.balance;
    }
    return left;
}

Outcome record_stock(const Command& command, StockAction action, const EventUid& about = {}) {
    auto fact = read_stock_fact(command, action, about);
    if (!fact) return refused_words(command, fact.error(), PutInto::nothing);
    const auto clinic = open_clinic_today(command);
    if (!clinic) return clinic.error();
    const auto caller = (*clinic)->caller();
    const auto facility = fact->at.facility;
    const auto recorded = service::StockKeeper(**clinic).record(caller, *std::move(fact), facility);
    if (!recorded && recorded.error().code == ErrorCode::invalid_input)
        return usage_error(command, recorded.error());
    if (!recorded) return recorded.error();
    const auto found = service::Recorder(**clinic).find_live(caller, recorded->event);
    if (!found) return found.error();
    const auto& stock = std::get<Stock>(found->live.fact.detail);
    const auto event = recorded->event.to_string();
    const auto where = found->live.facility();
    json::Object more{{"facility", where}};
    if (!stock.lot.empty()) {
        const auto left = left_of(**clinic, where, stock);
        more.set("balance", left);
        print_recorded(
            command, *recorded,
            msg("stock.moved",
                {{"lot", stock.lot}, {"balance", std::to_string(left)}, {"event", event}}),
            more);
        return ExitStatus::done;
    }
    const auto lots = lots_held_by(**clinic, recorded->event);
    for (const auto& member : lots_now_json(**clinic, lots)) more.append(member.name, member.value);
    const auto now = lots_now(**clinic, lots, command.language());
    print_recorded(
        command, *recorded,
        msg("stock.held", {{"lots_now", text(now, command.language())}, {"event", event}}), more);
    return ExitStatus::done;
}

Outcome receive_stock(const Command& command) {
    return record_stock(command, StockAction::receipt);
}

Outcome issue_stock(const Command& command) { return record_stock(command, StockAction::issue); }

Outcome count_stock(const Command& command) { return record_stock(command, StockAction::count); }

Outcome discard_stock(const Command& command) {
    return record_stock(command, StockAction::discard);
}

Outcome record_excursion(const Command& command) {
    return record_stock(command, StockAction::temperature_excursion);
}

Outcome recall_lots(const Command& command) { return record_stock(command, StockAction::recall); }

Outcome decide_on_lots(const Command& command) {
    const auto about = parse_event_uid(command.parsed.value("EVENT"));
    if (!about) return Error{ErrorCode::not_found, "EVENT", msg("stock.no_such_hold")};
    return record_stock(command, StockAction::decision, *about);
}

// ---- what is there ------------------------------------------------------------------------------

/// The facility that is asked about.
Result<std::string> read_facility(const Command& command, service::Clinic& clinic) {
    auto facility = command.parsed.find("facility").value_or(clinic.identity().code);
    if (!is_facility_code(facility))
        return Error{ErrorCode::invalid_input, "--facility", msg("facility.shape")};
    return facility;
}

/// The book of the facility that is asked about. Errors: not_found, if nothing is known of another
/// one's vaccine.
Result<StockBook> load_book(service::Clinic& clinic, const std::string& facility) {
    auto book = service::StockKeeper(clinic).book(facility);
    const bool is_own = facility == clinic.identity().code;
    if (!is_own && book.empty() && book.unknown_doses().empty())
        return Error{ErrorCode::not_found, "--facility", msg("facility.unknown")};
    return book;
}

/// A table has one form.
Result<Done> check_form(const Command& command) {
    return console::check_one_form(command.parsed, {"csv", "json"});
}

/// Prints a table, if it isn't asked for as CSV with a sentence where it is empty.
void print_table(const Command& command, const console::Table& table, const Message& if_empty) {
    auto& out = command.terminal.out;
    if (command.parsed.has("csv"))
        out << console::to_csv(table);
    else if (table.rows().empty())
        out << text(if_empty, command.language()) << '\n';
    else
        out << table.to_text(command.language());
}

Outcome show_stock(const Command& command) {
    if (const auto form = check_form(command); !form) return usage_error(command, form.error());
    const auto clinic = open_clinic_today(command);
    if (!clinic) return clinic.error();
    const auto facility = read_facility(command, **clinic);
    if (!facility) return usage_error(command, facility.error());
    const auto on = command.parsed.find_day("on").value_or((*clinic)->today());
    const auto book = load_book(**clinic, *facility);
    if (!book) return book.error();
    auto& out = command.terminal.out;
    const auto lot = command.parsed.find("LOT");
    if (lot || command.parsed.has("unknown")) {
        auto lines = lot ? book->lines(lot_key(*lot)) : book->unknown_doses();
        if (lot && lines.empty())
            return Error{ErrorCode::not_found, "LOT", msg("stock.no_such_lot")};
        std::erase_if(lines, [&](const StockLine& line) { return line.day > on; });
        if (command.terminal.json)
            out << json::dump(lines_json(lines)) << '\n';
        else
            print_table(command, lines_table(lines, command.language()),
                        lot ? msg("stock.no_such_lot") : msg("stock.no_unknown_doses"));
        return ExitStatus::done;
    }
    const auto* programme = (*clinic)->programme_on(on);
    const auto levels = programme ? programme->stock : rules::StockLevels{};
    const StockView view{*book, on, levels, command.parsed.has("all")};
    if (command.terminal.json) {
        out << json::dump(stock_json(view)) << '\n';
        return ExitStatus::done;
    }
    print_table(command, stock_table(view, command.language()), msg("stock.nothing"));
    if (!command.parsed.has("csv")) out << stock_notes(view, command.language());
    return ExitStatus::done;
}

Outcome show_wastage(const Command& command) {
    if (const auto form = check_form(command); !form) return usage_error(command, form.error());
    const auto clinic = open_clinic_today(command);
    if (!clinic) return clinic.error();
    const auto facility = read_facility(command, **clinic);
    if (!facility) return usage_error(command, facility.error());
    const auto period = console::stock_period(command.parsed, (*clinic)->today());
    if (!period) return usage_error(command, period.error());
    const auto book = load_book(**clinic, *facility);
    if (!book) return book.error();
    if (command.terminal.json)
        command.terminal.out << json::dump(wastage_json(*book, *period)) << '\n';
    else
        print_table(command, wastage_table(*book, *period, command.language()),
                    msg("stock.nothing"));
    return ExitStatus::done;
}

/// Whether any facility's book tells of the lot.
bool is_lot_known(service::Clinic& clinic, const std::string& lot) {
    const auto books = clinic.stock_books().all();
    return std::any_of(books.begin(), books.end(),
                       [&](const StockBook& book) { return !book.lines(lot_key(lot)).empty(); });
}

Outcome show_recipients(const Command& command) {
    if (const auto form = check_form(command); !form) return usage_error(command, form.error());
    const auto clinic = open_clinic(command);
    if (!clinic) return clinic.error();
    const auto lot = command.parsed.value("LOT");
    const auto found = service::lot_recipients(**clinic, (*clinic)->caller(), lot);
    if (found.empty() && !is_lot_known(**clinic, lot))
        return Error{ErrorCode::not_found, "LOT", msg("stock.no_such_lot")};
    if (command.terminal.json)
        command.terminal.out << json::dump(recipients_json(found)) << '\n';
    else
        print_table(command, recipients_table(found, command.language()),
                    msg("stock.nobody_had_it"));
    return ExitStatus::done;
}

}  // namespace

void add_stock_commands(console::Handlers& handlers, const Machine& machine) {
    add_action(handlers, machine, "stock receive", receive_stock);
    add_action(handlers, machine, "stock issue", issue_stock);
    add_action(handlers, machine, "stock count", count_stock);
    add_action(handlers, machine, "stock discard", discard_stock);
    add_action(handlers, machine, "stock excursion", record_excursion);
    add_action(handlers, machine, "stock recall", recall_lots);
    add_action(handlers, machine, "stock decide", decide_on_lots);
    add_action(handlers, machine, "stock show", show_stock);
    add_action(handlers, machine, "stock wastage", show_wastage);
    add_action(handlers, machine, "stock who", show_recipients);
}

}  // namespace egret::cli
