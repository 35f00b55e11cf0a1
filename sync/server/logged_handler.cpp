#include "sync/server/logged_handler.h"

#include "sync/http/problem.h"

#include <string>

namespace egret::server {

Result<http::Response> LoggedHandler::handle(const http::Request& request) {
    auto answer = inner_.handle(request);  // What is thrown is logged by the server.
    if (!is_on_) return answer;
    const auto status = answer ? answer->status : http::status_of(answer.error().code);
    auto line = request.peer.address + " " + request.method + " " + request.path + " " +
                std::to_string(status);
    // The id of the message tells the operator why, and nothing of the caller.
    if (!answer) line.append(" ").append(answer.error().message.id);
    log_(line);
    return answer;
}

}  // namespace egret::server
