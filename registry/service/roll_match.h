#pragma once

#include "registry/base/result.h"
#include "registry/domain/history.h"
#include "registry/service/class_roll.h"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace egret::service {

/// Who of those that are here a row of a roll means.
class RollMatcher {
public:
    /// For these rows: nobody else needs to be remembered.
    explicit RollMatcher(const std::vector<RollRow>& rows);

    /// Remembers her, if a row could mean her.
    void add(const WomanId& woman, const Demographics& who);

    struct Match {
        std::optional<WomanId> woman;  // Nothing: nobody.
        bool has_namesakes = false;    // Of her name and birth date, with another number.
    };

    /// Errors: conflict, with what has to be looked at.
    Result<Match> find(const Demographics& who) const;

private:
    struct Known {
        WomanId woman;
        std::vector<Identifier> identifiers;
        std::set<std::string> names;  // Folded.
        std::optional<PartialDate> birth_date;
        std::optional<Sex> sex;
    };

    using Index = std::multimap<std::string, const Known*, std::less<>>;

    Result<Match> check_number_match(const Known& known, const Demographics& who) const;
    std::vector<const Known*> with_key(const Index& index, const std::string& key) const;

    std::set<std::string> wanted_;  // Keys of the rows.
    std::deque<Known> known_;
    Index by_number_;
    Index by_name_;
};

}  // namespace egret::service
