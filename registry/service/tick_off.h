#pragma once

#include "registry/base/result.h"
#include "registry/service/clinic.h"
#include "registry/service/recorder.h"
#include "registry/service/warning.h"
#include "registry/sheet/sheet.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// A list that was filled in at a school, taken down at once.
namespace egret::service {

/// What holds of everybody on the list.
struct TickOff {
    std::string school;
    std::string round;
    Date date;
    Dose dose;  // Product, lot and what else all have; `round` and `session` are filled in.
    std::string because;  // Why in spite of warnings, for those who have some.
};

/// What was ticked for one pupil.
struct Tick {
    std::string place;  // For people: where it stands, "12" for a line.
    WomanId woman;
    bool is_given = false;
    std::optional<NotGivenReason> reason;  // Where it was not given.
    std::string note;
    std::string lot;  // In place of the list's, "" for that one.
    std::string because;
    bool is_typed = false;  // By her id, not in a file.
};

/// The form in which somebody agreed or refused, of one pupil.
struct ConsentTick {
    std::string place;
    WomanId woman;
    ConsentDecision decision = ConsentDecision::given;
    std::string guardian_name;
    std::string guardian_relation;
    bool is_typed = false;  // As of Tick.
};

struct TickOutcome {
    enum class Kind : std::uint8_t {
        recorded,
        known,      // Was recorded already; nothing is added.
        held_back,  // Consent was refused, and nobody says why it is given all the same.
        refused,    // `error` says why.
    };

    std::string place;
    bool is_typed = false;
    WomanId woman;
    std::string name;
    bool is_given = false;
    Kind kind = Kind::refused;
    std::optional<EventUid> event;
    std::vector<Warning> warnings;
    std::optional<Error> error;
};

/// Records doses, doses not given and consents of many pupils, one transaction each: what can't be
/// recorded of one keeps nobody else back.
class TickOffRecorder {
public:
    TickOffRecorder(Clinic& clinic, Caller caller) : clinic_(clinic), caller_(caller) {}

    /// A dose of the same day, vaccine and lot, or a dose not given of the same day and round, is
    /// there already: then nothing is added. A dose of that day with another vaccine or lot has to
    /// be corrected, not added to.
    ///
    /// The warnings are those of a single dose; they keep no dose back but one against which
    /// consent was refused, as long as no reason is given.
    TickOutcome tick(const TickOff& list, const Tick& tick);

    /// The round's consent. What was said last already is not said again.
    TickOutcome consent(const TickOff& list, const ConsentTick& tick);

    /// To be called before the outcomes are shown: notes those of pupils of whom they tell
    /// something though nothing was recorded.
    void note_shown();

private:
    TickOutcome tick_one(const TickOff& list, const Tick& tick);
    TickOutcome consent_one(const TickOff& list, const ConsentTick& tick);
    TickOutcome seen(TickOutcome outcome);
    std::optional<History> find(const TickOff& list, const WomanId& woman, TickOutcome& outcome);
    void record(Fact fact, TickOutcome& outcome);

    Clinic& clinic_;
    Caller caller_;
    std::vector<WomanId> shown_;
};

/// The rows of a list that was filled in.
template <class T>
struct ListRows {
    std::vector<T> ticks;
    std::vector<TickOutcome> refused;  // Rows that can't be read.
    std::uint64_t open = 0;            // Rows in which nothing is filled in.
};

/// What a reason means, as code or in words of either language; nothing for other words, which
/// become a note.
using FindReason = std::optional<NotGivenReason> (*)(const std::string& words);

/// Columns id, given (yes or no), reason, lot, because.
/// Errors: invalid_input "--from", if there is no head row with id and given.
Result<ListRows<Tick>> read_filled_rows(const std::vector<sheet::Sheet>& sheets, FindReason reason);

/// Columns id, consent (given or refused), guardian, relation.
/// Errors: as read_filled_rows.
Result<ListRows<ConsentTick>> read_consent_rows(const std::vector<sheet::Sheet>& sheets);

}  // namespace egret::service
