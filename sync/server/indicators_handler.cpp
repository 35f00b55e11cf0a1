#include "sync/server/indicators_handler.h"

#include "registry/coverage/indicator.h"
#include "registry/json/dump.h"

namespace egret::server {

Result<http::Response> IndicatorsHandler::handle(const http::Request&) {
    json::Array all;
    for (const auto& indicator : coverage::known_indicators()) {
        all.emplace_back(json::Object{
            {"id", indicator.id},
            {"version", indicator.version},
            {"title", json::Object{{"zh", indicator.title.zh}, {"en", indicator.title.en}}}});
    }
    return http::Response::json(json::dump(std::move(all)));
}

}  // namespace egret::server
