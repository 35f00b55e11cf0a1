#pragma once

#include "sync/client/detail/talk.h"
#include "sync/client/held_link.h"

namespace egret::client::detail {

/// Asks for the key bundle, and keeps it if it is newer. Anybody may be asked: the root's signature
/// is what counts.
class BundleFetch final : public Talk {
public:
    /// `link` outlives it.
    explicit BundleFetch(HeldLink& link) : link_(link) {}

    std::optional<http::Request> start(Instant now) override;
    std::optional<http::Request> next(const Result<http::Response>& answer, Instant now) override;

    bool is_newer() const noexcept { return is_newer_; }

    /// Why it came to nothing. An answer with a bundle that isn't newer is none.
    const std::optional<Error>& error() const noexcept { return error_; }

private:
    HeldLink& link_;
    bool is_first_ = true;  // A centre without the newest form is asked for the older one.
    bool is_newer_ = false;
    std::optional<Error> error_;
};

}  // namespace egret::client::detail
