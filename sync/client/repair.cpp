#include "sync/client/detail/repair.h"

#include "registry/base/progress.h"
#include "sync/client/detail/calls.h"
#include "sync/client/detail/http_status.h"
#include "sync/client/outbox_folder.h"
#include "sync/client/outbox_strangers.h"
#include "sync/core/own_log.h"

#include <utility>
#include <vector>

namespace egret::client::detail {
namespace {

using sync::RepairStep;

Error no_piece() { return {ErrorCode::unavailable, "", msg("own_log.contradicts")}; }

std::vector<codec::EncodedEvent> events_of(const std::vector<sync::LogEntry>& entries) {
    std::vector<codec::EncodedEvent> events;
    events.reserve(entries.size());
    for (const auto& entry : entries) {
        auto& event = events.emplace_back();
        event.header = entry.header;
        event.is_erased = !entry.content;
        if (!entry.content) continue;
        event.salt = entry.content->salt;
        event.payload = entry.content->payload;
    }
    return events;
}

}  // namespace

Repair::Repair(service::Clinic& clinic, HeldLink& link, const sync::LogView& log,
               std::uint64_t acked_seq)
    : clinic_(clinic), link_(link), log_(log), repair_(log, acked_seq) {}

std::optional<http::Request> Repair::start(Instant) { return carry_out(repair_.start()); }

std::optional<http::Request> Repair::next(const Result<http::Response>& answer, Instant) {
    return carry_out(answer ? on_answer(*answer) : repair_.on_failure(answer.error()));
}

RepairStep Repair::on_answer(const http::Response& answer) {
    if (auto refused = sync::refusal_of(answer.status))
        return repair_.on_failure(std::move(refused->error));
    if (answer.status != http_ok) return repair_.on_failure(no_piece());
    if (step_ == RepairStep::ask_head) {
        const auto head = sync::decode_head_reply(text_of(answer.body),
                                                  {link_.membership().device, link_.bundle()});
        return head ? repair_.on_head(head->standing) : repair_.on_failure(no_piece());
    }
    const sync::OwnLogTrust trust{link_.membership().device, link_.bundle().receipt_keys()};
    const auto piece = sync::open_own_log(answer.body, trust, link_.keys().seal_keys());
    return piece ? repair_.on_piece(*piece) : repair_.on_failure(piece.error());
}

std::optional<http::Request> Repair::carry_out(RepairStep step) {
    step_ = step;
    switch (step) {
        case RepairStep::ask_head: return head_request(caller_of(clinic_, link_));
        case RepairStep::fetch: return own_log_request(repair_.from(), caller_of(clinic_, link_));
        case RepairStep::adopt: adopt(); break;
        case RepairStep::wait: error_ = repair_.error(); break;
    }
    return std::nullopt;
}

void Repair::adopt() {
    const auto& plan = repair_.plan();
    if (plan.is_empty()) return;
    // What is sealed of the facts that get other numbers stands in the log; under its old numbers
    // nobody has a use for it.
    const OutboxFolder folder(link_.dir(), clinic_.disk());
    for (const auto& item : folder.items()) {
        if (item.last_seq > plan.ancestor && is_current(item, log_)) folder.remove(item);
    }
    const auto before = log_.head().seq;
    NoProgress quiet;
    auto adopted = clinic_.adopt_own_log(plan.ancestor, events_of(plan.tail), quiet);
    if (!adopted) {
        error_ = std::move(adopted).error();
        return;
    }
    const auto after = log_.head().seq;
    taken_over_ = after - before;
    renumbered_ = after - plan.ancestor - plan.tail.size();
}

}  // namespace egret::client::detail
