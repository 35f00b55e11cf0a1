#pragma once

#include "registry/base/result.h"
#include "registry/service/clinic.h"
#include "registry/service/warning.h"

#include <optional>
#include <string>
#include <vector>

namespace egret::service {

struct Recorded {
    EventUid event;
    WomanId woman;  // The facility's subject, of a fact about stock.
    std::vector<Warning> warnings;
};

/// Records facts about women who are known, and corrects and voids them. Each call is one
/// transaction: log, projections and coverage change together, or nothing does.
///
/// Refused is what can't be: an impossible or a future date, a day before her birth, a result older
/// than its specimen, a value outside its list, an unknown woman, a record that isn't hers.
/// Everything medical is only warned of.
class Recorder {
public:
    explicit Recorder(Clinic& clinic) noexcept : clinic_(clinic) {}

    /// What she would be warned of. Records nothing; where there are warnings, the audit says that
    /// they were shown.
    /// Errors: as record().
    Result<std::vector<Warning>> preview(const Caller& caller, const WomanId& woman,
                                         const Fact& fact);
    /// The same for who shows them only beside what is recorded then, or notes them herself.
    Result<std::vector<Warning>> foresee(const Caller& caller, const WomanId& woman,
                                         const Fact& fact);

    /// A fact without a date is of today.
    /// Errors: forbidden, if the caller may not record that; not_found, for a woman who isn't
    /// registered; invalid_input with the member's path; those of Clinic::recording_day.
    Result<Recorded> record(const Caller& caller, const WomanId& woman, Fact fact);

    /// Says what `event` should have said. `replacement` is the whole fact, of the same kind.
    /// Errors: as record(); forbidden, if another clinic recorded it; not_found, if there is no
    /// such fact; conflict, if it is voided, or says so already.
    Result<Recorded> correct(const Caller& caller, const EventUid& event, Fact replacement,
                             const std::string& because);

    /// Says that `event` is of that woman: it is voided where it stands, and recorded of her as
    /// `fact` says, both or neither.
    /// Errors: those of void_fact() and of record().
    Result<Recorded> move(const Caller& caller, const EventUid& event, const WomanId& woman,
                          Fact fact, const std::string& because);

    /// Errors: as record(); forbidden, if somebody else recorded it and the caller is no lead, or
    /// another clinic did; not_found, if there is no such fact; conflict, if it is voided already,
    /// or is her only registration while other facts of hers hold; invalid_input, if `because` is
    /// empty.
    Result<Recorded> void_fact(const Caller& caller, const EventUid& event,
                               const std::string& because);

    /// The fact of that name as it holds now, also if `event` is one of its corrections; and whose
    /// it is. To be changed, which the audit notes then, and not to be shown.
    /// Errors: not_found, if there is no such fact; conflict, if it is voided.
    struct Found {
        WomanId woman;
        LiveFact live;
    };

    Result<Found> find_live(const Caller& caller, const EventUid& event);

private:
    struct Checked {
        Fact fact;
        std::vector<Warning> warnings;
    };

    /// `history` doesn't hold what is corrected, `replaced`; null for a fact that is new.
    Result<Checked> check_for(const Caller& caller, const History& history, Fact fact,
                              const LiveFact* replaced = nullptr);
    /// Gives it its date, and the facts that it names the uids by which they are known.
    Result<Done> check_against(const History& history, Fact& fact, const LiveFact* replaced);
    std::optional<Warning> same_person_warning(const Caller& caller, const Fact& fact);
    std::vector<Warning> programme_warnings(const rules::Programme& programme, const Caller& caller,
                                            const History& history, const Fact& fact,
                                            const LiveFact* replaced, Date today);
    /// `seen`: the fact and its corrections, as far as the caller could know of them.
    Result<Recorded> append_correction(const Caller& caller, const Found& found,
                                       std::vector<EventUid> seen, Checked checked,
                                       const std::string& because);
    std::vector<Warning> void_warnings(const Found& found);
    Result<EventUid> append_one(const Caller& caller, Draft draft);

    Clinic& clinic_;
};

/// Holds the product of a dose, given or not, that is recorded or imported to the catalog
/// (schemas/codes/vaccines.json): a code of another list would be counted by no rule.
/// Errors: invalid_input with field "product".
Result<Done> check_vaccine(const Fact& fact);

/// The dates of a fact against today and her birth. Errors: invalid_input with the member's path.
Result<Done> check_dates(const Fact& fact, const Demographics& who, Date today);

/// That the machine's clock is wrong, if it is.
std::optional<Warning> clock_warning(const ClinicDay& day);

/// What is odd about adding `fact`, which `author` says, to her history.
std::vector<Warning> warnings_of(const UserId& author, const History& history, const Fact& fact);

}  // namespace egret::service
