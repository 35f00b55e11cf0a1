#pragma once

#include "registry/base/random.h"
#include "registry/domain/history.h"
#include "tests/support/random_findings.h"

#include <optional>
#include <string>
#include <vector>

namespace egret::tests {

/// What is logged of one invented woman: registered (mostly), moving, vaccinated, tested, flagged,
/// dying; recorded by three clinics and the centre in an order that has little to do with the days,
/// corrected and voided, also corrections and voids, by those who may and by those who may not; and
/// erased. Not likely, but everything that may be.
class RandomLife {
public:
    enum class Of { everything, screening };

    /// `of`: most facts are what screening finds and what follows.
    explicit RandomLife(SeededRandom& random, Of of = Of::everything)
        : random_(random), of_(of), findings_(random) {
        birth_year_ = 1950 + static_cast<int>(random_.below(70));
        if (of_ == Of::screening)
            birth_year_ -=
                static_cast<int>(random_.below(static_cast<std::uint64_t>(birth_year_ - 1949)));
        else if (random_.chance(0.25))
            birth_year_ = 2009 + static_cast<int>(random_.below(2));
        const auto count = 2 + random_.below(of_ == Of::screening ? 25 : 12);
        if (random_.chance(0.95)) log(some_register());
        for (std::size_t i = 0; i < count; ++i) {
            if (random_.chance(0.25))
                amend();
            else if (random_.chance(0.003))
                log(dated(Erase{}), random_.chance(0.6) ? centre : anybody());
            else
                log(report());
        }
    }

    /// In the order of their making.
    const std::vector<LoggedEvent>& events() const { return events_; }

    /// The same, shuffled, and some of them twice.
    std::vector<LoggedEvent> jumbled() {
        auto jumbled = events_;
        jumbled.push_back(events_[random_.below(events_.size())]);
        for (std::size_t i = jumbled.size(); i > 1; --i)
            std::swap(jumbled[i - 1], jumbled[random_.below(i)]);
        return jumbled;
    }

private:
    template <class T, std::size_t N>
    T one_of(const T (&items)[N]) {
        return items[random_.below(N)];
    }

    PartialDate partial(int year_from, int year_count) {
        const auto year =
            year_from + static_cast<int>(random_.below(static_cast<std::uint64_t>(year_count)));
        const bool has_month = random_.chance(0.85);
        const bool has_day = has_month && random_.chance(0.9);
        if (random_.chance(0.03)) return *PartialDate::parse("2020-02-29");
        return *PartialDate::from_parts(
            year, has_month ? 1 + static_cast<unsigned>(random_.below(12)) : 0,
            has_day ? 1 + static_cast<unsigned>(random_.below(28)) : 0);
    }

    std::optional<Date> exact_birthday(int age) {
        for (const auto& logged : events_) {
            const auto* registered = std::get_if<Register>(&logged.event.fact.detail);
            if (registered && registered->who.birth_date)
                return birthday(registered->who.birth_date->earliest(), age);
        }
        return std::nullopt;
    }

    Fact dated(Detail detail) {
        Fact fact;
        if (random_.chance(0.95)) fact.at.date = partial(2005, 22);
        if (random_.chance(0.05)) fact.at.status = EventStatus::not_done;
        if (random_.chance(0.03)) fact.at.status = EventStatus::entered_in_error;
        if (random_.chance(0.3)) fact.at.facility = one_of<const char*>({"C7", "C8", "hospital"});
        fact.detail = std::move(detail);
        return fact;
    }

    Demographics said() {
        Demographics who;
        if (random_.chance(0.5)) {
            who.area = one_of<const char*>({"350203", "350203001", "350205002003", "350200",
                                            "350000", "441900003", "3502", "nowhere", "350211"});
        }
        if (random_.chance(0.3)) who.resident = random_.chance(0.6);
        if (random_.chance(0.35)) who.birth_date = partial(birth_year_, 2);
        if (random_.chance(0.1)) who.sex = random_.chance(0.8) ? Sex::female : Sex::male;
        return who;
    }

    Fact some_register() {
        Register detail{said()};
        if (random_.chance(0.95)) detail.who.birth_date = partial(birth_year_, 1);
        detail.who.sex = random_.chance(0.9) ? Sex::female : Sex::male;
        return dated(detail);
    }

    Fact some_dose() {
        Dose given{one_of<const char*>({"cvx:165", "egret:cecolin", "cvx:118"}), {}, ""};
        given.substandard = random_.chance(0.1);
        if (random_.chance(0.5)) given.round = "haicang-2023";
        auto fact = dated(given);
        // On the limits of ages, and of intervals after another dose.
        const auto near = [&](Date day) {
            fact.at.date = day.plus_days(static_cast<int>(random_.below(3)) - 1);
        };
        if (const auto day = exact_birthday(one_of({9, 13, 14, 15})); day && random_.chance(0.5))
            near(*day);
        if (last_dose_ && random_.chance(0.6)) near(last_dose_->plus_months(one_of({0, 5, 6, 13})));
        if (fact.at.date) last_dose_ = fact.at.date->earliest();
        return fact;
    }

    Fact some_flag() {
        Flag flag;
        flag.code = random_.chance(0.6) ? "no_cervix" : "hiv";
        if (random_.chance(0.8)) flag.from = partial(2008, 20);
        if (random_.chance(0.5)) flag.to = partial(2008, 20);
        return dated(flag);
    }

