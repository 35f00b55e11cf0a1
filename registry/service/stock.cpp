#include "registry/service/stock.h"

#include "registry/base/limits.h"
#include "registry/codec/facility_subject.h"
#include "registry/domain/check.h"
#include "registry/domain/entry_check.h"
#include "registry/domain/facility_id.h"
#include "registry/store/lot_index.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace egret::service {
namespace {

Error not_allowed() { return {ErrorCode::forbidden, "", msg("caller.may_not_record")}; }

Error wrong_entry(const char* field, Message message) {
    return {ErrorCode::invalid_input, field, std::move(message)};
}

std::string count_text(std::int64_t number) { return std::to_string(number); }

Warning state_warning(LotState state) {
    switch (state) {
        case LotState::substandard: return {"lot_substandard", msg("warning.lot_substandard")};
        case LotState::recalled: return {"lot_recalled", msg("warning.lot_recalled")};
        case LotState::quarantine: return {"lot_quarantined", msg("warning.lot_quarantined")};
        case LotState::expired:
        case LotState::usable: break;
    }
    return {"lot_expired", msg("warning.lot_expired")};
}

bool is_movement(const Stock& stock) {
    return stock.action == StockAction::receipt || stock.action == StockAction::issue ||
           stock.action == StockAction::count || stock.action == StockAction::discard;
}

/// Lots of which there was something, or something happened, on that day or since.
std::vector<std::string> lots_since(const StockBook& book, Date from, Date today) {
    std::vector<std::string> lots;
    const auto before = book.lots(from.plus_days(-1));
    for (const auto& lot : book.lots(today)) {
        const auto key = lot_key(lot.lot);
        const bool was_there =
            std::any_of(before.begin(), before.end(), [&](const LotBalance& one) {
                return lot_key(one.lot) == key && one.balance + one.at_sessions > 0;
            });
        const auto lines = book.lines(key);
        const bool has_moved = std::any_of(lines.begin(), lines.end(),
                                           [&](const StockLine& line) { return line.day >= from; });
        const bool is_new = std::none_of(
            lots.begin(), lots.end(), [&](const std::string& one) { return lot_key(one) == key; });
        if ((was_there || has_moved) && is_new) lots.push_back(lot.lot);
    }
    return lots;
}

std::optional<PartialDate> expiry_of(const StockBook& book, const std::string& lot, Date on) {
    std::optional<PartialDate> expires_on;
    for (const auto& one : book.lots(on)) {
        if (lot_key(one.lot) != lot || !one.expires_on) continue;
        if (!expires_on || one.expires_on->latest() < expires_on->latest())
            expires_on = one.expires_on;
    }
    return expires_on;
}

Result<Done> check_days(const Fact& fact, const Stock& stock, Date today) {
    auto days = check_dates(fact, {}, today);
    if (!days) return days;
    if (stock.from && *stock.from > today) return wrong_entry("from", msg("date.future"));
    if (stock.to && *stock.to > today) return wrong_entry("to", msg("date.future"));
    return Done{};
}

/// The facts of a facility, so that a fact beside them can be looked at as if it were one of them.
LiveFact as_live(const Fact& fact, const std::string& facility) {
    LiveFact live;
    live.fact = fact;
    live.order.effective = Hlc{UINT64_MAX};  // What is recorded now comes last on its day.
    live.clinic = facility;
    return live;
}

}  // namespace

std::vector<std::string> StockKeeper::facilities() {
    const auto& own = clinic_.identity().code;
    std::set<std::string> others;
    for (const auto& live : clinic_.stock_books().facts()) others.insert(live.facility());
    others.erase(own);
    std::vector<std::string> all{own};
    all.insert(all.end(), others.begin(), others.end());
    return all;
}

StockBook StockKeeper::book(const std::string& facility) {
    return clinic_.stock_books().book(facility);
}

Result<LotHold> StockKeeper::find_hold(const Stock& decision, WomanId& subject) {
    const Error unknown{ErrorCode::not_found, "about", msg("stock.no_such_hold")};
    const auto logged = clinic_.log().find(decision.about);
    if (!logged || !is_facility(logged->event.subject)) return unknown;
    subject = logged->event.subject;
    for (auto& hold : holds_of(clinic_.stock_books().facts_of(subject))) {
        if (hold.uid == decision.about) return std::move(hold);
    }
    return unknown;
}

