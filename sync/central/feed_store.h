#pragma once

#include "registry/base/clock.h"
#include "registry/base/ids.h"
#include "registry/base/result.h"
#include "sync/core/feed.h"
#include "sync/core/feed_cursor.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What clinics are told, behind one interface beside CentralStore.
namespace egret::central {

/// What a device gets that asks for a feed.
struct FeedReply {
    sync::FeedAnswer answer = sync::FeedAnswer::page;
    sync::FeedPage page{};  // Only with that answer.
};

/// How far a device is in one of its feeds.
struct FeedStanding {
    DeviceId device;
    std::uint64_t scope = 0;
    std::uint64_t head_pos = 0;
    std::optional<std::uint64_t> told_pos{};  // Nothing, if it never asked.
    std::optional<Instant> asked{};           // When it said so last.

    std::uint64_t behind() const noexcept {
        const auto told = told_pos.value_or(0);
        return head_pos > told ? head_pos - told : 0;
    }
};

/// The scope of everybody who lives in that area.
struct AreaScope {
    std::uint64_t scope = 0;
    std::string area;

    friend bool operator==(const AreaScope&, const AreaScope&) = default;
};

/// What a sweep did.
struct Swept {
    std::size_t dropped = 0;    // Women whom a scope is told no longer.
    std::size_t compacted = 0;  // Items that are older than anybody may ask for.
};

/// May be used from several threads, as CentralStore. What a call changes is durable when it
/// returns.
class FeedStore {
public:
    virtual ~FeedStore() = default;

    /// The items after `asked`, as many as fit into a page, and none if that is the newest. Notes
    /// how far the device is.
    /// Errors: forbidden, if the scope isn't the device's.
    virtual Result<FeedReply> feed_page(const DeviceId& device, const sync::FeedCursor& asked,
                                        Instant now) = 0;
    /// The same for what is carried: what follows a page that the device hasn't got yet. Notes
    /// nothing.
    virtual Result<FeedReply> later_page(const DeviceId& device, const sync::FeedCursor& asked) = 0;
    /// All that the scope holds, page by page; `asked` is FeedPage::next of the page before, empty
    /// for the first. Compacted, if the centre can't go on from there: begin anew.
    /// Errors: forbidden, as above; invalid_input, if no page said that.
    virtual Result<FeedReply> snapshot_page(const DeviceId& device, std::uint64_t scope,
                                            ByteView asked, Instant now) = 0;
    /// Of all devices that are not revoked, by device and scope.
    virtual std::vector<FeedStanding> feed_standings() = 0;

    /// Lets a device be told of an area, beside its clinic. Does nothing, if it is already.
    /// Errors: not_found, if nobody knows the device; invalid_input, for what is no area's code;
    /// conflict, if it has all that one can have.
    virtual Result<AreaScope> give_area(const DeviceId& device, std::string_view area) = 0;
    /// False if it wasn't told of that.
    virtual bool take_area(const DeviceId& device, std::string_view area) = 0;
    virtual std::vector<AreaScope> areas_of(const DeviceId& device) = 0;

    /// Drops whom scopes are told no longer, and what is older than 400 days.
    virtual Swept sweep_feeds(Instant now) = 0;
};

}  // namespace egret::central
