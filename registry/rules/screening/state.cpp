#include "registry/rules/screening/state.h"

#include "registry/rules/screening/detail/state_history.h"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace egret::rules {
namespace {

/// A list of codes as words, and what else a function can answer.
template <Code E>
std::vector<std::string_view> words_of(std::initializer_list<std::string_view> more) {
    std::vector<std::string_view> words;
    words.reserve(CodeList<E>::entries.size() + more.size());
    for (const auto& entry : CodeList<E>::entries) words.push_back(entry.second);
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

constexpr Codes bit(std::size_t place) { return Codes{1} << place; }

/// Of an entry of E's list; of the words behind them.
template <Code E>
constexpr Codes code_of(E entry) {
    const auto& entries = CodeList<E>::entries;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (entries[i].first == entry) return bit(i);
    }
    return 0;
}

template <Code E>
constexpr Codes word_behind(std::size_t place) {
    return bit(CodeList<E>::entries.size() + place);
}

/// The findings of one kind at this visit.
template <class Kind, class Take>
void at_visit(const Moment& moment, const Take& take) {
    if (!moment.visit) return;
    for (auto i = moment.visit->first; i < moment.visit->end; ++i) {
        const auto* detail = std::get_if<Kind>(&moment.woman.findings[i].finding->detail);
        if (detail) take(*detail);
    }
}

template <Code E>
StateValue or_none(Codes codes, std::size_t place_of_none) {
    return {codes != 0 ? codes : word_behind<E>(place_of_none), 0, {}};
}

StateValue value_of_age(const Moment&, const StateCall&) { return {}; }

StateValue value_of_sex(const Moment& moment, const StateCall&) {
    return {code_of(moment.woman.sex), 0, {}};
}

StateValue value_of_flags(const Moment& moment, const StateCall& call) {
    StateValue value;
    for (const auto& flag : *moment.woman.flags) {
        if (flag.holds_on(moment.day))
            value.codes |= find_code_in(call.codes, flag.code).value_or(0);
    }
    return value;
}

StateValue value_of_owed(const Moment& moment, const StateCall&) {
    return {moment.owed ? moment.owed->step : bit(0), 0, {}};
}

StateValue value_of_owed_since(const Moment& moment, const StateCall&) {
    if (!moment.owed) return {};
    return {0, 0, moment.owed->opened_on};
}

/// "positive" stands beside its types; without any it is "untyped" too.
StateValue value_of_hpv(const Moment& moment, const StateCall&) {
    constexpr auto results = CodeList<HpvType>::entries.size();
    constexpr Codes negative = bit(results);
    constexpr Codes positive = bit(results + 1);
    constexpr Codes untyped = bit(results + 2);
    constexpr Codes invalid = bit(results + 3);
    constexpr Codes unknown = bit(results + 4);
    constexpr Codes none = bit(results + 5);
    Codes codes = 0;
    at_visit<HpvTest>(moment, [&](const HpvTest& test) {
        switch (test.result.value_or(HpvResult::unknown)) {
            case HpvResult::negative: codes |= negative; break;
            case HpvResult::invalid: codes |= invalid; break;
            case HpvResult::unknown: codes |= unknown; break;
            case HpvResult::positive:
                codes |= positive | (test.types.empty() ? untyped : 0);
                for (const auto type : test.types) codes |= code_of(type);
                break;
        }
    });
    return {codes != 0 ? codes : none, 0, {}};
}

/// A list of results: each of them, or "unknown" where it was done and none is known.
template <class Kind, Code E>
StateValue results_at_visit(const Moment& moment, const auto& counts) {
    Codes codes = 0;
    at_visit<Kind>(moment, [&](const Kind& report) {
        if (!counts(report)) return;
        if (report.results.empty()) codes |= word_behind<E>(0);
        for (const auto result : report.results) codes |= code_of(result);
    });
    return or_none<E>(codes, 1);
}

StateValue value_of_cytology(const Moment& moment, const StateCall&) {
    return results_at_visit<Cytology, CytologyResult>(moment, [](const Cytology&) { return true; });
}

StateValue value_of_histology(const Moment& moment, const StateCall&) {
    return results_at_visit<Histology, HistologyResult>(moment, [](const Histology& report) {
        return report.site.value_or(HistologySite::cervix) == HistologySite::cervix;
    });
}

/// How the tissue of the cervix was taken.
StateValue value_of_taken_by(const Moment& moment, const StateCall&) {
    Codes codes = 0;
    at_visit<Histology>(moment, [&](const Histology& report) {
        if (report.site.value_or(HistologySite::cervix) != HistologySite::cervix) return;
        codes |= report.taken_by ? code_of(*report.taken_by) : word_behind<BiopsyMethod>(0);
    });
    return or_none<BiopsyMethod>(codes, 1);
}

StateValue value_of_breast_histology(const Moment& moment, const StateCall&) {
    return results_at_visit<Histology, HistologyResult>(
        moment, [&](const Histology& report) { return report.site == moment.woman.breast; });
}

StateValue value_of_breast_removed(const Moment& moment, const StateCall&) {
    const std::string_view code =
        moment.woman.breast == HistologySite::breast_left ? "mastectomy_left" : "mastectomy_right";
    const bool is_removed = std::any_of(
        moment.woman.flags->begin(), moment.woman.flags->end(),
        [&](const SubjectFlag& flag) { return flag.code == code && flag.holds_on(moment.day); });
    return {bit(is_removed ? 0 : 1), 0, {}};
}

/// A single result, or "unknown" where it was done and isn't known.
template <class Kind, Code E>
StateValue result_at_visit(const Moment& moment, std::optional<E> Kind::*result) {
    Codes codes = 0;
    at_visit<Kind>(moment, [&](const Kind& report) {
        codes |= report.*result ? code_of(*(report.*result)) : word_behind<E>(0);
    });
    return or_none<E>(codes, 1);
}

StateValue value_of_via(const Moment& moment, const StateCall&) {
    return result_at_visit(moment, &Via::result);
}

StateValue value_of_gyn_exam(const Moment& moment, const StateCall&) {
    return result_at_visit(moment, &GynExam::result);
}

/// Of the breast in question, where the other one explains what was found.
StateValue value_of_breast_exam(const Moment& moment, const StateCall&) {
    const bool is_left = moment.woman.breast == HistologySite::breast_left;
    const bool is_right = moment.woman.breast == HistologySite::breast_right;
    Codes codes = 0;
    at_visit<BreastExam>(moment, [&](const BreastExam& exam) {
        const auto& own = is_left ? exam.left : exam.right;
        const auto& other = is_left ? exam.right : exam.left;
        const bool is_explained =
            own == ExamResult::normal && other == ExamResult::abnormal && (is_left || is_right);
        const auto result = is_explained ? own : exam.result;
        codes |= result ? code_of(*result) : word_behind<ExamResult>(0);
    });
    return or_none<ExamResult>(codes, 1);
}

StateValue value_of_senior_review(const Moment& moment, const StateCall&) {
    return result_at_visit(moment, &SeniorReview::decision);
}

StateValue value_of_colposcopy(const Moment& moment, const StateCall&) {
    auto value = result_at_visit(moment, &Colposcopy::impression);
    at_visit<Colposcopy>(moment, [&](const Colposcopy& report) {
        if (!report.adequate.value_or(true)) value.codes |= word_behind<ColposcopyImpression>(2);
    });
    return value;
}

StateValue value_of_tz_type(const Moment& moment, const StateCall&) {
    StateValue value;
    at_visit<Colposcopy>(moment, [&](const Colposcopy& report) {
        if (report.tz_type && *report.tz_type >= 1 && *report.tz_type <= 3)
            value.codes |= bit(static_cast<std::size_t>(*report.tz_type - 1));
    });
    if (value.codes == 0) value.codes = bit(3);
    return value;
}

/// Of the cervix, by its procedures unless its site is recorded; those of the breast are asked for
/// by another function.
constexpr std::array<Procedure, 3> not_of_cervix = {Procedure::mastectomy, Procedure::lumpectomy,
                                                    Procedure::endocrine_therapy};
constexpr std::array<Procedure, 10> not_of_breast = {
    Procedure::cryotherapy,  Procedure::thermal_ablation, Procedure::laser,
    Procedure::cautery,      Procedure::ablation,         Procedure::leep,
    Procedure::cone,         Procedure::excision,         Procedure::hysterectomy,
    Procedure::trachelectomy};

template <std::size_t N>
StateValue treatment_at_visit(const Moment& moment, const std::array<Procedure, N>& others) {
    Codes codes = 0;
    at_visit<Treatment>(moment, [&](const Treatment& treatment) {
        if (!treatment.procedure)
            codes |= word_behind<Procedure>(0);
        else if (treatment.site ||
                 std::find(others.begin(), others.end(), *treatment.procedure) == others.end())
            codes |= code_of(*treatment.procedure);
    });
    return or_none<Procedure>(codes, 1);
}

StateValue value_of_treatment(const Moment& moment, const StateCall&) {
    return treatment_at_visit(moment, not_of_cervix);
}

StateValue value_of_breast_treatment(const Moment& moment, const StateCall&) {
    return treatment_at_visit(moment, not_of_breast);
}

/// The BI-RADS of the breast in question; "unknown" where it was looked at and isn't told of.
template <class Kind>
StateValue birads_at_visit(const Moment& moment) {
    Codes codes = 0;
    at_visit<Kind>(moment, [&](const Kind& report) {
        const auto& side =
            moment.woman.breast == HistologySite::breast_left ? report.left : report.right;
        codes |= side && side->birads ? code_of(*side->birads) : word_behind<BiRads>(0);
    });
    return or_none<BiRads>(codes, 1);
}

StateValue value_of_ultrasound(const Moment& moment, const StateCall&) {
    return birads_at_visit<BreastUltrasound>(moment);
}

StateValue value_of_mammogram(const Moment& moment, const StateCall&) {
    return birads_at_visit<Mammogram>(moment);
}

std::vector<StateFunction> cervical_functions() {
    return {
        {"age", StateKind::age, {}, {}, value_of_age},
        {"sex", StateKind::codes, words_of<Sex>({}), {}, value_of_sex},
        {"flags", StateKind::codes, {}, {}, value_of_flags},
        {"owed", StateKind::codes, {}, {}, value_of_owed},
        {"owed_since", StateKind::day, {}, {}, value_of_owed_since},
        {"hpv",
         StateKind::codes,
         words_of<HpvType>({"negative", "positive", "untyped", "invalid", "unknown", "none"}),
         {},
         value_of_hpv},
        {"cytology",
         StateKind::codes,
         words_of<CytologyResult>({"unknown", "none"}),
         {},
         value_of_cytology},
        {"via", StateKind::codes, words_of<ViaResult>({"unknown", "none"}), {}, value_of_via},
        {"gyn_exam",
         StateKind::codes,
         words_of<ExamResult>({"unknown", "none"}),
         {},
         value_of_gyn_exam},
        {"colposcopy",
         StateKind::codes,
         words_of<ColposcopyImpression>({"unknown", "none", "inadequate"}),
         {},
         value_of_colposcopy},
        {"tz_type", StateKind::codes, {"1", "2", "3", "unknown"}, {}, value_of_tz_type},
        {"histology",
         StateKind::codes,
         words_of<HistologyResult>({"unknown", "none"}),
         {},
         value_of_histology},
        {"taken_by",
         StateKind::codes,
         words_of<BiopsyMethod>({"unknown", "none"}),
         {},
         value_of_taken_by},
        {"treatment",
         StateKind::codes,
         words_of<Procedure>({"unknown", "none"}),
         {},
         value_of_treatment},
    };
}

std::vector<StateFunction> breast_functions() {
    return {
        {"breast_exam",
         StateKind::codes,
         words_of<ExamResult>({"unknown", "none"}),
         {},
         value_of_breast_exam},
        {"breast_ultrasound",
         StateKind::codes,
         words_of<BiRads>({"unknown", "none"}),
         {},
         value_of_ultrasound},
        {"mammogram",
         StateKind::codes,
         words_of<BiRads>({"unknown", "none"}),
         {},
         value_of_mammogram},
        {"senior_review",
         StateKind::codes,
         words_of<ReviewDecision>({"unknown", "none"}),
         {},
         value_of_senior_review},
        {"breast_histology",
         StateKind::codes,
         words_of<HistologyResult>({"unknown", "none"}),
         {},
         value_of_breast_histology},
        {"breast_removed", StateKind::codes, {"yes", "no"}, {}, value_of_breast_removed},
        {"breast_treatment",
         StateKind::codes,
         words_of<Procedure>({"unknown", "none"}),
         {},
         value_of_breast_treatment},
    };
}

const std::vector<StateFunction>& all_functions() {
    static const auto all = [] {
        auto functions = detail::history_functions();
        for (const auto& of_site : {cervical_functions(), breast_functions()})
            functions.insert(functions.end(), of_site.begin(), of_site.end());
        return functions;
    }();
    return all;
}

}  // namespace

std::optional<Codes> find_code_in(const std::vector<std::string>& list, std::string_view code) {
    const auto found = std::find(list.begin(), list.end(), code);
    if (found == list.end()) return std::nullopt;
    return bit(static_cast<std::size_t>(found - list.begin()));
}

std::span<const StateFunction> state_functions() { return all_functions(); }

const StateFunction* find_state_function(std::string_view name) {
    const auto& all = all_functions();
    const auto found = std::find_if(all.begin(), all.end(), [&](const StateFunction& function) {
        return function.name == name;
    });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace egret::rules
