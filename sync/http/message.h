#pragma once

#include "registry/base/bytes.h"
#include "registry/base/result.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Requests and answers without sockets: what a handler sees of HTTP.
namespace egret::http {

/// The certificate that a client showed. It leads to the programme's authority; that says who
/// asks, not what they may do.
struct ClientCertificate {
    std::string common_name;
    Hash key_hash;  // SHA-256 of the SubjectPublicKeyInfo.
    bool in_date;   // False if it has run out (or isn't valid yet): good for a renewal only.
};

/// Who is at the other end.
struct Peer {
    std::string address;  // "192.0.2.7", without the port.
    std::optional<ClientCertificate> certificate{};
};

/// The names and values of a query, decoded.
using Query = std::map<std::string, std::string, std::less<>>;

struct Request {
    std::string method = "GET";
    std::string path = "/";  // Without the query.
    Query query{};
    std::map<std::string, std::string, std::less<>> headers{};  // Names in lower case.
    Bytes body{};  // All of it: a handler never sees a part.
    Peer peer{};

    /// The value of a header, by its name in lower case; "" if it isn't there.
    std::string_view header(std::string_view name) const;
};

struct Response {
    int status = 200;
    std::string content_type{};  // "" if there is no body.
    Bytes body{};
    std::vector<std::pair<std::string, std::string>> headers{};  // Beside type and length.

    static Response json(std::string_view text, int status = 200);
    static Response bytes(Bytes body, std::string_view content_type, int status = 200);
    /// 204: done, and nothing to say.
    static Response empty();

    /// The first value of a header, whatever the case of its name; "" if it isn't there.
    std::string_view header(std::string_view name) const;
};

/// What may stand in a query's or path's place: percent escapes undone, "+" read as a space.
/// Errors: invalid_input, for a broken escape, for what is not UTF-8 then, and for a name that
/// comes twice. The error doesn't quote the text.
Result<Query> parse_query(std::string_view text);

/// The path with the query as a request line has it: names in order, and everything escaped that
/// may be. What a request's signature covers (sync/core/request_signature.h).
std::string target_of(const Request& request);

/// For a value in a query or a path: everything but letters, digits and "-._~" is escaped.
std::string percent_encode(std::string_view text);

}  // namespace egret::http