/// What the book knows and she needn't say.
Result<Done> StockKeeper::complete(const StockBook& book, Fact& fact) {
    auto& stock = std::get<Stock>(fact.detail);
    const auto today = clinic_.today();
    if (is_movement(stock) && stock.product.empty()) {
        const auto products = book.products_of(lot_key(stock.lot));
        if (products.size() > 1) return wrong_entry("product", msg("stock.several_products"));
        if (products.empty() && !stock.lot.empty())
            return wrong_entry("product", msg("stock.new_lot_needs_product"));
        if (products.size() == 1) stock.product = products.front();
    }
    if (stock.action == StockAction::temperature_excursion && stock.lots.empty() && stock.from) {
        stock.lots = lots_since(book, *stock.from, today);
        if (stock.lots.empty()) return wrong_entry("lots", msg("stock.no_lots_since"));
        if (stock.lots.size() > limits::list_items_max)
            return wrong_entry(
                "lots", msg("fact.list_too_long", {{"limit", count_text(limits::list_items_max)}}));
    }
    return Done{};
}

std::vector<Warning> StockKeeper::warnings_of(const StockBook& book, const Fact& fact,
                                              const LiveFact* before) {
    std::vector<Warning> warnings;
    const auto& stock = std::get<Stock>(fact.detail);
    const auto day = fact.at.date->earliest();
    for (const auto& lot : stock.lots) {
        const auto is_known =
            !book.lines(lot_key(lot)).empty() || !clinic_.lots().women_of(lot_key(lot)).empty();
        if (!is_known && warnings.empty())
            warnings.push_back({"lot_unknown", msg("warning.lot_unknown")});
    }
    if (!is_movement(stock)) return warnings;
    const auto key = lot_key(stock.lot);
    const auto expires_on = expiry_of(book, key, clinic_.today());
    if (stock.expires_on && expires_on && stock.expires_on != expires_on)
        warnings.push_back({"expiry_differs", msg("warning.expiry_differs")});
    const auto state = book.state_on(key, stock.expires_on ? stock.expires_on : expires_on, day);
    const bool takes_in =
        stock.action == StockAction::receipt || stock.action == StockAction::issue;
    if (takes_in && state != LotState::usable) warnings.push_back(state_warning(state));
    // The book as it is with this fact.
    auto facts = clinic_.stock_books().facts();
    if (before) std::erase_if(facts, [&](const LiveFact& live) { return live.uid == before->uid; });
    facts.push_back(as_live(fact, book.facility()));
    if (before) facts.back().order = before->order;
    const StockBook after(book.facility(), facts, clinic_.lots().doses_at(book.facility()));
    for (const auto& line : after.lines(key)) {
        if (line.product != stock.product) continue;
        const bool is_this = line.uid == facts.back().uid && line.action == stock.action;
        if (is_this && line.difference != 0 && stock.action == StockAction::count) {
            warnings.push_back(
                {"count_differs", msg("warning.count_differs",
                                      {{"reckoned", count_text(line.quantity - line.difference)},
                                       {"counted", count_text(line.quantity)}})});
        }
        if (is_this && line.balance < 0 && stock.action != StockAction::receipt)
            warnings.push_back({"stock_negative", msg("warning.stock_negative")});
    }
    return warnings;
}

Result<StockKeeper::Checked> StockKeeper::check_for(const std::string& facility, Fact fact,
                                                    const LiveFact* before) {
    if (!std::holds_alternative<Stock>(fact.detail))
        return wrong_entry("type", msg("fact.has_own_command"));
    const auto today = clinic_.recording_day();
    if (!today) return today.error();
    if (!fact.at.date) fact.at.date = *today;
    const auto book = this->book(facility);
    if (auto completed = complete(book, fact); !completed) return std::move(completed).error();
    if (auto checked = check_entry(fact); !checked) return std::move(checked).error();
    if (auto vaccine = check_vaccine(fact); !vaccine) return std::move(vaccine).error();
    const auto& stock = std::get<Stock>(fact.detail);
    if (auto days = check_days(fact, stock, *today); !days) return std::move(days).error();
    if (stock.action == StockAction::issue && stock.to_facility == facility)
        return wrong_entry("to_facility", msg("stock.to_itself"));
    auto warnings = warnings_of(book, fact, before);
    if (auto clock = clock_warning(clinic_.day())) warnings.push_back(*std::move(clock));
    return Checked{std::move(fact), std::move(warnings)};
}

