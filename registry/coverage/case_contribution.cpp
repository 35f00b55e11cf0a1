#include "registry/coverage/case_contribution.h"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

namespace egret::coverage {
namespace {

template <Code E>
void add_code(CodeSet& to, const std::optional<E>& code) {
    if (code) to.add(*code);
}

void add_finding(CodeSet& to, const std::optional<BreastFinding>& finding) {
    if (finding) add_code(to, finding->birads);
}

std::optional<ScreenedSite> site_of(const std::optional<DiagnosisSite>& site) {
    if (!site) return std::nullopt;
    if (is_breast(*site)) return ScreenedSite::breast;
    if (site == DiagnosisSite::cervix) return ScreenedSite::cervix;
    return std::nullopt;
}

/// Where it was done, or else as far as the procedure or the reason tells.
std::optional<ScreenedSite> site_of_treatment(const Treatment& treatment) {
    if (treatment.site) return site_of(treatment.site);
    static constexpr std::array<Procedure, 3> of_breast = {
        Procedure::mastectomy, Procedure::lumpectomy, Procedure::endocrine_therapy};
    const bool is_of_breast =
        treatment.reason == "LCIS" || treatment.reason == "DCIS" ||
        treatment.reason == "invasive" ||
        (treatment.procedure &&
         std::find(of_breast.begin(), of_breast.end(), *treatment.procedure) != of_breast.end());
    return is_of_breast ? ScreenedSite::breast : ScreenedSite::cervix;
}

/// Fills in what a kind of fact has; says which kind it is, or that no case is made of it.
struct CaseReader {
    CaseFact& to;

    bool operator()(const HpvTest& test) const {
        to.event = CaseEvent::hpv_test;
        add_code(to.results, test.result);
        for (const auto type : test.types) to.types.add(type);
        return true;
    }

    bool operator()(const Cytology& cytology) const {
        to.event = CaseEvent::cytology;
        for (const auto result : cytology.results) to.results.add(result);
        return true;
    }

    bool operator()(const Via& via) const {
        to.event = CaseEvent::via;
        add_code(to.results, via.result);
        return true;
    }

    bool operator()(const GynExam& exam) const {
        to.event = CaseEvent::gyn_exam;
        add_code(to.results, exam.result);
        return true;
    }

    bool operator()(const Colposcopy& colposcopy) const {
        to.event = CaseEvent::colposcopy;
        add_code(to.results, colposcopy.impression);
        return true;
    }

    bool operator()(const Histology& histology) const {
        to.event = CaseEvent::histology;
        for (const auto result : histology.results) to.results.add(result);
        switch (histology.site.value_or(HistologySite::cervix)) {
            case HistologySite::cervix: to.site = ScreenedSite::cervix; break;
            case HistologySite::breast_left:
            case HistologySite::breast_right: to.site = ScreenedSite::breast; break;
            case HistologySite::ovary:
            case HistologySite::endometrium: break;
        }
        return true;
    }

    bool operator()(const BreastExam& exam) const {
        to.event = CaseEvent::breast_exam;
        for (const auto& result : {exam.result, exam.left, exam.right})
            add_code(to.results, result);
        return true;
    }

    bool operator()(const BreastUltrasound& scan) const {
        to.event = CaseEvent::breast_ultrasound;
        add_finding(to.results, scan.left);
        add_finding(to.results, scan.right);
        return true;
    }

    bool operator()(const Mammogram& scan) const {
        to.event = CaseEvent::mammogram;
        add_finding(to.results, scan.left);
        add_finding(to.results, scan.right);
        return true;
    }

    bool operator()(const Diagnosis& diagnosis) const {
        to.event = CaseEvent::diagnosis;
        to.site = site_of(diagnosis.site);
        return true;
    }

    bool operator()(const Treatment& treatment) const {
        to.event = CaseEvent::treatment;
        add_code(to.results, treatment.procedure);
        to.site = site_of_treatment(treatment);
        return true;
    }

    bool operator()(const Visit&) const {
        to.event = CaseEvent::visit;
        return true;
    }

    bool operator()(const Closing& closing) const {
        to.event = CaseEvent::closing;
        add_code(to.results, closing.reason);
        to.site = closing.site;
        return true;
    }

