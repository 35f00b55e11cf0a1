#include "registry/service/recorder.h"

#include "registry/domain/check.h"
#include "registry/domain/entry_check.h"
#include "registry/domain/facility_id.h"
#include "registry/rules/vaccine.h"
#include "registry/service/adverse_events.h"
#include "registry/service/authority_check.h"
#include "registry/service/barcode_warnings.h"
#include "registry/service/closing_warnings.h"
#include "registry/service/dose_course.h"
#include "registry/service/dose_handling.h"
#include "registry/service/named_facts.h"
#include "registry/service/phone_warning.h"
#include "registry/service/review_warning.h"
#include "registry/service/same_day.h"
#include "registry/service/screening_warnings.h"
#include "registry/service/stock.h"
#include "registry/service/vaccination.h"

#include <algorithm>

namespace egret::service {
namespace {

Error may_not_record() { return {ErrorCode::forbidden, "", msg("caller.may_not_record")}; }

Error unknown_woman() { return {ErrorCode::not_found, "woman", msg("woman.unknown")}; }

Error unknown_event() { return {ErrorCode::not_found, "event", msg("event.unknown")}; }

bool is_about_another_fact(const Fact& fact) {
    return std::holds_alternative<Correct>(fact.detail) ||
           std::holds_alternative<VoidFact>(fact.detail);
}

/// Nobody whose results hold may be left without a registration: she would be in no list.
Result<Done> check_stays_registered(const History& history, const EventUid& registration) {
    auto rest = history.facts;
    std::erase_if(rest, [&](const LiveFact& fact) { return fact.uid == registration; });
    const bool is_registered = std::any_of(rest.begin(), rest.end(), [](const LiveFact& fact) {
        return std::holds_alternative<Register>(fact.fact.detail);
    });
    if (is_registered || !tells_of_care(rest)) return Done{};
    return Error{ErrorCode::conflict, "event", msg("void.others_hold")};
}

bool is_known(const std::optional<History>& history) {
    return history && (history->registered_on || history->is_registration_voided);
}

/// The first fact of which `event` is a correction, or a correction of a correction.
EventUid root_of(store::EventLog& log, EventUid event) {
    constexpr int steps_max = 64;
    for (int step = 0; step < steps_max; ++step) {
        const auto found = log.find(event);
        if (!found) break;
        const auto* correct = std::get_if<Correct>(&found->event.fact.detail);
        if (!correct) break;
        event = correct->target;
    }
    return event;
}

/// What a change of today has besides what it changes.
Result<Fact> changing(Clinic& clinic, const std::string& because) {
    const auto today = clinic.recording_day();
    if (!today) return today.error();
    Fact fact;
    fact.at.date = *today;
    fact.at.because = because;
    if (auto texts = check_texts(fact); !texts) return std::move(texts).error();
    return fact;
}

}  // namespace

Result<Done> check_vaccine(const Fact& fact) {
    const std::string* product = nullptr;
    if (const auto* dose = std::get_if<Dose>(&fact.detail)) product = &dose->product;
    if (const auto* not_given = std::get_if<DoseNotGiven>(&fact.detail))
        product = &not_given->product;
    if (const auto* stock = std::get_if<Stock>(&fact.detail)) product = &stock->product;
    if (!product || product->empty() || rules::find_vaccine(*product)) return Done{};
    const bool is_stock = std::holds_alternative<Stock>(fact.detail);
    return Error{ErrorCode::invalid_input, "product",
                 is_stock ? msg("stock.product_unknown") : msg("product.unknown")};
}

Result<Done> check_dates(const Fact& fact, const Demographics& who, Date today) {
    const auto wrong = [](const char* field, Message message) {
        return Error{ErrorCode::invalid_input, field, std::move(message)};
    };
    const auto& at = fact.at;
    if (at.date && at.date->earliest() > today) return wrong("date", msg("date.future"));
    if (at.reported_on && *at.reported_on > today) return wrong("reported_on", msg("date.future"));
    if (at.recorded_on && *at.recorded_on > today) return wrong("recorded_on", msg("date.future"));
    if (const auto* flag = std::get_if<Flag>(&fact.detail)) {
        if (flag->from && flag->from->earliest() > today) return wrong("from", msg("date.future"));
    }
    if (const auto* contact = std::get_if<Contact>(&fact.detail)) {
        const auto& agreed = contact->appointment_on;
        if (agreed && at.date && *agreed < at.date->earliest())
            return wrong("appointment_on", msg("contact.appointment_before"));
    }
    if (const auto* event = std::get_if<AdverseEvent>(&fact.detail)) {
        if (event->onset_on && event->onset_on->earliest() > today)
            return wrong("onset_on", msg("date.future"));
        if (event->notified_on > today) return wrong("notified_on", msg("date.future"));
        if (event->received_on > today) return wrong("received_on", msg("date.future"));
        if (who.birth_date && event->onset_on &&
            event->onset_on->latest() < who.birth_date->earliest())
            return wrong("onset_on", msg("date.before_birth"));
    }
    if (const auto* specimen = std::get_if<Specimen>(&fact.detail)) {
        if (specimen->sent_on > today) return wrong("sent_on", msg("date.future"));
        if (specimen->received_on > today) return wrong("received_on", msg("date.future"));
    }
    if (const auto* feedback = std::get_if<ReferralFeedback>(&fact.detail)) {
        if (feedback->received_on > today) return wrong("received_on", msg("date.future"));
    }
    const auto* said = said_of_her(fact);
    if (said && said->birth_date && said->birth_date->earliest() > today)
        return wrong("birth_date", msg("date.future"));
    // What says when she was born is not held to what was said of it before.
    const auto& birth = said && said->birth_date ? said->birth_date : who.birth_date;
    if (birth && at.date && at.date->latest() < birth->earliest())
        return wrong("date", msg("date.before_birth"));
    return Done{};
}

std::optional<Warning> clock_warning(const ClinicDay& day) {
    if (day.clock == ClockState::agrees) return std::nullopt;
    const auto today = day.today.to_string();
    if (day.clock == ClockState::behind)
        return Warning{"clock_behind", msg("warning.clock_behind", {{"today", today}})};
    if (day.is_by_option) {
        return Warning{"clock_wrong",
                       msg("warning.clock_wrong_by_option",
                           {{"today", today}, {"machine", day.machine.to_string()}})};
    }
    return Warning{"clock_wrong", msg("warning.clock_wrong", {{"today", today}})};
}

/// When it happened, as far as it says so.
const std::optional<PartialDate>& day_of(const Fact& fact) {
    const auto* flag = std::get_if<Flag>(&fact.detail);
    return flag && flag->from ? flag->from : fact.at.date;
}

/// That what is recorded of her lies before the birth date that the fact says, if any of it does.
std::optional<Warning> birth_warning(const History& history, const Fact& fact) {
    const auto* said = said_of_her(fact);
    if (!said || !said->birth_date) return std::nullopt;
    const auto born = said->birth_date->earliest();
    const auto count =
        std::count_if(history.facts.begin(), history.facts.end(), [&](const LiveFact& live) {
            const auto& day = day_of(live.fact);
            return day && day->latest() < born;
        });
    if (count == 0) return std::nullopt;
    return Warning{"facts_before_birth",
                   msg("warning.facts_before_birth", {{"count", std::to_string(count)}})};
}

std::vector<Warning> warnings_of(const UserId& author, const History& history, const Fact& fact) {
    std::vector<Warning> warnings;
    if (auto birth = birth_warning(history, fact)) warnings.push_back(*std::move(birth));
    if (const auto* said = said_of_her(fact)) {
        if (auto phone = phone_warning(*said)) warnings.push_back(*std::move(phone));
    }
    if (!fact.at.date) return warnings;
    const auto day = fact.at.date->earliest();
    const auto* closing = std::get_if<Closing>(&fact.detail);
    const bool is_of_death = closing && closing->reason == ClosingReason::died;
    if (history.died_on && day > *history.died_on && !is_of_death)
        warnings.push_back({"after_death", msg("warning.after_death")});
    if (is_recorded_already(author, history, fact))
        warnings.push_back({"same_day", msg("warning.same_day")});
    return warnings;
}

/// What a person who enters it can say, and a file of another system may not know: which breast an
/// image shows; and of what is new, that it isn't over.
Result<Done> check_told_by_person(const Fact& fact, Date today, bool is_new) {
    const auto shows_none = [](const auto* image) {
        return image && !image->left && !image->right;
    };
    const bool is_blind = shows_none(std::get_if<BreastUltrasound>(&fact.detail)) ||
                          shows_none(std::get_if<Mammogram>(&fact.detail));
    if (is_blind && is_completed(fact))
        return Error{ErrorCode::invalid_input, "left", msg("breast.side_missing")};
    const auto* deferral = std::get_if<Deferral>(&fact.detail);
    if (is_new && deferral && deferral->until && *deferral->until < today)
        return Error{ErrorCode::invalid_input, "until", msg("deferral.over")};
    return Done{};
}

Result<Done> Recorder::check_against(const History& history, Fact& fact, const LiveFact* replaced) {
    const auto today = clinic_.recording_day();
    if (!today) return today.error();
    if (auto told = check_told_by_person(fact, *today, replaced == nullptr); !told) return told;
    const auto* event = std::get_if<AdverseEvent>(&fact.detail);
    if (event && !fact.at.date) fact.at.date = event->onset_on;
    if (!fact.at.date && !std::holds_alternative<Flag>(fact.detail)) {
        fact.at.date = *today;
        if (auto checked = check(fact); !checked) return checked;  // Its days beside this one.
    }
    auto* closing = std::get_if<Closing>(&fact.detail);
    if (const auto* programme = clinic_.programme_on(*today);
        programme && closing && !closing->site && !closing->action.empty())
        closing->site = site_of_action(*programme, history, closing->action, *today);
    for_each_named(fact, [&](EventUid& uid) { uid = root_of(clinic_.log(), uid); });
    if (auto named = check_named(history, fact); !named) return named;
    if (auto dates = check_dates(fact, history.who, *today); !dates) return dates;
    std::vector<const Fact*> others;
    for (const auto& live : history.facts) others.push_back(&live.fact);
    return check_specimen_days(others, fact);
}

std::optional<Warning> Recorder::same_person_warning(const Caller& caller, const Fact& fact) {
    const auto agreed = agreed_to(fact);
    if (agreed.is_nil()) return std::nullopt;
    const auto logged = clinic_.log().find(agreed);
    if (!logged || logged->event.author != caller.user) return std::nullopt;
    return Warning{"confirmed_by_same_person", msg("warning.confirmed_by_same_person")};
}

Result<Recorder::Checked> Recorder::check_for(const Caller& caller, const History& history,
                                              Fact fact, const LiveFact* replaced) {
    if (auto checked = check_entry(fact); !checked) return std::move(checked).error();
    if (auto vaccine = check_vaccine(fact); !vaccine) return std::move(vaccine).error();
    const auto today = clinic_.recording_day();
    if (!today) return today.error();
    auto sound = check_against(history, fact, replaced);
    if (!sound) return std::move(sound).error();
    auto warnings = warnings_of(caller.user, history, fact);
    const auto add = [&](std::vector<Warning> more) {
        for (auto& warning : more) warnings.push_back(std::move(warning));
    };
    add(screening_warnings(history, fact));
    add(barcode_warnings(clinic_, history, fact));
    if (auto same = same_person_warning(caller, fact)) warnings.push_back(*std::move(same));
    if (const auto* programme = clinic_.programme_on(*today))
        add(programme_warnings(*programme, caller, history, fact, replaced, *today));
    add(handling_warnings(history, fact));
    for (auto& warning : lot_warnings(clinic_, fact)) {
        const bool is_said =
            std::any_of(warnings.begin(), warnings.end(),
                        [&](const Warning& said) { return said.code == warning.code; });
        if (!is_said) warnings.push_back(std::move(warning));
    }
    add(adverse_event_warnings(history, fact));
    if (auto clock = clock_warning(clinic_.day())) warnings.push_back(*std::move(clock));
    return Checked{std::move(fact), std::move(warnings)};
}

std::vector<Warning> Recorder::programme_warnings(const rules::Programme& programme,
                                                  const Caller& caller, const History& history,
                                                  const Fact& fact, const LiveFact* replaced,
                                                  Date today) {
    auto warnings = dose_warnings(programme, history, fact);
    if (auto early = interval_warning(programme, history, fact))
        warnings.push_back(*std::move(early));
    if (auto long_one = deferral_warning(programme, fact, today))
        warnings.push_back(*std::move(long_one));
    if (auto lost = lost_dose_warning(programme, history, replaced, &fact, today))
        warnings.push_back(*std::move(lost));
    if (auto unasked = review_warning(programme, history, fact, today))
        warnings.push_back(*std::move(unasked));
    for (auto& warning : closing_warnings(programme, history, fact, caller.user, today))
        warnings.push_back(std::move(warning));
    return warnings;
}

Result<EventUid> Recorder::append_one(const Caller& caller, Draft draft) {
    sqlite::WriteTransaction tx(clinic_.database());
    std::vector<Draft> drafts;
    drafts.push_back(std::move(draft));
    auto uids = clinic_.append(caller, std::move(drafts), tx);
    if (!uids) return std::move(uids).error();
    tx.commit();
    return uids->front();
}

Result<std::vector<Warning>> Recorder::preview(const Caller& caller, const WomanId& woman,
                                               const Fact& fact) {
    auto warnings = foresee(caller, woman, fact);
    if (warnings && !warnings->empty())
        clinic_.note(caller, {audit::Action::viewed, audit::Shown::warnings, {woman}});
    return warnings;
}

Result<std::vector<Warning>> Recorder::foresee(const Caller& caller, const WomanId& woman,
                                               const Fact& fact) {
    if (!caller.may_record()) return may_not_record();
    const auto history = clinic_.load_history(woman);
    if (!is_known(history)) return unknown_woman();
    auto checked = check_for(caller, *history, fact);
    if (!checked) return std::move(checked).error();
    return std::move(checked->warnings);
}

Result<Recorded> Recorder::record(const Caller& caller, const WomanId& woman, Fact fact) {
    if (!caller.may_record()) return may_not_record();
    if (is_about_another_fact(fact) || std::holds_alternative<Register>(fact.detail) ||
        std::holds_alternative<Stock>(fact.detail))
        return Error{ErrorCode::invalid_input, "type", msg("fact.has_own_command")};
    const auto history = clinic_.load_history(woman);
    if (!is_known(history)) return unknown_woman();
    auto checked = check_for(caller, *history, std::move(fact));
    if (!checked) return std::move(checked).error();
    if (auto may = check_may_transfer(clinic_, *history, checked->fact); !may)
        return std::move(may).error();
    const auto* change = std::get_if<DemographicsChange>(&checked->fact.detail);
    auto replaced = change ? replaced_by(change->who, history->said) : std::vector<EventUid>{};
    auto uid =
        append_one(caller, {woman, std::move(checked->fact), std::nullopt, std::move(replaced)});
    if (!uid) return std::move(uid).error();
    return Recorded{*uid, woman, std::move(checked->warnings)};
}

Result<Recorder::Found> Recorder::find_live(const Caller&, const EventUid& event) {
    const auto root = root_of(clinic_.log(), event);
    const auto logged = clinic_.log().find(root);
    if (!logged || is_about_another_fact(logged->event.fact)) return unknown_event();
    std::vector<LiveFact> facts;
    if (is_facility(logged->event.subject)) {
        facts = clinic_.stock_books().facts_of(logged->event.subject);
    } else if (auto history = clinic_.load_history(logged->event.subject)) {
        facts = std::move(history->facts);
    } else {
        return unknown_event();
    }
    const auto live = std::find_if(facts.begin(), facts.end(),
                                   [&](const LiveFact& fact) { return fact.uid == root; });
    if (live == facts.end()) {
        const bool is_stock = is_facility(logged->event.subject);
        return Error{ErrorCode::conflict, "event",
                     is_stock ? msg("stock.voided") : msg("event.voided")};
    }
    return Found{logged->event.subject, *live};
}

Result<Recorded> Recorder::correct(const Caller& caller, const EventUid& event, Fact replacement,
                                   const std::string& because) {
    if (!caller.may_record()) return may_not_record();
    auto found = find_live(caller, event);
    if (!found) return std::move(found).error();
    if (replacement.detail.index() != found->live.fact.detail.index())
        return Error{ErrorCode::invalid_input, "type", msg("event.other_kind")};
    const auto target = as_logged(found->woman, found->live);
    if (auto may = check_may_correct(clinic_, caller, target); !may) return std::move(may).error();
    if (is_facility(found->woman)) {
        auto checked = StockKeeper(clinic_).check_replacement(found->live, std::move(replacement));
        if (!checked) return std::move(checked).error();
        return append_correction(caller, *found, {event},
                                 {std::move(checked->fact), std::move(checked->warnings)}, because);
    }
    auto history = clinic_.load_history(found->woman);
    if (std::holds_alternative<Register>(replacement.detail) &&
        replacement.at.status == EventStatus::entered_in_error) {
        if (auto stays = check_stays_registered(*history, found->live.uid); !stays)
            return std::move(stays).error();
    }
    auto seen = seen_versions(*history, found->live.uid, event);
    // What it says now is not a second fact beside what it should say.
    std::erase_if(history->facts,
                  [&](const LiveFact& fact) { return fact.uid == found->live.uid; });
    auto checked = check_for(caller, *history, std::move(replacement), &found->live);
    if (!checked) return std::move(checked).error();
    return append_correction(caller, *found, std::move(seen), *std::move(checked), because);
}

Result<Recorded> Recorder::append_correction(const Caller& caller, const Found& found,
                                             std::vector<EventUid> seen, Checked checked,
                                             const std::string& because) {
    checked.fact.at.role.reset();
    if (checked.fact == found.live.fact)
        return Error{ErrorCode::conflict, "", msg("record.says_so")};
    auto change = changing(clinic_, because);
    if (!change) return std::move(change).error();
    change->detail = Correct{found.live.uid, {std::move(checked.fact)}};
    auto uid = append_one(caller, {found.woman, *std::move(change), std::nullopt, std::move(seen)});
    if (!uid) return std::move(uid).error();
    return Recorded{*uid, found.woman,
                    with_taken_back(clinic_, found.woman, *uid, std::move(checked.warnings))};
}

std::vector<Warning> Recorder::void_warnings(const Found& found) {
    if (is_facility(found.woman)) return StockKeeper(clinic_).void_warnings(found.live);
    std::vector<Warning> warnings;
    if (!std::holds_alternative<Dose>(found.live.fact.detail)) return warnings;
    auto history = clinic_.load_history(found.woman);
    if (auto suspected = suspected_dose_warning(*history, found.live.uid))
        warnings.push_back(*std::move(suspected));
    std::erase_if(history->facts, [&](const LiveFact& fact) { return fact.uid == found.live.uid; });
    const auto* programme = clinic_.programme_on(clinic_.today());
    if (!programme) return warnings;
    if (auto lost = lost_dose_warning(*programme, *history, &found.live, nullptr, clinic_.today()))
        warnings.push_back(*std::move(lost));
    return warnings;
}

Result<Recorded> Recorder::void_fact(const Caller& caller, const EventUid& event,
                                     const std::string& because) {
    if (!caller.may_record()) return may_not_record();
    if (because.empty())
        return Error{ErrorCode::invalid_input, "because", msg("void.needs_reason")};
    // A correction or a void can be voided too; any other fact must hold still.
    const auto logged = clinic_.log().find(event);
    if (!logged) return unknown_event();
    if (auto may = check_may_void(clinic_, caller, *logged); !may) return std::move(may).error();
    std::vector<Warning> warnings;
    if (!is_about_another_fact(logged->event.fact)) {
        auto found = find_live(caller, event);
        if (!found) return std::move(found).error();
        warnings = void_warnings(*found);
        if (std::holds_alternative<Register>(found->live.fact.detail)) {
            const auto history = clinic_.load_history(found->woman);
            if (auto stays = check_stays_registered(*history, found->live.uid); !stays)
                return std::move(stays).error();
        }
    }
    auto change = changing(clinic_, because);
    if (!change) return std::move(change).error();
    change->detail = VoidFact{event};
    const auto& woman = logged->event.subject;
    auto uid = append_one(caller, {woman, *std::move(change), std::nullopt, {event}});
    if (!uid) return std::move(uid).error();
    return Recorded{*uid, woman, with_taken_back(clinic_, woman, *uid, std::move(warnings))};
}

Result<Recorded> Recorder::move(const Caller& caller, const EventUid& event, const WomanId& woman,
                                Fact fact, const std::string& because) {
    if (!caller.may_record()) return may_not_record();
    if (because.empty())
        return Error{ErrorCode::invalid_input, "because", msg("move.needs_reason")};
    const auto found = find_live(caller, event);
    if (!found) return found.error();
    if (is_facility(found->woman) || said_of_her(fact) ||
        fact.detail.index() != found->live.fact.detail.index())
        return Error{ErrorCode::invalid_input, "type", msg("move.not_of_this_kind")};
    const auto to = clinic_.load_history(woman);
    if (!is_known(to)) return unknown_woman();
    const auto hers = clinic_.members_of(woman);
    if (std::find(hers.begin(), hers.end(), found->woman) != hers.end())
        return Error{ErrorCode::conflict, "woman", msg("move.is_hers")};
    const auto target = as_logged(found->woman, found->live);
    if (auto may = check_may_void(clinic_, caller, target); !may) return std::move(may).error();
    auto checked = check_for(caller, *to, std::move(fact));
    if (!checked) return std::move(checked).error();
    // Its barcode leaves the other woman together with it.
    if (std::holds_alternative<Specimen>(found->live.fact.detail))
        std::erase_if(checked->warnings,
                      [](const Warning& warning) { return warning.code == "barcode_of_another"; });
    for (auto& warning : void_warnings(*found)) checked->warnings.push_back(std::move(warning));
    auto taken_back = changing(clinic_, because);
    if (!taken_back) return std::move(taken_back).error();
    taken_back->detail = VoidFact{found->live.uid};
    sqlite::WriteTransaction tx(clinic_.database());
    std::vector<Draft> drafts;
    drafts.push_back({found->woman, *std::move(taken_back), std::nullopt, {event}});
    drafts.push_back({woman, std::move(checked->fact), std::nullopt, {event}});
    auto uids = clinic_.append(caller, std::move(drafts), tx, {audit::Action::moved});
    if (!uids) return std::move(uids).error();
    tx.commit();
    return Recorded{uids->back(), woman, std::move(checked->warnings)};
}

}  // namespace egret::service
