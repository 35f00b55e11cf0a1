#include "registry/codec/event_codec.h"
#include "registry/domain/check.h"
#include "sync/central/ingest.h"

#include <variant>

namespace egret::central {

Verdict judge(const sync::LogEntry& entry) {
    if (!entry.content) return {refused_erased};
    const auto header = codec::decode_header(entry.header);
    if (!header) return {"bad_header"};
    // The commitment needs no look: a batch carries none, so its reader made it from the content.
    auto event = codec::decode_event(*header, entry.content->payload);
    if (!event) return {"bad_payload"};
    if (std::holds_alternative<NewerFact>(event->fact.detail)) return {"", true};
    if (!fits_subject(event->fact, event->subject) || !check(event->fact)) return {refused_invalid};
    return {};
}

}  // namespace egret::central
