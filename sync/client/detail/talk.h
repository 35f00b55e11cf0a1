#pragma once

#include "registry/base/clock.h"
#include "registry/base/result.h"
#include "sync/client/sync_session.h"
#include "sync/core/sync_client.h"
#include "sync/http/message.h"

#include <optional>

namespace egret::client::detail {

/// A part of a sync: says what to ask the centre next, and is told what came of it.
class Talk {
public:
    Talk() = default;
    virtual ~Talk() = default;

    Talk(const Talk&) = delete;
    Talk& operator=(const Talk&) = delete;

    /// The first request; nothing, if there is none.
    virtual std::optional<http::Request> start(Instant now) = 0;
    /// The answer to the last request, or why there was none. The next one; nothing at the end.
    virtual std::optional<http::Request> next(const Result<http::Response>& answer,
                                              Instant now) = 0;
};

/// The part that hands over what was recorded.
class Uploads : public Talk {
public:
    virtual sync::SyncReport report() const = 0;

    /// Trying again changes nothing: report().error says why.
    virtual bool must_stop() const = 0;

    /// The centre said in this sync that it has all that there is here.
    virtual bool has_all() const = 0;

    /// At its end: the centre speaks with this device, so the rest of the sync can be asked for.
    virtual bool may_go_on() const = 0;

    /// What the centre said beside.
    virtual const std::optional<sync::ReplyNews>& news() const = 0;

    /// When the centre said that, by its own clock; nothing, if it said nothing in this sync.
    virtual std::optional<Instant> centre_time() const = 0;

    virtual RepairReport repairs() const { return {}; }
};

}  // namespace egret::client::detail
