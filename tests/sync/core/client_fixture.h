#pragma once

#include "registry/base/limits.h"
#include "sync/core/sync_client.h"
#include "sync/core/wire_limits.h"
#include "tests/support/memory_centre.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>

namespace egret::tests {

inline const Instant now = instant_from_unix_ms(1'767'225'600'000);

struct ClientFixture {
    SeededRandom random{43};
    FactMaker facts{random};
    MemoryDevice device{random};
    MemoryCentre centre{random};

    ClientFixture() { centre.enrol(device); }

    void record(std::size_t count) {
        while (count-- > 0) device.log.record(facts.next());
    }

    const MemoryLog& stored() { return centre.logs[device.id]; }

    sync::SyncClient client(sync::SyncState state = {}) {
        return {{device.log, device.key, random}, centre.identity(device), std::move(state)};
    }

    MemoryCentre::Answer ask(const sync::SyncClient& client, sync::SyncStep step) {
        if (step == sync::SyncStep::ask_head) return centre.head_of(device.id);
        return centre.receive(client.state().outbox->envelope);
    }

    /// On a good line, to the end.
    sync::SyncStep run(sync::SyncClient& client) {
        auto step = client.start(now);
        while (step == sync::SyncStep::send || step == sync::SyncStep::ask_head) {
            const auto answer = ask(client, step);
            step = client.on_reply(answer.status, answer.body, now);
        }
        return step;
    }

    /// A reply that the centre signed but that says what the test wants.
    std::string said(sync::UploadCode code, std::uint64_t head_seq, const Hash& head_hash) {
        auto standing = centre.standing(device.id);
        standing.head_seq = head_seq;
        standing.head_hash = head_hash;
        return sync::encode_upload_reply({code, standing}, centre.receipt_key());
    }
};

inline void check_error(const sync::SyncClient& client, ErrorCode code, std::string_view id) {
    const auto error = client.report().error;
    REQUIRE(error);
    CHECK(error->code == code);
    CHECK(error->message.id == id);
}

}  // namespace egret::tests
