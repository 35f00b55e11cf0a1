#pragma once

#include "registry/base/clock.h"
#include "registry/base/date.h"
#include "registry/base/result.h"
#include "registry/card/health_card.h"
#include "registry/domain/history.h"
#include "registry/service/clinic.h"

#include <optional>
#include <string>
#include <vector>

/// A woman's vaccination card: what she is given to take home. It tells of doses alone. Nothing on
/// it says which protocol is followed or why, since that may say what she suffers from.
namespace egret::service {

/// One dose on the card.
struct CardLine {
    std::optional<PartialDate> date;
    std::string product;  // A code of the catalog, or whatever was recorded.
    std::string lot;
    std::string place;          // By its name if that is known here; "", if it isn't known.
    std::optional<int> number;  // Among those that count, as the programme evaluates them.
    bool counts = true;         // False, if the programme leaves it out.
    bool is_told = false;       // She says so; nobody gave it here or saw proof of it.
};

/// What comes next.
struct CardNext {
    enum class Kind : std::uint8_t {
        dose,
        complete,
        ask,  // Her clinic knows; what it is belongs on no paper.
    };

    Kind kind = Kind::ask;
    int dose_number = 0;  // From here on: of a dose.
    Date earliest;
    Date due;
};

struct WomanCard {
    std::string name;
    std::string romanised;  // "" if it is not known.
    std::optional<PartialDate> birth_date;
    std::vector<CardLine> doses;   // By day.
    std::optional<CardNext> next;  // Nothing after her death.
    std::string clinic;            // That issues it.
    Date issued_on;
    Instant issued_at;
};

/// Errors: conflict, if her registration is voided, or no dose of hers is recorded.
Result<WomanCard> make_card(Clinic& clinic, const History& history);

/// The same for her who has that id, noted in the audit.
/// Errors: as make_card(); not_found, if nobody with it is registered here.
Result<WomanCard> print_card(Clinic& clinic, const Caller& caller, const WomanId& woman);

/// What of it the clinic vouches for towards others: doses that count, of a vaccine that the
/// catalog has codes for, on a known day, given here or proved.
/// Errors: not_found, if there is none.
Result<card::HealthCard> vouched_part(const WomanCard& card, std::string issuer);

}  // namespace egret::service
