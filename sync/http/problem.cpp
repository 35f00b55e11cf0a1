#include "sync/http/problem.h"

#include "registry/base/text.h"
#include "registry/json/dump.h"

#include <cstdlib>

namespace egret::http {
namespace {

constexpr std::string_view type_prefix = "tag:egret,2026:problem/";

Message title_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::invalid_input: return msg("problem.invalid_input");
        case ErrorCode::unauthorized: return msg("problem.unauthorized");
        case ErrorCode::forbidden: return msg("problem.forbidden");
        case ErrorCode::not_found: return msg("problem.not_found");
        case ErrorCode::conflict: return msg("problem.conflict");
        case ErrorCode::too_large: return msg("problem.too_large");
        case ErrorCode::unsupported: return msg("problem.unsupported");
        case ErrorCode::unavailable: return msg("problem.unavailable");
        case ErrorCode::no_space: return msg("problem.no_space");
        case ErrorCode::locked: return msg("problem.locked");
    }
    return msg("problem.invalid_input");
}

/// The weight of one entry of Accept-Language, in thousandths; 1000 if it names none.
int weight_of(std::string_view parameters) {
    const auto at = parameters.find("q=");
    if (at == std::string_view::npos) return 1000;
    int weight = 0;
    int unit = 1000;
    for (const char c : parameters.substr(at + 2)) {
        if (c == '.') continue;
        if (c < '0' || c > '9' || unit == 0) break;
        weight += (c - '0') * unit;
        unit /= 10;
    }
    return weight;
}

Response document(std::string_view code, int status, const json::Object& members) {
    json::Object all{{"type", std::string(type_prefix).append(code)}};
    for (const auto& member : members) all.append(member.name, member.value);
    auto answer = Response::json(json::dump(std::move(all)), status);
    answer.content_type = "application/problem+json";
    return answer;
}

}  // namespace

int status_of(ErrorCode code) noexcept {
    switch (code) {
        case ErrorCode::invalid_input: return 400;
        case ErrorCode::unauthorized: return 401;
        case ErrorCode::forbidden: return 403;
        case ErrorCode::not_found: return 404;
        case ErrorCode::conflict: return 409;
        case ErrorCode::too_large: return 413;
        case ErrorCode::unsupported: return 415;
        case ErrorCode::unavailable: return 503;
        case ErrorCode::no_space: return 507;
        case ErrorCode::locked: return 423;
    }
    return 500;
}

std::string_view preferred_language(std::string_view accept_language) {
    std::string_view best = "en";
    int best_weight = 0;
    for (const auto entry : split(accept_language, ',')) {
        const auto semicolon = entry.find(';');
        const auto tag = to_lower(trim(entry.substr(0, semicolon)));
        const int weight =
            semicolon == std::string_view::npos ? 1000 : weight_of(entry.substr(semicolon + 1));
        const bool is_zh = tag == "zh" || tag.starts_with("zh-");
        const bool is_en = tag == "en" || tag.starts_with("en-");
        if ((is_zh || is_en) && weight > best_weight) {
            best = is_zh ? "zh" : "en";
            best_weight = weight;
        }
    }
    return best;
}

Response ProblemWriter::write(const Error& error, int status) const {
    const auto code = to_string(error.code);
    auto answer = document(code, status,
                           {{"title", translate(title_of(error.code), language)},
                            {"status", status},
                            {"detail", translate(error.message, language)},
                            {"code", code},
                            {"field", error.field},
                            {"message", error.message.id}});
    if (error.code == ErrorCode::unavailable) answer.headers.emplace_back("Retry-After", "30");
    return answer;
}

Response ProblemWriter::write_internal_error() const {
    const auto message = msg("http.internal");
    return document("internal", 500,
                    {{"title", translate(msg("problem.internal"), language)},
                     {"status", 500},
                     {"detail", translate(message, language)},
                     {"code", "internal"},
                     {"field", ""},
                     {"message", message.id}});
}

}  // namespace egret::http
