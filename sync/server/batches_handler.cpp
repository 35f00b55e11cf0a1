#include "sync/server/batches_handler.h"

#include "sync/core/protocol.h"
#include "sync/server/caller.h"

namespace egret::server {

Result<http::Response> BatchesHandler::handle(const http::Request& request) {
    const auto caller = caller_of(request, store_);
    if (!caller) return caller.error();
    const auto reply = ingester_.ingest(request.body, caller->id);
    if (!reply) return reply.error();
    return http::Response::json(sync::encode_upload_reply(*reply, keys_.receipt()),
                                sync::http_status(reply->code));
}

}  // namespace egret::server
