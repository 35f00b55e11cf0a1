#include "sync/core/receipt.h"

#include "tests/sync/core/damage.h"

namespace egret::sync {
namespace {

struct ReceiptFixture {
    SeededRandom random{74};
    crypto::SigningKey receipt_key = crypto::SigningKey::generate(random);
    crypto::SealKeyPair device_key = crypto::SealKeyPair::generate(random);
    Standing standing{make_random_id<DeviceTag>(random), 4711, random.bytes<32>(), 4000,
                      1'767'225'600'123};
    ReplyTrust trust{standing.device, receipt_key.public_key()};
    ReceiptSeal seal{make_random_id<DeviceTag>(random), 1, EnvelopeSuite::aes_256_gcm,
                     device_key.public_key()};
};

}  // namespace

TEST_SUITE("sync/core/receipt") {
    TEST_CASE_FIXTURE(ReceiptFixture, "an answer comes back on a stick as it would over the line") {
        const UploadReply upload{UploadCode::fork, standing, ReplyNews{4, {{17, 9}}, true}};
        const auto first =
            open_receipt(seal_receipt(upload, seal, receipt_key, random), trust, device_key);
        REQUIRE(first);
        CHECK(std::get<UploadReply>(first->reply) == upload);
        CHECK(first->body == encode_upload_reply(upload, receipt_key));
        CHECK(first->standing() == standing);
        const HeadReply head{standing, 1, 2, std::nullopt};
        const auto second =
            open_receipt(seal_receipt(head, seal, receipt_key, random), trust, device_key);
        REQUIRE(second);
        CHECK(std::get<HeadReply>(second->reply) == head);
    }

    TEST_CASE_FIXTURE(ReceiptFixture, "damaged, or another's, it is none") {
        const UploadReply upload{UploadCode::applied, standing, {}};
        const auto envelope = seal_receipt(upload, seal, receipt_key, random);
        tests::check_damage_refused(
            envelope, [&](ByteView bytes) { return bool(open_receipt(bytes, trust, device_key)); });
        const auto refused = [&](ByteView bytes, const ReplyTrust& by) {
            const auto opened = open_receipt(bytes, by, device_key);
            REQUIRE_FALSE(opened);
            return opened.error().message.id;
        };
        auto other = trust;
        other.device = make_random_id<DeviceTag>(random);
        CHECK(refused(envelope, other) == "protocol.other_device");
        const auto stranger = crypto::SigningKey::generate(random);
        CHECK(refused(seal_receipt(upload, seal, stranger, random), trust) ==
              "envelope.bad_signature");

        EnvelopeHeader header;
        header.kind = EnvelopeKind::receipt;
        header.first_seq = header.last_seq = 4712;
        const auto with = [&](const std::string& body) {
            return seal_envelope(header, bytes_of(body), device_key.public_key(), receipt_key,
                                 random);
        };
        CHECK(refused(with(encode_upload_reply(upload, receipt_key)), trust) ==
              "receipt.malformed");  // Another number outside.
        CHECK(refused(with("<html>"), trust) == "receipt.malformed");
        header.kind = EnvelopeKind::feed;
        CHECK(refused(with(encode_upload_reply(upload, receipt_key)), trust) ==
              "receipt.malformed");
    }
}

}  // namespace egret::sync
