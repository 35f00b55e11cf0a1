#include "sync/core/batch.h"

#include "registry/base/limits.h"
#include "registry/codec/cbor.h"
#include "tests/support/memory_log.h"
#include "tests/support/raw_envelope.h"
#include "tests/sync/core/damage.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>

using egret::Bytes;
using egret::ByteView;
using egret::ErrorCode;
using egret::Hash;
using egret::sync::Batch;
using egret::sync::decode_batch;
using egret::sync::encode_batch;
using egret::sync::open_batch;
using egret::sync::seal_batch;
using egret::tests::batch_of;

namespace {

struct BatchFixture {
    egret::SeededRandom random{40};
    egret::tests::FactMaker facts{random};
    egret::tests::MemoryLog log;
    egret::crypto::SigningKey key = egret::crypto::SigningKey::generate(random);
    egret::crypto::SealKeyPair centre = egret::crypto::SealKeyPair::generate(random);
    egret::sync::KnownDevice device{egret::make_random_id<egret::DeviceTag>(random),
                                    key.public_key()};

    explicit BatchFixture(std::size_t count = 12) {
        while (count-- > 0) log.record(facts.next());
    }

    egret::sync::UploadSeal seal() const {
        return {device.id, 1, egret::sync::EnvelopeSuite::aes_256_gcm, centre.public_key()};
    }

    Bytes sealed(const Batch& batch) { return seal_batch(batch, seal(), key, random); }
};

struct LargeBatchFixture : BatchFixture {
    LargeBatchFixture() : BatchFixture(1000) {}
};

template <class T>
void check_batch_refused(const egret::Result<T>& result, ErrorCode code, std::string_view id) {
    REQUIRE_FALSE(result);
    CHECK(result.error().code == code);
    CHECK(result.error().message.id == id);
}

/// A batch of one event whose parts the test writes itself.
struct RawBatch {
    std::uint64_t items = 8;
    std::uint64_t version = 1;
    Bytes prev = Bytes(32, 0);
    std::string app = "0.1.0";
    std::uint64_t schema = 1;
    std::uint64_t top = 1;
    std::uint64_t count = 1;
    std::uint64_t event_items = 3;
    Bytes prefix = Bytes(100, 7);
    Bytes salt = Bytes(16, 1);
    Bytes payload = Bytes(20, 2);
    std::size_t bytes_behind = 0;

    Bytes bytes() const {
        Bytes out;
        egret::cbor::Writer to(out);
        to.array(items);
        to.uint(version);
        to.bytes(prev);
        to.text(app);
        to.uint(schema);
        to.integer(-1);
        to.uint(top);
        to.bytes(Hash{});
        to.array(count);
        to.array(event_items);
        to.bytes(prefix);
        if (event_items != 1) to.bytes(salt);
        if (event_items != 1) to.bytes(payload);
        out.resize(out.size() + bytes_behind);
        return out;
    }
};

}  // namespace

