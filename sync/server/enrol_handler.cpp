#include "sync/server/enrol_handler.h"

#include "sync/core/enrolment.h"

namespace egret::server {

Result<http::Response> EnrolHandler::handle(const http::Request& request) {
    if (!tries_.allows(request.peer.address, clock_.now()))
        return Error{ErrorCode::unavailable, "", msg("central.too_many_tries")};
    const auto asked = sync::decode_enrolment_request(text_of(request.body));
    if (!asked) return asked.error();
    const auto reply = service_.enrol(*asked);
    if (!reply) return reply.error();
    return http::Response::json(
        sync::encode_enrolment_reply(*reply, asked->sign_key, keys_.receipt()));
}

}  // namespace egret::server
