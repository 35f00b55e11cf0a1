#pragma once

#include "registry/domain/logged.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace egret::sync_world {

/// What somebody said, as whoever made it up knows.
struct Said {
    EventUid uid;
    WomanId subject;
    Fact fact;
    std::string clinic{};
    UserId author{};
    bool is_lead = true;
    bool is_bad = false;  // Breaks the rules of its kind: the centre gives it no effect.
    Instant at{};         // By the right clock.
};

/// Whom a link or an unlink names beside its subject.
std::optional<WomanId> joined_with(const Said& said);

/// What must hold of one woman.
struct ExpectedWoman {
    std::set<WomanId> members;
    std::map<EventUid, Detail> facts;  // That hold, as they were corrected last.
    std::set<EventUid> unheeded;
};

/// The oracle: all that was ever committed anywhere, and what follows from a part of it. It knows
/// of no log, no number and no table, and has rules of its own for who may say what: those of the
/// product are written a second time here, so that a mistake in them shows.
class Model {
public:
    void commit(const Said& said);
    /// Null: nobody ever committed it.
    const Said* find(const EventUid& uid) const;

    /// In the order in which it was learnt.
    const std::vector<EventUid>& all() const noexcept { return order_; }

    /// What follows from the facts that the centre has, in the order in which it judges them.
    /// Each woman once.
    std::vector<ExpectedWoman> expect(const std::map<EventUid, Order>& counted) const;

private:
    std::map<EventUid, Said> said_;
    std::vector<EventUid> order_;
};

}  // namespace egret::sync_world
