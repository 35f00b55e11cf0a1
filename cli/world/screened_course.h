#pragma once

#include "cli/world/screened_scribe.h"

#include <initializer_list>
#include <vector>

namespace egret::world {

/// What happens to a woman who is screened, from round to round.
class ScreenedCourse {
public:
    ScreenedCourse(const ScreenedPlan& plan, ScreenedLife& life, WomanId other,
                   SeededRandom& random);

    void live();

private:
    int between(int low, int high);
    bool is_unusable() { return random_.chance(plan_.rates.unusable); }

    void decide_ends();
    void end_life();
    void lose(ScreenedSite site);
    void call(Date day, ScreenedSite site);
    void live_at(ScreenedSite site);
    void put_off(Date day, ScreenedSite site);
    void cease(Date day);
    bool is_near_line(Date day) const;
    bool round(ScreenedSite site, Date& day, bool is_first);
    Date follow(ScreenedSite site, Date day);
    /// Whether she goes on to what is asked for.
    bool goes_on(Organ organ, Date& day);
    void give_up(Organ organ, Date day);
    Date deceive(Organ organ, Date before);
    bool act(Organ organ, Date day);
    std::optional<Organ> most_urgent(ScreenedSite site) const;
    Date day_for(Step step, Date day);

    HpvTest hpv();
    Cytology cytology(double abnormal);
    Colposcopy colposcopy();
    Histology tissue();
    Histology breast_tissue(Organ organ);
    BreastFinding breast(bool is_worse);
    std::vector<Detail> cervical_visit(bool is_first);
    std::vector<Detail> breast_visit(bool is_first);
    std::vector<Detail> cervical_tests();
    std::vector<Detail> images();

    const ScreenedPlan& plan_;
    ScreenedLife& life_;
    SeededRandom& random_;
    ScreenedScribe scribe_;
    Date end_;  // Of what can happen to her here.
    std::optional<Date> dies_;
    std::optional<Date> moves_;
    bool is_gone_ = false;  // She isn't seen again.
};

}  // namespace egret::world
