#include "registry/service/stock.h"

#include "registry/base/limits.h"
#include "registry/codec/facility_subject.h"
#include "registry/domain/check.h"
#include "registry/domain/entry_check.h"
#include "registry/domain/facility_id.h"
#include "registry/service/hold_warnings.h"
#include "registry/service/stock_warnings.h"
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

/// Lots of which there was something, or that came or went, on one of these days.
std::vector<std::string> lots_between(const StockBook& book, Date from, Date to) {
    std::vector<std::string> lots;
    const auto before = book.lots(from.plus_days(-1));
    for (const auto& lot : book.lots(to)) {
        const auto key = lot_key(lot.lot);
        const bool was_there =
            std::any_of(before.begin(), before.end(), [&](const LotBalance& one) {
                return lot_key(one.lot) == key && one.balance + one.at_sessions > 0;
            });
        const auto lines = book.lines(key);
        const bool has_moved = std::any_of(lines.begin(), lines.end(), [&](const StockLine& line) {
            return !line.decision && from <= line.day && line.day <= to;
        });
        const bool is_new = std::none_of(
            lots.begin(), lots.end(), [&](const std::string& one) { return lot_key(one) == key; });
        if ((was_there || has_moved) && is_new) lots.push_back(lot.lot);
    }
    return lots;
}

/// Nobody but the facility itself says what its lots are worth.
Error others_lots() { return wrong_entry("facility", msg("stock.others_lots")); }

/// What every fact may say and stock can't: it is what happened, as it was seen here. A correction
/// leaves of that what was there.
Result<Done> check_circumstances(const Circumstances& at, const Circumstances& before) {
    const auto refused = [](const char* field) {
        return wrong_entry(field, msg("stock.not_of_action"));
    };
    if (at.status && at.status != before.status) return refused("status");
    if (at.source && at.source != before.source) return refused("source");
    if (at.clock_suspect && at.clock_suspect != before.clock_suspect)
        return refused("clock_suspect");
    return Done{};
}

