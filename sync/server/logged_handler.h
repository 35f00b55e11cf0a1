#pragma once

#include "sync/http/route.h"
#include "sync/http/server.h"

#include <atomic>

namespace egret::server {

/// Another handler, with a line in the log for each of its requests: address, method, path and
/// status. Never a query, a body or who somebody is. A full disk it answers as such (no_space), and
/// logs it even where requests are not logged.
class LoggedHandler final : public http::Handler {
public:
    /// All must outlive it.
    LoggedHandler(http::Handler& inner, const http::Log& log,
                  const std::atomic<bool>& is_on) noexcept
        : inner_(inner), log_(log), is_on_(is_on) {}

    Result<http::Response> handle(const http::Request& request) override;

private:
    Result<http::Response> call(const http::Request& request);

    http::Handler& inner_;
    const http::Log& log_;
    const std::atomic<bool>& is_on_;
};

}  // namespace egret::server
