// How far each log went on a day that is past.

#include "registry/store/event_log.h"

namespace egret::store {

std::vector<Head> EventLog::heads_known_on(Date day) {
    const auto until = ingest_known_on(day);
    const auto last = ingests_.last();
    auto all = heads();
    if (last && until >= last->id) return all;
    for (auto& head : all) {
        if (head.kind == DeviceKind::foreign)
            count_up_to(until, head);
        else
            halve_to(until, head);
    }
    return all;
}

void EventLog::halve_to(std::int64_t until, Head& head) {
    const auto device_ix = find_device(head.device);
    std::uint64_t known = 0;
    auto unknown = head.seq + 1;
    if (head.kind == DeviceKind::rechained) {
        auto run = select_first_unknown_.start();
        run.bind_all(device_ix, until);
        unknown = static_cast<std::uint64_t>(
            run.single().find_int64(0).value_or(static_cast<std::int64_t>(unknown)));
        known = unknown - 1;
    }
    // Of one device, a later event was never known earlier: so halve.
    while (unknown - known > 1) {
        const auto middle = known + (unknown - known) / 2;
        auto run = select_line_.start();
        run.bind_all(device_ix, middle);
        (run.single().int64(0) <= until ? known : unknown) = middle;
    }
    head.seq = known;
    head.hash = hash_at(head.device, known).value_or(codec::chain_start);
}

}  // namespace egret::store
