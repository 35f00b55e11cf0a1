#pragma once

#include "registry/base/bytes.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace egret::store {

/// A place in the feed of one scope: the last item that is taken in, and the feed's hash after it.
struct FeedCursor {
    std::uint64_t pos = 0;  // From 1; 0: none is.
    Hash hash{};

    friend bool operator==(const FeedCursor&, const FeedCursor&) = default;
};

/// How far a registry is in the feed of one scope, as whoever asks for pages remembers it.
struct FeedPlace {
    std::uint64_t scope = 0;
    std::vector<FeedCursor> cursors{};  // By position, the newest last; older ones to go back to.
    /// Amid a snapshot: what to ask its next page with; empty for its first. None: not in one.
    std::optional<Bytes> snapshot{};

    friend bool operator==(const FeedPlace&, const FeedPlace&) = default;
};

/// The places of a registry, in its own file: each is saved in the transaction that takes in what
/// lies before it.
///
/// Damage does no harm: a cursor whose hash isn't the centre's is not heeded there, and what comes
/// twice changes nothing.
///
/// Belongs to the thread of its Database, which outlives it.
class FeedPlaces {
public:
    explicit FeedPlaces(sqlite::Database& db);

    /// The start, if nothing of that scope was ever taken in.
    FeedPlace load(std::uint64_t scope);
    /// All that was ever saved, by scope.
    std::vector<FeedPlace> all();
    /// In the place of what was saved of that scope.
    void save(const FeedPlace& place, sqlite::WriteTransaction& tx);

private:
    sqlite::Statement select_scopes_;
    sqlite::Statement select_cursors_;
    sqlite::Statement select_snapshot_;
    sqlite::Statement insert_cursor_;
    sqlite::Statement insert_snapshot_;
    sqlite::Statement delete_cursors_;
    sqlite::Statement delete_snapshot_;
};

}  // namespace egret::store
