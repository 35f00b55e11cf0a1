#pragma once

#include "registry/base/random.h"
#include "registry/domain/fact.h"

#include <string>
#include <vector>

namespace egret::tests {

/// What screening finds of one woman and what follows: in clusters of days, so that what must
/// follow often does, just in time or just too late; told, reported, closed by one or by two. Not
/// likely, but everything that may be.
class RandomFindings {
public:
    explicit RandomFindings(SeededRandom& random) : random_(random) {}

    /// Without a place in any log. `closings`: uids of closings of hers that one may confirm.
    Fact next(const std::vector<EventUid>& closings) {
        Fact fact;
        take_step();
        const bool is_soon = step_ > 0 && step_ < 5 && random_.chance(0.7);
        day_ = is_soon ? day_.plus_days(static_cast<int>(random_.below(25))) : next_day();
        fact.at.date = day_;
        if (random_.chance(0.04)) fact.at.date = *PartialDate::parse(day_.to_string().substr(0, 7));
        if (random_.chance(0.03)) fact.at.date.reset();
        if (random_.chance(0.06)) fact.at.source = Source::told;
        if (random_.chance(0.04)) fact.at.status = EventStatus::not_done;
        if (random_.chance(0.3))
            fact.at.reported_on = day_.plus_days(static_cast<int>(random_.below(6)) + 11);
        fact.detail = some_detail(closings);
        return fact;
    }

private:
    template <class T, std::size_t N>
    T one_of(const T (&items)[N]) {
        return items[random_.below(N)];
    }

    template <Code E>
    E any_code() {
        constexpr auto& entries = CodeList<E>::entries;
        return entries[random_.below(entries.size())].first;
    }

    Date next_day() {
        const auto some = [&](std::uint64_t most) { return static_cast<int>(random_.below(most)); };
        switch (random_.below(12)) {
            case 8: return day_;
            case 9:
            case 10:
            case 11: return day_.plus_days(1 + some(25));
            case 0: return day_;
            case 1: return day_.plus_days(1 + some(40));
            case 2: return day_.plus_months(6).plus_days(some(3) - 1);
            case 3: return day_.plus_months(12).plus_days(some(3) - 1);
            case 4: return day_.plus_months(3).plus_days(some(3) - 1);
            case 5: return Date::from_ymd(day_.year(), 12, 30).plus_days(some(4));
            case 6: return day_.plus_days(-some(200));
            default: return Date::from_ymd(2010, 1, 1).plus_days(some(16 * 365));
        }
    }

    HpvTest some_test() {
        HpvTest test;
        test.result = one_of({HpvResult::negative, HpvResult::positive, HpvResult::positive,
                              HpvResult::invalid, HpvResult::unknown});
        if (random_.chance(0.1)) test.result.reset();
        if (test.result == HpvResult::positive) {
            for (auto left = random_.below(3); left > 0; --left)
                test.types.push_back(
                    one_of({HpvType::hpv16, HpvType::hpv18, HpvType::hpv52, HpvType::other_hr}));
        }
        return test;
    }

    Histology some_histology() {
        Histology found;
        found.results = {any_code<HistologyResult>()};
        if (random_.chance(0.2)) found.results.push_back(any_code<HistologyResult>());
        if (random_.chance(0.5)) found.site = any_code<HistologySite>();
        return found;
    }

    Treatment some_treatment() {
        Treatment done;
        if (random_.chance(0.9)) done.procedure = any_code<Procedure>();
        if (random_.chance(0.3)) done.site = any_code<DiagnosisSite>();
        if (random_.chance(0.2)) done.reason = random_.chance(0.5) ? "DCIS" : "CIN2";
        return done;
    }

    Diagnosis some_diagnosis() {
        Diagnosis said;
        if (random_.chance(0.9)) {
            said.site = one_of({DiagnosisSite::cervix, DiagnosisSite::breast_left,
                                DiagnosisSite::breast, DiagnosisSite::ovary});
        }
        if (random_.chance(0.7))
            said.code = one_of<const char*>({"icd10:C50.9", "icd10:C53.9", "icd10:D05.1"});
        if (random_.chance(0.6)) said.stage = any_code<BreastStage>();
        if (random_.chance(0.3)) said.figo = any_code<FigoStage>();
        if (random_.chance(0.7)) said.found_by = any_code<FoundBy>();
        return said;
    }

