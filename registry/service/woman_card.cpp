#include "registry/service/woman_card.h"

#include "registry/domain/lots.h"
#include "registry/rules/programme.h"
#include "registry/rules/vaccine.h"
#include "registry/store/women.h"

#include <algorithm>
#include <utility>

namespace egret::service {
namespace {

using rules::ActionCode;
using rules::Decision;
using rules::DoseStatus;
using rules::VaccinationStatus;

bool asks_for_dose(const Decision& decision) {
    return decision.status == VaccinationStatus::not_complete && !decision.actions.empty() &&
           decision.actions.front().code == ActionCode::dose && decision.actions.front().due;
}

/// The decision that the card follows: of those that want a dose the one that wants it first, else
/// one by which she is done.
const Decision* followed(const std::vector<Decision>& decisions) {
    const Decision* found = nullptr;
    for (const auto& decision : decisions) {
        if (!asks_for_dose(decision)) continue;
        if (!found || decision.actions.front().due < found->actions.front().due) found = &decision;
    }
    if (found) return found;
    for (const auto& decision : decisions) {
        if (decision.status == VaccinationStatus::complete) return &decision;
    }
    return decisions.empty() ? nullptr : &decisions.front();
}

CardNext next_of(const Decision* decision) {
    CardNext next;
    if (!decision) return next;
    if (decision->status == VaccinationStatus::complete) next.kind = CardNext::Kind::complete;
    if (!asks_for_dose(*decision)) return next;
    const auto& action = decision->actions.front();
    next.kind = CardNext::Kind::dose;
    next.dose_number = action.dose_number.value_or(0);
    next.due = *action.due;
    next.earliest = action.earliest.value_or(*action.due);
    return next;
}

bool is_left_out(const rules::EvaluatedDose& dose) {
    return dose.is_same_day || dose.status == DoseStatus::not_valid ||
           dose.status == DoseStatus::substandard || dose.status == DoseStatus::inadvertent;
}

/// What a decision says of the n-th dose of that product on that day; null if it is silent.
const rules::EvaluatedDose* find_evaluation(const Decision& decision, const CardLine& line,
                                            std::size_t n) {
    for (const auto& dose : decision.doses) {
        if (dose.date == line.date && dose.product == line.product && n-- == 0) return &dose;
    }
    return nullptr;
}

/// A dose is left out only if everybody who judges it says so.
bool counts_by(const std::vector<Decision>& decisions, const CardLine& line, std::size_t n) {
    bool is_judged = false;
    for (const auto& decision : decisions) {
        const auto* dose = find_evaluation(decision, line, n);
        if (!dose) continue;
        if (!is_left_out(*dose)) return true;
        is_judged = true;
    }
    return !is_judged;
}

void evaluate_lines(std::vector<CardLine>& lines, const std::vector<Decision>& decisions,
                    const Decision* decision) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
        auto& line = lines[i];
        const auto before = std::count_if(
            lines.begin(), lines.begin() + static_cast<long>(i),
            [&](const auto& one) { return one.date == line.date && one.product == line.product; });
        const auto n = static_cast<std::size_t>(before);
        if (line.counts) line.counts = counts_by(decisions, line, n);
        const auto* evaluation = decision ? find_evaluation(*decision, line, n) : nullptr;
        if (evaluation && line.counts) line.number = evaluation->dose_number;
    }
}

std::vector<CardLine> lines_of(const Clinic& clinic, const History& history) {
    std::vector<CardLine> lines;
    for (const auto& live : history.facts) {
        const auto* dose = std::get_if<Dose>(&live.fact.detail);
        if (!dose || !is_completed(live.fact)) continue;
        const auto place = known_facility(live);
        const auto& here = clinic.identity();
        lines.push_back({live.fact.at.date, dose->product, dose->lot,
                         place == here.code ? here.name : place, std::nullopt,
                         !dose->substandard.value_or(false) && !live.is_spoilt,
                         live.fact.at.source == Source::told});
    }
    return lines;
}

std::string romanised_name(const Demographics& who) {
    for (const auto& name : who.names) {
        if (name.use == NameUse::romanised) return name.text;
    }
    return {};
}

}  // namespace

Result<WomanCard> make_card(Clinic& clinic, const History& history) {
    if (history.is_registration_voided || !history.registered_on)
        return Error{ErrorCode::conflict, "ID", msg("card.registration_voided")};
    const auto day = clinic.day();
    WomanCard card;
    card.doses = lines_of(clinic, history);
    if (card.doses.empty()) return Error{ErrorCode::conflict, "ID", msg("card.no_dose")};
    const auto* programme = clinic.programme_on(day.today);
    const auto decisions =
        programme ? rules::decide_all(*programme, rules::subject_of(history), day.today)
                  : std::vector<Decision>();
    const auto* decision = followed(decisions);
    evaluate_lines(card.doses, decisions, decision);
    if (!history.died_on) card.next = next_of(decision);
    card.name = store::shown_name(history.who);
    card.romanised = romanised_name(history.who);
    card.birth_date = history.who.birth_date;
    card.clinic = clinic.identity().name;
    card.issued_on = day.today;
    // A clock that is ahead would make a card that nobody takes before that day.
    card.issued_at =
        day.clock == ClockState::agrees ? clinic.now() : clinic.time_zone().start_of_day(day.today);
    return card;
}

Result<WomanCard> print_card(Clinic& clinic, const Caller& caller, const WomanId& woman) {
    const auto history = clinic.load_history(woman);
    if (!history || (!history->registered_on && !history->is_registration_voided))
        return clinic.no_woman(woman, "ID");
    auto card = make_card(clinic, *history);
    if (card) clinic.note(caller, {audit::Action::printed, audit::Shown::card, {woman}});
    return card;
}

Result<card::HealthCard> vouched_part(const WomanCard& card, std::string issuer) {
    card::HealthCard part;
    part.issuer = std::move(issuer);
    part.issued = card.issued_at;
    part.name = card.name;
    part.birth_date = card.birth_date;
    for (const auto& line : card.doses) {
        const auto* vaccine = rules::find_vaccine(line.product);
        if (!line.counts || line.is_told || !line.date || !vaccine) continue;
        part.doses.push_back({*line.date, vaccine->cvx, vaccine->icd11, line.lot, line.place});
    }
    if (part.doses.empty()) return Error{ErrorCode::not_found, "", msg("card.nothing_vouched")};
    return part;
}

}  // namespace egret::service
