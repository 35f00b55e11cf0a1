#pragma once

#include "sync/client/detail/talk.h"

#include <cstdint>
#include <memory>
#include <optional>

namespace egret::client::detail {

/// The part of a sync that follows the feed of one scope.
class FeedTalk : public Talk {
public:
    /// Why not all of it is here.
    virtual const std::optional<sync::Refusal>& refusal() const = 0;

    /// Facts of others that are new here.
    virtual std::uint64_t received() const = 0;

    /// Items that wait for the registry to be opened.
    virtual std::uint64_t fetched() const { return 0; }
};

/// Where that which the feeds bring is kept: in an open registry, or unopened beside it.
class Feeds {
public:
    Feeds() = default;
    virtual ~Feeds() = default;

    Feeds(const Feeds&) = delete;
    Feeds& operator=(const Feeds&) = delete;

    /// `head` is how far the centre is, by its last word.
    virtual std::unique_ptr<FeedTalk> follow(const sync::FeedHead& head) = 0;
};

}  // namespace egret::client::detail