    Closing some_closing(const std::vector<EventUid>& closings) {
        Closing closing;
        closing.site = random_.chance(0.6) ? ScreenedSite::cervix : ScreenedSite::breast;
        if (random_.chance(0.4)) closing.action = "a";
        if (random_.chance(0.9)) closing.reason = any_code<ClosingReason>();
        if (!closings.empty() && random_.chance(0.6))
            closing.confirms = closings[random_.below(closings.size())];
        return closing;
    }

    template <class Scan>
    Scan some_scan() {
        Scan scan;
        if (random_.chance(0.8)) scan.left = BreastFinding{any_code<BiRads>(), {}};
        if (random_.chance(0.8)) scan.right = BreastFinding{any_code<BiRads>(), {}};
        return scan;
    }

    /// Often what one would do after the finding before: 0 to 4 are steps of one way.
    void take_step() {
        if (step_ < 4 && random_.chance(0.75)) {
            ++step_;
        } else {
            step_ = random_.chance(0.5) ? 0 : 9;
            is_breast_ = random_.chance(0.4);
        }
    }

    Detail some_detail(const std::vector<EventUid>& closings) {
        if (is_breast_ && step_ < 5) return step_of_breast();
        switch (step_) {
            case 0: {
                HpvTest test{HpvResult::positive, {}, {}};
                if (random_.chance(0.7)) test.types = {HpvType::hpv16};
                if (random_.chance(0.6)) return test;
                return Cytology{{one_of({CytologyResult::asc_us, CytologyResult::lsil,
                                         CytologyResult::asc_h, CytologyResult::hsil})}};
            }
            case 1: {
                Colposcopy seen;
                seen.impression =
                    one_of({ColposcopyImpression::low_grade, ColposcopyImpression::high_grade});
                return seen;
            }
            case 2: {
                Histology found;
                found.results = {one_of({HistologyResult::cin2, HistologyResult::hsil,
                                         HistologyResult::cancer, HistologyResult::cin1})};
                return found;
            }
            case 3: return Treatment{Procedure::leep, "", ""};
            case 4: return Closing{ScreenedSite::cervix, "", ClosingReason::completed, {}};
            default: return any_detail(closings);
        }
    }

    Detail step_of_breast() {
        const auto finding = BreastFinding{one_of({BiRads::b0, BiRads::b3, BiRads::b4a}), {}};
        switch (step_) {
            case 0: return BreastUltrasound{finding, {}};
            case 1: return Mammogram{{}, finding, {}};
            case 2: {
                Histology found;
                found.site = HistologySite::breast_left;
                found.results = {HistologyResult::invasive};
                return found;
            }
            case 3: {
                Diagnosis said;
                said.site = DiagnosisSite::breast_left;
                said.code = "icd10:C50.9";
                said.stage = one_of({BreastStage::i, BreastStage::iia, BreastStage::iiia});
                said.found_by = any_code<FoundBy>();
                return said;
            }
            default: return Treatment{Procedure::mastectomy, "", ""};
        }
    }

    Detail any_detail(const std::vector<EventUid>& closings) {
        switch (random_.below(16)) {
            case 0:
            case 1: return some_test();
            case 2:
            case 3: {
                Cytology smear;
                for (auto left = random_.below(3); left > 0; --left)
                    smear.results.push_back(any_code<CytologyResult>());
                return smear;
            }
            case 4: return Via{any_code<ViaResult>()};
            case 5:
            case 6: {
                Colposcopy seen;
                if (random_.chance(0.9)) seen.impression = any_code<ColposcopyImpression>();
                return seen;
            }
            case 7:
            case 8: return some_histology();
            case 9: return some_treatment();
            case 10: return some_diagnosis();
            case 11: return some_scan<BreastUltrasound>();
            case 12: return some_scan<Mammogram>();
            case 13: return some_closing(closings);
            case 14: {
                if (random_.chance(0.5)) return GynExam{any_code<ExamResult>()};
                BreastExam exam;
                if (random_.chance(0.8)) exam.left = any_code<ExamResult>();
                if (random_.chance(0.8)) exam.right = any_code<ExamResult>();
                return exam;
            }
            default: return some_closing(closings);
        }
    }

    SeededRandom& random_;
    Date day_ = Date::from_ymd(2016, 3, 1);
    int step_ = 9;
    bool is_breast_ = false;
};

}  // namespace egret::tests