bool decides_on(const Stock& decision, const LotHold& hold) {
    return std::all_of(decision.lots.begin(), decision.lots.end(),
                       [&](const std::string& lot) { return hold.is_about(lot_key(lot)); });
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
    if (is_movement(stock.action) && stock.product.empty()) {
        const auto products = book.products_of(lot_key(stock.lot));
        if (products.size() > 1) return wrong_entry("product", msg("stock.several_products"));
        if (products.empty() && !stock.lot.empty())
            return wrong_entry("product", msg("stock.new_lot_needs_product"));
        if (products.size() == 1) stock.product = products.front();
    }
    if (stock.action == StockAction::temperature_excursion && stock.lots.empty() && stock.from) {
        stock.lots = lots_between(book, *stock.from, stock.to.value_or(fact.at.date->latest()));
        if (stock.lots.empty()) return wrong_entry("lots", msg("stock.no_lots_then"));
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
    for (const auto& lot : stock.lots) {
        const auto is_known = !book.products_of(lot_key(lot)).empty() ||
                              !clinic_.lots().women_of(lot_key(lot)).empty();
        if (!is_known && warnings.empty())
            warnings.push_back({"lot_unknown", msg("warning.lot_unknown")});
    }
    // The book without this fact, and with it.
    const auto& facility = book.facility();
    const auto doses = clinic_.lots().doses_at(facility);
    auto facts = clinic_.stock_books().facts();
    auto now = as_live(fact, facility);
    if (before) {
        std::erase_if(facts, [&](const LiveFact& live) { return live.uid == before->uid; });
        now.uid = before->uid;
        now.order = before->order;
    }
    const StockBook without(facility, facts, doses);
    facts.push_back(now);
    const StockBook with(facility, facts, doses);
    const auto* was = before ? &std::get<Stock>(before->fact.detail) : nullptr;
    const auto odd = is_movement(stock.action) ? movement_warnings(without, with, now.uid, stock)
                                               : hold_warnings(with, now.uid, stock, was);
    warnings.insert(warnings.end(), odd.begin(), odd.end());
    if (before) {
        const auto left_over = left_over_warnings(book, with);
        warnings.insert(warnings.end(), left_over.begin(), left_over.end());
    }
    return warnings;
}

Result<StockKeeper::Checked> StockKeeper::check_for(const std::string& facility, Fact fact,
                                                    const LiveFact* before) {
    if (!std::holds_alternative<Stock>(fact.detail))
        return wrong_entry("type", msg("fact.has_own_command"));
    const auto today = clinic_.recording_day();
    if (!today) return today.error();
    const auto circumstances =
        check_circumstances(fact.at, before ? before->fact.at : Circumstances{});
    if (!circumstances) return circumstances.error();
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
    fact.at.facility = facility;
    if (!facility.empty() && !is_facility_code(facility))
        return wrong_entry("facility", msg("facility.shape"));
    const auto& where = facility.empty() ? own : facility;
    auto subject = codec::facility_subject(where);
    auto* stock = std::get_if<Stock>(&fact.detail);
    if (stock && !is_movement(stock->action) && where != own) return others_lots();
    if (stock && stock->action == StockAction::decision) {
        if (const auto root = Recorder(clinic_).find_live(caller, stock->about))
            stock->about = root->live.uid;
        const auto hold = find_hold(*stock, subject);
        if (!hold) return hold.error();
        if (hold->facility != own) return others_lots();
        if (!decides_on(*stock, *hold)) return wrong_entry("lots", msg("stock.lot_not_held"));
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
    if (stock->action == StockAction::decision) {
        WomanId subject;
        const auto hold = find_hold(*stock, subject);
        if (hold && !decides_on(*stock, *hold))
            return wrong_entry("lots", msg("stock.lot_not_held"));
    }
    return check_for(before.facility(), std::move(fact), &before);
}

std::vector<Warning> StockKeeper::void_warnings(const LiveFact& voided) {
    const auto& facility = voided.facility();
    const auto doses = clinic_.lots().doses_at(facility);
    auto facts = clinic_.stock_books().facts();
    const StockBook before(facility, facts, doses);
    std::erase_if(facts, [&](const LiveFact& live) { return live.uid == voided.uid; });
    return left_over_warnings(before, {facility, facts, doses});
}

std::vector<Warning> lot_warnings(Clinic& clinic, const Fact& fact) {
    const auto* dose = std::get_if<Dose>(&fact.detail);
    if (!dose || dose->lot.empty() || !fact.at.date || !is_completed(fact)) return {};
    LiveFact live;
    live.fact = fact;
    live.clinic = clinic.identity().code;
    const auto facility = known_facility(live);
    const auto facts = clinic.stock_books().facts();
    if (facility.empty() || facts.empty()) return {};
    const StockBook book(facility, facts, {});
    return dose_lot_warnings(book, *dose, fact.at.date->latest());
}

namespace {

/// What the holds of the lot there say of a dose.
void judge(LotRecipient& one, const std::vector<LotHold>& holds, const std::string& lot, Date day) {
    bool is_reached = false;
    for (const auto& hold : holds) {
        if (hold.facility != one.facility || !hold.is_about(lot)) continue;
        const auto word = hold.word_on_dose(lot, day);
        if (word) one.state = std::min(one.state, state_of(hold, *word));
        is_reached = is_reached || word;
        one.is_before = !is_reached;
    }
}

std::vector<LotRecipient> collect_recipients(Clinic& clinic, const std::string& lot) {
    std::vector<LotRecipient> found;
    const auto key = lot_key(lot);
    if (key.empty()) return found;
    const auto holds = holds_of(clinic.stock_books().facts());
    for (const auto woman_ix : clinic.lots().women_of(key)) {
        const auto history = clinic.load_history(clinic.log().women().load_id(woman_ix));
        if (!history) continue;
        for (const auto& live : history->facts) {
            const auto* dose = std::get_if<Dose>(&live.fact.detail);
            if (!dose || lot_key(dose->lot) != key || !is_completed(live.fact)) continue;
            LotRecipient one;
            one.woman = history->woman;
            one.who = history->who;
            one.died_on = history->died_on;
            one.dose = live.uid;
            one.date = live.fact.at.date;
            one.product = dose->product;
            one.facility = known_facility(live);
            one.is_spoilt = live.is_spoilt;
            one.is_marked = dose->substandard == true;
            judge(one, holds, key, last_day_of_dose(live));
            found.push_back(std::move(one));
        }
    }
    std::sort(found.begin(), found.end(), [](const LotRecipient& a, const LotRecipient& b) {
        return std::tie(a.facility, a.date, a.woman, a.dose) <
               std::tie(b.facility, b.date, b.woman, b.dose);
    });
    return found;
}

}  // namespace

std::vector<LotRecipient> lot_recipients(Clinic& clinic, const Caller& caller,
                                         const std::string& lot) {
    auto found = collect_recipients(clinic, lot);
    Access access{audit::Action::listed, audit::Shown::lot_recipients};
    for (const auto& one : found) access.women.push_back(one.woman);
    clinic.note(caller, access);
    return found;
}

std::uint64_t count_spoilt_women(Clinic& clinic, const std::vector<std::string>& lots) {
    std::set<WomanId> women;
    for (const auto& lot : lots) {
        for (const auto& one : collect_recipients(clinic, lot)) {
            if (one.is_spoilt && !one.is_marked) women.insert(one.woman);
        }
    }
    return women.size();
}

}  // namespace egret::service
