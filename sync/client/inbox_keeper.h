#pragma once

#include "registry/service/clinic.h"
#include "sync/client/inbox_folder.h"
#include "sync/client/link_keys.h"
#include "sync/core/key_bundle.h"

#include <cstdint>
#include <string>

namespace egret::client {

/// Takes into the open registry what the feeds brought while it was locked, page by page in their
/// order, each with the cursor behind it, and removes what is in. A page that is damaged, or that
/// doesn't follow, goes with those behind it: they are asked for again.
///
/// Both outlive it. Any member throws std::system_error or sqlite::SqliteError if the disk fails or
/// is full; what was not done then, the next call does.
class InboxKeeper {
public:
    InboxKeeper(service::Clinic& clinic, const std::string& dir, const LinkKeys& keys,
                const sync::KeyBundle& bundle);

    void settle();

    /// Facts of others that were new here, of all calls.
    std::uint64_t received() const noexcept { return received_; }

    /// Writes down beside the registry how far it is in its feeds.
    void keep_cursors();

private:
    void settle_scope(std::uint64_t scope);
    bool take_in(const InboxItem& item);

    service::Clinic& clinic_;
    InboxFolder folder_;
    const LinkKeys& keys_;
    const sync::KeyBundle& bundle_;
    std::uint64_t received_ = 0;
};

}  // namespace egret::client
