#include "tests/simulation/sync/facts.h"

#include "tests/support/facts.h"

#include <string>
#include <utility>

namespace egret::sync_world {
namespace {

constexpr std::uint64_t women = 30;

class Maker {
public:
    Maker(SeededRandom& random, const std::vector<KnownFact>& known)
        : random_(random), known_(known) {}

    service::Draft draw() {
        service::Draft draft{somebody(), some_fact(), make_random_id<EventTag>(random_)};
        if (known_.empty() || !random_.chance(0.12)) return draft;
        const auto& about = known_[random_.below(known_.size())];
        draft.subject = about.subject;
        if (random_.chance(0.5)) {
            draft.fact = tests::fact("", VoidFact{about.uid});
        } else if (auto replacement = like(about.fact)) {
            draft.fact = tests::fact("", Correct{about.uid, {*std::move(replacement)}});
        }
        return draft;
    }

private:
    WomanId somebody() { return tests::woman(static_cast<std::uint8_t>(1 + random_.below(women))); }

    std::string some_day() {
        return tests::day("2024-01-01")
            .plus_days(static_cast<std::int32_t>(random_.below(850)))
            .to_string();
    }

    std::string some_area() { return random_.chance(0.5) ? "350203" : "350205"; }

    Demographics somebodys() {
        static const std::vector<std::string> born = {"1980-02-29", "1985", "2008-05",
                                                      "2012-07-01"};
        Demographics who;
        who.names = {{NameUse::official, "王小丽" + std::to_string(random_.below(9)), {}}};
        who.birth_date = *PartialDate::parse(born[random_.below(born.size())]);
        who.sex = Sex::female;
        who.area = some_area();
        return who;
    }

    Fact some_fact() {
        switch (random_.below(12)) {
            case 0:
            case 1:
            case 2: return tests::fact(some_day(), Register{somebodys()});
            case 3: {
                DemographicsChange change;
                change.who.area = some_area();
                return tests::fact(some_day(), change);
            }
            case 4: return tests::fact(some_day(), Transfer{random_.chance(0.5) ? "F1" : "F2", ""});
            case 5:
            case 6: return some_test();
            case 7: return tests::fact(some_day(), Visit{});
            case 8: return tests::fact(some_day(), Link{somebody(), "same number"});
            case 9: return tests::fact(some_day(), Unlink{somebody()});
            default: return some_dose();
        }
    }

    Fact some_dose() {
        return tests::fact(some_day(),
                           Dose{random_.chance(0.5) ? "egret:cecolin" : "cvx:165", {}, "A1"});
    }

    Fact some_test() {
        HpvTest test;
        test.result = random_.chance(0.1) ? HpvResult::positive : HpvResult::negative;
        return tests::fact(some_day(), test);
    }

    std::optional<Fact> like(const Fact& fact) {
        if (std::holds_alternative<Dose>(fact.detail)) return some_dose();
        if (std::holds_alternative<HpvTest>(fact.detail)) return some_test();
        if (std::holds_alternative<Visit>(fact.detail)) return tests::fact(some_day(), Visit{});
        return std::nullopt;
    }

    SeededRandom& random_;
    const std::vector<KnownFact>& known_;
};

}  // namespace

std::vector<service::Draft> draw_facts(SeededRandom& random, const std::vector<KnownFact>& known,
                                       std::size_t count) {
    std::vector<service::Draft> drafts;
    Maker maker(random, known);
    while (drafts.size() < count) drafts.push_back(maker.draw());
    return drafts;
}

}  // namespace egret::sync_world
