#include "cli/stock_output.h"

#include "cli/console/catalog.h"
#include "cli/console/labels.h"
#include "cli/console/stock_words.h"
#include "registry/store/women.h"

#include <algorithm>

namespace egret::cli {
namespace {

using console::Align;
using console::code_label;
using console::share_text;
using console::text;
using console::vaccine_title;

std::string date_or_empty(const std::optional<PartialDate>& date) {
    return date ? date->to_string() : "";
}

json::Value text_or_null(const std::string& value) {
    return value.empty() ? json::Value(nullptr) : json::Value(value);
}

std::string number(std::int64_t value) { return std::to_string(value); }

LotState state_of(const StockView& view, const LotBalance& lot) {
    return view.book.state_on(lot_key(lot.lot), lot.expires_on, view.on);
}

/// Usable, but not for long.
bool expires_soon(const StockView& view, const LotBalance& lot) {
    return view.levels.expiry_days && lot.expires_on && state_of(view, lot) == LotState::usable &&
           lot.expires_on->latest() <= view.on.plus_days(*view.levels.expiry_days);
}

std::string state_text(const StockView& view, const LotBalance& lot, Language language) {
    return expires_soon(view, lot) ? text("stock.state.expires_soon", language)
                                   : lot_state_text(state_of(view, lot), language);
}

std::vector<LotBalance> shown_lots(const StockView& view) {
    auto lots = view.book.lots(view.on);
    if (!view.with_empty) {
        std::erase_if(
            lots, [](const LotBalance& lot) { return lot.balance == 0 && lot.at_sessions == 0; });
    }
    return lots;
}

bool is_low(const StockView& view, const std::string& product) {
    const auto begun = view.book.begins_on(product);
    return view.levels.low_doses && begun && *begun <= view.on &&
           view.book.usable(product, view.on) <= *view.levels.low_doses;
}

/// The holds in force on the day: for each lot of them that isn't released.
struct OpenHold {
    const LotHold* hold;
    std::vector<std::string> lots;
    LotDecision state = LotDecision::quarantine;
};

std::vector<OpenHold> open_holds(const StockView& view) {
    std::vector<OpenHold> open;
    for (const auto& hold : view.book.holds()) {
        for (const auto state : {LotDecision::quarantine, LotDecision::substandard}) {
            OpenHold one{&hold, {}, state};
            for (const auto& lot : hold.said.lots) {
                if (hold.state_on(lot_key(lot), view.on) == state) one.lots.push_back(lot);
            }
            if (!one.lots.empty()) open.push_back(std::move(one));
        }
    }
    return open;
}

std::string action_text(const std::optional<StockAction>& action, Language language) {
    return action ? code_label("stock_action", to_string(*action), language)
                  : text("stock.given", language);
}

/// What to know before she is called.
std::string recipient_note(const service::LotRecipient& one, Language language) {
    std::vector<std::string> notes;
    if (one.is_spoilt || one.is_marked)
        notes.push_back(text("stock.does_not_count", language));
    else if (one.state != LotState::usable)
        notes.push_back(lot_state_text(one.state, language));
    if (one.is_before) notes.push_back(text("stock.given_before", language));
    if (one.died_on) notes.push_back(text("stock.has_died", language));
    std::string all;
    for (const auto& note : notes) {
        if (!all.empty()) all += language == Language::zh ? "；" : "; ";
        all += note;
    }
    return all;
}

bool has_balance(const StockLine& line) { return line.is_placed && !line.decision; }

json::Object share_json(const StockShare& share) {
    const auto percent = console::percent_of(share);
    return {{"doses", share.part},
            {"of", share.of},
            {"percent", percent ? json::Value(*percent) : json::Value(nullptr)}};
}

}  // namespace

std::string lot_names(const std::vector<std::string>& lots) {
    std::string all;
    for (const auto& lot : lots) all.append(all.empty() ? "" : ", ").append(lot);
    return all;
}

std::string lot_state_text(LotState state, Language language) {
    switch (state) {
        case LotState::substandard: return text("stock.state.substandard", language);
        case LotState::recalled: return text("stock.state.recalled", language);
        case LotState::quarantine: return text("stock.state.quarantine", language);
        case LotState::expired: return text("stock.state.expired", language);
        case LotState::usable: break;
    }
    return text("stock.state.usable", language);
}

console::Table stock_table(const StockView& view, Language language) {
    console::Table table({{"product", "member.product"},
                          {"lot", "member.lot"},
                          {"expires_on", "member.expires_on"},
                          {"received", "stock.column.received", Align::right},
                          {"issued", "stock.column.issued", Align::right},
                          {"discarded", "stock.column.discarded", Align::right},
                          {"given", "stock.column.given", Align::right},
                          {"difference", "stock.column.difference", Align::right},
                          {"balance", "stock.column.balance", Align::right},
                          {"at_sessions", "stock.column.at_sessions", Align::right},
                          {"state", "stock.column.state"}});
    for (const auto& lot : shown_lots(view)) {
        table.add_row({vaccine_title(lot.product, language), lot.lot, date_or_empty(lot.expires_on),
                       number(lot.received), number(lot.issued), number(lot.discarded),
                       number(lot.given), number(lot.difference), number(lot.balance),
                       number(lot.at_sessions), state_text(view, lot, language)});
    }
    return table;
}

std::string stock_notes(const StockView& view, Language language) {
    std::string notes;
    for (const auto& product : view.book.products()) {
        if (!is_low(view, product)) continue;
        notes += text(msg("stock.low", {{"product", product},
                                        {"doses", number(view.book.usable(product, view.on))}}),
                      language) +
                 "\n";
    }
    for (const auto& [hold, lots, state] : open_holds(view)) {
        notes += text(msg("stock.hold",
                          {{"action", action_text(hold->said.action, language)},
                           {"day", hold->day.to_string()},
                           {"lots", lot_names(lots)},
                           {"state", code_label("lot_decision", to_string(state), language)},
                           {"event", hold->uid.to_string()}}),
                      language) +
                 "\n";
    }
    if (const auto unknown = static_cast<std::int64_t>(view.book.unknown_doses().size())) {
        notes += text(msg("stock.unknown_doses", {{"doses", number(unknown)}}), language) + "\n";
    }
    return notes;
}

json::Object stock_json(const StockView& view) {
    json::Array lots;
    for (const auto& lot : shown_lots(view)) {
        lots.emplace_back(
            json::Object{{"product", lot.product},
                         {"lot", lot.lot},
                         {"expires_on", text_or_null(date_or_empty(lot.expires_on))},
                         {"received", lot.received},
                         {"issued", lot.issued},
                         {"discarded", lot.discarded},
                         {"given", lot.given},
                         {"difference", lot.difference},
                         {"balance", lot.balance},
                         {"at_sessions", lot.at_sessions},
                         {"counted_on", lot.counted_on ? json::Value(lot.counted_on->to_string())
                                                       : json::Value(nullptr)},
                         {"state", to_string(state_of(view, lot))},
                         {"expires_soon", expires_soon(view, lot)}});
    }
    json::Array products;
    for (const auto& product : view.book.products()) {
        products.emplace_back(json::Object{{"product", product},
                                           {"usable", view.book.usable(product, view.on)},
                                           {"low", is_low(view, product)}});
    }
    json::Array holds;
    for (const auto& [hold, held, state] : open_holds(view)) {
        json::Array names;
        for (const auto& lot : held) names.emplace_back(lot);
        holds.emplace_back(
            json::Object{{"event", hold->uid.to_string()},
                         {"action", to_string(*hold->said.action)},
                         {"date", hold->day.to_string()},
                         {"from", hold->said.from ? json::Value(hold->said.from->to_string())
                                                  : json::Value(nullptr)},
                         {"lots", std::move(names)},
                         {"decision", to_string(state)}});
    }
    return {
        {"facility", view.book.facility()}, {"on", view.on.to_string()},
        {"lots", std::move(lots)},          {"products", std::move(products)},
        {"holds", std::move(holds)},        {"unknown_doses", view.book.unknown_doses().size()}};
}

console::Table lines_table(const std::vector<StockLine>& lines, Language language) {
    console::Table table({{"date", "member.date"},
                          {"action", "stock.column.action"},
                          {"product", "member.product"},
                          {"lot", "member.lot"},
                          {"quantity", "member.quantity", Align::right},
                          {"reason", "stock.column.reason"},
                          {"facility", "stock.column.other"},
                          {"difference", "stock.column.difference", Align::right},
                          {"balance", "stock.column.balance", Align::right},
                          {"event", "member.event"}});
    for (const auto& line : lines) {
        auto other = line.other_facility;
        if (other.empty() && line.session)
            other = code_label("session", to_string(*line.session), language);
        std::string reason;
        if (line.reason) reason = code_label("discard_reason", to_string(*line.reason), language);
        if (line.decision) reason = code_label("lot_decision", to_string(*line.decision), language);
        table.add_row({line.day.to_string(), action_text(line.action, language),
                       line.decision ? "" : vaccine_title(line.product, language), line.lot,
                       line.decision ? "" : number(line.quantity), reason, other,
                       line.action == StockAction::count ? number(line.difference) : "",
                       has_balance(line) ? number(line.balance) : "", line.uid.to_string()});
    }
    return table;
}

json::Array lines_json(const std::vector<StockLine>& lines) {
    json::Array all;
    for (const auto& line : lines) {
        json::Object one{{"event", line.uid.to_string()},
                         {"date", line.day.to_string()},
                         {"action", line.action ? to_string(*line.action) : "dose"}};
        if (line.decision) {
            one.set("decision", to_string(*line.decision));
            if (!line.about.is_nil()) one.set("about", line.about.to_string());
            all.emplace_back(std::move(one));
            continue;
        }
        one.set("product", line.product);
        one.set("lot", line.lot);
        one.set("quantity", line.quantity);
        if (has_balance(line)) one.set("balance", line.balance);
        if (line.action == StockAction::count) one.set("difference", line.difference);
        if (line.reason) one.set("reason", to_string(*line.reason));
        if (line.session) one.set("session", to_string(*line.session));
        if (!line.other_facility.empty()) one.set("facility", line.other_facility);
        all.emplace_back(std::move(one));
    }
    return all;
}

console::Table wastage_table(const StockBook& book, const StockPeriod& period, Language language) {
    console::Table table({{"product", "member.product"},
                          {"closed_vial", "stock.column.closed_vial", Align::right},
                          {"open_vial", "stock.column.open_vial", Align::right},
                          {"stock_out_days", "stock.column.stock_out_days", Align::right}});
    for (const auto& product : book.products()) {
        const auto figures = stock_figures(book, product, period);
        table.add_row({vaccine_title(product, language), share_text(figures.closed_vial),
                       share_text(figures.open_vial), number(figures.out_days.part)});
    }
    return table;
}

json::Object wastage_json(const StockBook& book, const StockPeriod& period) {
    json::Array products;
    for (const auto& product : book.products()) {
        const auto figures = stock_figures(book, product, period);
        products.emplace_back(json::Object{{"product", product},
                                           {"closed_vial", share_json(figures.closed_vial)},
                                           {"open_vial", share_json(figures.open_vial)},
                                           {"stock_out_days", figures.out_days.part},
                                           {"days", figures.out_days.of}});
    }
    return {{"facility", book.facility()},
            {"from", period.from.to_string()},
            {"to", period.to.to_string()},
            {"products", std::move(products)}};
}

console::Table recipients_table(const std::vector<service::LotRecipient>& found,
                                Language language) {
    console::Table table({{"facility", "member.facility"},
                          {"name", "member.name"},
                          {"birth_date", "member.birth_date"},
                          {"phone", "member.phone"},
                          {"guardian", "member.guardian"},
                          {"school", "member.school"},
                          {"area", "member.area"},
                          {"date", "member.date"},
                          {"product", "member.product"},
                          {"note", "member.note"},
                          {"id", "member.id"}});
    for (const auto& one : found) {
        std::string guardian;
        if (one.who.guardian) {
            guardian = one.who.guardian->name;
            if (!one.who.guardian->phone.empty())
                guardian += (guardian.empty() ? "" : " ") + one.who.guardian->phone;
        }
        table.add_row(
            {one.facility, store::shown_name(one.who), date_or_empty(one.who.birth_date),
             one.who.phones.empty() ? "" : one.who.phones.front(), guardian,
             one.who.school + (one.who.school_class.empty() ? "" : " " + one.who.school_class),
             one.who.area, date_or_empty(one.date), vaccine_title(one.product, language),
             recipient_note(one, language), one.woman.to_string()});
    }
    return table;
}

json::Array recipients_json(const std::vector<service::LotRecipient>& found) {
    json::Array all;
    for (const auto& one : found) {
        const auto& guardian = one.who.guardian;
        all.emplace_back(json::Object{
            {"woman", one.woman.to_string()},
            {"name", store::shown_name(one.who)},
            {"birth_date", text_or_null(date_or_empty(one.who.birth_date))},
            {"phone", text_or_null(one.who.phones.empty() ? "" : one.who.phones.front())},
            {"guardian", text_or_null(guardian ? guardian->name : "")},
            {"guardian_phone", text_or_null(guardian ? guardian->phone : "")},
            {"school", text_or_null(one.who.school)},
            {"school_class", text_or_null(one.who.school_class)},
            {"area", text_or_null(one.who.area)},
            {"facility", text_or_null(one.facility)},
            {"date", text_or_null(date_or_empty(one.date))},
            {"product", one.product},
            {"event", one.dose.to_string()},
            {"substandard", one.is_spoilt || one.is_marked},
            {"state", to_string(one.state)},
            {"before_excursion", one.is_before},
            {"died_on",
             one.died_on ? json::Value(one.died_on->to_string()) : json::Value(nullptr)}});
    }
    return all;
}

}  // namespace egret::cli
