#pragma once

#include "sync/http/message.h"

#include <map>
#include <string>
#include <string_view>

namespace egret::http {

/// One endpoint, from a whole request to an answer. Called from several threads at once.
class Handler {
public:
    virtual ~Handler() = default;

    /// An Error becomes its status and a problem document; whatever is thrown becomes a 500.
    virtual Result<Response> handle(const Request& request) = 0;
};

/// Which handler answers what: method and path, matched exactly and without the query.
/// Filled before the server starts, read by all its threads afterwards.
class Routes {
public:
    /// `handler` must outlive the table. A second handler for the same is a bug in our code.
    Routes& add(std::string_view method, std::string_view path, Handler& handler);

    struct Found {
        Handler* handler;     // Null if there is none.
        std::string allowed;  // Then, the methods that the path has: "GET, HEAD", or "".
    };

    /// HEAD is answered by the handler of GET.
    Found find(std::string_view method, std::string_view path) const;

private:
    std::map<std::string, std::map<std::string, Handler*, std::less<>>, std::less<>> by_path_;
};

}  // namespace egret::http