    template <class Other>
    bool operator()(const Other&) const {
        return false;
    }
};

bool fits_diagnosis(const FactRule& rule, const Diagnosis& diagnosis) {
    if (!rule.codes.empty() &&
        std::none_of(rule.codes.begin(), rule.codes.end(),
                     [&](const std::string& code) { return diagnosis.code.starts_with(code); }))
        return false;
    if (!rule.figo.empty() || !rule.breast_stage.empty()) {
        const bool is_stage = (diagnosis.figo && rule.figo.contains(*diagnosis.figo)) ||
                              (diagnosis.stage && rule.breast_stage.contains(*diagnosis.stage));
        if (!is_stage) return false;
    }
    return rule.found_by.empty() ||
           (diagnosis.found_by && rule.found_by.contains(*diagnosis.found_by));
}

bool fits_report(const FactRule& rule, const CaseFact& fact) {
    const auto& reported = fact.live->fact.at.reported_on;
    if (rule.has_report && !reported) return false;
    return !rule.reported_within ||
           (reported && *reported <= plus(fact.day, *rule.reported_within));
}

bool fits_fact(const FactRule& rule, const CaseFact& fact) {
    if (rule.event != fact.event) return false;
    if (!rule.results.empty() && !rule.results.meets(fact.results)) return false;
    if (!rule.results_except.empty() && !fact.results.exceeds(rule.results_except)) return false;
    if (rule.without.meets(fact.results) || rule.types_without.meets(fact.types)) return false;
    if (!rule.types.empty() && !rule.types.meets(fact.types)) return false;
    if (rule.typed && *rule.typed == fact.types.empty()) return false;
    if (rule.site && rule.site != fact.site) return false;
    const auto& said = fact.live->fact;
    if (!rule.told_counts && said.at.source == Source::told) return false;
    if (const auto* diagnosis = std::get_if<Diagnosis>(&said.detail)) {
        if (!fits_diagnosis(rule, *diagnosis)) return false;
    } else if (const auto* closing = std::get_if<Closing>(&said.detail)) {
        if (!closing->action.empty()) return false;
    }
    return fits_report(rule, fact);
}

class CaseFinder {
public:
    CaseFinder(const Indicator& indicator, const CaseFacts& facts)
        : indicator_(indicator), facts_(facts), history_(facts.history()) {}

    std::vector<const CaseFact*> find(const CaseRule& rule) const {
        std::vector<const CaseFact*> found;
        const auto may_be = [&](const FactRule& one) { return facts_.has(one.event); };
        if (std::none_of(rule.any_of.begin(), rule.any_of.end(), may_be)) return found;
        for (const auto& fact : facts_.facts()) {
            const bool fits =
                std::any_of(rule.any_of.begin(), rule.any_of.end(),
                            [&](const FactRule& one) { return fits_fact(one, fact); });
            if (!fits) continue;
            const bool is_of_same_year =
                !found.empty() && found.back()->day.year() == fact.day.year();
            if (rule.each == CaseEach::calendar_year && is_of_same_year) continue;
            if (belongs_on(fact.day) && holds(rule.with, fact)) found.push_back(&fact);
            if (rule.each == CaseEach::life) break;
        }
        return found;
    }

    bool holds(const Conditions& conditions, const CaseFact& of) const {
        const auto is_met = [&](const TimedRule& rule) { return is_there(rule, of); };
        return std::all_of(conditions.all_of.begin(), conditions.all_of.end(),
                           [&](const auto& group) {
                               return std::any_of(group.begin(), group.end(), is_met);
                           }) &&
               std::none_of(conditions.none_of.begin(), conditions.none_of.end(), is_met);
    }

    /// It is written why it didn't count, or she died before it could.
    bool is_documented(const CaseFact& of) const {
        const auto& definition = *indicator_.cases;
        const auto last = last_day_of(definition.counts_if, of.day);
        if (history_.died_on && of.day <= *history_.died_on && *history_.died_on <= last)
            return true;
        const bool needs_two = is_high_grade(of);
        return std::any_of(facts_.facts().begin(), facts_.facts().end(), [&](const CaseFact& fact) {
            return fact.event == CaseEvent::closing && fact.day >= of.day &&
                   fact.site == definition.documented_by && gives_reason(fact) &&
                   (!needs_two || is_confirmed(fact));
        });
    }

