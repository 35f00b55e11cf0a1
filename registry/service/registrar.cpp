#include "registry/service/registrar.h"

#include "registry/base/limits.h"
#include "registry/domain/entry_check.h"
#include "registry/domain/identity_number.h"
#include "registry/service/authority_check.h"
#include "registry/service/dose_course.h"
#include "registry/service/link_warnings.h"
#include "registry/service/phone_warning.h"

#include <algorithm>
#include <set>

namespace egret::service {
namespace {

Error no_right_to_record() { return {ErrorCode::forbidden, "", msg("caller.may_not_record")}; }

Error missing(const char* field) { return {ErrorCode::invalid_input, field, msg("fact.missing")}; }

/// Her resident number says when she was born and which sex she has.
bool contradicts_number(const Demographics& who) {
    return std::any_of(who.identifiers.begin(), who.identifiers.end(), [&](const auto& identifier) {
        const auto number = IdentityNumber::parse(identifier.kind, identifier.value);
        if (!number) return false;
        const auto born = number->birth_date();
        const auto sex = number->sex();
        return (born && who.birth_date && !who.birth_date->may_equal(*born)) ||
               (sex && who.sex && *who.sex != *sex);
    });
}

/// The two have a number of one kind each, and none in common.
bool have_other_numbers(const Demographics& one, const Demographics& other) {
    bool differ = false;
    for (const auto& mine : one.identifiers) {
        for (const auto& hers : other.identifiers) {
            if (mine.kind != hers.kind) continue;
            if (mine.value == hers.value) return false;
            differ = differ || mine.kind == IdentifierKind::resident_id;
        }
    }
    return differ;
}

/// What speaks against two records being of one woman.
std::vector<Warning> differences_of(const std::optional<History>& one,
                                    const std::optional<History>& other) {
    std::vector<Warning> found;
    if (!one || !other) return found;
    const auto& mine = one->who;
    const auto& hers = other->who;
    if (have_other_numbers(mine, hers))
        found.push_back({"link_other_number", msg("warning.link_other_number")});
    if (mine.birth_date && hers.birth_date && !mine.birth_date->may_equal(*hers.birth_date))
        found.push_back({"link_other_birth_date", msg("warning.link_other_birth_date")});
    if (mine.sex && hers.sex && *mine.sex != *hers.sex)
        found.push_back({"link_other_sex", msg("warning.link_other_sex")});
    return found;
}

/// Everybody whom they name.
std::vector<WomanId> women_of(const std::vector<Warning>& warnings) {
    std::vector<WomanId> women;
    for (const auto& warning : warnings)
        women.insert(women.end(), warning.women.begin(), warning.women.end());
    return women;
}

Result<Done> check_birth(const Demographics& who, Date today) {
    if (who.birth_date && who.birth_date->earliest() > today)
        return Error{ErrorCode::invalid_input, "birth_date", msg("date.birth_in_future")};
    return Done{};
}

}  // namespace

std::vector<WomanId> Registrar::same_number(const Identifier& identifier) {
    std::vector<WomanId> found;
    const auto hits = clinic_.search().find(identifier.value, limits::search_rows_max);
    for (const auto& row : hits.rows) {
        const auto history = clinic_.load_history(row.id);
        if (!history) continue;
        const auto& known = history->who.identifiers;
        const bool is_hers = std::any_of(known.begin(), known.end(), [&](const Identifier& one) {
            return one.kind == identifier.kind && one.value == identifier.value;
        });
        if (is_hers) found.push_back(row.id);
    }
    return found;
}

std::vector<WomanId> Registrar::same_name_and_birth(const Demographics& who) {
    std::vector<WomanId> found;
    const auto name = store::shown_name(who);
    if (!who.birth_date || name.empty()) return found;
    const auto hits = clinic_.search().find(name, limits::search_rows_max);
    for (const auto& row : hits.rows) {
        if (row.name == name && row.birth_date && row.birth_date->may_equal(*who.birth_date))
            found.push_back(row.id);
    }
    return found;
}

std::vector<Warning> Registrar::duplicates_of(const Caller& caller, const Demographics& who) {
    auto warnings = find_duplicates(who);
    auto women = women_of(warnings);
    if (!women.empty()) {
        clinic_.note(caller, {audit::Action::listed, audit::Shown::duplicates, std::move(women)});
    }
    return warnings;
}

Result<Registrar::Known> Registrar::load_known(const Caller& caller, const WomanId& woman) {
    if (!caller.may_record()) return no_right_to_record();
    auto history = clinic_.load_history(woman);
    if (!history || (!history->registered_on && !history->is_registration_voided))
        return clinic_.no_woman(woman, "ID");
    return Known{history->woman, std::move(history->who), std::move(history->disputed)};
}

std::vector<Warning> Registrar::find_duplicates(const Demographics& who) {
    std::vector<Warning> warnings;
    std::set<WomanId> with_number;
    for (const auto& identifier : who.identifiers) {
        const auto found = same_number(identifier);
        with_number.insert(found.begin(), found.end());
    }
    if (!with_number.empty()) {
        warnings.push_back({"identity_in_use",
                            msg("warning.identity_in_use"),
                            {},
                            {with_number.begin(), with_number.end()}});
    }
    auto alike = same_name_and_birth(who);
    std::erase_if(alike, [&](const WomanId& woman) { return with_number.contains(woman); });
    if (!alike.empty()) {
        warnings.push_back(
            {"possible_duplicate", msg("warning.possible_duplicate"), {}, std::move(alike)});
    }
    if (contradicts_number(who))
        warnings.push_back({"identity_mismatch", msg("warning.identity_mismatch")});
    return warnings;
}

Result<Added> Registrar::add(const Caller& caller, Demographics who, Circumstances at) {
    if (!caller.may_record()) return no_right_to_record();
    if (!who.birth_date) return missing("birth_date");
    if (!who.sex) return missing("sex");
    const auto today = clinic_.recording_day();
    if (!today) return today.error();
    if (!at.date) at.date = *today;
    Fact fact{std::move(at), Register{std::move(who)}, {}};
    if (auto checked = check_entry(fact); !checked) return std::move(checked).error();
    const auto& checked_who = std::get<Register>(fact.detail).who;
    if (auto birth = check_birth(checked_who, *today); !birth) return std::move(birth).error();
    auto dates = check_dates(fact, checked_who, *today);
    if (!dates) return std::move(dates).error();
    auto warnings = find_duplicates(checked_who);
    if (auto phone = phone_warning(checked_who)) warnings.push_back(*std::move(phone));
    if (auto clock = clock_warning(clinic_.day())) warnings.push_back(*std::move(clock));
    const auto woman = make_time_ordered_id<WomanTag>(unix_ms(clinic_.now()), clinic_.random());
    sqlite::WriteTransaction tx(clinic_.database());
    std::vector<Draft> drafts;
    drafts.push_back({woman, std::move(fact)});
    auto uids = clinic_.append(caller, std::move(drafts), tx, {std::nullopt, women_of(warnings)});
    if (!uids) return std::move(uids).error();
    tx.commit();
    return Added{woman, uids->front(), std::move(warnings)};
}

Result<Recorded> Registrar::edit(const Caller& caller, const WomanId& woman, Demographics said,
                                 Circumstances at) {
    if (said == Demographics{})
        return Error{ErrorCode::invalid_input, "", msg("woman.nothing_to_change")};
    const auto today = clinic_.recording_day();
    if (!today) return today.error();
    if (auto birth = check_birth(said, *today); !birth) return std::move(birth).error();
    Fact fact{std::move(at), DemographicsChange{std::move(said)}, {}};
    Recorder recorder(clinic_);
    return recorder.record(caller, woman, std::move(fact));
}

Result<Recorded> Registrar::say_of_two(const Caller& caller, Draft draft) {
    if (auto texts = check_texts(draft.fact); !texts) return std::move(texts).error();
    const auto today = clinic_.recording_day();
    if (!today) return today.error();
    draft.fact.at.date = *today;
    const auto subject = draft.subject;
    sqlite::WriteTransaction tx(clinic_.database());
    std::vector<Draft> drafts;
    drafts.push_back(std::move(draft));
    auto uids = clinic_.append(caller, std::move(drafts), tx);
    if (!uids) return std::move(uids).error();
    tx.commit();
    return Recorded{uids->front(), subject, {}};
}

Result<Recorded> Registrar::link(const Caller& caller, const WomanId& one, const WomanId& other,
                                 const std::string& because) {
    if (!caller.may_record()) return no_right_to_record();
    if (one == other) return Error{ErrorCode::invalid_input, "OTHER", msg("woman.link_to_herself")};
    const auto members = clinic_.members_of(one);
    const auto others = clinic_.members_of(other);
    if (members.empty() || others.empty())
        return Error{ErrorCode::not_found, members.empty() ? "ID" : "OTHER", msg("woman.unknown")};
    if (members == others) return Error{ErrorCode::conflict, "", msg("woman.linked_already")};
    if (auto may = check_may_join(clinic_, one, other); !may) return std::move(may).error();
    const auto mine = clinic_.load_history(one);
    const auto hers = clinic_.load_history(other);
    Fact fact;
    fact.detail = Link{other, because};
    auto said = say_of_two(caller, {one, std::move(fact)});
    if (!said) return said;
    said->warnings = differences_of(mine, hers);
    const auto today = clinic_.today();
    const auto* programme = clinic_.programme_on(today);
    const auto both = clinic_.load_history(one);
    if (!programme || !mine || !hers || !both) return said;
    if (auto lost = lost_by_link_warning(*programme, *mine, *hers, *both, today))
        said->warnings.push_back(*std::move(lost));
    for (auto& warning : link_warnings(*programme, *mine, *hers, *both, today))
        said->warnings.push_back(std::move(warning));
    return said;
}

Result<Recorded> Registrar::unlink(const Caller& caller, const WomanId& one, const WomanId& other,
                                   const std::string& because) {
    if (!caller.may_record()) return no_right_to_record();
    const auto members = clinic_.members_of(one);
    if (members.empty()) return Error{ErrorCode::not_found, "ID", msg("woman.unknown")};
    if (one == other || std::find(members.begin(), members.end(), other) == members.end())
        return Error{ErrorCode::conflict, "OTHER", msg("woman.not_linked")};
    if (auto may = check_may_join(clinic_, one, other); !may) return std::move(may).error();
    Fact fact;
    fact.at.because = because;
    fact.detail = Unlink{other};
    return say_of_two(caller, {one, std::move(fact)});
}

}  // namespace egret::service
