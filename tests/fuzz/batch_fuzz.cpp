#include "registry/base/ensure.h"
#include "sync/core/batch.h"
#include "sync/core/enrolment.h"
#include "sync/core/enrolment_code.h"
#include "sync/core/key_bundle.h"
#include "sync/core/protocol.h"
#include "sync/core/request_signature.h"
#include "sync/core/sync_server.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace {

using egret::ByteView;

/// A centre that knows the device, and nothing of its log.
struct EmptyChain final : egret::sync::ChainView {
    egret::sync::ChainHead head() const override { return {}; }

    std::optional<egret::Hash> find_hash(std::uint64_t) const override { return std::nullopt; }
};

/// As `count` events from 1 on. What is taken must be the one way to write it.
void read_batch(ByteView bytes, std::uint64_t count) {
    const auto batch = egret::sync::decode_batch(bytes, 1, count);
    if (!batch) return;
    const auto again = egret::sync::encode_batch(*batch);
    const bool is_same = ByteView(again).size() == bytes.size() &&
                         std::equal(again.begin(), again.end(), bytes.begin());
    EGRET_ENSURE(is_same);
    const auto decision = egret::sync::decide_upload(EmptyChain{}, *batch);
    EGRET_ENSURE(decision.kind == egret::sync::UploadDecision::Kind::append ||
                 decision.kind == egret::sync::UploadDecision::Kind::bad_chain);
}

/// Nothing here can be signed right by chance.
void read_messages(ByteView bytes) {
    const auto text = egret::text_of(bytes);
    const egret::crypto::VerifyKey key{1};
    EGRET_ENSURE(!egret::sync::decode_upload_reply(text, {{}, key}));
    EGRET_ENSURE(!egret::sync::decode_head_reply(text, {{}, key}));
    EGRET_ENSURE(!egret::sync::decode_enrolment_reply(text, {key, 0, key}));
    const auto request = egret::sync::decode_enrolment_request(text);
    EGRET_ENSURE(!request || !request->secret.empty());
    EGRET_ENSURE(!egret::sync::open_bundle(bytes, key));
    EGRET_ENSURE(!egret::sync::open_first_bundle(bytes, {}));
    const auto claim = egret::sync::parse_authorization(text);
    if (claim) EGRET_ENSURE(!egret::sync::verify_request(*claim, {"GET", "/", {}}, key));
    const auto code = egret::sync::parse_enrolment_code(text);
    if (code) {
        const auto written = egret::sync::format_enrolment_code(*code);
        EGRET_ENSURE(*egret::sync::parse_enrolment_code(written) == *code);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    read_messages(bytes);
    if (size > 0) read_batch(bytes.subspan(1), std::uint64_t{bytes[0]} + 1);
    return 0;
}
