#pragma once

#include "registry/domain/lots.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// How much vaccine a facility has, lot by lot, from its own facts and the doses given there.
namespace egret {

/// A completed dose that was given at the facility.
struct DoseTaken {
    EventUid uid;
    Date day;
    Hlc at;  // When it was recorded: orders what happened on one day.
    std::string product;
    std::string lot;  // By lot_key; "" if it isn't known.
    std::optional<DoseSession> session;
};

/// A lot of one product at one facility, at the end of a day. Everything in doses.
///
///   balance = received − issued − discarded − given + difference
///
/// where `difference` is by how much counts found more (or fewer, if negative) than was reckoned.
struct LotBalance {
    std::string product;
    std::string lot;                        // As it was first written.
    std::optional<PartialDate> expires_on;  // The earliest that was said.
    std::int64_t received = 0;
    std::int64_t issued = 0;
    std::int64_t discarded = 0;
    std::int64_t given = 0;
    std::int64_t difference = 0;
    std::int64_t balance = 0;      // May be negative: then something wasn't recorded.
    std::int64_t at_sessions = 0;  // Issued to sessions, neither given nor back.
    std::optional<Date> counted_on;
};

/// Why a lot must not be used on a day, the worst first; `usable` if nothing speaks against it.
enum class LotState : std::uint8_t { substandard, recalled, quarantine, expired, usable };

std::string_view to_string(LotState state);

/// What a hold makes of a lot, if that is the last word on it.
LotState state_of(const LotHold& hold, LotDecision decision);

/// One thing that happened to a lot.
struct StockLine {
    EventUid uid;
    Date day;
    Hlc at;                             // When it was recorded: orders those of one day.
    std::optional<StockAction> action;  // Nothing: a dose was given.
    std::string product;                // "" where nothing moved.
    std::string lot;                    // By lot_key.
    std::int64_t quantity = 0;
    std::optional<DiscardReason> reason;
    std::optional<DoseSession> session;
    std::string other_facility;     // From where or to where.
    std::int64_t difference = 0;    // That a count found.
    std::int64_t balance = 0;       // After it.
    std::int64_t from_session = 0;  // How much of it is what was out at a session.
    bool is_placed = true;          // False: a dose that is taken off no lot.
    // What an excursion, a recall or a decision makes of the lot; then nothing moved.
    std::optional<LotDecision> decision;
    EventUid about;  // The excursion or recall that was decided on.
};

/// A facility's book. A count is of its day's end: all else of that day comes before it, also what
/// is recorded later. What else comes first on one day follows from when it was recorded, so equal
/// facts give an equal book, in whatever order they came.
///
/// A dose is taken from the lot of its own product; where the lot is there under one other product
/// alone, from that (a nurse may have named the vaccine by its type). A dose of a session is taken
/// from what was issued to sessions of that kind, as long as there is some left. Doses of lots that
/// the book has never heard of are counted apart.
class StockBook {
public:
    /// `facts`: those of the facility's subjects that hold, as fold() orders them; what happened at
    /// other facilities is left out.
    StockBook(std::string facility, const std::vector<LiveFact>& facts,
              const std::vector<DoseTaken>& doses);

    const std::string& facility() const noexcept { return facility_; }

    bool empty() const noexcept { return lots_.empty() && holds_.empty(); }

    const std::vector<LotHold>& holds() const noexcept { return holds_; }

    /// By product, then by lot.
    std::vector<LotBalance> lots(Date on) const;

    /// Of one lot, in their order, with what was said of it, and doses of it that are taken off
    /// none. `lot` by lot_key.
    std::vector<StockLine> lines(const std::string& lot) const;

    /// Of one product between two days, both included, in their order.
    std::vector<StockLine> lines_of_product(const std::string& product, Date from, Date to) const;

    /// Products that the book knows, sorted.
    std::vector<std::string> products() const;

    /// The products under which the lot stands. `lot` by lot_key.
    std::vector<std::string> products_of(const std::string& lot) const;

    /// The product from whose lot a dose of `product` is taken; nothing, if there is no such lot,
    /// or several and none of that product. `lot` by lot_key.
    std::optional<std::string> product_of_dose(const std::string& lot,
                                               const std::string& product) const;

    /// The first day that the book tells of the product.
    std::optional<Date> begins_on(const std::string& product) const;

    /// Whether a lot that expires then may be used on a day. `lot` by lot_key.
    LotState state_on(const std::string& lot, const std::optional<PartialDate>& expires_on,
                      Date on) const;

    /// The last word on doses of that lot that were given on that day; never `expired`. `lot` by
    /// lot_key.
    LotState word_on_dose(const std::string& lot, Date day_given) const;

    /// Doses that may be used, of all lots of the product, at the end of the day.
    std::int64_t usable(const std::string& product, Date on) const;

    /// Doses given here since the book began that are taken off no lot: of one that it doesn't
    /// know, of a product that isn't clear, or of none. In their order.
    std::vector<StockLine> unknown_doses() const;

private:
    struct Lot {
        std::string product;
        std::string key;
        std::string text;
        std::optional<PartialDate> expires_on;
        std::vector<StockLine> lines;  // In order.
    };

    Lot* find_lot(const std::string& product, const std::string& key);
    void settle(Lot& lot) const;

    std::string facility_;
    std::vector<LotHold> holds_;
    std::vector<Lot> lots_;
    std::vector<StockLine> unplaced_;
    std::optional<Date> begun_;
};

}  // namespace egret