TEST_SUITE("sync/core/batch") {
    TEST_CASE_FIXTURE(BatchFixture, "what was put in comes out, hashes and all") {
        log.erase(5);
        for (const std::uint64_t first : {1U, 2U, 5U, 12U}) {
            const auto batch = batch_of(log, first, 100);
            const auto decoded = decode_batch(encode_batch(batch), first, 12);
            REQUIRE(decoded);
            CHECK(*decoded == batch);
            CHECK(decoded->events.back().hash == log.head().hash);
        }
    }

    TEST_CASE_FIXTURE(BatchFixture, "sealed, it opens for the centre") {
        const auto batch = batch_of(log, 3, 7);
        const auto opened = open_batch(sealed(batch), device, centre);
        REQUIRE(opened);
        CHECK(*opened == batch);
        CHECK(opened->last_seq() == 9);
    }

    TEST_CASE_FIXTURE(BatchFixture, "a changed byte of the inside never keeps the chain") {
        const auto batch = batch_of(log, 1, 3);
        const auto plaintext = encode_batch(batch);
        for (std::size_t at = 0; at < plaintext.size(); ++at) {
            auto changed = plaintext;
            changed[at] ^= 1;
            const auto decoded = decode_batch(changed, 1, 3);
            if (!decoded) continue;
            // Behind the chain's back can only be changed what it does not cover.
            const bool is_same_chain = decoded->events.back().hash == decoded->last_hash;
            if (is_same_chain) {
                CHECK(decoded->events == batch.events);
                CHECK(decoded->prev_hash == batch.prev_hash);
            }
        }
    }

    TEST_CASE_FIXTURE(BatchFixture, "a flipped byte of the envelope is refused") {
        const auto envelope = sealed(batch_of(log, 1, 2));
        for (std::size_t at = 0; at < envelope.size(); ++at) {
            auto changed = envelope;
            changed[at] ^= 0x10;
            CHECK_FALSE(open_batch(changed, device, centre));
        }
    }

    TEST_CASE_FIXTURE(BatchFixture, "it is its device's only") {
        const auto envelope = sealed(batch_of(log, 1, 2));
        const auto other_key = egret::crypto::SigningKey::generate(random);
        const auto other = egret::make_random_id<egret::DeviceTag>(random);
        check_batch_refused(open_batch(envelope, {other, key.public_key()}, centre),
                            ErrorCode::forbidden, "batch.other_sender");
        check_batch_refused(open_batch(envelope, {device.id, other_key.public_key()}, centre),
                            ErrorCode::unauthorized, "envelope.bad_signature");

        // Nor can another machine pass it off as its own, or its own as this one's.
        auto renamed = envelope;
        std::copy(other.bytes.begin(), other.bytes.end(), renamed.begin() + 8);
        check_batch_refused(open_batch(egret::tests::signed_again(renamed, other_key),
                                       {other, other_key.public_key()}, centre),
                            ErrorCode::invalid_input, "envelope.cannot_open");
        const auto forged = seal_batch(batch_of(log, 1, 2), seal(), other_key, random);
        check_batch_refused(open_batch(forged, device, centre), ErrorCode::unauthorized,
                            "envelope.bad_signature");
    }

    TEST_CASE_FIXTURE(BatchFixture,
                      "an envelope of another kind, or for another key, is no upload") {
        egret::sync::EnvelopeHeader header;
        header.kind = egret::sync::EnvelopeKind::feed;
        header.sender = device.id;
        header.first_seq = 1;
        header.last_seq = 2;
        const auto feed = egret::sync::seal_envelope(header, encode_batch(batch_of(log, 1, 2)),
                                                     centre.public_key(), key, random);
        check_batch_refused(open_batch(feed, device, centre), ErrorCode::invalid_input,
                            "batch.not_an_upload");
        const auto other_centre = egret::crypto::SealKeyPair::generate(random);
        check_batch_refused(open_batch(sealed(batch_of(log, 1, 2)), device, other_centre),
                            ErrorCode::not_found, "envelope.wrong_recipient");
    }

    TEST_CASE_FIXTURE(BatchFixture, "cut anywhere, or with a byte behind it, it is none") {
        auto plaintext = encode_batch(batch_of(log, 1, 2));
        for (std::size_t size = 0; size < plaintext.size(); ++size)
            check_batch_refused(decode_batch(ByteView(plaintext).first(size), 1, 2),
                                ErrorCode::invalid_input, "batch.malformed");
        plaintext.push_back(0);
        CHECK_FALSE(decode_batch(plaintext, 1, 2));
    }

    TEST_CASE_FIXTURE(BatchFixture, "the numbers outside must be those of the events inside") {
        const auto plaintext = encode_batch(batch_of(log, 1, 3));
        CHECK(decode_batch(plaintext, 1, 3));
        CHECK(decode_batch(plaintext, 10, 12));  // Where it belongs, only the hashes tell.
        struct Case {
            std::uint64_t first;
            std::uint64_t last;
        };
        constexpr Case wrong[] = {{0, 2}, {1, 2},          {1, 4},
                                  {3, 1}, {11, 13},        {0, UINT64_MAX},
                                  {1, 0}, {1, UINT64_MAX}, {UINT64_MAX - 2, UINT64_MAX}};
        for (const auto& [first, last] : wrong)
            check_batch_refused(decode_batch(plaintext, first, last), ErrorCode::invalid_input,
                                "batch.malformed");
    }

    TEST_CASE("what no device of ours writes is refused") {
        const auto refuse = [](const std::function<void(RawBatch&)>& change, ErrorCode code,
                               std::string_view id) {
            RawBatch raw;
            REQUIRE(decode_batch(raw.bytes(), 1, 1));
            change(raw);
            check_batch_refused(decode_batch(raw.bytes(), 1, 1), code, id);
        };
        const auto malformed = [&](const std::function<void(RawBatch&)>& change) {
            refuse(change, ErrorCode::invalid_input, "batch.malformed");
        };
        malformed([](RawBatch& raw) { raw.items = 9; });
        malformed([](RawBatch& raw) { raw.prev.pop_back(); });
        malformed([](RawBatch& raw) { raw.app = std::string(65, 'x'); });
        malformed([](RawBatch& raw) { raw.schema = 1ULL << 32; });
        malformed([](RawBatch& raw) { raw.top = 0; });
        malformed([](RawBatch& raw) { raw.count = 0; });
        malformed([](RawBatch& raw) { raw.count = 2; });
        malformed([](RawBatch& raw) { raw.event_items = 2; });
        malformed([](RawBatch& raw) { raw.event_items = 4; });
        malformed([](RawBatch& raw) { raw.prefix.clear(); });
        malformed([](RawBatch& raw) { raw.prefix.resize(egret::limits::header_bytes_max); });
        malformed([](RawBatch& raw) { raw.salt.pop_back(); });
        malformed([](RawBatch& raw) { raw.payload.resize(egret::limits::payload_bytes_max + 1); });
        malformed([](RawBatch& raw) { raw.event_items = 1, raw.prefix.resize(34); });
        malformed([](RawBatch& raw) { raw.event_items = 1, raw.prefix.resize(4097); });
        refuse([](RawBatch& raw) { raw.version = 3; }, ErrorCode::unsupported, "batch.unsupported");
        refuse([](RawBatch& raw) { raw.version = 0; }, ErrorCode::unsupported, "batch.unsupported");
        refuse(
            [](RawBatch& raw) {
                raw.count = egret::limits::batch_facts_max + 1;
                raw.bytes_behind = raw.count;
            },
            ErrorCode::too_large, "batch.too_many");
    }

    TEST_CASE_FIXTURE(BatchFixture, "version 2 tells what the device has of the centre, too") {
        auto batch = batch_of(log, 3, 7);
        batch.version = 2;
        for (std::uint64_t round = 0; round < 50; ++round) {
            batch.bundle_number = random.below(1'000'000);
            batch.cursors.clear();
            for (std::uint64_t scope = 0; scope < round % 5; ++scope)
                batch.cursors.push_back(
                    {scope * 7 + 1, random.below(1'000'000), random.bytes<8>()});
            const auto plain = encode_batch(batch);
            const auto read = decode_batch(plain, 3, 9);
            REQUIRE(read);
            CHECK(*read == batch);
            CHECK(encode_batch(*read) == plain);
        }
        egret::tests::check_damage_refused(
            sealed(batch), [&](ByteView bytes) { return bool(open_batch(bytes, device, centre)); });
        const auto plain = encode_batch(batch);
        for (std::size_t size = 0; size < plain.size(); ++size)
            CHECK_FALSE(decode_batch(ByteView(plain).first(size), 3, 9));
        // The same facts in version 1: what only version 2 says isn't there.
        batch.version = 1;
        const auto old = decode_batch(encode_batch(batch), 3, 9);
        REQUIRE(old);
        CHECK(old->bundle_number == 0);
        CHECK(old->cursors.empty());
        CHECK(old->events == batch.events);
    }

    TEST_CASE_FIXTURE(BatchFixture, "no batch of one version is one of the other") {
        auto batch = batch_of(log, 1, 3);
        for (const auto version : {std::uint16_t{1}, std::uint16_t{2}}) {
            batch.version = version;
            auto plain = encode_batch(batch);
            CHECK(plain[1] == version);
            plain[1] = static_cast<std::uint8_t>(3 - version);
            check_batch_refused(decode_batch(plain, 1, 3), ErrorCode::invalid_input,
                                "batch.malformed");
        }
    }

    TEST_CASE("an event that we can't read stops no batch") {
        RawBatch raw;
        raw.payload = Bytes(20, 0xff);
        const auto decoded = decode_batch(raw.bytes(), 1, 1);
        REQUIRE(decoded);
        CHECK_FALSE(egret::codec::decode_header(decoded->events[0].header));
        CHECK(decoded->events[0].content->payload == raw.payload);
    }

    TEST_CASE_FIXTURE(LargeBatchFixture, "a fact costs at most 120 bytes when there are 200") {
        for (const std::size_t count : {1U, 10U, 50U, 200U, 1000U}) {
            auto batch = batch_of(log, 1, count);
            batch.version = 2;
            batch.bundle_number = 12;
            batch.cursors = {{17, 40'123, random.bytes<8>()}, {350'203, 9'000, random.bytes<8>()}};
            const auto size = sealed(batch).size();
            MESSAGE(count << " facts: " << size << " bytes sealed, " << size / count << " each, of "
                          << encode_batch(batch).size() / count << " plain");
            if (count >= 200) CHECK(size <= 120 * count);
            std::size_t bound = 256;
            for (const auto& entry : batch.events) bound += egret::sync::batch_bytes_of(entry);
            CHECK(encode_batch(batch).size() <= bound);
        }
    }
}
