#pragma once

#include "registry/base/bytes.h"
#include "registry/files/disk.h"
#include "sync/core/feed.h"
#include "sync/core/feed_cursor.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What the centre's feeds brought while the registry was locked, beside it: pages that nobody has
/// opened.
///
///   inbox/<scope>-<first>-<last>-<hash>   an envelope of kind 2 (sync/core/feed.h) with the items
///                                         of these positions; first the 32 hexadecimal digits of
///                                         the feed's hash after the last one
///   inbox/cursors                         where the registry is in its feeds: CBOR array [1, [[
///                                         scope, pos, hash(32)]…]], older ones to go back to too
///
/// Numbers have twelve digits. A cursor is a number and a hash, and says nothing of anybody.
namespace egret::client {

/// One page, by its name.
struct InboxItem {
    std::uint64_t scope = 0;
    std::uint64_t first_pos = 0;
    std::uint64_t last_pos = 0;
    Fixed<16> last_hash{};  // The beginning of the feed's hash there.

    std::string name() const;

    friend bool operator==(const InboxItem&, const InboxItem&) = default;
};

class InboxFolder {
public:
    /// `dir` is the registry's folder; nothing is made before there is something to keep. `disk`
    /// outlives this.
    explicit InboxFolder(const std::string& dir, files::Disk& disk = files::system_disk());

    /// By scope, then by their positions. Files of other names are left alone.
    std::vector<InboxItem> items() const;
    std::vector<InboxItem> items_of(std::uint64_t scope) const;

    /// The page; nothing, if the file is gone, too large or can't be read.
    std::optional<Bytes> read(const InboxItem& item) const;

    /// On the disk, under its name, when this returns.
    /// Throws std::system_error if the disk fails or is full.
    void add(const InboxItem& item, ByteView page) const;
    void remove(const InboxItem& item) const;

    /// What a crash left of files that were being written.
    void remove_drafts() const;

    /// In place of those before; does nothing, if they are the same. Throws as add() does.
    void keep_cursors(const std::vector<sync::FeedCursor>& cursors) const;
    /// None, if nothing sound is kept.
    std::vector<sync::FeedCursor> cursors() const;

private:
    std::string path_of(const std::string& name) const;

    files::Disk& disk_;
    std::string folder_;
};

}  // namespace egret::client
