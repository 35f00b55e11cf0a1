#include "sync/server/feed_handler.h"

#include "registry/base/text.h"
#include "sync/central/page_seal.h"
#include "sync/server/asked_number.h"
#include "sync/server/caller.h"

#include <algorithm>

namespace egret::server {
namespace {

Error bad_query(std::string_view name) {
    return {ErrorCode::invalid_input, std::string(name), msg("central.bad_number")};
}

/// Statuses for programs; the body is for whoever looks at the line.
http::Response answer_of(const central::FeedReply& reply, const central::Device& device,
                         const FeedServices& with) {
    switch (reply.answer) {
        case sync::FeedAnswer::page: break;
        case sync::FeedAnswer::rewound: return http::Response::json(R"({"code":"REWOUND"})", 409);
        case sync::FeedAnswer::compacted:
            return http::Response::json(R"({"code":"COMPACTED"})", 410);
    }
    return http::Response::bytes(central::seal_page_for(device, reply.page, with.keys, with.random),
                                 "application/octet-stream");
}

}  // namespace

Result<http::Response> FeedHandler::handle(const http::Request& request) {
    const auto now = with_.clock.now();
    const auto device = signer_of(request, with_.store, now);
    if (!device) return device.error();
    const auto scope = asked_number(request, "scope");
    if (!scope) return scope.error();
    const auto pos = asked_number(request, "pos");
    if (!pos) return pos.error();
    const auto text = request.query.find("hash");
    const auto hash = text == request.query.end() ? std::nullopt : from_hex(text->second);
    sync::FeedCursor asked{*scope, *pos, {}};
    if (!hash || hash->size() != asked.hash.size()) return bad_query("hash");
    std::copy(hash->begin(), hash->end(), asked.hash.begin());
    with_.store.note_seen(device->id, now);
    const auto reply = with_.feeds.feed_page(device->id, asked, now);
    if (!reply) return reply.error();
    return answer_of(*reply, *device, with_);
}

Result<http::Response> SnapshotHandler::handle(const http::Request& request) {
    const auto now = with_.clock.now();
    const auto device = signer_of(request, with_.store, now);
    if (!device) return device.error();
    const auto scope = asked_number(request, "scope");
    if (!scope) return scope.error();
    const auto text = request.query.find("next");
    const auto next = text == request.query.end() ? Bytes{} : from_hex(text->second);
    if (!next) return bad_query("next");
    with_.store.note_seen(device->id, now);
    const auto reply = with_.feeds.snapshot_page(device->id, *scope, *next, now);
    if (!reply) return reply.error();
    return answer_of(*reply, *device, with_);
}

}  // namespace egret::server
