#include "sync/core/own_log.h"

#include "tests/support/memory_log.h"
#include "tests/sync/core/damage.h"

namespace egret::sync {
namespace {

struct OwnLogFixture {
    SeededRandom random{73};
    tests::FactMaker facts{random};
    tests::MemoryLog log;
    crypto::SigningKey receipt_key = crypto::SigningKey::generate(random);
    crypto::SealKeyPair device_key = crypto::SealKeyPair::generate(random);
    DeviceId device = make_random_id<DeviceTag>(random);
    OwnLogTrust trust{device, {receipt_key.public_key()}};

    OwnLogFixture() {
        for (int i = 0; i < 9; ++i) log.record(facts.next());
        log.erase(4);
    }

    OwnLogSeal seal() const {
        return {device, 1, EnvelopeSuite::aes_256_gcm, device_key.public_key()};
    }

    Bytes sealed(const Batch& batch) { return seal_own_log(batch, seal(), receipt_key, random); }

    void check_refused(ByteView envelope, ErrorCode code, std::string_view id) const {
        const auto opened = open_own_log(envelope, trust, device_key);
        REQUIRE_FALSE(opened);
        CHECK(opened.error().code == code);
        CHECK(opened.error().message.id == id);
    }
};

}  // namespace

TEST_SUITE("sync/core/own_log") {
    TEST_CASE_FIXTURE(OwnLogFixture,
                      "a piece of its own log comes back to a device, and only whole") {
        for (const std::uint64_t first : {1U, 3U, 9U}) {
            const auto batch = tests::batch_of(log, first, 5);
            const auto opened = open_own_log(sealed(batch), trust, device_key);
            REQUIRE(opened);
            CHECK(*opened == batch);
        }
        tests::check_damage_refused(sealed(tests::batch_of(log, 3, 3)), [&](ByteView bytes) {
            return bool(open_own_log(bytes, trust, device_key));
        });
    }

    TEST_CASE_FIXTURE(OwnLogFixture, "another's, or what is no chain, is refused") {
        auto other = seal();
        other.device = make_random_id<DeviceTag>(random);
        const auto batch = tests::batch_of(log, 3, 3);
        check_refused(seal_own_log(batch, other, receipt_key, random), ErrorCode::forbidden,
                      "protocol.other_device");
        const auto stranger = crypto::SigningKey::generate(random);
        check_refused(seal_own_log(batch, seal(), stranger, random), ErrorCode::unauthorized,
                      "envelope.bad_signature");
        auto wrong = batch;
        wrong.last_hash[0] ^= 1;
        check_refused(sealed(wrong), ErrorCode::invalid_input, "own_log.malformed");
        auto start = tests::batch_of(log, 1, 3);
        start.prev_hash[0] = 1;
        check_refused(sealed(start), ErrorCode::invalid_input, "own_log.malformed");
        // An upload of the device is none, though it has the same inside.
        const UploadSeal up{device, 1, EnvelopeSuite::aes_256_gcm, device_key.public_key()};
        check_refused(seal_batch(batch, up, receipt_key, random), ErrorCode::invalid_input,
                      "own_log.malformed");
    }
}

}  // namespace egret::sync
