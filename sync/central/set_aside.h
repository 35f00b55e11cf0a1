#pragma once

#include "registry/base/clock.h"
#include "registry/base/ids.h"
#include "registry/sqlite/statement.h"
#include "registry/store/components.h"
#include "registry/store/event_log.h"
#include "registry/store/statements.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace egret::central {

/// A fact that has no effect here, or had none until an officer looked at it. Says nothing of whom
/// it is about.
struct SetAside {
    std::optional<EventUid> event;  // None, if its head can't be read: then nobody can rule on it.
    std::string type;               // "void"; "", if it can't be read.
    std::string reason;             // "invalid", "other_clinic": a word of the program's own.
    DeviceId device;
    std::uint64_t seq = 0;
    std::string clinic;
    Instant came;
    std::optional<bool> holds{};  // What was ruled last; none, if it waits for somebody.

    bool is_open() const noexcept { return event && !holds; }
};

/// Finds the facts that were refused when they came, those that the fold doesn't heed, and those on
/// which an officer ruled.
///
/// Belongs to the thread of its Database, which outlives it as the log does. A caller of several
/// calls holds a transaction.
class SetAsideFinder {
public:
    SetAsideFinder(store::EventLog& log, store::Components& components,
                   store::Statements& statements, sqlite::Database& db);

    /// By when they came. Reads everybody of whom something was said that may be unheeded.
    std::vector<SetAside> all();
    /// Why that fact has no effect, whatever was ruled of it; nothing, if it would have.
    std::optional<std::string> reason_of(const store::LogEntry& entry);

private:
    std::vector<UnheededFact> unheeded_of(const WomanId& subject);
    std::optional<SetAside> find(store::Position position, std::string reason);

    store::EventLog& log_;
    store::Components& components_;
    store::Statements& statements_;
    sqlite::Statement select_refused_;
    sqlite::Statement select_ruled_;
    sqlite::Statement select_fact_;
    sqlite::Statement select_reason_;
};

}  // namespace egret::central
