#include "sync/client/detail/take_page.h"

#include "sync/client/detail/received_page.h"
#include "sync/client/upload_store.h"

#include <utility>

namespace egret::client::detail {

Result<std::uint64_t> take_page(service::Clinic& clinic, const sync::FeedClient& client) {
    auto received = received_of(client.page());
    received.place = place_of(client.after_page());
    const auto uploads = UploadStore(clinic.database()).load(upload_bounds(clinic));
    received.server_time = instant_from_unix_ms(uploads.server_time_ms);
    received.safe_seq = uploads.safe_seq;
    auto outcome = clinic.receive(received);
    if (!outcome) return std::move(outcome).error();
    return static_cast<std::uint64_t>(outcome->new_facts);
}

}  // namespace egret::client::detail
