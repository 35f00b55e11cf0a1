#pragma once

namespace egret::client {

// RFC 9110 §15: the answers that a sync tells apart.
inline constexpr int http_ok = 200;
inline constexpr int http_unauthorized = 401;
inline constexpr int http_forbidden = 403;
inline constexpr int http_not_found = 404;
inline constexpr int http_conflict = 409;
inline constexpr int http_gone = 410;
inline constexpr int http_unprocessable = 422;
inline constexpr int http_upgrade = 426;

}  // namespace egret::client
