#include "sync/client/detail/clinic_feeds.h"

#include "sync/client/detail/calls.h"
#include "sync/client/detail/http_status.h"
#include "sync/client/detail/received_page.h"
#include "sync/client/upload_store.h"

#include <utility>

namespace egret::client::detail {
namespace {

using sync::FeedStep;

}  // namespace

sync::PageTrust page_trust(const HeldLink& link, std::uint64_t scope) {
    // A restored centre has a device of another name before it has a newer bundle.
    return {std::nullopt, link.bundle().receipt_keys(), scope};
}

ClinicFeed::ClinicFeed(service::Clinic& clinic, HeldLink& link, std::uint64_t scope)
    : clinic_(clinic), link_(link), scope_(scope), client_(place_of(clinic.feed_place(scope))) {}

std::optional<http::Request> ClinicFeed::start(Instant) { return carry_out(client_.start()); }

std::optional<http::Request> ClinicFeed::next(const Result<http::Response>& answer, Instant) {
    return carry_out(answer ? on_answer(*answer) : client_.on_failure(answer.error()));
}

FeedStep ClinicFeed::on_answer(const http::Response& answer) {
    if (answer.status != http_ok) return client_.on_status(answer.status);
    auto page = sync::open_page(answer.body, page_trust(link_, scope_), link_.keys().seal_keys());
    return page ? client_.on_page(*std::move(page)) : client_.on_failure(page.error());
}

std::optional<http::Request> ClinicFeed::carry_out(FeedStep step) {
    for (;;) {
        switch (step) {
            case FeedStep::ask_page:
                return feed_request(scope_, client_.cursor().pos, client_.cursor().hash,
                                    caller_of(clinic_, link_));
            case FeedStep::ask_snapshot:
                return snapshot_request(scope_, *client_.place().snapshot,
                                        caller_of(clinic_, link_));
            case FeedStep::apply:
                if (!take_in()) return std::nullopt;
                step = client_.on_applied();
                continue;
            case FeedStep::done: return std::nullopt;
            case FeedStep::wait: return fail(sync::SyncStep::wait, *client_.error());
            case FeedStep::stop: return fail(sync::SyncStep::stop, *client_.error());
        }
    }
}

std::optional<http::Request> ClinicFeed::fail(sync::SyncStep step, Error error) {
    refusal_ = sync::Refusal{std::move(error), step};
    return std::nullopt;
}

/// The page, and the cursor behind it, in one transaction.
bool ClinicFeed::take_in() {
    auto received = received_of(client_.page());
    received.place = place_of(client_.after_page());
    const auto uploads = UploadStore(clinic_.database()).load(upload_bounds(clinic_));
    received.server_time = instant_from_unix_ms(uploads.server_time_ms);
    received.safe_seq = uploads.safe_seq;
    auto outcome = clinic_.receive(received);
    if (!outcome) {
        fail(sync::SyncStep::stop, std::move(outcome).error());
        return false;
    }
    received_ += outcome->new_facts;
    return true;
}

}  // namespace egret::client::detail
