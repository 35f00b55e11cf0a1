#pragma once

#include "registry/sqlite/statement.h"
#include "registry/store/payload_seal.h"
#include "sync/central/feed_store.h"
#include "sync/central/feed_table.h"

#include <cstdint>

namespace egret::central {

/// Makes pages of what FeedTable and the log hold, as one device is told it: of its own facts only
/// how they were judged.
///
/// Belongs to the thread of its Database, which outlives it. A caller of several calls holds a
/// transaction.
class FeedReader {
public:
    /// `seal`: what facts say is stored under it; null, if they stand as they came.
    FeedReader(sqlite::Database& db, store::PayloadSeal* seal);

    /// The items after `asked`. Compacted also where an echo stands for facts of another machine
    /// that nobody is told of one by one: a snapshot has them.
    FeedReply page(const DeviceId& reader, const sync::FeedCursor& asked);

    /// Everything that the scope holds: first what others recorded of those who are in it, then all
    /// facts of the reader's own. `asked` as FeedPage::next of the page before.
    /// Errors: invalid_input, if no page said that.
    Result<FeedReply> snapshot(const DeviceId& reader, std::uint64_t scope, ByteView asked);

private:
    class Page;
    struct Place;

    static void add_ruling(Page& page, const sqlite::Statement::Run& row);
    void add_members(Page& page, const DeviceId& reader, Place& at);
    void add_own(Page& page, const DeviceId& reader, Place& at);

    store::PayloadSeal* seal_;
    FeedTable feed_;
    sqlite::Statement select_rows_;
    sqlite::Statement select_members_;
    sqlite::Statement select_own_;
};

}  // namespace egret::central