Result<Recorded> StockKeeper::record(const Caller& caller, Fact fact, const std::string& facility) {
    if (!caller.may_record()) return not_allowed();
    const auto& own = clinic_.identity().code;
    // What this clinic does is known by whose log it stands in: its code may become another.
    fact.at.facility = facility == own ? "" : facility;
    if (!facility.empty() && !is_facility_code(facility))
        return wrong_entry("facility", msg("facility.shape"));
    const auto& where = facility.empty() ? own : facility;
    auto subject = codec::facility_subject(where);
    auto* stock = std::get_if<Stock>(&fact.detail);
    if (stock && stock->action == StockAction::decision) {
        if (const auto root = Recorder(clinic_).find_live(caller, stock->about))
            stock->about = root->live.uid;
        const auto hold = find_hold(*stock, subject);
        if (!hold) return hold.error();
        const bool are_of_it =
            std::all_of(stock->lots.begin(), stock->lots.end(),
                        [&](const std::string& lot) { return hold->is_about(lot_key(lot)); });
        if (!are_of_it) return wrong_entry("lots", msg("stock.lot_not_held"));
    }
    auto checked = check_for(where, std::move(fact));
    if (!checked) return std::move(checked).error();
    sqlite::WriteTransaction tx(clinic_.database());
    std::vector<Draft> drafts;
    drafts.push_back({subject, std::move(checked->fact)});
    auto uids = clinic_.append(caller, std::move(drafts), tx);
    if (!uids) return std::move(uids).error();
    tx.commit();
    return Recorded{uids->front(), subject, std::move(checked->warnings)};
}

Result<StockKeeper::Checked> StockKeeper::check_replacement(const LiveFact& before, Fact fact) {
    const auto* was = std::get_if<Stock>(&before.fact.detail);
    const auto* stock = std::get_if<Stock>(&fact.detail);
    if (!was || !stock || was->action != stock->action)
        return wrong_entry("action", msg("stock.other_action"));
    if (stock->about != was->about) return wrong_entry("about", msg("stock.other_action"));
    if (fact.at.facility != before.fact.at.facility)
        return wrong_entry("facility", msg("stock.other_facility"));
    return check_for(before.facility(), std::move(fact), &before);
}

std::vector<Warning> lot_warnings(Clinic& clinic, const Fact& fact) {
    std::vector<Warning> warnings;
    const auto* dose = std::get_if<Dose>(&fact.detail);
    if (!dose || dose->lot.empty() || !fact.at.date || !is_completed(fact)) return warnings;
    LiveFact live;
    live.fact = fact;
    live.clinic = clinic.identity().code;
    const auto facility = facility_of_dose(live);
    const auto facts = clinic.stock_books().facts();
    if (facility.empty() || facts.empty()) return warnings;
    const StockBook book(facility, facts, {});
    const auto key = lot_key(dose->lot);
    const auto day = fact.at.date->latest();
    auto state = LotState::usable;
    for (const auto& hold : book.holds()) {
        const auto word = hold.word_on_dose(key, day);
        if (!word || *word == LotDecision::released) continue;
        const bool is_recall = hold.said.action == StockAction::recall;
        state = std::min(state, *word == LotDecision::substandard ? LotState::substandard
                                : is_recall                       ? LotState::recalled
                                                                  : LotState::quarantine);
    }
    if (state != LotState::usable) warnings.push_back(state_warning(state));
    const auto expires_on = expiry_of(book, key, clinic.today());
    if (expires_on && expires_on->latest() < day)
        warnings.push_back(state_warning(LotState::expired));
    return warnings;
}

std::vector<LotRecipient> lot_recipients(Clinic& clinic, const std::string& lot) {
    std::vector<LotRecipient> found;
    const auto key = lot_key(lot);
    if (key.empty()) return found;
    for (const auto woman_ix : clinic.lots().women_of(key)) {
        const auto history = clinic.load_history(clinic.log().women().load_id(woman_ix));
        if (!history) continue;
        for (const auto& live : history->facts) {
            const auto* dose = std::get_if<Dose>(&live.fact.detail);
            if (!dose || lot_key(dose->lot) != key || !is_completed(live.fact)) continue;
            found.push_back({history->woman, history->who, history->died_on, live.uid,
                             live.fact.at.date, dose->product, facility_of_dose(live),
                             live.is_spoilt});
        }
    }
    std::sort(found.begin(), found.end(), [](const LotRecipient& a, const LotRecipient& b) {
        return std::tie(a.facility, a.date, a.woman, a.dose) <
               std::tie(b.facility, b.date, b.woman, b.dose);
    });
    return found;
}

}  // namespace egret::service