    /// The days from the case to the first of what the rule waits for; nothing while it waits.
    std::optional<int> days_taken(const TimeRule& rule, const CaseFact& of) const {
        auto end = of.day;
        if (!rule.until.empty()) {
            std::optional<Date> first;
            for (const auto& wanted : rule.until) {
                if (wanted.fact.event == CaseEvent::death) {
                    if (history_.died_on && is_in_time(wanted, of.day, *history_.died_on))
                        first = std::min(first.value_or(*history_.died_on), *history_.died_on);
                    continue;
                }
                for (const auto& fact : facts_.facts()) {
                    if (!fits_fact(wanted.fact, fact) || !is_in_time(wanted, of.day, fact.day))
                        continue;
                    first = std::min(first.value_or(fact.day), fact.day);
                    break;  // They are in the order of their days.
                }
            }
            if (!first) return std::nullopt;
            end = *first;
        }
        auto start = of.day;
        if (rule.since == TimeSince::birth) {
            if (!history_.who.birth_date) return std::nullopt;
            start = history_.who.birth_date->earliest();
        }
        if (end < start) return std::nullopt;
        return std::min(end.days() - start.days(), time_days_max);
    }

    /// Null, if she isn't resident on that day.
    const Residence* residence_on(Date day) const {
        const Residence* found = nullptr;
        for (const auto& residence : history_.residences) {
            if (found && residence.from > day) break;
            found = &residence;
        }
        return found && found->is_resident ? found : nullptr;
    }

private:
    bool belongs_on(Date day) const {
        const auto& who = indicator_.population;
        const auto sex = history_.who.sex.value_or(Sex::unknown);
        if (!who.sexes.empty() &&
            std::find(who.sexes.begin(), who.sexes.end(), sex) == who.sexes.end())
            return false;
        if (who.age || who.born) {
            if (!history_.who.birth_date) return false;
            const auto birth = history_.who.birth_date->earliest();
            if (who.age &&
                (day < birthday(birth, who.age->from) || day >= birthday(birth, who.age->to + 1)))
                return false;
            if (who.born && ((who.born->from && birth < *who.born->from) ||
                             (who.born->to && *who.born->to < birth)))
                return false;
        }
        return residence_on(day) && (who.flag.empty() || has_flag(who.flag, day));
    }

    bool has_flag(const std::string& code, Date day) const {
        return std::any_of(history_.facts.begin(), history_.facts.end(), [&](const LiveFact& live) {
            const auto* flag = std::get_if<Flag>(&live.fact.detail);
            return flag && flag->code == code && is_completed(live.fact) &&
                   (!flag->from || flag->from->earliest() <= day) &&
                   (!flag->to || day <= flag->to->latest());
        });
    }

    static bool is_in_time(const TimedRule& rule, Date of, Date day) {
        if (rule.on_other_day && day == of) return false;
        if (rule.within_calendar_year && day.year() != of.year()) return false;
        if (rule.when == When::before)
            return day <= of && (!rule.within || of <= plus(day, *rule.within));
        return of <= day && (!rule.from || plus(of, *rule.from) <= day) &&
               (!rule.within || day <= plus(of, *rule.within));
    }

    bool is_there(const TimedRule& rule, const CaseFact& of) const {
        if (rule.when == When::same) return fits_fact(rule.fact, of);
        if (rule.fact.event == CaseEvent::death)
            return history_.died_on && is_in_time(rule, of.day, *history_.died_on);
        if (!facts_.has(rule.fact.event)) return false;
        return std::any_of(facts_.facts().begin(), facts_.facts().end(), [&](const CaseFact& fact) {
            return fits_fact(rule.fact, fact) && is_in_time(rule, of.day, fact.day);
        });
    }

    /// The last day on which something can make the case count.
    static Date last_day_of(const Conditions& conditions, Date of) {
        auto last = of;
        for (const auto& group : conditions.all_of) {
            for (const auto& rule : group) {
                if (rule.when != When::after) continue;
                if (rule.within_calendar_year)
                    last = std::max(last, Date::from_ymd(of.year(), 12, 31));
                else if (rule.within)
                    last = std::max(last, plus(of, *rule.within));
                else
                    return Date::from_ymd(9999, 12, 31);
            }
        }
        return last;
    }

