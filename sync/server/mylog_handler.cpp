#include "sync/server/mylog_handler.h"

#include "sync/core/own_log.h"
#include "sync/server/asked_number.h"
#include "sync/server/caller.h"

namespace egret::server {

Result<http::Response> MylogHandler::handle(const http::Request& request) {
    const auto now = clock_.now();
    const auto device = signer_of(request, store_, now);
    if (!device) return device.error();
    const auto from = asked_number(request, "from", 1);
    if (!from) return from.error();
    store_.note_seen(device->id, now);
    auto log = store_.own_log(device->id, *from);
    if (!log) return std::move(log).error();
    log->clock_ms = unix_ms(now);
    const sync::OwnLogSeal seal{device->id, 1, sync::EnvelopeSuite::aes_256_gcm, device->keys.seal};
    return http::Response::bytes(sync::seal_own_log(*log, seal, keys_.receipt(), random_),
                                 "application/octet-stream");
}

}  // namespace egret::server
