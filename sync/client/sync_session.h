#pragma once

#include "registry/base/clock.h"
#include "registry/base/progress.h"
#include "registry/base/random.h"
#include "registry/base/result.h"
#include "registry/files/disk.h"
#include "sync/client/https_client.h"
#include "sync/core/sync_client.h"
#include "sync/http/message.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace egret::client {

namespace detail {
class BundleFetch;
class Feeds;
class FeedTalk;
class Renewal;
class Talk;
class Uploads;
}  // namespace detail

class HeldLink;

/// How a log that had gone two ways was put together again.
struct RepairReport {
    std::uint64_t count = 0;       // Repairs.
    std::uint64_t taken_over = 0;  // Facts that the centre had and this registry hadn't.
    std::uint64_t renumbered = 0;  // Facts that only this registry had, and that follow them.
    // Sealed files of an earlier state of the registry that don't go on from what the centre has.
    std::uint64_t set_aside = 0;

    friend bool operator==(const RepairReport&, const RepairReport&) = default;
};

/// What came of a sync.
struct SyncOutcome {
    sync::SyncReport report;
    bool must_stop = false;      // Trying again changes nothing: see report.error.
    bool has_all = false;        // The centre said in this sync that it has all of this machine's.
    std::uint64_t received = 0;  // Facts that others recorded, and that are new here.
    std::uint64_t fetched = 0;   // What the centre told a locked registry: items, unopened.
    RepairReport repairs;
    /// The centre holds this machine for one of several copies: one of them is to join anew. All
    /// are heeded meanwhile.
    bool must_rejoin = false;
};

/// One sync with the centre, told what came over the line and saying what goes next: first what was
/// recorded here, with all that this may need; then a newer key bundle, if the centre has one; then
/// new keys of this machine, once half of its certificate's time is over; then what others
/// recorded, scope by scope.
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
        // Times that it was already, by others: tried where the clock may be ahead (contact()).
        std::vector<Instant> known{};
    };

    /// What it is made of. Uploads and feeds speak by `link`.
    struct Parts {
        std::unique_ptr<HeldLink> link;
        std::unique_ptr<files::Lock> lock;  // Held as long as the session is; or none.
        /// Begins where the stores say. Called again, if the centre is known by other keys since.
        std::function<std::unique_ptr<detail::Uploads>()> make_uploads;
        std::unique_ptr<detail::Feeds> feeds;
        Random* random = nullptr;  // For new keys of this machine. Outlives the session.
        /// What waits here can be signed anew. Without it a machine that its centre has lost waits
        /// for its registry to be opened.
        bool may_be_readmitted = false;
    };

    SyncSession(Parts parts, Line line);
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
    enum class Phase : std::uint8_t { upload, bundle, renewal, feed, over };

    std::optional<http::Request> hand_out(std::optional<http::Request> request, Instant now);
    std::optional<http::Request> begin_next(Instant now);
    std::optional<http::Request> renew_next(Instant now);
    std::optional<http::Request> follow_next(Instant now);
    void end_feed();
    void note(const Error& error, bool must_stop);
    std::optional<http::Request> ask_for_bundle(const Result<http::Response>& why, Instant now);
    std::optional<http::Request> asked_for_bundle(const Result<http::Response>& answer,
                                                  Instant now);
    bool is_forgotten(const Result<http::Response>& answer) const;
    std::optional<http::Request> ask_to_be_readmitted(const Result<http::Response>& why,
                                                      Instant now);
    std::optional<http::Request> asked_to_be_readmitted(const Result<http::Response>& answer,
                                                        Instant now);
    std::optional<http::Request> upload_anew(Instant now);
    bool is_by_unknown_key(const Result<http::Response>& answer) const;
    std::optional<http::Request> go_on(const Result<http::Response>& answer, Instant now);
    bool wants_bundle() const;
    detail::Talk& talk();

    Parts parts_;
    std::unique_ptr<detail::Uploads> uploads_;
    sync::SyncReport before_;                      // Of uploads that were begun again.
    std::unique_ptr<detail::BundleFetch> bundle_;  // Of its phase.
    std::unique_ptr<detail::Renewal> renewal_;     // Of its phase.
    std::unique_ptr<detail::FeedTalk> feed_;       // The one that is followed.
    std::vector<sync::FeedHead> scopes_;           // Still to be followed.
    std::uint64_t received_ = 0;
    std::uint64_t fetched_ = 0;
    Line line_;
    Phase phase_ = Phase::upload;
    std::optional<Error> line_error_;  // Why the line failed last, if it did.
    std::optional<Error> error_;       // What stopped a later phase.
    bool must_stop_ = false;           // The same.

    // A server, or a signature, that the held bundle doesn't know may be by the centre's new key.
    std::unique_ptr<detail::BundleFetch> rescue_;
    bool is_any_asked_ = false;                       // Whoever answers, and not the centre alone.
    std::optional<http::Request> waiting_;            // What was asked last.
    std::optional<Result<http::Response>> distrust_;  // What came of it.
    int rescues_ = 0;
    // The centre doesn't know this machine: it may have been restored, and have forgotten it.
    std::unique_ptr<detail::Renewal> readmission_;
    bool was_readmission_tried_ = false;
};

/// Carries a session out over lines that `connect` makes. `now` is this machine's clock.
/// Errors: those of `connect`.
Result<SyncOutcome> carry_out(SyncSession& session, const Connect& connect,
                              const std::function<Instant()>& now, Progress& progress);

}  // namespace egret::client
