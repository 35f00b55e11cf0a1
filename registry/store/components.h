#pragma once

#include "registry/domain/history.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "registry/store/event_log.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace egret::store {

/// One woman: the ids that live links join, and what was said of her.
struct Component {
    std::vector<WomanId> members;  // Sorted: the first is her canonical id.
    std::vector<LoggedEvent> events;
    std::vector<EventUid> powerless;     // Links and unlinks among them whose makers have no say.
    std::vector<RefusedFact> refused{};  // What the centre refused, which is none of the events.
};

/// What holds of her.
History history_of(Component component);

/// Splits women who may be the same into those who are.
///
/// Of the links and unlinks of a pair that hold (not voided, as corrected, and by a clinic that may
/// join the two), the last in order decides. A correction or a void goes with the fact that it is
/// about. Depends on the set of facts alone, not on the order in which they came. By canonical id.
///
/// `ids`: all that the events are about, and all that their links name.
std::vector<Component> split_components(std::vector<WomanId> ids, std::vector<LoggedEvent> events);

/// Which women of a file belong together. Facilities are nobody here, whatever is said of them, and
/// what is said of stock is never part of a woman.
///
/// A group is everybody who is joined by any link or unlink that was ever made, whether it holds or
/// not: links can be judged only by looking at all of a group. Nearly every group has one member.
class Components {
public:
    explicit Components(EventLog& log, sqlite::Database& db);

    /// Remembers the pairs that the fact names, if it is a link, an unlink or the correction of
    /// one, and returns whom it joins beside its subject.
    std::vector<std::int64_t> note_links(const Event& event, sqlite::WriteTransaction& tx);

    /// The group of that woman: rows of WomanIndex, ascending.
    std::vector<std::int64_t> group_of(std::int64_t woman_ix);
    /// Forgets all pairs of these: what their facts still say is noted anew by note_links().
    void forget_links(const std::vector<std::int64_t>& group, sqlite::WriteTransaction& tx);

    /// A group's women, by what was known up to ingest `until`. Positions whose payload can't be
    /// read are added to `unreadable`.
    std::vector<Component> read(const std::vector<std::int64_t>& group, std::int64_t until,
                                std::vector<Position>& unreadable);

    /// The woman that has that id; no events and no member if nothing was ever said of it, or it is
    /// a facility's.
    Component read_woman(const WomanId& id);

    /// Every woman, each once, in no promised order; by what was known up to ingest `until`. Of
    /// whom nothing but refused facts are known only `with_refused`.
    void for_each(std::int64_t until, const std::function<void(const Component&)>& take,
                  bool with_refused = false);

    void clear(sqlite::WriteTransaction& tx);

private:
    EventLog& log_;
    sqlite::Statement select_pairs_;
    sqlite::Statement insert_pair_;
    sqlite::Statement select_women_;
    sqlite::Statement delete_pairs_;
    sqlite::Statement delete_pairs_of_;
};

}  // namespace egret::store
