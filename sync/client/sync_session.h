#pragma once

#include "registry/base/clock.h"
#include "registry/base/progress.h"
#include "registry/base/result.h"
#include "sync/client/https_client.h"
#include "sync/core/sync_client.h"
#include "sync/http/message.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace egret::client {

namespace detail {
class BundleFetch;
class Talk;
class Uploads;
}  // namespace detail

class HeldLink;

/// What came of a sync.
struct SyncOutcome {
    sync::SyncReport report;
    bool must_stop = false;  // Trying again changes nothing: see report.error.
};

/// One sync with the centre, told what came over the line and saying what goes next: first what was
/// recorded here, with all that this may need; then a newer key bundle, if the centre has one.
///
/// It knows no line and no clock. What it remembers it keeps in its stores, before the request that
/// depends on it is handed out; so it may be dropped at any time, and another one goes on.
///
/// Any member throws sqlite::SqliteError or std::system_error when the disk or the file fails.
class SyncSession {
public:
    /// Where the centre is, and the time that its certificate is held to.
    struct Line {
        std::string url;  // Empty: where it was when this machine joined.
        Instant now;
    };

    SyncSession(std::unique_ptr<HeldLink> link, std::unique_ptr<detail::Uploads> uploads,
                Line line);
    ~SyncSession();

    SyncSession(const SyncSession&) = delete;
    SyncSession& operator=(const SyncSession&) = delete;

    /// The first request. Once.
    std::optional<http::Request> start(Instant now);
    /// What the last request brought, or why it brought nothing: what Transport::send gives. The
    /// next request; nothing, when the sync is over.
    std::optional<http::Request> next(const Result<http::Response>& answer, Instant now);

    /// How the centre is to be reached for the request that was handed out last.
    HttpsClientOptions way() const;
    /// Another number than before: a new connection is needed, by way().
    std::uint64_t way_number() const noexcept;

    /// At any time.
    SyncOutcome outcome() const;

private:
    enum class Phase : std::uint8_t { upload, bundle, over };

    std::optional<http::Request> hand_out(std::optional<http::Request> request, Instant now);
    std::optional<http::Request> begin_next(Instant now);
    std::optional<http::Request> ask_anyone(const Error& why, Instant now);
    std::optional<http::Request> asked_anyone(const Result<http::Response>& answer, Instant now);
    std::optional<http::Request> go_on(const Result<http::Response>& answer, Instant now);
    bool wants_bundle() const;
    detail::Talk& talk();

    std::unique_ptr<HeldLink> link_;
    std::unique_ptr<detail::Uploads> uploads_;
    std::unique_ptr<detail::BundleFetch> bundle_;  // Of its phase.
    Line line_;
    Phase phase_ = Phase::upload;
    std::optional<Error> line_error_;  // Why the line failed last, if it did.
    std::optional<Error> error_;       // What stopped a later phase.
    bool must_stop_ = false;           // The same.

    // A server that the held bundle doesn't know may be the centre's new one.
    std::unique_ptr<detail::BundleFetch> rescue_;
    std::optional<http::Request> waiting_;  // The request that it refused.
    std::optional<Error> distrust_;
    int rescues_ = 0;
};

/// Carries a session out over lines that `connect` makes. `now` is this machine's clock.
/// Errors: those of `connect`.
Result<SyncOutcome> carry_out(SyncSession& session, const Connect& connect,
                              const std::function<Instant()>& now, Progress& progress);

}  // namespace egret::client
