#pragma once

#include "cli/world/screened_life.h"
#include "registry/base/random.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace egret::world {

/// Writes down what happened to a woman, as well as people do, and tells the truth of it.
class ScreenedScribe {
public:
    ScreenedScribe(const ScreenedPlan& plan, ScreenedLife& life, WomanId other,
                   SeededRandom& random)
        : plan_(plan), life_(life), other_(other), random_(random) {}

    void write_registration(Date day);
    /// What was seen at a visit. False, if it would not be known by the end of the world: then it
    /// didn't happen.
    bool write_visit(Date day, std::vector<Detail> found, bool is_told = false);
    /// The next visit's day is written down as its month alone. It is the last of it.
    void blur_next() { is_blurred_ = true; }
    /// Something beside what is seen; "" for the clinic itself.
    EventUid write(Date day, Detail detail, std::optional<About> about = {},
                   Organ organ = Organ::cervix);
    void write_void(Date day, const EventUid& target);
    /// Says why what is asked of the organ is not done. By `persons` people; three: by the same one
    /// twice.
    void give_up(Date day, Organ organ, int persons, bool is_case, ClosingReason reason);
    void write_death(Date day, bool is_agreed_to);
    /// A specimen that leads to nothing.
    void write_lost_specimen(Date day, SpecimenTest test, bool is_unusable);
    void inform(Date day);
    void refer(Date day, Organ organ, bool is_answered);
    /// Finds something that isn't so, and takes it back.
    void write_false_alarm(Date day, bool is_agreed_to);

    void tag(const char* word) {
        life_.kind += (life_.kind.empty() ? "" : ", ") + std::string(word);
    }

    /// Results of another site are still unknown on that day.
    void begin(Date day) { last_known_ = day; }

    /// The day on which the last result of this site was written down.
    Date last_known() const noexcept { return last_known_; }

    std::size_t clinic = 0;
    std::uint8_t person = 1;  // Who writes, of the clinic's.
    std::optional<Date> transferred_on;
    std::size_t second_clinic = 0;

private:
    struct Said {
        EventUid uid{};
        std::int64_t minute = 0;
    };

    int between(int low, int high);
    std::int64_t minute_of(Date day);
    std::size_t device_on(Date day) const;
    ScreenedEntry& enter(Date day, Fact fact);
    ScreenedEntry& enter_amendment(Date day, Fact fact, const EventUid& target);
    Said enter_found(Date day, const Fact& fact);
    void take_specimen(Date day, Detail& found);
    Step step_standing(Organ organ) const;
    void await_tissue(Date day, const Detail& found, const EventUid& uid);
    Said say_found(Date known, const Fact& fact);
    Said say_corrected(Date known, const Fact& fact, const Fact& wrong);
    Said say_of_another(Date known, const Fact& fact);
    void take_back(WomanId woman, ScreenedSite site, Date day, bool is_agreed_to);

    const ScreenedPlan& plan_;
    ScreenedLife& life_;
    WomanId other_;
    SeededRandom& random_;
    std::vector<std::pair<Organ, std::size_t>> excised_;  // Places in Truth::awaited.
    int count_ = 0;
    bool is_blurred_ = false;
    std::vector<std::pair<SpecimenTest, std::size_t>> unusable_;  // Among Truth::awaited.
    Date last_known_;
};

}  // namespace egret::world
