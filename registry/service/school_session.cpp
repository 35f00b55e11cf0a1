#include "registry/service/school_session.h"

#include "registry/icu/fold.h"
#include "registry/icu/romanise.h"
#include "registry/service/dose_handling.h"
#include "registry/service/recorder.h"
#include "registry/service/vaccination.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace egret::service {
namespace {

using rules::Decision;
using Verdict = rules::EligibilityAnswer::Verdict;

/// A class in the order in which people count: 2班 before 10班.
std::vector<std::pair<std::uint64_t, std::string>> class_key(const std::string& text) {
    std::vector<std::pair<std::uint64_t, std::string>> key;
    constexpr std::uint64_t number_max = 1'000'000;
    for (std::size_t at = 0; at < text.size();) {
        std::uint64_t number = 0;
        std::string letters;
        while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
            number = std::min(number * 10 + static_cast<std::uint64_t>(text[at] - '0'), number_max);
            ++at;
        }
        while (at < text.size() && (text[at] < '0' || text[at] > '9')) letters += text[at++];
        key.emplace_back(number, std::move(letters));
    }
    return key;
}

/// By class, and in it as a teacher calls the names.
void put_in_order(std::vector<SessionLine>& lines) {
    using Key =
        std::tuple<std::vector<std::pair<std::uint64_t, std::string>>, std::string, WomanId>;
    std::vector<std::pair<Key, SessionLine>> keyed;
    for (auto& line : lines) {
        Key key{class_key(line.school_class), icu::reading_order(line.name), line.woman};
        keyed.emplace_back(std::move(key), std::move(line));
    }
    std::sort(keyed.begin(), keyed.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    lines.clear();
    for (auto& [key, line] : keyed) lines.push_back(std::move(line));
}

bool is_resident_on(const History& history, Date on) {
    if (!history.registered_on || (history.died_on && *history.died_on <= on)) return false;
    const Residence* last = nullptr;
    for (const auto& residence : history.residences) {
        if (!last || residence.from <= on) last = &residence;
    }
    return last && last->is_resident;
}

const rules::Protocol* protocol_named(const rules::Programme& programme, const std::string& id) {
    for (const auto& protocol : programme.protocols) {
        if (protocol.id == id) return &protocol;
    }
    return nullptr;
}

/// Of all that the programme follows for her: that of her risk group, which stands first; else what
/// wants a dose goes before what doesn't, then what has a free programme.
const Decision* leading(const rules::Programme& programme, const std::vector<Decision>& decisions) {
    if (decisions.empty()) return nullptr;
    const auto* first = protocol_named(programme, decisions.front().protocol);
    if (first && rules::is_of_risk_group(programme, *first)) return &decisions.front();
    const auto rank = [](const Decision& decision) {
        const bool wants_dose =
            !decision.actions.empty() && decision.actions.front().code == rules::ActionCode::dose;
        return (wants_dose ? 0 : 2) + (decision.eligibility ? 0 : 1);
    };
    return &*std::min_element(
        decisions.begin(), decisions.end(),
        [&](const Decision& a, const Decision& b) { return rank(a) < rank(b); });
}

/// Of the free programmes that could be hers the kindest answer.
std::optional<rules::EligibilityAnswer> free_answer(const std::vector<Decision>& decisions) {
    const auto rank = [](Verdict verdict) {
        return verdict == Verdict::yes ? 0 : verdict == Verdict::unknown ? 1 : 2;
    };
    std::optional<rules::EligibilityAnswer> best;
    for (const auto& decision : decisions) {
        if (!decision.eligibility) continue;
        if (!best || rank(decision.eligibility->verdict) < rank(best->verdict))
            best = decision.eligibility;
    }
    return best;
}

/// The days on which a round gives that dose; null if it sets none.
const rules::DoseWindow* window_for(const rules::Round& round, int dose_number) {
    for (const auto& window : round.windows) {
        if (window.dose_number == dose_number) return &window;
    }
    return nullptr;
}

/// All rounds of the programme's protocols.
std::vector<const rules::Round*> rounds_of(const rules::Programme& programme) {
    std::vector<const rules::Round*> all;
    for (const auto& protocol : programme.protocols) {
        if (!protocol.eligibility) continue;
        for (const auto& round : protocol.eligibility->rounds) all.push_back(&round);
    }
    return all;
}

/// The same of the round of that name.
const rules::DoseWindow* round_window(const rules::Programme& programme, const std::string& round,
                                      int dose_number) {
    for (const auto* known : rounds_of(programme)) {
        const auto* window = known->id == round ? window_for(*known, dose_number) : nullptr;
        if (window) return window;
    }
    return nullptr;
}

/// Whether the free programme may take her on a day.
bool may_be_free_on(const rules::Programme& programme, const History& history, Date day) {
    const auto answer = free_answer(rules::decide_all(programme, rules::subject_of(history), day));
    return answer && answer->verdict != Verdict::no;
}

/// The round that may take her on a day, "" if none does.
std::string round_on(const rules::Programme& programme, const History& history, Date day) {
    const auto answer = free_answer(rules::decide_all(programme, rules::subject_of(history), day));
    return answer && answer->verdict != Verdict::no ? answer->round : "";
}

/// Hers, where none is asked for of which the programme sets the days: the one that takes her or
/// has begun with her, else the last that would have on its days and is over.
std::string round_of(const rules::Programme& programme, const History& history,
                     const SessionLine& line, Date on) {
    if (line.may_be_free) return line.free->round;
    for (const auto& dose : line.doses) {
        if (dose.date) return round_on(programme, history, dose.date->latest());
    }
    const rules::DoseWindow* last = nullptr;
    std::string found;
    for (const auto* round : rounds_of(programme)) {
        const auto* days = window_for(*round, 1);
        if (!days || on <= days->to || (last && days->to < last->to)) continue;
        if (round_on(programme, history, days->to) != round->id) continue;
        last = days;
        found = round->id;
    }
    return found;
}

SessionWindow window_of(const rules::Programme& programme, const SessionLine& line,
                        const std::string& round, Date on) {
    const auto& next = *line.next;
    const int number = next.dose_number.value_or(1);
    SessionWindow window;
    window.from = next.earliest.value_or(next.due);
    window.to = next.due_to;
    const auto* days = round_window(programme, round, number);
    if (!days && !line.doses.empty())
        days = round_window(programme, line.doses.back().round, number);
    if (!days) return window;
    window.is_over = days->to < on;
    // Too early stays too early, whatever the round says.
    const auto from = std::max(window.from, days->from);
    if (from <= days->to) window = {from, days->to, true, window.is_over};
    return window;
}

/// The vaccine that the protocol gives for that dose, the one that it prefers first.
std::string preferred_product(const rules::Protocol* protocol, int dose_number) {
    if (!protocol) return {};
    const std::string* any = nullptr;
    for (const auto& series : protocol->schedule.series) {
        const auto index = static_cast<std::size_t>(std::max(dose_number, 1)) - 1;
        if (index >= series.doses.size()) continue;
        for (const auto& rule : series.doses[index].vaccines) {
            if (rule.is_preferred) return rule.vaccine;
            if (!any) any = &rule.vaccine;
        }
    }
    return any ? *any : std::string();
}

bool is_of_round(const std::string& said, const std::string& asked) {
    return asked.empty() || said == asked;
}

/// What is known of the round's doses: given, not given, agreed to.
void read_facts(const History& history, const SessionQuestion& question, SessionLine& line) {
    for (const auto& live : history.facts) {
        const auto day = clinical_day(live.fact, live.order);
        if (!is_completed(live.fact) || day > question.on) continue;
        if (const auto* dose = std::get_if<Dose>(&live.fact.detail)) {
            line.doses.push_back({live.fact.at.date, dose->product, dose->round});
            if (!question.round.empty() && dose->round == question.round) line.is_done = true;
        } else if (const auto* not_given = std::get_if<DoseNotGiven>(&live.fact.detail)) {
            if (!is_of_round(not_given->round, question.round)) continue;
            line.not_given = *not_given;
            line.not_given_note = live.fact.at.note;
        } else if (const auto* consent = std::get_if<Consent>(&live.fact.detail)) {
            const bool is_about =
                consent->scope == ConsentScope::vaccination &&
                (consent->round.empty() || is_of_round(consent->round, question.round));
            if (!is_about || !consent->decision) continue;
            line.consent = *consent->decision == ConsentDecision::given ? SessionConsent::given
                                                                        : SessionConsent::refused;
        }
    }
}

bool has_begun(const SessionLine& line) {
    return line.next ? line.next->has_begun : !line.doses.empty();
}

/// The classes in which the round's session was held: somebody was vaccinated there, or was to be.
bool was_session_held(const SessionLine& line, const SessionQuestion& question) {
    if (question.round.empty()) return line.not_given.has_value() || !line.doses.empty();
    return line.is_done || line.not_given.has_value();
}

bool is_first(const SessionLine& line) { return line.next && !has_begun(line) && line.may_be_free; }

bool is_window_over(const SessionLine& line) { return line.window && line.window->is_over; }

/// Another dose is wanted, or would be if nothing spoke against it on that day.
bool wants_more(const SessionLine& line) {
    return line.next || line.status == rules::VaccinationStatus::contraindicated ||
           line.status == rules::VaccinationStatus::not_complete;
}

bool is_on_list(const SessionLine& line, const SessionQuestion& question,
                const std::set<std::string>& held) {
    switch (question.kind) {
        case SessionKind::all: return true;
        case SessionKind::first: return is_first(line);
        case SessionKind::second: return has_begun(line) && wants_more(line);
        case SessionKind::catch_up:
            return (is_first(line) && (held.contains(line.school_class) || is_window_over(line))) ||
                   (line.was_passed_by && line.next && !has_begun(line));
        case SessionKind::drop_out:
            return line.next && has_begun(line) &&
                   (line.next->standing == Standing::overdue || is_window_over(line));
    }
    return false;
}

SessionLine line_of(const History& history, const rules::Programme& programme,
                    const SessionQuestion& question) {
    SessionLine line;
    line.woman = history.woman;
    line.name = store::shown_name(history.who);
    line.birth_date = history.who.birth_date;
    line.school_class = history.who.school_class;
    if (!history.who.phones.empty()) line.phone = history.who.phones.front();
    if (line.phone.empty() && history.who.guardian) line.phone = history.who.guardian->phone;
    read_facts(history, question, line);

    const auto decisions = rules::decide_all(programme, rules::subject_of(history), question.on);
    line.free = free_answer(decisions);
    line.may_be_free = line.free && line.free->verdict != Verdict::no;
    auto round = question.round;
    if (const auto* days = round_window(programme, round, 1)) {
        const auto day = std::clamp(question.on, days->from, days->to);
        line.may_be_free = may_be_free_on(programme, history, day);
    } else {
        round = round_of(programme, history, line, question.on);
        line.was_passed_by = !line.may_be_free && line.doses.empty() && !round.empty();
    }
    const auto* decision = leading(programme, decisions);
    if (decision) line.status = decision->status;
    auto items = doses_of(history, programme, question.on);
    if (!items.empty()) line.next = std::move(items.front());
    const auto* protocol = protocol_named(programme, line.next  ? line.next->protocol
                                                     : decision ? decision->protocol
                                                                : std::string());
    if (line.next) line.window = window_of(programme, line, round, question.on);

    Fact fact;
    fact.at.date = question.on;
    const int number = line.next ? line.next->dose_number.value_or(1) : 1;
    Dose dose;
    dose.product =
        question.product.empty() ? preferred_product(protocol, number) : question.product;
    dose.round = question.round;
    fact.detail = std::move(dose);
    line.warnings = session_warnings(&programme, history, fact);
    // Consent has a column of its own, and a product that nobody chose yet can't be too vague, or
    // missing.
    std::erase_if(line.warnings, [&](const Warning& warning) {
        return warning.code.starts_with("consent_") ||
               (question.product.empty() &&
                (warning.code == "product_not_exact" || warning.code == "product_missing"));
    });
    return line;
}

}  // namespace

