#include "sync/server/head_handler.h"

#include "sync/core/protocol.h"
#include "sync/server/asked_number.h"
#include "sync/server/caller.h"

namespace egret::server {

Result<http::Response> HeadHandler::handle(const http::Request& request) {
    const auto now = clock_.now();
    const auto device = signer_of(request, store_, now);
    if (!device) return device.error();
    if (request.query.contains("bundle")) {
        const auto bundle = asked_number(request, "bundle");
        if (!bundle) return bundle.error();
        store_.note_bundle(device->id, *bundle);
    }
    store_.note_seen(device->id, now);
    const auto head = store_.head(device->id);
    sync::HeadReply reply;
    reply.standing = {device->id, head.seq, head.hash, store_.safe_seq(device->id), unix_ms(now)};
    reply.news = store_.news(device->id, now);
    reply.news->bundle_number = keys_.bundle_number();
    return http::Response::json(sync::encode_head_reply(reply, keys_.receipt()));
}

}  // namespace egret::server