    /// What loops ask two people for, too (rules/screening/severity.h); a test holds them together.
    static bool is_high_grade(const CaseFact& fact) {
        CodeSet grave;
        switch (fact.event) {
            case CaseEvent::cytology:
                for (const auto result :
                     {CytologyResult::asc_h, CytologyResult::hsil, CytologyResult::scc,
                      CytologyResult::agc, CytologyResult::agc_fn, CytologyResult::agc_ec,
                      CytologyResult::agc_ec_fn, CytologyResult::agc_em, CytologyResult::ais,
                      CytologyResult::adc})
                    grave.add(result);
                break;
            case CaseEvent::histology:
                for (const auto result :
                     {HistologyResult::cin2, HistologyResult::cin3, HistologyResult::hsil,
                      HistologyResult::ais, HistologyResult::microinvasive, HistologyResult::cancer,
                      HistologyResult::lcis, HistologyResult::dcis, HistologyResult::invasive})
                    grave.add(result);
                break;
            case CaseEvent::breast_ultrasound:
            case CaseEvent::mammogram:
                for (const auto result :
                     {BiRads::b4, BiRads::b4a, BiRads::b4b, BiRads::b4c, BiRads::b5, BiRads::b6})
                    grave.add(result);
                break;
            case CaseEvent::colposcopy:
                grave.add(ColposcopyImpression::high_grade);
                grave.add(ColposcopyImpression::suspected_cancer);
                break;
            case CaseEvent::diagnosis:
                return is_high_grade(std::get<Diagnosis>(fact.live->fact.detail));
            case CaseEvent::via: grave.add(ViaResult::suspected_cancer); break;
            case CaseEvent::hpv_test:
            case CaseEvent::gyn_exam:
            case CaseEvent::breast_exam:
            case CaseEvent::treatment:
            case CaseEvent::visit:
            case CaseEvent::closing:
            case CaseEvent::death: break;
        }
        return grave.meets(fact.results);
    }

    /// Cancer, carcinoma in situ of breast and cervix, and dysplasia of the cervix from grade 2 on
    /// (ICD-10 C, D05, D06, N87.1, N87.2), or whatever has a stage.
    static bool is_high_grade(const Diagnosis& diagnosis) {
        static constexpr std::array<std::string_view, 5> codes = {
            "icd10:C", "icd10:D05", "icd10:D06", "icd10:N87.1", "icd10:N87.2"};
        return diagnosis.figo || diagnosis.stage ||
               std::any_of(codes.begin(), codes.end(),
                           [&](std::string_view code) { return diagnosis.code.starts_with(code); });
    }

    static bool gives_reason(const CaseFact& closing) {
        CodeSet completed;
        completed.add(ClosingReason::completed);
        return closing.results.exceeds(completed);
    }

    /// Somebody else agrees to it.
    bool is_confirmed(const CaseFact& closing) const {
        return std::any_of(facts_.facts().begin(), facts_.facts().end(),
                           [&](const CaseFact& other) {
                               const auto* agreed = std::get_if<Closing>(&other.live->fact.detail);
                               return agreed && agreed->confirms == closing.live->uid &&
                                      other.live->author != closing.live->author;
                           });
    }

    const Indicator& indicator_;
    const CaseFacts& facts_;
    const History& history_;
};

Contribution contribute_cases(const Indicator& indicator, const CaseFacts& facts,
                              bool with_denominator) {
    Contribution contribution;
    const auto& history = facts.history();
    if (facts.facts().empty() || !history.registered_on) return contribution;
    const CaseFinder finder(indicator, facts);
    const auto& definition = *indicator.cases;
    const int birth_month = history.who.birth_date ? birth_month_of(*history.who.birth_date) : 0;
    const auto add = [&](Part part, const CaseFact& fact) {
        const auto& residence = *finder.residence_on(fact.day);
        contribution.push_back(
            {part, {residence.area, residence.facility, birth_month}, fact.day, 1});
    };
    for (const auto* found : finder.find(definition.cases)) {
        if (definition.time) {
            if (const auto days = finder.days_taken(*definition.time, *found))
                add(time_part(*days), *found);
            continue;
        }
        if (with_denominator) add(Part::denominator, *found);
        if (definition.compared) continue;
        if (finder.holds(definition.counts_if, *found))
            add(Part::numerator, *found);
        else if (definition.documented_by && finder.is_documented(*found))
            add(Part::documented, *found);
    }
    if (definition.compared) {
        for (const auto* found : finder.find(*definition.compared)) add(Part::numerator, *found);
    }
    return normalise(std::move(contribution));
}

}  // namespace

CaseFacts::CaseFacts(const History& history) : history_(&history) {
    for (const auto& live : history.facts) {
        CaseFact fact;
        if (!is_completed(live.fact) || !std::visit(CaseReader{fact}, live.fact.detail)) continue;
        fact.day = clinical_day(live.fact, live.order);
        fact.live = &live;
        events_ |= std::uint32_t{1} << static_cast<unsigned>(fact.event);
        facts_.push_back(fact);
    }
}

Contribution case_contribution_of(const Indicator& indicator, const CaseFacts& facts) {
    return contribute_cases(indicator, facts, true);
}

Contribution case_numerator_of(const Indicator& indicator, const CaseFacts& facts) {
    return contribute_cases(indicator, facts, false);
}

}  // namespace egret::coverage
