#include "sync/core/call.h"

#include "registry/base/key_limits.h"
#include "tests/sync/core/damage.h"

#include <functional>

namespace egret::sync {
namespace {

struct CallFixture {
    SeededRandom random{75};
    crypto::SigningKey key = crypto::SigningKey::generate(random);
    crypto::SealKeyPair centre = crypto::SealKeyPair::generate(random);
    KnownDevice device{make_random_id<DeviceTag>(random), key.public_key()};

    UploadSeal seal() const {
        return {device.id, 1, EnvelopeSuite::aes_256_gcm, centre.public_key()};
    }

    Call call() {
        Call made{random.below(9999), random.below(99), 2, "0.1.0", 1'767'225'600'123, {}, {}};
        for (std::uint64_t scope = 1; scope <= random.below(4); ++scope)
            made.cursors.push_back({scope, random.below(9999), random.bytes<32>()});
        for (std::uint8_t i = 1; i <= random.below(5); ++i) {
            CallUser user{{}, "陈玉兰", "nurse"};
            user.id.bytes[0] = i;
            made.users.push_back(user);
        }
        return made;
    }
};

}  // namespace

TEST_SUITE("sync/core/call") {
    TEST_CASE_FIXTURE(CallFixture, "what was called arrives") {
        for (int round = 0; round < 200; ++round) {
            const auto made = call();
            const auto plain = encode_call(made);
            const auto read = decode_call(plain);
            REQUIRE(read);
            CHECK(*read == made);
            CHECK(encode_call(*read) == plain);
            for (std::size_t size = 0; size < plain.size(); ++size)
                CHECK_FALSE(decode_call(ByteView(plain).first(size)));
        }
        const auto made = call();
        const auto envelope = seal_call(made, seal(), key, random);
        const auto opened = open_call(envelope, device, centre);
        REQUIRE(opened);
        CHECK(*opened == made);
        tests::check_damage_refused(
            envelope, [&](ByteView bytes) { return bool(open_call(bytes, device, centre)); });
    }

    TEST_CASE_FIXTURE(CallFixture, "another's, or no call, is refused") {
        const auto made = call();
        const auto envelope = seal_call(made, seal(), key, random);
        const auto refused = [&](ByteView bytes, const KnownDevice& by) {
            const auto opened = open_call(bytes, by, centre);
            REQUIRE_FALSE(opened);
            return opened.error().message.id;
        };
        CHECK(refused(envelope, {make_random_id<DeviceTag>(random), key.public_key()}) ==
              "batch.other_sender");
        CHECK(refused(envelope, {device.id, crypto::SigningKey::generate(random).public_key()}) ==
              "envelope.bad_signature");
        EnvelopeHeader header;
        header.kind = EnvelopeKind::call;
        header.sender = device.id;
        header.first_seq = header.last_seq = made.top_seq + 1;
        const auto sealed = [&] {
            return seal_envelope(header, encode_call(made), centre.public_key(), key, random);
        };
        CHECK(refused(sealed(), device) == "call.malformed");
        header.kind = EnvelopeKind::upload;
        CHECK(refused(sealed(), device) == "call.malformed");
    }

    TEST_CASE_FIXTURE(CallFixture, "what no clinic of ours writes is refused") {
        auto made = call();
        made.users = {{{}, "a", "nurse"}, {{}, "b", "lead"}};
        made.users[1].id.bytes[0] = 1;
        REQUIRE(decode_call(encode_call(made)));
        const auto refuse = [&](const std::function<void(Call&)>& change) {
            auto wrong = made;
            change(wrong);
            const auto read = decode_call(encode_call(wrong));
            REQUIRE_FALSE(read);
            CHECK(read.error().message.id == "call.malformed");
        };
        refuse([](Call& c) { c.top_seq = 1ULL << 63; });
        refuse([](Call& c) { c.bundle_number = 1ULL << 63; });
        refuse([](Call& c) { c.protocol = 0; });
        refuse([](Call& c) { c.app_version = std::string(65, '1'); });
        refuse([](Call& c) { c.users[1].id = c.users[0].id; });
        refuse([](Call& c) { std::swap(c.users[0], c.users[1]); });
        refuse([](Call& c) { c.users[0].name = std::string(201, 'x'); });
        refuse([](Call& c) { c.users[0].role = std::string(65, 'x'); });
        refuse([](Call& c) { c.cursors = {{2, 1, {}}, {2, 1, {}}}; });
        auto newer = encode_call(made);
        newer[1] = 2;
        CHECK(decode_call(newer).error().code == ErrorCode::unsupported);
    }
}

}  // namespace egret::sync
