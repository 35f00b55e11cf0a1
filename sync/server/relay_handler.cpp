#include "sync/server/relay_handler.h"

#include "sync/central/call_answer.h"
#include "sync/core/envelope.h"
#include "sync/core/relay.h"
#include "sync/core/wire_limits.h"
#include "sync/server/asked_number.h"
#include "sync/server/caller.h"

#include <cstddef>
#include <utility>

namespace egret::server {
namespace {

// What a poor line carries in a few minutes: a page more may come on top.
constexpr std::size_t answer_bytes = 512 * 1024;

/// 401 and 403 speak of who carries; of the maker another status does.
Error of_maker(Error error) {
    const bool is_of_caller =
        error.code == ErrorCode::unauthorized || error.code == ErrorCode::forbidden;
    if (is_of_caller) error.code = ErrorCode::conflict;
    return error;
}

http::Response answered(const sync::RelayAnswer& answer) {
    return http::Response::bytes(sync::encode_relay_answer(answer), "application/octet-stream");
}

}  // namespace

Result<http::Response> RelayHandler::handle(const http::Request& request) {
    const auto& with = courier_.services();
    const auto now = with.clock.now();
    const auto carrier = signer_of(request, with.store, now);
    if (!carrier) return carrier.error();
    std::uint64_t from = 0;
    if (request.query.contains("from")) {
        const auto asked = asked_number(request, "from");
        if (!asked) return asked.error();
        from = *asked;
    }
    if (!tries_.allows(carrier->id.to_string(), now))
        return Error{ErrorCode::unavailable, "", msg("central.too_many_tries")};
    with.store.note_seen(carrier->id, now);
    const auto header = sync::parse_envelope(request.body);
    if (!header) return header.error();
    return header->kind == sync::EnvelopeKind::call ? answer_call(request.body, from)
                                                    : take_upload(request.body);
}

Result<http::Response> RelayHandler::take_upload(ByteView envelope) {
    auto brought = courier_.take(envelope);
    if (!brought) return of_maker(std::move(brought).error());
    return answered({{courier_.receipt(brought->device, brought->reply)}, 0});
}

/// Receipt, bundle, and the pages: all from the number `from` on that one answer takes. Which there
/// are is worked out anew each time, so that nothing is kept between two.
Result<http::Response> RelayHandler::answer_call(ByteView envelope, std::uint64_t from) {
    auto call = courier_.open_call(envelope);
    if (!call) return of_maker(std::move(call).error());
    sync::RelayAnswer answer;
    std::uint64_t number = 0;
    std::size_t bytes = 0;
    const auto add = [&](sync::RelayFile file) {
        if (number++ < from) return;
        bytes += file.content.size();
        answer.files.push_back(std::move(file));
    };
    add(courier_.receipt(call->device));
    add(courier_.bundle());
    if (!call->call) return answered(answer);
    central::CallAnswer pages(courier_.services(), call->device, *call->call);
    while (auto file = pages.next()) {
        if (bytes >= answer_bytes || answer.files.size() >= limits::relay_files_max) {
            answer.next = number;
            break;
        }
        add(*std::move(file));
    }
    return answered(answer);
}

}  // namespace egret::server