std::string_view to_string(SessionConsent consent) {
    switch (consent) {
        case SessionConsent::missing: return "missing";
        case SessionConsent::given: return "given";
        case SessionConsent::refused: return "refused";
    }
    return {};
}

bool is_same_school(const std::string& one, const std::string& other) {
    return icu::fold(one) == icu::fold(other);
}

std::vector<Warning> session_warnings(const rules::Programme* programme, const History& history,
                                      const Fact& fact) {
    auto warnings = warnings_of({}, history, fact);
    if (programme) {
        for (auto& warning : dose_warnings(*programme, history, fact))
            warnings.push_back(std::move(warning));
    }
    for (auto& warning : handling_warnings(history, fact)) warnings.push_back(std::move(warning));
    return warnings;
}

Result<SessionList> list_session(Clinic& clinic, const Caller& caller,
                                 const SessionQuestion& question) {
    const auto* programme = clinic.programme_on(question.on);
    if (!programme) return Error{ErrorCode::not_found, "", msg("school.no_programme")};
    SessionList list;
    std::set<std::string> held;
    bool is_known = false;
    bool is_class_known = false;
    clinic.for_each_history([&](const History& history) {
        if (!is_same_school(history.who.school, question.school)) return;
        if (!is_resident_on(history, question.on)) return;
        is_known = true;
        const bool is_class = question.school_class.empty() ||
                              is_same_school(history.who.school_class, question.school_class);
        if (!is_class) return;
        is_class_known = true;
        if (history.who.sex == Sex::male) {
            ++list.boys;
            return;
        }
        auto line = line_of(history, *programme, question);
        if (was_session_held(line, question)) held.insert(line.school_class);
        list.lines.push_back(std::move(line));
    });
    if (!is_known) return Error{ErrorCode::not_found, "school", msg("school.unknown")};
    if (!is_class_known) return Error{ErrorCode::not_found, "--class", msg("school.class_unknown")};
    std::erase_if(list.lines,
                  [&](const SessionLine& line) { return !is_on_list(line, question, held); });
    put_in_order(list.lines);
    Access access{audit::Action::listed, audit::Shown::session_list};
    for (const auto& line : list.lines) access.women.push_back(line.woman);
    clinic.note(caller, access);
    return list;
}

}  // namespace egret::service
