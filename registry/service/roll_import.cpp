#include "registry/service/roll_import.h"

#include "registry/domain/entry_check.h"
#include "registry/service/recorder.h"
#include "registry/service/roll_match.h"

#include <algorithm>
#include <map>
#include <memory>

namespace egret::service {
namespace {

// Enough rows that a commit is cheap beside them, few enough that a cut costs little.
constexpr std::uint64_t rows_per_transaction = 200;

/// What of the row is new of her: school and class, and what was not known.
Demographics news_of(const Demographics& known, const Demographics& row) {
    Demographics news;
    const auto say = [](const std::string& before, const std::string& now) {
        return before == now ? std::string() : now;
    };
    const auto add = [](const std::string& before, const std::string& now) {
        return before.empty() ? now : std::string();
    };
    news.school = say(known.school, row.school);
    news.school_class = say(known.school_class, row.school_class);
    // Of another school the area known before tells nothing.
    news.school_area =
        news.school.empty() ? say(known.school_area, row.school_area) : row.school_area;
    news.household_area = add(known.household_area, row.household_area);
    news.area = add(known.area, row.area);
    news.address = add(known.address, row.address);
    if (known.phones.empty()) news.phones = row.phones;
    if (!known.guardian) news.guardian = row.guardian;
    if (known.names.empty()) news.names = row.names;
    auto identifiers = known.identifiers;
    for (const auto& identifier : row.identifiers) {
        const bool is_known =
            std::any_of(identifiers.begin(), identifiers.end(), [&](const Identifier& one) {
                return one.kind == identifier.kind && one.value == identifier.value;
            });
        if (!is_known) identifiers.push_back(identifier);
    }
    if (identifiers.size() > known.identifiers.size()) news.identifiers = std::move(identifiers);
    return news;
}

Fact fact_of(Detail detail, Date today) {
    Fact fact;
    fact.at.date = today;
    fact.at.source = Source::imported;
    fact.detail = std::move(detail);
    return fact;
}

/// Of a school or class, and of no age for one.
bool is_odd_pupil(const Demographics& who, Date today) {
    if ((who.school.empty() && who.school_class.empty()) || !who.birth_date) return false;
    return age_in_years(who.birth_date->earliest(), today) < pupil_years_min ||
           age_in_years(who.birth_date->latest(), today) > pupil_years_max;
}

Message same_as(const RollPlace& place) {
    const auto line = std::to_string(place.line);
    if (place.sheet.empty()) return msg("roll.same_as_line", {{"line", line}});
    return msg("roll.same_as_sheet_line", {{"sheet", place.sheet}, {"line", line}});
}

/// One import: who is meant, what is new of her, and what became of the row.
class Importing {
public:
    Importing(Clinic& clinic, const Caller& caller, Date today, const std::vector<RollRow>& rows)
        : clinic_(clinic), caller_(caller), today_(today), matcher_(rows) {
        clinic_.for_each_history([this](const History& history) {
            if (history.registered_on || history.is_registration_voided)
                matcher_.add(history.woman, history.who);
        });
        tx_ = std::make_unique<sqlite::WriteTransaction>(clinic_.database());
    }

    /// Errors: what is wrong with the row. Nothing of it was taken then.
    Result<Done> take(RollRow& row) {
        const auto match = matcher_.find(row.who);
        if (!match) return match.error();
        if (match->woman) {
            const auto met = met_.find(*match->woman);
            if (met != met_.end()) return Error{ErrorCode::conflict, "", same_as(met->second)};
        }
        auto taken = match->woman ? update(*match->woman, row.who) : add(row.who);
        if (!taken) return std::move(taken).error();
        met_.emplace(*taken, row.place);
        if (is_odd_pupil(row.who, today_)) odd_pupils.places.push_back(row.place);
        if (match->has_namesakes && !match->woman) namesakes.places.push_back(row.place);
        return Done{};
    }

    void commit() {
        tx_->commit();
        tx_.reset();
    }

    void commit_and_go_on() {
        commit();
        tx_ = std::make_unique<sqlite::WriteTransaction>(clinic_.database());
    }

    RollImported imported;
    RollNote namesakes{msg("roll.namesakes"), {}};
    RollNote odd_pupils{msg("roll.odd_age", {{"min", std::to_string(pupil_years_min)},
                                             {"max", std::to_string(pupil_years_max)}}),
                        {}};

private:
    Result<Done> append(const WomanId& woman, Fact fact, const Demographics& who,
                        std::vector<EventUid> replaced = {}) {
        if (auto checked = check_entry(fact); !checked) return checked;
        if (auto dates = check_dates(fact, who, today_); !dates) return dates;
        std::vector<Draft> drafts;
        drafts.push_back({woman, std::move(fact), std::nullopt, std::move(replaced)});
        auto appended = clinic_.append(caller_, std::move(drafts), *tx_, {audit::Action::imported});
        if (!appended) return std::move(appended).error();
        return Done{};
    }

    Result<WomanId> add(const Demographics& who) {
        const auto woman = make_time_ordered_id<WomanTag>(unix_ms(clinic_.now()), clinic_.random());
        if (auto added = append(woman, fact_of(Register{who}, today_), who); !added)
            return std::move(added).error();
        matcher_.add(woman, who);
        ++imported.added;
        return woman;
    }

    Result<WomanId> update(const WomanId& woman, const Demographics& who) {
        const auto history = clinic_.load_history(woman);
        if (!history) return Error{ErrorCode::not_found, "woman", msg("woman.unknown")};
        auto news = news_of(history->who, who);
        if (news == Demographics{}) {
            ++imported.unchanged;
            return woman;
        }
        auto replaced = replaced_by(news, history->said);
        auto fact = fact_of(DemographicsChange{std::move(news)}, today_);
        auto said = append(woman, std::move(fact), history->who, std::move(replaced));
        if (!said) return std::move(said).error();
        ++imported.updated;
        return woman;
    }

    Clinic& clinic_;
    const Caller& caller_;
    Date today_;
    RollMatcher matcher_;
    std::map<WomanId, RollPlace> met_;
    std::unique_ptr<sqlite::WriteTransaction> tx_;
};

}  // namespace

Result<RollImported> RollImport::import(const Caller& caller, ClassRoll roll, RollBoys boys,
                                        Progress& progress) {
    if (!caller.may_record()) return Error{ErrorCode::forbidden, "", msg("caller.may_not_record")};
    const auto today = clinic_.recording_day();
    if (!today) return today.error();
    Importing importing(clinic_, caller, *today, roll.rows);
    importing.imported.refused = std::move(roll.refused);
    importing.imported.notes = std::move(roll.notes);
    std::uint64_t number = 0;
    for (auto& row : roll.rows) {
        const bool is_boy = row.who.sex == Sex::male;
        if (is_boy && boys == RollBoys::left_out) {
            ++importing.imported.left_out;
        } else if (auto taken = importing.take(row); !taken) {
            importing.imported.refused.push_back(
                {row.place, std::move(taken).error(), std::move(row.cells)});
        }
        if (++number % rows_per_transaction == 0) {
            importing.commit_and_go_on();
            progress.at(number, roll.rows.size());
        }
    }
    importing.commit();
    auto imported = std::move(importing.imported);
    for (auto* note : {&importing.namesakes, &importing.odd_pupils})
        if (!note->places.empty()) imported.notes.push_back(std::move(*note));
    // Sheets stay in the order of the file, as far as a name can tell.
    std::stable_sort(imported.refused.begin(), imported.refused.end(),
                     [](const RefusedRow& a, const RefusedRow& b) { return a.place < b.place; });
    return imported;
}

}  // namespace egret::service
