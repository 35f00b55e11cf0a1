#pragma once

#include "sync/http/detail/connections.h"
#include "sync/http/server.h"

#include <atomic>
#include <cstddef>

namespace Poco::Net {  // NOLINT(readability-identifier-naming)
class HTTPServerRequest;
class HTTPServerResponse;
}  // namespace Poco::Net

namespace egret::http {

/// What all connections of one server share.
struct Site {
    const Routes& routes;
    const ServerOptions& options;
    const ServerEnvironment& environment;
    Connections connections;
    std::atomic<std::size_t> request_count = 0;
    std::atomic<std::size_t> failed_count = 0;
};

/// One request and its answer: the only place where Poco's HTTP and ours meet.
class Exchange {
public:
    Exchange(Site& site, Connections::Connection& connection, Poco::Net::HTTPServerRequest& in,
             Poco::Net::HTTPServerResponse& out);

    /// Answers, whatever happens. Afterwards the connection is either at the start of the next
    /// request, or marked to be closed.
    void run();

private:
    Response answer();
    Response answer_with(Handler& handler, std::string_view path, std::size_t body_bytes);
    Response call(Handler& handler, const Request& request);
    /// Empty if the head is in order; else what to answer.
    std::optional<Response> refuse_head();
    Result<Request> read_request(std::string_view path, std::size_t body_bytes);
    void send(const Response& answer);
    /// Lets the client read the answer although it is still sending.
    void linger();
    Watchdog::Duration deadline_for(std::size_t bytes) const;

    Site& site_;
    Connections::Connection& connection_;
    Poco::Net::HTTPServerRequest& in_;
    Poco::Net::HTTPServerResponse& out_;
    ProblemWriter problem_;
    std::size_t body_bytes_ = 0;  // What the head declares.
    bool read_to_end_ = false;    // The next byte is the next request's first.
};

}  // namespace egret::http
