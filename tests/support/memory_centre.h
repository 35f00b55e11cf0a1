#pragma once

#include "sync/core/batch.h"
#include "sync/core/protocol.h"
#include "sync/core/sync_client.h"
#include "sync/core/sync_server.h"
#include "tests/support/memory_log.h"

#include <map>
#include <string>

namespace egret::tests {

/// A device with its keys and its log.
struct MemoryDevice {
    DeviceId id;
    crypto::SigningKey key;
    MemoryLog log;

    explicit MemoryDevice(Random& random)
        : id(make_random_id<DeviceTag>(random)), key(crypto::SigningKey::generate(random)) {}
};

/// The uploading end of a centre in memory: the real decisions over a store that only remembers.
class MemoryCentre {
public:
    struct Answer {
        int status = 0;
        std::string body;

        friend bool operator==(const Answer&, const Answer&) = default;
    };

    using Logs = std::map<DeviceId, MemoryLog>;

    explicit MemoryCentre(Random& random)
        : seal_key_(crypto::SealKeyPair::generate(random)),
          receipt_key_(crypto::SigningKey::generate(random)) {}

    void enrol(const MemoryDevice& device) {
        keys_[device.id] = device.key.public_key();
        logs[device.id];
    }

    sync::SyncIdentity identity(const MemoryDevice& device) const {
        return {{device.id, 1, sync::EnvelopeSuite::aes_256_gcm, seal_key_.public_key()},
                receipt_key_.public_key(),
                "0.1.0",
                1};
    }

    Answer receive(ByteView envelope) {
        const auto header = sync::parse_envelope(envelope);
        if (!header) return {400, {}};
        const auto known = keys_.find(header->sender);
        if (known == keys_.end()) return {403, {}};
        const auto batch = sync::open_batch(envelope, {known->first, known->second}, seal_key_);
        if (!batch) return {batch.error().code == ErrorCode::too_large ? 413 : 400, {}};

        auto& log = logs[known->first];
        const auto decision = sync::decide_upload(log, *batch);
        if (decision.kind == sync::UploadDecision::Kind::append) {
            for (auto i = decision.append_from; i < batch->events.size(); ++i)
                log.all.push_back(batch->events[i]);
        }
        return reply(known->first, decision.code());
    }

    Answer reply(const DeviceId& device, sync::UploadCode code) const {
        return {sync::http_status(code),
                sync::encode_upload_reply({code, standing(device)}, receipt_key_)};
    }

    Answer head_of(const DeviceId& device) const {
        return {200, sync::encode_head_reply({standing(device)}, receipt_key_)};
    }

    sync::Standing standing(const DeviceId& device) const {
        const auto head = logs.at(device).head();
        return {device, head.seq, head.hash, 0, 1'767'225'600'000};
    }

    const crypto::SigningKey& receipt_key() const { return receipt_key_; }

    Logs logs;  // A copy is a backup, and put back it is a restored centre.

private:
    crypto::SealKeyPair seal_key_;
    crypto::SigningKey receipt_key_;
    std::map<DeviceId, crypto::VerifyKey> keys_;
};

}  // namespace egret::tests
