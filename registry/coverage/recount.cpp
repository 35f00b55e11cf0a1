#include "registry/coverage/recount.h"

#include "registry/base/ensure.h"
#include "registry/coverage/recount_beliefs.h"
#include "registry/domain/area.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <variant>

namespace egret::coverage {
namespace {

const Demographics* demographics_of(const Fact& fact) {
    if (const auto* registered = std::get_if<Register>(&fact.detail)) return &registered->who;
    if (const auto* changed = std::get_if<DemographicsChange>(&fact.detail)) return &changed->who;
    return nullptr;
}

bool was_done(const Fact& fact) {
    return !fact.at.status || *fact.at.status == EventStatus::completed;
}

bool holds(const std::vector<std::string>& codes, std::string_view code) {
    return std::count(codes.begin(), codes.end(), code) > 0;
}

void add_category(std::vector<std::string>& results, const BreastFinding& finding) {
    if (finding.birads) results.emplace_back(to_string(*finding.birads));
}

/// The codes of a test's results, if the fact is of the kind that the rule counts; nothing for
/// another kind.
std::optional<std::vector<std::string>> results_for(CountedEvent event, const Fact& fact) {
    std::vector<std::string> results;
    switch (event) {
        case CountedEvent::dose:
            if (!std::holds_alternative<Dose>(fact.detail)) return std::nullopt;
            break;
        case CountedEvent::hpv_test: {
            const auto* test = std::get_if<HpvTest>(&fact.detail);
            if (!test) return std::nullopt;
            if (test->result) results.emplace_back(to_string(*test->result));
            break;
        }
        case CountedEvent::cytology: {
            const auto* smear = std::get_if<Cytology>(&fact.detail);
            if (!smear) return std::nullopt;
            for (const auto result : smear->results) results.emplace_back(to_string(result));
            break;
        }
        case CountedEvent::via: {
            const auto* via = std::get_if<Via>(&fact.detail);
            if (!via) return std::nullopt;
            if (via->result) results.emplace_back(to_string(*via->result));
            break;
        }
        case CountedEvent::breast_ultrasound: {
            const auto* scan = std::get_if<BreastUltrasound>(&fact.detail);
            if (!scan) return std::nullopt;
            if (scan->left) add_category(results, *scan->left);
            if (scan->right) add_category(results, *scan->right);
            break;
        }
        case CountedEvent::mammogram: {
            const auto* scan = std::get_if<Mammogram>(&fact.detail);
            if (!scan) return std::nullopt;
            if (scan->left) add_category(results, *scan->left);
            if (scan->right) add_category(results, *scan->right);
            break;
        }
    }
    return results;
}

bool is_good_enough(const CountingRule& rule, const Fact& fact) {
    const auto results = results_for(rule.event, fact);
    if (!results || !was_done(fact)) return false;
    if (const auto* dose = std::get_if<Dose>(&fact.detail)) {
        if (!fact.at.date) return false;
        if (dose->substandard == true && !rule.substandard_counts) return false;
        if (!rule.round.empty() && dose->round != rule.round) return false;
    }
    bool has_wanted = rule.results.empty();
    bool has_other = rule.results_except.empty();
    for (const auto& result : *results) {
        if (holds(rule.results, result)) has_wanted = true;
        if (!holds(rule.results_except, result)) has_other = true;
    }
    return has_wanted && has_other;
}

/// Whether something of the day `since` counts on a later day: the time that it needs has passed,
/// the time that it lasts has not.
bool still_lasts(const CountingRule& rule, Date since, Date day) {
    if (rule.longer_ago_than && !(plus(since, *rule.longer_ago_than) < day)) return false;
    if (rule.lasts_calendar_year) return day.year() == since.year();
    const auto& lasts = rule.lasts;
    if (!lasts) return true;
    if (lasts->months == 0 && lasts->days == 0) return age_in_years(since, day) < lasts->years;
    return day < plus(since, *lasts);
}

// Codes are cut as text here: two digits for the province, two for the city, two for the district,
// three for the town, three for the village.
std::string area_text(const std::string& area, std::size_t digits) {
    const auto code = AreaCode::parse(area);
    if (!code) return "unknown";
    auto text = code->text().substr(0, digits);
    if (text.size() < 6) text.append(6 - text.size(), '0');
    return text;
}

std::string dimension_text(Dimension dimension, const Standing& standing) {
    const auto birth = standing.birth ? standing.birth->to_string() : std::string("unknown");
    switch (dimension) {
        case Dimension::province: return area_text(standing.area, 2);
        case Dimension::city: return area_text(standing.area, 4);
        case Dimension::area: return area_text(standing.area, 6);
        case Dimension::town: return area_text(standing.area, 9);
        case Dimension::village: return area_text(standing.area, 12);
        case Dimension::facility: return standing.facility.empty() ? "unknown" : standing.facility;
        case Dimension::birth_year: return standing.birth ? birth.substr(0, 4) : birth;
        case Dimension::birth_month: return birth.substr(0, 7);
    }
    return {};
}

/// The median is in the middle of the sorted times, twice, or next to it on both sides; nine of ten
/// don't exceed the last of so many.
CaseDetails details_of(std::int64_t documented, std::vector<int> days) {
    CaseDetails details;
    details.documented = documented;
    if (days.empty()) return details;
    std::sort(days.begin(), days.end());
    const auto count = days.size();
    details.median_halves = days[count / 2] + days[count % 2 == 1 ? count / 2 : count / 2 - 1];
    // Of those behind it there are at most a tenth.
    details.percentile_90 = days[count - count / 10 - 1];
    return details;
}

bool is_met(const Filter& filter, const Standing& standing) {
    const bool is_area =
        filter.dimension == Dimension::area || filter.dimension == Dimension::province ||
        filter.dimension == Dimension::city || filter.dimension == Dimension::town ||
        filter.dimension == Dimension::village;
    if (!is_area) return dimension_text(filter.dimension, standing) == filter.value;
    auto prefix = filter.value;
    while (prefix.size() <= 6 && prefix.size() > 2 && prefix.ends_with("00"))
        prefix.resize(prefix.size() - 2);
    return area_text(standing.area, 12).starts_with(prefix);
}

}  // namespace

BelievedFacts::BelievedFacts(const std::vector<LoggedEvent>& events, const ReachedOn& reached,
                             const RecountLots& lots)
    : reached_(&reached) {
    auto beliefs = believe(events);
    const auto* born = last_word(beliefs, [](const Belief& belief) {
        const auto* who = demographics_of(belief.fact);
        return who && who->birth_date;
    });
    const auto* sexed = last_word(beliefs, [](const Belief& belief) {
        const auto* who = demographics_of(belief.fact);
        return who && who->sex;
    });
    if (born) birth_ = demographics_of(born->fact)->birth_date;
    if (sexed) sex_ = *demographics_of(sexed->fact)->sex;
    for (auto& belief : beliefs) {
        // Stock is a facility's, whoever's name it was put under.
        if (std::holds_alternative<Stock>(belief.fact.detail)) continue;
        // What became of its lot is told of the dose, whoever asks about it.
        if (lots.spoil(belief)) std::get<Dose>(belief.fact.detail).substandard = true;
        facts_.push_back({std::move(belief.fact), belief.day, std::move(belief.facility),
                          belief.uid, belief.author});
    }
}

bool BelievedFacts::has_flag_on(std::string_view code, Date day) const {
    return std::any_of(facts_.begin(), facts_.end(), [&](const Believed& believed) {
        const auto* flag = std::get_if<Flag>(&believed.fact.detail);
        return flag && flag->code == code && was_done(believed.fact) &&
               (!flag->from || flag->from->earliest() <= day) &&
               (!flag->to || day <= flag->to->latest());
    });
}

bool BelievedFacts::belongs_on(const Indicator& indicator, Date day) const {
    const auto& population = indicator.population;
    bool is_registered = false;
    bool is_dead = false;
    for (const auto& believed : facts_) {
        if (std::holds_alternative<Register>(believed.fact.detail) && believed.day <= day)
            is_registered = true;
        // The last word on her death counts, in whichever direction it moves the day.
        if (std::holds_alternative<Death>(believed.fact.detail)) is_dead = believed.day <= day;
    }
    if (!is_registered || is_dead) return false;
    if (!population.sexes.empty() &&
        std::count(population.sexes.begin(), population.sexes.end(), sex_) == 0)
        return false;
    if (population.needs_cervix && has_flag_on("no_cervix", day)) return false;
    if (!population.flag.empty() && !has_flag_on(population.flag, day)) return false;
    return is_in_cohort(population, day) &&
           (population.any_of.empty() || fits_any(population.any_of, day));
}

bool BelievedFacts::is_in_cohort(const Population& population, Date day) const {
    const auto& age = population.age;
    const auto& reached = population.age_reached_in_year;
    const auto& born = population.born;
    if (!age && !reached && !born) return true;
    if (!birth_) return false;
    const auto birth = birth_->earliest();
    const auto is_among = [](int years, const AgeRange& range) {
        return range.from <= years && years <= range.to;
    };
    if (age && !is_among(age_in_years(birth, day), *age)) return false;
    if (reached && !is_among(day.year() - birth.year(), *reached)) return false;
    return !born || !((born->from && birth < *born->from) || (born->to && *born->to < birth));
}

bool BelievedFacts::fits_any(const std::vector<CountingRule>& rules, Date day) const {
    return std::any_of(rules.begin(), rules.end(),
                       [&](const CountingRule& rule) { return fits(rule, day); });
}

bool BelievedFacts::fits(const CountingRule& rule, Date day) const {
    // Later ones come behind these, and don't change which is the first or the n-th.
    std::set<Date> days;
    if (rule.series) {
        if (const auto reached = day_reached(*rule.series, day)) days.insert(*reached);
    } else {
        for (const auto& believed : facts_) {
            if (believed.day <= day && is_good_enough(rule, believed.fact))
                days.insert(believed.day);
        }
    }
    int number = 0;
    for (const auto one : days) {
        ++number;
        if (rule.nth && number != *rule.nth) continue;
        if (rule.after_first && (one < plus(*days.begin(), rule.after_first->from) ||
                                 plus(*days.begin(), rule.after_first->to) < one))
            continue;
        if (rule.first_before_age &&
            !(birth_ && age_in_years(birth_->earliest(), *days.begin()) < *rule.first_before_age))
            continue;
        if (rule.before_age &&
            !(birth_ && age_in_years(birth_->earliest(), one) < *rule.before_age))
            continue;
        if (still_lasts(rule, one, day)) return true;
    }
    return false;
}

std::optional<Date> BelievedFacts::day_reached(const SeriesRule& rule, Date until) const {
    std::optional<Date> first;
    for (const auto& believed : facts_) {
        if (!std::holds_alternative<Dose>(believed.fact.detail) || !was_done(believed.fact) ||
            !believed.fact.at.date || believed.day > until || (first && *first <= believed.day))
            continue;
        const auto reached = ask_rules(rule.protocol, believed.day);
        if (rule.reach == Reach::first ? reached.first : reached.complete) first = believed.day;
    }
    return first;
}

Reached BelievedFacts::ask_rules(const std::string& protocol, Date day) const {
    const auto [known, is_new] = asked_.try_emplace({protocol, day});
    if (!is_new) return known->second;
    EGRET_ENSURE(*reached_);
    Demographics who;
    who.birth_date = birth_;
    who.sex = sex_;
    std::vector<const Fact*> facts;
    for (const auto& believed : facts_) facts.push_back(&believed.fact);
    return known->second = (*reached_)(protocol, who, facts, day);
}

Standing BelievedFacts::place_on(Date day) const {
    Standing standing;
    standing.birth = birth_;
    // Of what is said from a day up to this one, the latest day counts, then the last in the logs.
    std::optional<Date> area_said;
    std::optional<Date> facility_said;
    std::optional<Date> residence_said;
    for (const auto& [fact, from, where, uid, author] : facts_) {
        if (from > day) continue;
        if (const auto* who = demographics_of(fact)) {
            if (!who->area.empty() && (!area_said || from >= *area_said)) {
                standing.area = who->area;
                area_said = from;
            }
            if (who->resident && (!residence_said || from >= *residence_said)) {
                standing.is_resident = *who->resident;
                residence_said = from;
            }
        }
        const auto* transfer = std::get_if<Transfer>(&fact.detail);
        const bool registers = std::holds_alternative<Register>(fact.detail);
        const auto facility = transfer ? transfer->to_facility : registers ? where : "";
        if (!facility.empty() && (!facility_said || from >= *facility_said)) {
            standing.facility = facility;
            facility_said = from;
        }
    }
    return standing;
}

Standing BelievedFacts::place_of_case(Date day) const {
    std::optional<Date> first;
    for (const auto& believed : facts_) {
        const auto* who = demographics_of(believed.fact);
        const bool registers = std::holds_alternative<Register>(believed.fact.detail);
        const bool moves = std::holds_alternative<Transfer>(believed.fact.detail) ||
                           (who && (registers || !who->area.empty() || who->resident));
        if (moves && (!first || believed.day < *first)) first = believed.day;
    }
    return place_on(std::max(day, first.value_or(day)));
}

Standing BelievedFacts::standing_on(const Indicator& indicator, Date day) const {
    auto standing = place_on(day);
    standing.in_denominator = standing.is_resident && belongs_on(indicator, day);
    standing.in_numerator =
        standing.in_denominator && (indicator.none_of.empty() ? fits_any(indicator.any_of, day)
                                                              : !fits_any(indicator.none_of, day));
    return standing;
}

Recount::Recount(Indicator indicator, Query query, ReachedOn reached)
    : indicator_(std::move(indicator)),
      query_(std::move(query)),
      reached_(std::move(reached)),
      cells_(query_.on.size()) {}

bool Recount::passes(const Standing& standing) const {
    std::map<Dimension, bool> met;
    for (const auto& filter : query_.where)
        met[filter.dimension] = met[filter.dimension] || is_met(filter, standing);
    return std::all_of(met.begin(), met.end(), [](const auto& one) { return one.second; });
}

void Recount::add_facility(const std::vector<LoggedEvent>& events) { lots_.add_facility(events); }

std::vector<std::string> Recount::values_of(const Standing& standing) const {
    std::vector<std::string> values;
    for (const auto dimension : query_.by) values.push_back(dimension_text(dimension, standing));
    return values;
}

void Recount::add(const std::vector<LoggedEvent>& events) {
    add(BelievedFacts(events, reached_, lots_));
}

void Recount::add(const BelievedFacts& facts) {
    if (indicator_.counts != Counts::women) {
        for (const auto& one : facts.cases_of(indicator_))
            add_case(facts.place_of_case(one.day), one);
        return;
    }
    for (std::size_t i = 0; i < query_.on.size(); ++i) {
        const auto standing = facts.standing_on(indicator_, query_.on[i]);
        if (!standing.in_denominator || !passes(standing)) continue;
        auto& figure = cells_[i][values_of(standing)].figure;
        figure.denominator += 1;
        if (standing.in_numerator) figure.numerator += 1;
    }
}

void Recount::add_case(const Standing& place, const CountedCase& one) {
    if (!passes(place)) return;
    for (std::size_t i = 0; i < query_.on.size(); ++i) {
        const bool is_in_period =
            one.day <= query_.on[i] && (query_.from.empty() || query_.from[i] <= one.day);
        if (!is_in_period) continue;
        auto& cell = cells_[i][values_of(place)];
        if (!one.is_compared) cell.figure.denominator += 1;
        if (one.is_compared || one.counts) cell.figure.numerator += 1;
        if (one.is_documented) cell.documented += 1;
        if (one.days) cell.days.push_back(*one.days);
    }
}

Answer Recount::answer() const {
    Answer answer{query_.by, {}, {}};
    for (std::size_t i = 0; i < query_.on.size(); ++i) {
        Counted all;
        for (const auto& [values, cell] : cells_[i]) {
            answer.cells.push_back(
                {query_.on[i], values, cell.figure, details_of(cell.documented, cell.days)});
            all.figure.numerator += cell.figure.numerator;
            all.figure.denominator += cell.figure.denominator;
            all.documented += cell.documented;
            all.days.insert(all.days.end(), cell.days.begin(), cell.days.end());
        }
        answer.totals.push_back({query_.on[i], all.figure, details_of(all.documented, all.days)});
    }
    return answer;
}

}  // namespace egret::coverage
