#include "sync/server/logged_handler.h"

#include "registry/sqlite/error.h"
#include "sync/http/problem.h"

#include <string>

namespace egret::server {

/// What else is thrown is logged by the server, and answered as its own fault.
Result<http::Response> LoggedHandler::call(const http::Request& request) {
    try {
        return inner_.handle(request);
    } catch (const sqlite::SqliteError& thrown) {
        if (thrown.trouble() != sqlite::Trouble::full) throw;
        log_(request.method + " " + request.path + " failed: the disk is full");
        return Error{ErrorCode::no_space, "", msg("http.disk_full")};
    }
}

Result<http::Response> LoggedHandler::handle(const http::Request& request) {
    auto answer = call(request);
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
