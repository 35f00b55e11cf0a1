// What a clinic's or a centre's first program says must be understood for ever: every program since
// must read it, and the first must be able to read what it is answered. See frozen_sync.h.

#include "sync/core/batch.h"
#include "sync/core/enrolment.h"
#include "sync/core/envelope.h"
#include "sync/core/key_bundle.h"
#include "sync/core/protocol.h"
#include "sync/core/request_signature.h"
#include "tests/support/key_bundle.h"
#include "tests/support/memory_log.h"
#include "tests/sync/core/frozen_sync.h"

namespace egret::sync {
namespace {

template <std::size_t N>
Fixed<N> filled(std::uint8_t value) {
    Fixed<N> out;
    out.fill(value);
    return out;
}

const DeviceId device{filled<16>(0xd1)};

struct FrozenKeys {
    crypto::SigningKey sender = crypto::SigningKey::from_seed(filled<32>(1));
    crypto::SealKeyPair centre = crypto::SealKeyPair::from_private(filled<32>(2));
    crypto::SigningKey receipt = crypto::SigningKey::from_seed(filled<32>(3));
    crypto::SigningKey root = crypto::SigningKey::from_seed(filled<32>(4));
    crypto::SealKeyPair recovery = crypto::SealKeyPair::from_private(filled<32>(5));
    SeededRandom random{1};
};

/// Three facts from number 8 on, of which the second was erased.
Batch example_batch(Random& random) {
    tests::FactMaker facts(random);
    tests::MemoryLog log;
    for (int i = 0; i < 11; ++i) log.record(facts.next());
    log.erase(9);
    auto batch = tests::batch_of(log, 8, 3);
    batch.clock_ms = 1'767'225'600'123;
    return batch;
}

void check_example_batch(const Batch& batch) {
    CHECK(batch.first_seq == 8);
    CHECK(batch.app_version == "0.1.0");
    CHECK(batch.schema_version == 1);
    CHECK(batch.clock_ms == 1'767'225'600'123);
    CHECK(batch.top_seq == 11);
    REQUIRE(batch.events.size() == 3);
    CHECK(batch.events[0].content);
    CHECK_FALSE(batch.events[1].content);
    CHECK(batch.events[2].content);
    CHECK(batch.events.back().hash == batch.last_hash);
}

KeyBundle example_bundle(const FrozenKeys& keys) {
    KeyBundle bundle;
    bundle.number = 7;
    bundle.not_before_ms = 1'767'225'600'000;
    bundle.programme = "厦门两癌筛查";
    bundle.seal_epoch = 3;
    bundle.seal_key = keys.centre.public_key();
    bundle.receipt_key = keys.receipt.public_key();
    bundle.recovery_key = keys.recovery.public_key();
    bundle.ca_certificate_pem = tests::certificate_text;
    bundle.tls_pins = {filled<32>(0x11), filled<32>(0x22)};
    return bundle;
}

TEST_SUITE("tests/wire") {
    TEST_CASE_FIXTURE(FrozenKeys, "a bundle of version 2 opens, and is signed as it was") {
        tests::FrozenSync frozen;
        const auto made = example_bundle(*this);
        const auto bytes = frozen.bytes("bundle2", sign_bundle(made, root));
        const auto bundle = open_bundle(bytes, root.public_key(), 7);
        REQUIRE(bundle);
        CHECK(*bundle == made);
        CHECK(sign_bundle(*bundle, root) == bytes);
    }

    TEST_CASE_FIXTURE(FrozenKeys, "a batch of version 1 is read, and written as it was") {
        tests::FrozenSync frozen;
        const auto plain = frozen.bytes("batch1", encode_batch(example_batch(random)));
        const auto batch = decode_batch(plain, 8, 10);
        REQUIRE(batch);
        check_example_batch(*batch);
        CHECK(encode_batch(*batch) == plain);
    }

    TEST_CASE_FIXTURE(FrozenKeys, "an envelope of version 1 opens, in both suites") {
        tests::FrozenSync frozen;
        struct Case {
            const char* name;
            EnvelopeSuite suite;
        };
        constexpr Case cases[] = {{"upload1_aes", EnvelopeSuite::aes_256_gcm},
                                  {"upload1_chacha", EnvelopeSuite::chacha20_poly1305}};
        for (const auto& [name, suite] : cases) {
            CAPTURE(name);
            const UploadSeal seal{device, 1, suite, centre.public_key()};
            const auto envelope =
                frozen.bytes(name, seal_batch(example_batch(random), seal, sender, random));
            const auto batch = open_batch(envelope, {device, sender.public_key()}, centre);
            REQUIRE(batch);
            check_example_batch(*batch);
            const auto header = parse_envelope(envelope);
            REQUIRE(header);
            CHECK(header->suite == suite);
            CHECK(header->sender_epoch == 1);
            CHECK(header->last_seq == 10);
        }
    }

    TEST_CASE_FIXTURE(FrozenKeys, "replies of version 1 are taken, and made as they were") {
        tests::FrozenSync frozen;
        const Standing standing{device, 10, filled<32>(0xab), 7, 1'767'225'600'123};
        const ReplyTrust trust{device, receipt.public_key()};
        struct Case {
            const char* name;
            UploadCode code;
        };
        constexpr Case cases[] = {{"reply1_applied", UploadCode::applied},
                                  {"reply1_gap", UploadCode::gap},
                                  {"reply1_fork", UploadCode::fork},
                                  {"reply1_bad_chain", UploadCode::bad_chain}};
        for (const auto& [name, code] : cases) {
            CAPTURE(name);
            const UploadReply made{code, standing};
            const auto body = frozen.text(name, encode_upload_reply(made, receipt));
            const auto reply = decode_upload_reply(body, trust);
            REQUIRE(reply);
            CHECK(*reply == made);
            CHECK(encode_upload_reply(*reply, receipt) == body);
        }
        const HeadReply made{standing, 1, 1};
        const auto body = frozen.text("head1", encode_head_reply(made, receipt));
        const auto head = decode_head_reply(body, trust);
        REQUIRE(head);
        CHECK(*head == made);
        CHECK(encode_head_reply(*head, receipt) == body);
    }

    TEST_CASE_FIXTURE(FrozenKeys, "a request's signature of version 1 holds") {
        tests::FrozenSync frozen;
        const RequestParts parts{"GET", "/v1/sync/head", {}};
        const auto header = frozen.text(
            "request1",
            authorize_request({device, 1, sender}, {1'767'225'600'123, filled<16>(9)}, parts));
        const auto claim = parse_authorization(header);
        REQUIRE(claim);
        CHECK(claim->device == device);
        CHECK(verify_request(*claim, parts, sender.public_key()));
    }

    TEST_CASE_FIXTURE(FrozenKeys, "an enrolment of version 1 is read, and its answer") {
        tests::FrozenSync frozen;
        EnrolmentRequest asked;
        asked.secret = "ABCDEFGHJK";
        asked.csr_pem =
            "-----BEGIN CERTIFICATE REQUEST-----\nMIHs\n-----END CERTIFICATE REQUEST-----\n";
        asked.sign_key = sender.public_key();
        asked.seal_key = centre.public_key();
        asked.clinic = "思明区妇幼保健院";
        asked.area = "350203";
        const auto body = frozen.text("enrol1", encode_enrolment_request(asked, sender));
        const auto request = decode_enrolment_request(body);
        REQUIRE(request);
        CHECK(*request == asked);

        EnrolmentReply made{device, "XM-0017", 17, std::string(tests::certificate_text), {}};
        made.bundle = frozen.bytes("bundle2", sign_bundle(example_bundle(*this), root));
        const auto answer =
            frozen.text("joined1", encode_enrolment_reply(made, sender.public_key(), receipt));
        const auto enrolled =
            decode_enrolment_reply(answer, {root.public_key(), 7, sender.public_key()});
        REQUIRE(enrolled);
        CHECK(enrolled->reply == made);
    }
}

}  // namespace
}  // namespace egret::sync
