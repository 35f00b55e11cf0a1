#include "sync/server/card_keys_handler.h"

#include "registry/card/jwk.h"

namespace egret::server {

Result<http::Response> CardKeysHandler::handle(const http::Request&) {
    auto response = http::Response::json(card::encode_key_set(store_.card_keys()));
    response.headers.emplace_back("Access-Control-Allow-Origin", "*");
    // Ten minutes: a key that was stolen should not be trusted for long out of somebody's cache.
    response.headers.emplace_back("Cache-Control", "public, max-age=600");
    return response;
}

}  // namespace egret::server
