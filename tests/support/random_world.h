#pragma once

#include "registry/codec/facility_subject.h"
#include "tests/support/projected_registry.h"
#include "tests/support/random_findings.h"

#include <string>
#include <vector>

namespace egret::tests {

/// Says random facts of every kind that moves a figure, with corrections and voids of any fact,
/// links and unlinks, stock of three facilities whose lots are condemned and released, and facts
/// that come twice.
class RandomWorld {
public:
    /// `with_findings`: of what screening finds, too.
    RandomWorld(ProjectedRegistry& registry, std::uint64_t seed, std::uint8_t women,
                bool with_findings = false)
        : registry_(registry),
          random_(seed),
          findings_(random_),
          women_(women),
          with_findings_(with_findings) {}

    void say_one() {
        const auto device = tests::device(static_cast<std::uint8_t>(1 + random_.below(3)));
        if (!said_.empty() && random_.chance(0.05)) {
            registry_.say_events({pick()}, device);  // Again, from wherever.
            return;
        }
        if (!said_.empty() && random_.chance(0.2)) {
            const auto about = pick();
            said_.push_back(registry_.say(correction_or_void(about), about.subject, device));
            return;
        }
        if (random_.chance(0.25)) {
            said_.push_back(registry_.say(stock_fact(), some_facility(), device));
            return;
        }
        said_.push_back(registry_.say(new_fact(), someone(), device));
    }

    SeededRandom& random() { return random_; }

private:
    Event pick() { return said_[random_.below(said_.size())]; }

    WomanId someone() { return woman(static_cast<std::uint8_t>(1 + random_.below(women_))); }

    std::string some_day() { return day("2015-01-01").plus_days(some_days()).to_string(); }

    std::int32_t some_days() { return static_cast<std::int32_t>(random_.below(4000)); }

    std::string some_area() { return random_.chance(0.5) ? "350203" : "350205"; }

    WomanId some_facility() { return codec::facility_subject(random_.chance(0.6) ? "C1" : "C2"); }

    std::string some_lot() {
        static const std::vector<std::string> lots = {"A1", "a 1", "B2", ""};
        return lots[random_.below(4)];
    }

    Fact some_dose() {
        Dose given{random_.chance(0.5) ? "egret:cecolin" : "cvx:165", {}, some_lot()};
        if (random_.chance(0.1)) given.substandard = true;
        if (random_.chance(0.2)) given.round = "haicang-2023";
        auto said = fact(some_day(), given);
        if (random_.chance(0.2)) said.at.date = *PartialDate::parse("2024");
        if (random_.chance(0.2)) said.at.facility = random_.chance(0.5) ? "C1" : "C2";
        if (random_.chance(0.2)) said.at.source = Source::card_seen;
        return said;
    }

    Fact stock_fact() {
        Stock stock;
        auto said = fact(some_day(), stock);
        const auto kind = random_.below(10);
        if (kind < 5) {
            stock.action = kind == 0 ? StockAction::recall : StockAction::temperature_excursion;
            stock.lots = {"A1"};
            if (random_.chance(0.3)) stock.lots.emplace_back("b2");
            if (kind > 0) stock.from = day(some_day());
            if (random_.chance(0.6)) stock.decision = LotDecision::substandard;
            holds_.push_back(said_.size());
        } else if (kind < 8 && !holds_.empty()) {
            stock.action = StockAction::decision;
            stock.about = said_[holds_[random_.below(holds_.size())]].uid;
            stock.decision = random_.chance(0.5) ? LotDecision::substandard : LotDecision::released;
            if (random_.chance(0.3)) stock.lots = {"a1"};
        } else {
            stock.action = StockAction::receipt;
            stock.product = "cvx:165";
            stock.lot = "A1";
            stock.quantity = 10;
        }
        said.detail = stock;
        if (random_.chance(0.3)) said.at.facility = random_.chance(0.5) ? "C1" : "C2";
        return said;
    }

    Fact new_fact() {
        switch (random_.below(with_findings_ ? 14 : 10)) {
            case 10:
            case 11:
            case 12:
            case 13: return findings_.next({});
            case 0:
            case 1:
            case 2: {
                static const std::vector<std::string> born = {"1980-02-29", "1985", "2008-05",
                                                              "2012-07-01", ""};
                static const std::vector<std::string> names = {"王小丽", "单丽", "Maria Silva"};
                return registration(names[random_.below(3)], born[random_.below(5)], some_area(),
                                    some_day());
            }
            case 3: {
                DemographicsChange change;
                change.who.area = some_area();
                change.who.phones = {"13800138" + std::to_string(100 + random_.below(900))};
                if (random_.chance(0.2)) change.who.resident = random_.chance(0.5);
                return fact(some_day(), change);
            }
            case 4: return fact(some_day(), Transfer{random_.chance(0.5) ? "F1" : "F2", ""});
            case 5: return random_.chance(0.3) ? fact(some_day(), Death{}) : some_dose();
            case 6: return some_dose();
            case 7: {
                HpvTest test;
                test.result = HpvResult::negative;
                return fact(some_day(), test);
            }
            case 8: return fact(some_day(), Link{someone(), "same number"});
            default: return fact(some_day(), Unlink{someone()});
        }
    }

    Fact correction_or_void(const Event& about) {
        if (random_.chance(0.4)) return fact("", VoidFact{about.uid});
        auto replacement = about.fact;
        replacement.at.date = *PartialDate::parse(some_day());
        if (auto* link = std::get_if<Link>(&replacement.detail)) link->other = someone();
        return fact("", Correct{about.uid, {replacement}});
    }

    ProjectedRegistry& registry_;
    SeededRandom random_;
    RandomFindings findings_;
    std::uint8_t women_;
    bool with_findings_;
    std::vector<Event> said_;
    std::vector<std::size_t> holds_;
};

}  // namespace egret::tests
