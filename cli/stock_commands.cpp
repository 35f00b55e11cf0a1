#include "cli/console/catalog.h"
#include "cli/console/csv.h"
#include "cli/console/labels.h"
#include "cli/console/stock_words.h"
#include "cli/describe.h"
#include "cli/field_words.h"
#include "cli/handlers.h"
#include "cli/recorded_answer.h"
#include "cli/stock_output.h"
#include "cli/typed_ids.h"
#include "registry/codec/fact_json.h"
#include "registry/domain/check.h"
#include "registry/domain/stock_check.h"
#include "registry/domain/stock_figures.h"
#include "registry/json/dump.h"
#include "registry/rules/vaccine.h"
#include "registry/service/stock.h"

#include <algorithm>
#include <ostream>
#include <set>

namespace egret::cli {
namespace {

using console::code_label;
using console::ExitStatus;
using console::text;

// ---- what happened ------------------------------------------------------------------------------

Result<Fact> read_stock_fact(const Command& command, StockAction action, const EventUid& about) {
    json::Object start{{"action", to_string(action)}};
    if (!about.is_nil()) start.set("about", about.to_string());
    auto object =
        put_words(Stock::name, std::move(start), command.parsed.fields(), EmptyValue::refused);
    if (!object) return std::move(object).error();
    if (object->find("action")->as_text() != to_string(action) ||
        (!about.is_nil() && object->find("about")->as_text() != about.to_string()))
        return Error{ErrorCode::invalid_input, "action", msg("stock.other_action")};
    return codec::fact_from_json(*object);
}

/// The lots, and how much is left or how many doses are concerned: what she'd ask next.
std::string lots_text(const std::vector<std::string>& lots) {
    std::string all;
    for (const auto& lot : lots) all.append(all.empty() ? "" : ", ").append(lot);
    return all;
}

std::int64_t left_of(service::Clinic& clinic, const std::string& facility, const Stock& stock) {
    std::int64_t left = 0;
    for (const auto& lot : service::StockKeeper(clinic).book(facility).lots(clinic.today())) {
        if (lot.product == stock.product && lot_key(lot.lot) == lot_key(stock.lot))
            left = lot.balance;
    }
    return left;
}

/// Women whose doses don't count because of what became of these lots.
std::int64_t spoilt_women(service::Clinic& clinic, const std::vector<std::string>& lots) {
    std::set<WomanId> women;
    for (const auto& lot : lots) {
        for (const auto& one : service::lot_recipients(clinic, lot)) {
            if (one.is_spoilt) women.insert(one.woman);
        }
    }
    return static_cast<std::int64_t>(women.size());
}

/// Holds what was typed to what any registry asks. What the books may add counts as there.
Result<Done> check_typed_stock(Fact typed) {
    auto& stock = std::get<Stock>(typed.detail);
    if (stock_has_member(*stock.action, "product") && stock.product.empty())
        stock.product = rules::known_vaccines().front().code;
    if (stock.action == StockAction::temperature_excursion && stock.lots.empty())
        stock.lots = {"A"};
    return check_typed(typed);
}

Outcome record_stock(const Command& command, StockAction action, const EventUid& about = {}) {
    auto fact = read_stock_fact(command, action, about);
    if (!fact) return refused_words(command, fact.error(), PutInto::nothing);
    if (auto checked = check_typed_stock(*fact); !checked)
        return refused_words(command, checked.error(), PutInto::nothing);
    const auto clinic = open_clinic_today(command);
    if (!clinic) return clinic.error();
    const auto caller = (*clinic)->first_user();
    const auto facility = fact->at.facility;
    const auto recorded = service::StockKeeper(**clinic).record(caller, *std::move(fact), facility);
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
    auto lots = stock.lots;
    if (lots.empty()) {
        const auto hold = service::Recorder(**clinic).find_live(caller, stock.about);
        if (hold) lots = std::get<Stock>(hold->live.fact.detail).lots;
    }
    const auto women = spoilt_women(**clinic, lots);
    json::Array lots_json;
    for (const auto& lot : lots) lots_json.emplace_back(lot);
    more.set("lots", std::move(lots_json));
    more.set("women_spoilt", women);
    const auto decision = stock.decision.value_or(LotDecision::quarantine);
    print_recorded(
        command, *recorded,
        msg("stock.held",
            {{"lots", lots_text(lots)},
             {"state", code_label("lot_decision", to_string(decision), command.language())},
             {"women", std::to_string(women)},
             {"event", event}}),
        more);
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
    if (!about) return about.error();
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
    const auto clinic = open_clinic_today(command);
    if (!clinic) return clinic.error();
    const auto facility = read_facility(command, **clinic);
    if (!facility) return usage_error(command, facility.error());
    const auto on = command.parsed.find_day("on").value_or((*clinic)->today());
    const auto book = service::StockKeeper(**clinic).book(*facility);
    auto& out = command.terminal.out;
    if (const auto lot = command.parsed.find("LOT")) {
        const auto lines = book.lines(lot_key(*lot));
        if (command.terminal.json)
            out << json::dump(lines_json(lines)) << '\n';
        else
            print_table(command, lines_table(lines, command.language()), msg("stock.no_such_lot"));
        return ExitStatus::done;
    }
    const auto* programme = (*clinic)->programme_on(on);
    const auto levels = programme ? programme->stock : rules::StockLevels{};
    const StockView view{book, on, levels, command.parsed.has("all")};
    if (command.terminal.json) {
        out << json::dump(stock_json(view)) << '\n';
        return ExitStatus::done;
    }
    print_table(command, stock_table(view, command.language()), msg("stock.nothing"));
    if (!command.parsed.has("csv")) out << stock_notes(view, command.language());
    return ExitStatus::done;
}

Outcome show_wastage(const Command& command) {
    const auto clinic = open_clinic_today(command);
    if (!clinic) return clinic.error();
    const auto facility = read_facility(command, **clinic);
    if (!facility) return usage_error(command, facility.error());
    const auto period = console::stock_period(command.parsed, (*clinic)->today());
    if (!period) return usage_error(command, period.error());
    const auto book = service::StockKeeper(**clinic).book(*facility);
    if (command.terminal.json)
        command.terminal.out << json::dump(wastage_json(book, *period)) << '\n';
    else
        print_table(command, wastage_table(book, *period, command.language()),
                    msg("stock.nothing"));
    return ExitStatus::done;
}

Outcome show_recipients(const Command& command) {
    const auto clinic = open_clinic(command);
    if (!clinic) return clinic.error();
    const auto found = service::lot_recipients(**clinic, command.parsed.value("LOT"));
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
