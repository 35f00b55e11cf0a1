#pragma once

#include "registry/base/clock.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "registry/store/event_log.h"
#include "registry/store/row_guard.h"
#include "sync/core/feed.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace egret::central {

/// A fact of the log as it stands in a feed.
struct FeedLine {
    store::Position position = 0;
    DeviceId device;
    std::uint64_t seq = 0;
    Hash header_hash{};
    sync::Judgement judgement;
    bool is_officers = false;  // Of the centre's own log.
};

/// Where a feed ends.
struct FeedEnd {
    std::uint64_t pos = 0;
    Hash hash = sync::feed_start;

    friend bool operator==(const FeedEnd&, const FeedEnd&) = default;
};

/// The lists of all scopes, to which is only ever added.
///
/// Belongs to the thread of its Database, which outlives it.
class FeedTable {
public:
    explicit FeedTable(sqlite::Database& db);

    FeedEnd end(std::uint64_t scope);
    /// What is known of the feed at that position.
    sync::FeedKnown known(std::uint64_t scope, std::uint64_t pos);

    /// All that is added to one scope's list in one transaction.
    class Appender {
    public:
        Appender(FeedTable& table, std::uint64_t scope, Instant made, sqlite::WriteTransaction& tx);

        void add(const FeedLine& line);
        /// `device`: of the item, if it has one; its index is 0. `is_alone`: an echo of facts that
        /// are told to nobody.
        void add(const sync::FeedItem& item, const sync::FeedDevice& device, bool is_alone = false);
        /// Once, at the end.
        void finish();

    private:
        FeedTable& table_;
        std::uint64_t scope_;
        Instant made_;
        sqlite::WriteTransaction& tx_;
        FeedEnd end_;
    };

    /// Begins a list whose scope holds facts already: who asks from the start needs a snapshot.
    /// Does nothing, if there is one.
    void begin_behind(std::uint64_t scope, sqlite::WriteTransaction& tx);
    /// Removes what was added before `time`, but nothing behind something newer. How many rows.
    std::size_t compact(Instant time, sqlite::WriteTransaction& tx);

private:
    void save_end(std::uint64_t scope, const FeedEnd& end, sqlite::WriteTransaction& tx);

    store::RowGuard guard_;
    sqlite::Statement select_head_;
    sqlite::Statement upsert_head_;
    sqlite::Statement insert_head_;
    sqlite::Statement insert_;
    sqlite::Statement select_hash_;
    sqlite::Statement select_scopes_;
    sqlite::Statement select_newer_;
    sqlite::Statement delete_;
    sqlite::Statement update_base_;
};

/// The item of a row that is no fact. Throws sqlite::SqliteError if it can't be read.
struct StoredItem {
    sync::FeedItem item;
    std::optional<sync::FeedDevice> device;
};

StoredItem read_item(ByteView item);

/// The scopes whose list isn't what was written, by its hashes.
std::vector<std::uint64_t> find_damaged_feeds(sqlite::Database& db);

}  // namespace egret::central
