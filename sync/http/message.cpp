#include "sync/http/message.h"

#include "registry/base/text.h"

#include <utility>

namespace egret::http {
namespace {

Error query_error() { return {ErrorCode::invalid_input, "query", msg("http.query_malformed")}; }

/// Empty if an escape is broken or the result is not UTF-8.
std::optional<std::string> decoded(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i] == '+' ? ' ' : text[i];
            continue;
        }
        const auto byte = from_hex(text.substr(i + 1, 2));
        if (!byte || byte->size() != 1) return std::nullopt;
        out += static_cast<char>(byte->front());
        i += 2;
    }
    if (!is_utf8(out) || out.find('\0') != std::string::npos) return std::nullopt;
    return out;
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string_view{} : found->second;
}

Response Response::json(std::string_view text, int status) {
    return {status, "application/json", copy_of(bytes_of(text)), {}};
}

Response Response::bytes(Bytes body, std::string_view content_type, int status) {
    return {status, std::string(content_type), std::move(body), {}};
}

Response Response::empty() { return {204, "", {}, {}}; }

std::string_view Response::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (to_lower(key) == to_lower(name)) return value;
    }
    return {};
}

Result<Query> parse_query(std::string_view text) {
    Query query;
    for (const auto part : split(text, '&')) {
        if (part.empty()) continue;
        const auto equals = part.find('=');
        const auto name = decoded(part.substr(0, equals));
        const auto value = decoded(equals == std::string_view::npos ? std::string_view{}
                                                                    : part.substr(equals + 1));
        if (!name || !value || !query.emplace(*name, *value).second) return query_error();
    }
    return query;
}

std::string target_of(const Request& request) {
    auto target = request.path;
    char separator = '?';
    for (const auto& [name, value] : request.query) {
        target += std::exchange(separator, '&');
        target.append(percent_encode(name)).append("=").append(percent_encode(value));
    }
    return target;
}

std::string percent_encode(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            out += c;
        } else {
            out.append("%").append(to_hex(bytes_of({&c, 1})));
        }
    }
    return out;
}

}  // namespace egret::http
