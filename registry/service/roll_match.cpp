#include "registry/service/roll_match.h"

#include "registry/icu/fold.h"

#include <algorithm>
#include <array>

namespace egret::service {
namespace {

constexpr std::array matching_kinds = {IdentifierKind::resident_id, IdentifierKind::school_number};

std::string number_key(const Identifier& identifier) {
    return std::string(to_string(identifier.kind)) + ":" + identifier.value;
}

std::vector<std::string> name_keys(const Demographics& who) {
    std::vector<std::string> keys;
    if (!who.birth_date || !who.birth_date->is_exact()) return keys;
    for (const auto& name : who.names)
        keys.push_back("name:" + icu::fold(name.text) + ":" + who.birth_date->to_string());
    return keys;
}

bool is_matching_kind(IdentifierKind kind) {
    return std::find(matching_kinds.begin(), matching_kinds.end(), kind) != matching_kinds.end();
}

/// Both have a number of one kind, and these differ.
bool numbers_contradict(const std::vector<Identifier>& one, const std::vector<Identifier>& other) {
    return std::any_of(one.begin(), one.end(), [&](const Identifier& mine) {
        if (!is_matching_kind(mine.kind)) return false;
        const auto is_kind = [&](const Identifier& theirs) { return theirs.kind == mine.kind; };
        const auto is_same = [&](const Identifier& theirs) {
            return theirs.kind == mine.kind && theirs.value == mine.value;
        };
        return std::any_of(other.begin(), other.end(), is_kind) &&
               std::none_of(other.begin(), other.end(), is_same);
    });
}

Error look_at_both(Message message) { return {ErrorCode::conflict, "", std::move(message)}; }

}  // namespace

RollMatcher::RollMatcher(const std::vector<RollRow>& rows) {
    for (const auto& row : rows) {
        for (const auto& identifier : row.who.identifiers) wanted_.insert(number_key(identifier));
        for (auto& key : name_keys(row.who)) wanted_.insert(std::move(key));
    }
}

void RollMatcher::add(const WomanId& woman, const Demographics& who) {
    std::vector<std::string> numbers;
    std::vector<std::string> names;
    for (const auto& identifier : who.identifiers) {
        auto key = number_key(identifier);
        if (is_matching_kind(identifier.kind) && wanted_.contains(key))
            numbers.push_back(std::move(key));
    }
    for (auto& key : name_keys(who)) {
        if (wanted_.contains(key)) names.push_back(std::move(key));
    }
    if (numbers.empty() && names.empty()) return;
    Known known{woman, who.identifiers, {}, who.birth_date, who.sex};
    for (const auto& name : who.names) known.names.insert(icu::fold(name.text));
    known_.push_back(std::move(known));
    for (auto& key : numbers) by_number_.emplace(std::move(key), &known_.back());
    for (auto& key : names) by_name_.emplace(std::move(key), &known_.back());
}

std::vector<const RollMatcher::Known*> RollMatcher::with_key(const Index& index,
                                                             const std::string& key) const {
    std::vector<const Known*> found;
    const auto range = index.equal_range(key);
    for (auto it = range.first; it != range.second; ++it) {
        if (std::find(found.begin(), found.end(), it->second) == found.end())
            found.push_back(it->second);
    }
    return found;
}

Result<RollMatcher::Match> RollMatcher::check_number_match(const Known& known,
                                                           const Demographics& who) const {
    const bool is_same_name =
        known.names.empty() ||
        std::any_of(who.names.begin(), who.names.end(), [&](const PersonName& name) {
            return known.names.contains(icu::fold(name.text));
        });
    if (!is_same_name) return look_at_both(msg("roll.number_of_other_name"));
    const bool is_same_birth =
        !known.birth_date || !who.birth_date || known.birth_date->may_equal(*who.birth_date);
    const bool is_same_sex =
        !known.sex || !who.sex || *known.sex == Sex::unknown || known.sex == who.sex;
    if (!is_same_birth || !is_same_sex) return look_at_both(msg("roll.number_of_other_birth"));
    if (numbers_contradict(known.identifiers, who.identifiers))
        return look_at_both(msg("roll.numbers_of_two"));
    return Match{known.woman, false};
}

Result<RollMatcher::Match> RollMatcher::find(const Demographics& who) const {
    for (const auto kind : matching_kinds) {
        for (const auto& identifier : who.identifiers) {
            if (identifier.kind != kind) continue;
            const auto found = with_key(by_number_, number_key(identifier));
            if (found.size() > 1) return look_at_both(msg("roll.number_here_twice"));
            if (found.size() == 1) return check_number_match(*found.front(), who);
        }
    }
    std::vector<const Known*> alike;
    bool has_namesakes = false;
    for (const auto& key : name_keys(who)) {
        for (const auto* known : with_key(by_name_, key)) {
            const bool is_other =
                (known->sex && *known->sex != Sex::unknown && who.sex && known->sex != who.sex) ||
                numbers_contradict(known->identifiers, who.identifiers);
            if (is_other)
                has_namesakes = true;
            else if (std::find(alike.begin(), alike.end(), known) == alike.end())
                alike.push_back(known);
        }
    }
    if (alike.size() > 1) return look_at_both(msg("roll.name_of_several"));
    if (alike.size() == 1) return Match{alike.front()->woman, has_namesakes};
    return Match{std::nullopt, has_namesakes};
}

}  // namespace egret::service
