#include "tests/simulation/sync/facts.h"

#include "tests/support/facts.h"

#include <string>
#include <utility>

namespace egret::sync_world {
namespace {

constexpr std::uint64_t women = 30;

class Maker {
public:
    Maker(SeededRandom& random, const Around& around) : random_(random), around_(around) {}

    Drawn draw() {
        const auto who = random_.below(women);
        service::Draft draft{woman(who), some_fact(who), make_random_id<EventTag>(random_)};
        if (random_.chance(0.01)) {
            draft.fact = tests::fact(some_day(), Transfer{"no code", ""});
            return {std::move(draft), true};
        }
        const auto* about = random_.chance(0.15) ? some_known() : nullptr;
        if (!about) return {std::move(draft)};
        draft.subject = about->subject;
        if (random_.chance(0.5)) {
            draft.fact = tests::fact("", VoidFact{about->uid});
        } else if (auto replacement = like(about->fact)) {
            draft.fact = tests::fact("", Correct{about->uid, {*std::move(replacement)}});
        }
        return {std::move(draft)};
    }

private:
    /// Mostly of this machine's own.
    const Said* some_known() {
        const auto& from = random_.chance(0.6) ? around_.own : around_.model.all();
        return from.empty() ? nullptr : around_.model.find(from[random_.below(from.size())]);
    }

    std::string some_clinic() { return around_.clinics[random_.below(around_.clinics.size())]; }

    static WomanId woman(std::uint64_t number) {
        return tests::woman(static_cast<std::uint8_t>(1 + number));
    }

    /// Whoever may be the same is so among three.
    WomanId kin_of(std::uint64_t who) {
        return woman(who - who % 3 + (who % 3 + 1 + random_.below(2)) % 3);
    }

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
        who.names = {{NameUse::official, canary + std::to_string(random_.below(9)), {}}};
        who.birth_date = *PartialDate::parse(born[random_.below(born.size())]);
        who.sex = Sex::female;
        who.area = some_area();
        return who;
    }

    Fact some_fact(std::uint64_t who) {
        switch (random_.below(12)) {
            case 0:
            case 1:
            case 2: return tests::fact(some_day(), Register{somebodys()});
            case 3: {
                DemographicsChange change;
                change.who.area = some_area();
                return tests::fact(some_day(), change);
            }
            case 4: return tests::fact(some_day(), Transfer{some_clinic(), ""});
            case 5: return some_test();
            case 6: return tests::fact(some_day(), Referral{"", some_clinic(), "HPV16+", {}});
            case 7: return tests::fact(some_day(), Visit{});
            case 8: return tests::fact(some_day(), Link{kin_of(who), "same number"});
            case 9: return tests::fact(some_day(), Unlink{kin_of(who)});
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
    const Around& around_;
};

}  // namespace

std::vector<Drawn> draw_facts(SeededRandom& random, const Around& around, std::size_t count) {
    std::vector<Drawn> drawn;
    Maker maker(random, around);
    while (drawn.size() < count) drawn.push_back(maker.draw());
    return drawn;
}

}  // namespace egret::sync_world
