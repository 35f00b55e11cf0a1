#pragma once

#include "registry/base/progress.h"
#include "registry/base/result.h"
#include "registry/service/class_roll.h"
#include "registry/service/clinic.h"

#include <cstdint>
#include <vector>

namespace egret::service {

/// Completed years of age on the day of the import at which nobody goes to school: compulsory
/// schooling begins at 6 and secondary schools end by about 20, so whoever is further off is a slip
/// of the hand (1912 for 2012). Our choice.
inline constexpr int pupil_years_min = 4;
inline constexpr int pupil_years_max = 25;

/// Whom a roll is read for. Boys whom no programme takes need not be kept.
enum class RollBoys { taken, left_out };

struct RollImported {
    std::uint64_t added = 0;      // New here.
    std::uint64_t updated = 0;    // Here already; school, class or what was missing is said anew.
    std::uint64_t unchanged = 0;  // Here already, and nothing new is said.
    std::uint64_t left_out = 0;   // Boys.
    std::vector<RefusedRow> refused;  // By place; those of the roll too.
    std::vector<RollNote> notes;
};

/// Takes the pupils of a roll into care, each row whole or not at all.
///
/// A row is of somebody who is here already, if she has its identity number, else its school
/// number, else its name, birth date and sex where they fit one person only, none of whose numbers
/// contradicts the row's. Of her a fact of demographics says school and class anew, and numbers,
/// phones, guardian and areas that were not known. Nothing that is known is said otherwise, but for
/// school and class. Taking a roll again adds nothing. A pupil whose age can't be right is noted.
///
/// Refused, beside what can't be: a number that belongs to somebody of another name or birth date,
/// one that two people have, and a row that means somebody whom an earlier row meant.
class RollImport {
public:
    explicit RollImport(Clinic& clinic) noexcept : clinic_(clinic) {}

    /// Errors: forbidden; those of Clinic::recording_day and append. Walks over every woman of the
    /// registry once.
    Result<RollImported> import(const Caller& caller, ClassRoll roll, RollBoys boys,
                                Progress& progress);

private:
    Clinic& clinic_;
};

}  // namespace egret::service
