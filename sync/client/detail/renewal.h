#pragma once

#include "registry/base/random.h"
#include "sync/client/detail/talk.h"
#include "sync/client/held_link.h"

#include <optional>

namespace egret::client::detail {

/// Asks the centre for another certificate, with new keys. They are on the disk before they are
/// asked for, and in the place of the old ones once the centre has said yes: whenever the power
/// goes, the keys in use are among those that the centre takes.
class Renewal final : public Talk {
public:
    /// Both outlive it. `is_readmission`: the centre doesn't know this machine any more, and is
    /// shown what it once signed.
    Renewal(HeldLink& link, Random& random, bool is_readmission)
        : link_(link), random_(random), is_readmission_(is_readmission) {}

    std::optional<http::Request> start(Instant now) override;
    std::optional<http::Request> next(const Result<http::Response>& answer, Instant now) override;

    bool is_done() const noexcept { return is_done_; }

private:
    HeldLink& link_;
    Random& random_;
    bool is_readmission_;
    bool is_done_ = false;
};

}  // namespace egret::client::detail