    Fact some_cytology() {
        Cytology cytology;
        for (auto left = random_.below(3); left > 0; --left) {
            cytology.results.push_back(
                one_of({CytologyResult::unsat, CytologyResult::nilm, CytologyResult::no_tz}));
        }
        return dated(cytology);
    }

    Fact some_hpv_test() {
        HpvTest test;
        if (random_.chance(0.9)) {
            test.result = one_of(
                {HpvResult::negative, HpvResult::positive, HpvResult::invalid, HpvResult::unknown});
        }
        return dated(test);
    }

    Detail some_follow_up() {
        const auto site = random_.chance(0.7) ? ScreenedSite::cervix : ScreenedSite::breast;
        switch (random_.below(3)) {
            case 0:
                return Deferral{site, partial(2008, 20).earliest(), DeferralReason::recent_test};
            case 1: return Ceasing{site, CeasingStep::proposed, CeasingReason::age, {}};
            default: return Closing{site, "", ClosingReason::completed, {}};
        }
    }

    Detail some_paper() {
        switch (random_.below(4)) {
            case 0: return Specimen{"B1", {SpecimenTest::hpv}, {}, "", {}, {}, {}};
            case 1: {
                Diagnosis diagnosis;
                diagnosis.site = DiagnosisSite::cervix;
                return diagnosis;
            }
            case 2: return Referral{"", "H1", "", {}};
            default: return Informed{{make_random_id<EventTag>(random_)}, {}};
        }
    }

    /// What no indicator counts.
    Fact some_uncounted() {
        switch (random_.below(6)) {
            case 4: return dated(some_follow_up());
            case 5: return dated(some_paper());
            case 0: return dated(DoseNotGiven{NotGivenReason::out_of_stock, "cvx:165"});
            case 1: return dated(AdverseEvent{});
            case 2:
                return dated(Consent{ConsentScope::vaccination, ConsentDecision::refused, {}, ""});
            default: return dated(Visit{});
        }
    }

    Fact report() {
        if (of_ == Of::screening && random_.chance(0.06)) return some_flag();
        if (of_ == Of::screening && random_.chance(0.75)) return findings_.next(closings_);
        switch (random_.below(16)) {
            case 0:
            case 1: return some_dose();
            case 2:
            case 3: return some_hpv_test();
            case 4:
            case 5: return some_cytology();
            case 6: return some_flag();
            case 7:
            case 8: return dated(DemographicsChange{said()});
            case 9: return dated(Transfer{one_of<const char*>({"C1", "C2", "C9"}), ""});
            case 10: return random_.chance(0.4) ? dated(Death{}) : some_uncounted();
            case 11: {
                if (random_.chance(0.2)) return some_register();
                if (random_.chance(0.3)) return dated(Mammogram{});
                return random_.chance(0.4) ? dated(BreastUltrasound{})
                                           : dated(Via{ViaResult::negative});
            }
            default: return some_dose();
        }
    }

    /// Another fact of the same kind, if one comes up soon.
    Fact like(const Fact& fact) {
        for (int tries = 0; tries < (of_ == Of::screening ? 15 : 40); ++tries) {
            auto other = std::holds_alternative<Register>(fact.detail) ? some_register() : report();
            if (other.detail.index() == fact.detail.index()) return other;
        }
        return report();
    }

    void amend() {
        if (events_.empty()) return log(report());
        const auto at = random_.below(events_.size());
        const auto target = events_[at].event;
        const auto* corrected = std::get_if<Correct>(&target.fact.detail);
        const bool is_void = std::holds_alternative<VoidFact>(target.fact.detail);
        const auto by = random_.chance(0.6) ? makers_[at] : anybody();
        if (is_void || random_.chance(0.4)) return log(dated(VoidFact{target.uid}), by);
        log(dated(Correct{target.uid, {like(corrected ? corrected->replacement[0] : target.fact)}}),
            by);
    }

    static constexpr std::uint64_t centre = 3;  // After the three clinics.

    std::uint64_t anybody() { return random_.chance(0.07) ? centre : random_.below(3); }

    void log(Fact fact) { log(std::move(fact), anybody()); }

    void log(Fact fact, std::uint64_t device) {
        LoggedEvent made;
        made.event.uid = make_random_id<EventTag>(random_);
        made.event.hlc = Hlc{}.next(instant_from_unix_ms(
            1'100'000'000'000 + static_cast<std::int64_t>(random_.below(700'000'000)) * 1000));
        made.event.fact = std::move(fact);
        if (random_.chance(0.4)) made.event.fact.at.role = MakerRole::nurse;
        made.order.effective = made.event.hlc;
        made.order.device.bytes[15] = static_cast<std::uint8_t>(device + 1);
        made.order.seq = events_.size() + 1;
        made.clinic = device == centre ? "CENTRE" : "C" + std::to_string(device + 1);
        made.event.author.bytes[15] = static_cast<std::uint8_t>(1 + random_.below(2));
        if (!events_.empty() && random_.chance(0.3))
            made.event.supersedes.push_back(events_[random_.below(events_.size())].event.uid);
        if (std::holds_alternative<Closing>(made.event.fact.detail))
            closings_.push_back(made.event.uid);
        events_.push_back(std::move(made));
        makers_.push_back(device);
    }

    SeededRandom& random_;
    Of of_;
    RandomFindings findings_;
    std::vector<EventUid> closings_;
    int birth_year_ = 0;
    std::optional<Date> last_dose_;
    std::vector<LoggedEvent> events_;
    std::vector<std::uint64_t> makers_;
};

}  // namespace egret::tests
