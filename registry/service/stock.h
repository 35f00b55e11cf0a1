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

    /// Facilities of which there is a book here: this clinic's first, then by code.
    std::vector<std::string> facilities();

    StockBook book(const std::string& facility);

    /// Records what happened at `facility`, "" for this clinic. A fact without a date is of today.
    /// What the book tells is filled in: the product of a lot that it knows; the lots of an
    /// excursion, if none is named: all that were there since it began.
    ///
    /// Warned of is what is odd: more went than was there ("stock_negative"), a count that differs
    /// ("count_differs"), a lot that is expired or held ("lot_expired", "lot_quarantined", …), an
    /// expiry other than before ("expiry_differs"), a lot that nobody knows here ("lot_unknown").
    /// Errors: forbidden; invalid_input with the member's path; not_found with field "about", if
    /// there is no such excursion or recall; those of Clinic::recording_day.
    Result<Recorded> record(const Caller& caller, Fact fact, const std::string& facility = "");

    /// What a stock fact says instead of `before`, held to the same.
    struct Checked {
        Fact fact;
        std::vector<Warning> warnings;
    };

    Result<Checked> check_replacement(const LiveFact& before, Fact fact);

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
/// ("lot_recalled"), in quarantine ("lot_quarantined"), found substandard ("lot_substandard"), or
/// has expired by what was written when it came ("lot_expired"). Nothing for a dose of elsewhere.
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
};

/// Everybody, by facility, then by day. `lot` as it is typed.
std::vector<LotRecipient> lot_recipients(Clinic& clinic, const std::string& lot);

}  // namespace egret::service
