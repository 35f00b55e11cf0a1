#pragma once

#include "registry/base/result.h"
#include "registry/domain/stock_book.h"
#include "registry/service/clinic.h"
#include "registry/service/recorder.h"
#include "registry/service/warning.h"

#include <optional>
#include <string>
#include <vector>

/// A facility's vaccine: what came, went and is left, what became of lots, and who got them.
namespace egret::service {

/// Records what happens to stock, and reads the book. Each call that records is one transaction.
class StockKeeper {
public:
    explicit StockKeeper(Clinic& clinic) noexcept : clinic_(clinic) {}

    StockBook book(const std::string& facility);

    /// Records what happened at `facility`, "" for this clinic. A fact without a date is of today.
    /// What a facility's lots are worth it says itself: an excursion, a recall or a decision is of
    /// this clinic. What the book tells is filled in: the product of a lot that it knows; the lots
    /// of an excursion, if none is named: all that were there between its days, or, if its last day
    /// isn't said, up to that on which it was found.
    ///
    /// Warned of is what is odd: service/stock_warnings.h, service/hold_warnings.h, and a lot that
    /// nobody knows here ("lot_unknown").
    /// Errors: forbidden; invalid_input with the member's path; not_found with field "about", if
    /// there is no such excursion or recall; those of Clinic::recording_day.
    Result<Recorded> record(const Caller& caller, Fact fact, const std::string& facility = "");

    /// What a stock fact says instead of `before`, held to the same.
    struct Checked {
        Fact fact;
        std::vector<Warning> warnings;
    };

    Result<Checked> check_replacement(const LiveFact& before, Fact fact);

    /// What is odd about it, if that fact didn't hold any more.
    std::vector<Warning> void_warnings(const LiveFact& voided);

private:
    Result<Checked> check_for(const std::string& facility, Fact fact,
                              const LiveFact* before = nullptr);
    Result<Done> complete(const StockBook& book, Fact& fact);
    std::vector<Warning> warnings_of(const StockBook& book, const Fact& fact,
                                     const LiveFact* before);
    Result<LotHold> find_hold(const Stock& decision, WomanId& subject);

    Clinic& clinic_;
};

/// What the book says against giving that dose from its lot on its day: it is recalled
/// ("lot_recalled"), in quarantine ("lot_quarantined"), found substandard ("lot_substandard"), has
/// expired by what was written when it came ("lot_expired"), or came only later ("lot_came_later").
/// Nothing for a dose of elsewhere.
std::vector<Warning> lot_warnings(Clinic& clinic, const Fact& dose);

/// Who had a dose of a lot, for a recall.
struct LotRecipient {
    WomanId woman;
    Demographics who;
    std::optional<Date> died_on;
    EventUid dose;
    std::optional<PartialDate> date;
    std::string product;
    std::string facility;    // Where it was given; "" if that isn't known.
    bool is_spoilt = false;  // The dose doesn't count, since the lot was found substandard.
    bool is_marked = false;  // Nor does it, if whoever recorded it said that it is substandard.
    LotState state = LotState::usable;  // What holds of the lot there say of it.
    bool is_before = false;             // The lot is held there, but only for later doses.
};

/// Everybody, by facility, then by day. `lot` as it is typed.
std::vector<LotRecipient> lot_recipients(Clinic& clinic, const Caller& caller,
                                         const std::string& lot);

/// How many women have a dose of these lots that doesn't count because of what became of the lot,
/// and would else. Names nobody.
std::uint64_t count_spoilt_women(Clinic& clinic, const std::vector<std::string>& lots);

}  // namespace egret::service
