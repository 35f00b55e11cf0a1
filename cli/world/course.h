#pragma once

#include "cli/world/plain_world.h"
#include "registry/base/random.h"
#include "registry/domain/fact.h"

#include <optional>
#include <string>
#include <vector>

namespace egret::world {

/// Something that happens to her, and the first day on which it can be typed in.
struct Happening {
    Fact fact;
    Date known;
};

/// A life as it happens, before anybody writes it down. The functions below add to it in the order
/// of their calls, each by chance.
class Course {
public:
    struct Person {
        Sex sex = Sex::female;
        Date birth;
        Date registered;
        std::string area;  // "" if not known.
        std::size_t clinic = 0;
    };

    Course(const PlainWorld& world, const Person& person, SeededRandom& random)
        : world_(world), person_(person), random_(random) {}

    /// What she, or for a child a guardian, agrees to on registration.
    void consent();
    /// Doses against HPV, from childhood on.
    void vaccinate();
    /// Conditions, then screening rounds with what follows from their results. For adults.
    void screen();
    /// Moves, a transfer, death: after all others. What would come after her death is gone.
    void move_on();

    const std::vector<Happening>& happenings() const noexcept { return happenings_; }

    /// From that day on she belongs to another clinic.
    struct Transferred {
        Date on;
        std::size_t clinic = 0;
    };

    const std::optional<Transferred>& transferred() const noexcept { return transferred_; }

private:
    /// Before her registration it is told or shown; later it is done here. After the world's last
    /// day it hasn't happened.
    Happening* add(Date day, Detail detail);
    /// The same, when the result is known some days after.
    Happening* add_result(Date day, Detail detail, int days_until_known);

    std::optional<Date> first_dose_day();
    /// Whether a dose of that day is one of Haicang's round of 2023, wherever she lives.
    bool is_in_round(Date day) const;
    void dose(Date day);
    void conditions();
    void screening_round(Date day);
    void breasts(Date day);
    void hpv_test(Date day);
    void cytology(Date day);
    void work_up(Date day, bool is_high_grade);
    void hysterectomy(Date day, bool is_told);
    void move(Date first);
    void transfer(Date first);
    void die(Date first);
    bool is_lost() { return random_.chance(0.15); }

    int between(int low, int high);
    Date day_between(Date low, Date high);
    Date session(Date day) const { return world_.session_from(person_.clinic, day); }

    const PlainWorld& world_;
    Person person_;
    SeededRandom& random_;
    std::vector<Happening> happenings_;
    std::optional<Transferred> transferred_;
    std::optional<Date> without_cervix_;
};

}  // namespace egret::world
