#include "sync/http/detail/exchange.h"

#include "registry/base/text.h"
#include "registry/crypto/x509.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/X509Certificate.h>

#include <algorithm>
#include <array>
#include <poll.h>
#include <sstream>
#include <sys/socket.h>

namespace egret::http {
namespace {

constexpr std::size_t read_bytes = 16 * 1024;
constexpr std::size_t linger_bytes_max = 4 * 1024 * 1024;
constexpr Watchdog::Duration linger_max{1000};
constexpr std::size_t length_digits_max = 12;

Error bad_head() { return {ErrorCode::invalid_input, "", msg("http.head_malformed")}; }

bool is_token(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    });
}

bool is_plain_value(std::string_view value) {
    return std::none_of(value.begin(), value.end(),
                        [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\t'; });
}

bool usually_has_no_body(std::string_view method) {
    return method == "GET" || method == "HEAD" || method == "DELETE";
}

Poco::Net::StreamSocket& socket_of(Poco::Net::HTTPServerRequest& in) {
    return static_cast<Poco::Net::HTTPServerRequestImpl&>(in).socket();
}

std::optional<ClientCertificate> certificate_of(Poco::Net::StreamSocket& socket,
                                                const Clock& clock) {
    if (!socket.secure()) return std::nullopt;
    const Poco::Net::SecureStreamSocket secure(socket);
    if (!secure.havePeerCertificate()) return std::nullopt;
    std::ostringstream pem;
    secure.peerCertificate().save(pem);
    const auto facts = crypto::read_certificate(pem.str());
    if (!facts) return std::nullopt;
    return ClientCertificate{facts->common_name, facts->key_hash,
                             facts->validity.holds_at(clock.now())};
}

std::string reason_of(const std::exception& thrown) {
    if (const auto* of_poco = dynamic_cast<const Poco::Exception*>(&thrown))
        return of_poco->displayText();
    return thrown.what();
}

}  // namespace

Exchange::Exchange(Site& site, Connections::Connection& connection,
                   Poco::Net::HTTPServerRequest& in, Poco::Net::HTTPServerResponse& out)
    : site_(site),
      connection_(connection),
      in_(in),
      out_(out),
      problem_{site.environment.translate, preferred_language(in.get("Accept-Language", ""))} {}

void Exchange::run() {
    connection_.begin_request(deadline_for(0));
    ++site_.request_count;
    auto given = answer();
    connection_.begin_answer();  // Of a refused request, too: what is left of it is thrown away.
    for (const auto& [name, value] : given.headers) {
        if (!is_token(name) || !is_plain_value(value)) {
            site_.environment.log("http: an answer's header holds a control character");
            given = problem_.write_internal_error();
            break;
        }
    }
    if (given.status == 500) ++site_.failed_count;
    // Poco would take what is left of this body for the next request on the connection.
    if (!read_to_end_ || site_.connections.stopping()) out_.setKeepAlive(false);
    connection_.extend(deadline_for(given.body.size()));
    send(given);
    if (!read_to_end_) linger();
    connection_.end_answer(deadline_for(0));
}

Response Exchange::answer() {
    try {
        if (auto refused = refuse_head()) return *std::move(refused);
        const std::string& uri = in_.getURI();
        const auto path = std::string_view(uri).substr(0, uri.find('?'));
        const auto found = site_.routes.find(in_.getMethod(), path);
        if (found.handler != nullptr) return answer_with(*found.handler, path, body_bytes_);
        if (found.allowed.empty())
            return problem_.write({ErrorCode::not_found, "path", msg("http.no_such_path")});
        auto refused = problem_.write(
            {ErrorCode::invalid_input, "method", msg("http.method_not_allowed")}, 405);
        refused.headers.emplace_back("Allow", found.allowed);
        return refused;
    } catch (const std::exception& thrown) {
        site_.environment.log("http: a request could not be read: " + reason_of(thrown));
        return problem_.write_internal_error();
    }
}

std::optional<Response> Exchange::refuse_head() {
    if (static_cast<int>(in_.size()) > site_.options.header_fields_max) {
        return problem_.write({ErrorCode::too_large, "headers",
                               msg("http.too_many_headers",
                                   {{"limit", std::to_string(site_.options.header_fields_max)}})},
                              431);
    }
    for (const auto& [name, value] : in_) {
        if (!is_token(name)) return problem_.write(bad_head());
    }
    std::optional<std::string_view> length;
    for (const auto& [name, value] : in_) {
        if (to_lower(name) != "content-length") continue;
        if (length || !is_digits(value) || value.empty()) return problem_.write(bad_head());
        length = value;
    }
    // A length is the only framing that we take. Of a chunked body nobody can tell whether it was
    // cut, and a body with both is how requests are smuggled past a proxy.
    if (in_.has("Transfer-Encoding") || (!length && !usually_has_no_body(in_.getMethod()))) {
        return problem_.write({ErrorCode::invalid_input, "body", msg("http.length_required")}, 411);
    }
    const auto max = site_.options.body_bytes_max;
    if (length) {
        const bool readable = length->size() <= length_digits_max;
        body_bytes_ = readable ? std::stoull(std::string(*length)) : max + 1;
    }
    read_to_end_ = body_bytes_ == 0;
    if (body_bytes_ > max) {
        return problem_.write({ErrorCode::too_large, "body",
                               msg("http.body_too_large", {{"limit", std::to_string(max)}})});
    }
    return std::nullopt;
}

Response Exchange::answer_with(Handler& handler, std::string_view path, std::size_t body_bytes) {
    connection_.extend(deadline_for(body_bytes));
    const auto request = read_request(path, body_bytes);
    if (!request) return problem_.write(request.error());
    connection_.begin_answer();
    return call(handler, *request);
}

Result<Request> Exchange::read_request(std::string_view path, std::size_t body_bytes) {
    Request request;
    while (request.body.size() < body_bytes) {
        std::array<char, read_bytes> buffer{};
        const auto wanted = std::min(buffer.size(), body_bytes - request.body.size());
        in_.stream().read(buffer.data(), static_cast<std::streamsize>(wanted));
        const auto got = static_cast<std::size_t>(in_.stream().gcount());
        append(request.body, bytes_of({buffer.data(), got}));
        // The stream says "end" for everything: a client that is gone, one that waits too long,
        // a broken record of TLS. Only the count tells a whole body from a part.
        if (got < wanted) return Error{ErrorCode::invalid_input, "body", msg("http.body_cut")};
    }
    read_to_end_ = true;

    const std::string& uri = in_.getURI();
    if (const auto question = uri.find('?'); question != std::string::npos) {
        auto query = parse_query(std::string_view(uri).substr(question + 1));
        if (!query) return std::move(query).error();
        request.query = *std::move(query);
    }
    request.method = in_.getMethod();
    request.path = path;
    for (const auto& [name, value] : in_) {
        auto& held = request.headers[to_lower(name)];
        if (!held.empty()) held.append(to_lower(name) == "cookie" ? "; " : ", ");
        held.append(value);
    }
    auto& socket = socket_of(in_);
    request.peer = {socket.peerAddress().host().toString(),
                    certificate_of(socket, site_.environment.clock)};
    return request;
}

Response Exchange::call(Handler& handler, const Request& request) {
    try {
        auto result = handler.handle(request);
        return result ? *std::move(result) : problem_.write(result.error());
    } catch (const std::exception& thrown) {
        site_.environment.log("http: " + request.method + " " + request.path +
                              " failed: " + reason_of(thrown));
        return problem_.write_internal_error();
    }
}

void Exchange::send(const Response& answer) {
    out_.setStatusAndReason(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(answer.status));
    out_.setChunkedTransferEncoding(false);
    const bool may_have_body = answer.status != 204 && answer.status != 304;
    if (may_have_body) {
        out_.setContentLength64(static_cast<Poco::Int64>(answer.body.size()));
        if (!answer.content_type.empty()) out_.setContentType(answer.content_type);
    }
    // Answers are about people: no cache may keep one, unless a handler knows better.
    out_.set("Cache-Control", "no-store");
    out_.set("X-Content-Type-Options", "nosniff");
    std::string_view before;
    for (const auto& [name, value] : answer.headers) {
        // The first of a name replaces ours, its repetitions (Set-Cookie) are added.
        if (name == before) {
            out_.add(name, value);
        } else {
            out_.set(name, value);
        }
        before = name;
    }
    auto& stream = out_.send();
    if (may_have_body && in_.getMethod() != Poco::Net::HTTPRequest::HTTP_HEAD) {
        stream.write(reinterpret_cast<const char*>(answer.body.data()),
                     static_cast<std::streamsize>(answer.body.size()));
    }
    stream.flush();
    if (!stream) {
        out_.setKeepAlive(false);
        read_to_end_ = true;  // Nobody is there to linger for.
    }
}

void Exchange::linger() {
    // Closing a socket that holds unread bytes makes the kernel send a reset, which may overtake
    // the answer. So we end our side, and throw away for a moment what still comes.
    const int fd = socket_of(in_).impl()->sockfd();
    ::shutdown(fd, SHUT_WR);
    const auto end = std::chrono::steady_clock::now() + linger_max;
    std::array<char, read_bytes> waste{};
    for (std::size_t total = 0; total < linger_bytes_max;) {
        const auto left =
            std::chrono::duration_cast<Watchdog::Duration>(end - std::chrono::steady_clock::now());
        pollfd wait{fd, POLLIN, 0};
        if (left.count() <= 0 || ::poll(&wait, 1, static_cast<int>(left.count())) <= 0) return;
        const auto got = ::recv(fd, waste.data(), waste.size(), MSG_DONTWAIT);
        if (got <= 0) return;
        total += static_cast<std::size_t>(got);
    }
}

Watchdog::Duration Exchange::deadline_for(std::size_t bytes) const {
    const auto kib = static_cast<std::int64_t>((bytes + 1023) / 1024);
    return Watchdog::Duration{site_.options.request_deadline_ms +
                              kib * site_.options.deadline_ms_per_kib};
}

}  // namespace egret::http
