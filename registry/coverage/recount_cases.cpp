#include "registry/coverage/recount.h"

#include <algorithm>
#include <set>
#include <variant>

// Cases, counted again: fact by fact, with nothing kept from one question to the next.
namespace egret::coverage {
namespace {

using Believed = BelievedFacts::Believed;

bool took_place(const Fact& fact) {
    return !fact.at.status || *fact.at.status == EventStatus::completed;
}

bool is_of_kind(CaseEvent event, const Detail& detail) {
    switch (event) {
        case CaseEvent::hpv_test: return std::holds_alternative<HpvTest>(detail);
        case CaseEvent::cytology: return std::holds_alternative<Cytology>(detail);
        case CaseEvent::via: return std::holds_alternative<Via>(detail);
        case CaseEvent::gyn_exam: return std::holds_alternative<GynExam>(detail);
        case CaseEvent::colposcopy: return std::holds_alternative<Colposcopy>(detail);
        case CaseEvent::histology: return std::holds_alternative<Histology>(detail);
        case CaseEvent::breast_exam: return std::holds_alternative<BreastExam>(detail);
        case CaseEvent::breast_ultrasound: return std::holds_alternative<BreastUltrasound>(detail);
        case CaseEvent::mammogram: return std::holds_alternative<Mammogram>(detail);
        case CaseEvent::diagnosis: return std::holds_alternative<Diagnosis>(detail);
        case CaseEvent::treatment: return std::holds_alternative<Treatment>(detail);
        case CaseEvent::visit: return std::holds_alternative<Visit>(detail);
        case CaseEvent::closing: return std::holds_alternative<Closing>(detail);
        case CaseEvent::death: return std::holds_alternative<Death>(detail);
    }
    return false;
}

std::vector<BiRads> categories(const std::optional<BreastFinding>& left,
                               const std::optional<BreastFinding>& right) {
    std::vector<BiRads> all;
    if (left && left->birads) all.push_back(*left->birads);
    if (right && right->birads) all.push_back(*right->birads);
    return all;
}

template <class E>
std::vector<E> listed(const std::optional<E>& code) {
    return code ? std::vector<E>{*code} : std::vector<E>{};
}

/// Calls `ask` with the list of the fact's results, whatever codes these are.
template <class Ask>
bool ask_results(const Detail& detail, Ask ask) {
    if (const auto* test = std::get_if<HpvTest>(&detail)) return ask(listed(test->result));
    if (const auto* smear = std::get_if<Cytology>(&detail)) return ask(smear->results);
    if (const auto* via = std::get_if<Via>(&detail)) return ask(listed(via->result));
    if (const auto* exam = std::get_if<GynExam>(&detail)) return ask(listed(exam->result));
    if (const auto* seen = std::get_if<Colposcopy>(&detail)) return ask(listed(seen->impression));
    if (const auto* tissue = std::get_if<Histology>(&detail)) return ask(tissue->results);
    if (const auto* scan = std::get_if<BreastUltrasound>(&detail))
        return ask(categories(scan->left, scan->right));
    if (const auto* scan = std::get_if<Mammogram>(&detail))
        return ask(categories(scan->left, scan->right));
    if (const auto* done = std::get_if<Treatment>(&detail)) return ask(listed(done->procedure));
    if (const auto* closing = std::get_if<Closing>(&detail)) return ask(listed(closing->reason));
    if (const auto* exam = std::get_if<BreastExam>(&detail)) {
        std::vector<ExamResult> results = listed(exam->result);
        if (exam->left) results.push_back(*exam->left);
        if (exam->right) results.push_back(*exam->right);
        return ask(results);
    }
    return ask(std::vector<ExamResult>{});
}

bool results_fit(const FactRule& rule, const Detail& detail) {
    return ask_results(detail, [&](const auto& results) {
        bool has_wanted = rule.results.empty();
        bool has_other = rule.results_except.empty();
        for (const auto result : results) {
            if (rule.without.contains(result)) return false;
            if (rule.results.contains(result)) has_wanted = true;
            if (!rule.results_except.contains(result)) has_other = true;
        }
        return has_wanted && has_other;
    });
}

bool types_fit(const FactRule& rule, const HpvTest& test) {
    if (rule.typed && *rule.typed != !test.types.empty()) return false;
    bool has_wanted = rule.types.empty();
    for (const auto type : test.types) {
        if (rule.types_without.contains(type)) return false;
        if (rule.types.contains(type)) has_wanted = true;
    }
    return has_wanted;
}

std::string_view breast_or_cervix(std::string_view site) {
    if (site.starts_with("breast")) return "breast";
    return site == "cervix" ? site : "";
}

/// "cervix", "breast", or "" for another place.
std::string_view place_of(const Detail& detail) {
    if (const auto* tissue = std::get_if<Histology>(&detail))
        return tissue->site ? breast_or_cervix(to_string(*tissue->site)) : "cervix";
    if (const auto* diagnosis = std::get_if<Diagnosis>(&detail))
        return diagnosis->site ? breast_or_cervix(to_string(*diagnosis->site)) : "";
    if (const auto* closing = std::get_if<Closing>(&detail))
        return closing->site ? to_string(*closing->site) : "";
    const auto* treatment = std::get_if<Treatment>(&detail);
    if (!treatment) return "";
    if (treatment->site) return breast_or_cervix(to_string(*treatment->site));
    const std::string_view procedure =
        treatment->procedure ? to_string(*treatment->procedure) : std::string_view();
    for (const auto* of_breast : {"mastectomy", "lumpectomy", "endocrine_therapy"}) {
        if (procedure == of_breast) return "breast";
    }
    for (const auto* of_breast : {"LCIS", "DCIS", "invasive"}) {
        if (treatment->reason == of_breast) return "breast";
    }
    return "cervix";
}

bool diagnosis_fits(const FactRule& rule, const Diagnosis& diagnosis) {
    bool has_code = rule.codes.empty();
    for (const auto& code : rule.codes)
        has_code = has_code || diagnosis.code.substr(0, code.size()) == code;
    bool has_stage = rule.figo.empty() && rule.breast_stage.empty();
    if (diagnosis.figo && rule.figo.contains(*diagnosis.figo)) has_stage = true;
    if (diagnosis.stage && rule.breast_stage.contains(*diagnosis.stage)) has_stage = true;
    const bool is_so_found = rule.found_by.empty() ||
                             (diagnosis.found_by && rule.found_by.contains(*diagnosis.found_by));
    return has_code && has_stage && is_so_found;
}

bool is_asked_for(const FactRule& rule, const Believed& believed) {
    const auto& [at, detail, extras] = believed.fact;
    if (!took_place(believed.fact) || !is_of_kind(rule.event, detail)) return false;
    if (at.source == Source::told && !rule.told_counts) return false;
    if (rule.has_report && !at.reported_on) return false;
    if (rule.reported_within &&
        !(at.reported_on && *at.reported_on <= plus(believed.day, *rule.reported_within)))
        return false;
    if (rule.site && place_of(detail) != to_string(*rule.site)) return false;
    if (const auto* test = std::get_if<HpvTest>(&detail); test && !types_fit(rule, *test))
        return false;
    if (const auto* diagnosis = std::get_if<Diagnosis>(&detail);
        diagnosis && !diagnosis_fits(rule, *diagnosis))
        return false;
    // What gives up one action closes no case.
    if (const auto* closing = std::get_if<Closing>(&detail); closing && !closing->action.empty())
        return false;
    return results_fit(rule, detail);
}

bool is_asked_for(const std::vector<FactRule>& rules, const Believed& believed) {
    return std::any_of(rules.begin(), rules.end(),
                       [&](const FactRule& rule) { return is_asked_for(rule, believed); });
}

bool is_when(const TimedRule& rule, Date of, Date day) {
    if (rule.when == When::before ? of < day : day < of) return false;
    if (rule.on_other_day && of == day) return false;
    if (rule.within_calendar_year && of.year() != day.year()) return false;
    if (rule.from && day < plus(of, *rule.from)) return false;
    if (!rule.within) return true;
    return plus(std::min(of, day), *rule.within) >= std::max(of, day);
}

/// So grave that two people must agree before it is left as it is.
bool is_grave(const Detail& detail) {
    std::set<std::string_view> grave;
    if (std::holds_alternative<Cytology>(detail))
        grave = {"ASC-H", "HSIL", "SCC",    "AGC",       "AGC-FN",
                 "AIS",   "ADC",  "AGC-EC", "AGC-EC-FN", "AGC-EM"};
    else if (std::holds_alternative<Colposcopy>(detail))
        grave = {"high_grade", "suspected_cancer"};
    else if (std::holds_alternative<Histology>(detail))
        grave = {"CIN2",   "CIN3", "HSIL", "AIS",     "microinvasive",
                 "cancer", "LCIS", "DCIS", "invasive"};
    else if (std::holds_alternative<Via>(detail))
        grave = {"suspected_cancer"};
    else if (std::holds_alternative<BreastUltrasound>(detail) ||
             std::holds_alternative<Mammogram>(detail))
        grave = {"4", "4a", "4b", "4c", "5", "6"};
    if (const auto* said = std::get_if<Diagnosis>(&detail)) {
        const auto five = said->code.substr(0, 9);
        return said->figo || said->stage || said->code.substr(0, 7) == "icd10:C" ||
               five == "icd10:D05" || five == "icd10:D06" ||
               said->code.substr(0, 11) == "icd10:N87.1" ||
               said->code.substr(0, 11) == "icd10:N87.2";
    }
    return ask_results(detail, [&](const auto& results) {
        for (const auto result : results) {
            if (grave.count(to_string(result)) > 0) return true;
        }
        return false;
    });
}

}  // namespace

std::optional<Date> BelievedFacts::death_day() const {
    std::optional<Date> day;
    for (const auto& believed : facts_) {
        if (std::holds_alternative<Death>(believed.fact.detail)) day = believed.day;
    }
    return day;
}

bool BelievedFacts::is_of_population(const Population& population, Date day) const {
    const auto& sexes = population.sexes;
    if (!sexes.empty() && std::count(sexes.begin(), sexes.end(), sex_) == 0) return false;
    return is_in_cohort(population, day) && place_of_case(day).is_resident &&
           (population.flag.empty() || has_flag_on(population.flag, day));
}

/// The days on which something is there as the rule asks.
std::vector<Date> BelievedFacts::days_found(const TimedRule& rule, const Believed& of) const {
    std::vector<Date> days;
    if (rule.fact.event == CaseEvent::death) {
        const auto died = death_day();
        if (died && is_when(rule, of.day, *died)) days.push_back(*died);
        return days;
    }
    for (const auto& believed : facts_) {
        if (is_asked_for(rule.fact, believed) && is_when(rule, of.day, believed.day))
            days.push_back(believed.day);
    }
    return days;
}

bool BelievedFacts::is_there(const TimedRule& rule, const Believed& of) const {
    return rule.when == When::same ? is_asked_for(rule.fact, of) : !days_found(rule, of).empty();
}

bool BelievedFacts::holds(const Conditions& conditions, const Believed& of) const {
    for (const auto& rule : conditions.none_of) {
        if (is_there(rule, of)) return false;
    }
    for (const auto& group : conditions.all_of) {
        bool is_met = false;
        for (const auto& rule : group) is_met = is_met || is_there(rule, of);
        if (!is_met) return false;
    }
    return true;
}

std::vector<const Believed*> BelievedFacts::cases_by(const CaseRule& rule,
                                                     const Population& who) const {
    std::vector<const Believed*> in_order;
    for (const auto& believed : facts_) {
        if (is_asked_for(rule.any_of, believed)) in_order.push_back(&believed);
    }
    std::stable_sort(in_order.begin(), in_order.end(),
                     [](const auto* a, const auto* b) { return a->day < b->day; });
    if (rule.each == CaseEach::life && in_order.size() > 1) in_order.resize(1);
    std::vector<const Believed*> cases;
    std::set<int> years;
    for (const auto* believed : in_order) {
        if (!is_of_population(who, believed->day) || !holds(rule.with, *believed)) continue;
        if (rule.each == CaseEach::calendar_year && !years.insert(believed->day.year()).second)
            continue;
        cases.push_back(believed);
    }
    return cases;
}

bool BelievedFacts::two_agree(const Believed& closing) const {
    return std::any_of(facts_.begin(), facts_.end(), [&](const Believed& other) {
        const auto* said = std::get_if<Closing>(&other.fact.detail);
        return said && took_place(other.fact) && said->confirms == closing.uid &&
               other.author != closing.author;
    });
}

bool BelievedFacts::is_explained(const CaseDefinition& definition, const Believed& of) const {
    if (const auto died = death_day(); died && *died >= of.day) {
        for (const auto& group : definition.counts_if.all_of) {
            for (auto rule : group) {
                if (rule.when != When::after) continue;
                rule.from = std::nullopt;
                rule.on_other_day = false;
                if (is_when(rule, of.day, *died)) return true;
            }
        }
        if (*died == of.day) return true;
    }
    for (const auto& believed : facts_) {
        const auto* closing = std::get_if<Closing>(&believed.fact.detail);
        if (!closing || !took_place(believed.fact) || believed.day < of.day || !closing->reason ||
            *closing->reason == ClosingReason::completed ||
            closing->site != definition.documented_by)
            continue;
        if (!is_grave(of.fact.detail) || two_agree(believed)) return true;
    }
    return false;
}

std::optional<int> BelievedFacts::days_taken(const TimeRule& rule, const Believed& of) const {
    std::optional<Date> end;
    if (rule.until.empty()) end = of.day;
    for (const auto& wanted : rule.until) {
        for (const auto day : days_found(wanted, of)) {
            if (!end || day < *end) end = day;
        }
    }
    auto begin = of.day;
    if (rule.since == TimeSince::birth) {
        if (!birth_) return std::nullopt;
        begin = birth_->earliest();
    }
    if (!end || *end < begin) return std::nullopt;
    // Nothing takes longer than two hundred years.
    return std::min(end->days() - begin.days(), 200 * 36525 / 100);
}

std::vector<CountedCase> BelievedFacts::cases_of(const Indicator& indicator) const {
    std::vector<CountedCase> cases;
    const bool is_registered =
        std::any_of(facts_.begin(), facts_.end(), [](const Believed& believed) {
            return std::holds_alternative<Register>(believed.fact.detail);
        });
    if (!is_registered) return cases;
    const auto& definition = *indicator.cases;
    for (const auto* believed : cases_by(definition.cases, indicator.population)) {
        CountedCase one;
        one.day = believed->day;
        if (definition.time) {
            one.days = days_taken(*definition.time, *believed);
            if (one.days) cases.push_back(one);
            continue;
        }
        one.counts = !definition.compared && holds(definition.counts_if, *believed);
        one.is_documented =
            definition.documented_by && !one.counts && is_explained(definition, *believed);
        cases.push_back(one);
    }
    if (!definition.compared) return cases;
    for (const auto* believed : cases_by(*definition.compared, indicator.population)) {
        CountedCase one;
        one.day = believed->day;
        one.is_compared = true;
        cases.push_back(one);
    }
    return cases;
}

}  // namespace egret::coverage
