#include "sync/core/envelope.h"

#include "registry/base/limits.h"
#include "registry/base/text.h"
#include "registry/crypto/hash.h"
#include "registry/zstd/compress.h"
#include "sync/core/padme.h"
#include "tests/support/raw_envelope.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>

using egret::append;
using egret::Bytes;
using egret::bytes_of;
using egret::ByteView;
using egret::ErrorCode;
using egret::msg;
using egret::sync::EnvelopeHeader;
using egret::sync::EnvelopeKind;
using egret::sync::EnvelopeSuite;
using egret::sync::key_id_of;
using egret::sync::open_envelope;
using egret::sync::padme_length;
using egret::sync::parse_envelope;
using egret::sync::seal_envelope;
using egret::sync::verify_envelope;

namespace {

struct EnvelopeFixture {
    egret::SeededRandom random{20};
    egret::crypto::SigningKey sender = egret::crypto::SigningKey::generate(random);
    egret::crypto::SigningKey stranger = egret::crypto::SigningKey::generate(random);
    egret::crypto::SealKeyPair centre = egret::crypto::SealKeyPair::generate(random);
    egret::crypto::SealKeyPair other_centre = egret::crypto::SealKeyPair::generate(random);

    EnvelopeHeader header() {
        EnvelopeHeader header;
        header.sender = egret::make_random_id<egret::DeviceTag>(random);
        header.sender_epoch = 0x01020304;
        header.recipient_key_id = key_id_of(centre.public_key());
        header.first_seq = 0x1112131415161718;
        header.last_seq = 0x2122232425262728;
        header.batch_id = egret::make_random_id<egret::BatchTag>(random);
        return header;
    }

    Bytes sealed(const EnvelopeHeader& header, ByteView plaintext) {
        return seal_envelope(header, plaintext, centre.public_key(), sender, random);
    }

    /// Well sealed and signed around an inside of the test's making.
    Bytes sealed_raw(ByteView padded, bool is_compressed) {
        auto plain = header();
        plain.is_compressed = is_compressed;
        return egret::tests::raw_envelope(sealed(plain, {}), padded, centre.public_key(), sender,
                                          random);
    }

    /// 200 bytes a fact, of which 96 can't be guessed and the rest repeats from fact to fact.
    Bytes facts(std::size_t count) {
        Bytes out;
        for (std::size_t i = 0; i < count; ++i) {
            append(out, random.bytes<96>());
            append(out, bytes_of("screening.recorded|facility 330106001|hpv_dna|negative|"));
            append(out, bytes_of("operator 0192f0c1-7d6e-7c30-8a00-000000000001|v1"));
        }
        return out;
    }
};

Bytes padded_inside(std::uint32_t length, ByteView content, std::size_t size) {
    Bytes padded;
    for (const int shift : {24, 16, 8, 0})
        padded.push_back(static_cast<std::uint8_t>(length >> shift));
    append(padded, content);
    padded.resize(size, 0);
    return padded;
}

bool contains(ByteView whole, std::string_view part) {
    return egret::text_of(whole).find(part) != std::string_view::npos;
}

void check_refused(const egret::Result<Bytes>& opened, ErrorCode code, std::string_view id) {
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == code);
    CHECK(opened.error().message.id == id);
}

}  // namespace

TEST_SUITE("sync/core/envelope") {
    TEST_CASE_FIXTURE(EnvelopeFixture, "what was sealed opens again, of any size, in both suites") {
        for (int round = 0; round < 60; ++round) {
            auto expected = header();
            expected.suite =
                round % 2 == 0 ? EnvelopeSuite::aes_256_gcm : EnvelopeSuite::chacha20_poly1305;
            expected.kind = static_cast<EnvelopeKind>(1 + round % 6);
            expected.is_compressed = round % 3 != 0;
            Bytes plaintext(round < 5 ? static_cast<std::size_t>(round) : random.below(100'000));
            random.fill(plaintext);

            const auto envelope = sealed(expected, plaintext);
            const auto parsed = parse_envelope(envelope);
            REQUIRE(parsed);
            CHECK(*parsed == expected);
            CHECK(verify_envelope(envelope, sender.public_key()));
            const auto opened = open_envelope(envelope, centre);
            REQUIRE(opened);
            CHECK(*opened == plaintext);
        }
    }

    TEST_CASE_FIXTURE(EnvelopeFixture, "the bytes lie where the format says") {
        auto expected = header();
        expected.suite = EnvelopeSuite::chacha20_poly1305;
        expected.kind = EnvelopeKind::receipt;
        const auto envelope = sealed(expected, bytes_of("x"));
        const auto hex = egret::to_hex(envelope);
        CHECK(hex.substr(0, 16) == "4352423101020301");
        CHECK(hex.substr(16, 32) == egret::to_hex(expected.sender.view()));
        CHECK(hex.substr(48, 8) == "01020304");
        CHECK(hex.substr(56, 16) ==
              egret::to_hex(egret::crypto::sha256(centre.public_key())).substr(0, 16));
        CHECK(hex.substr(72, 32) == "11121314151617182122232425262728");
        CHECK(hex.substr(104, 32) == egret::to_hex(expected.batch_id.view()));
        CHECK(hex.substr(136, 8) == "000000f0");  // 224 padded and the tag.
        CHECK(envelope.size() == 72 + 32 + 240 + 64);
    }

    TEST_CASE_FIXTURE(EnvelopeFixture,
                      "with any bit changed it is refused, and no new signature helps") {
        const auto envelope = sealed(header(), bytes_of("one fact"));
        for (std::size_t bit = 0; bit < envelope.size() * 8; ++bit) {
            // Every bit of the header and of enc; of the rest one in each byte.
            if (bit >= 104 * 8 && bit % 8 != (bit / 8) % 8) continue;
            CAPTURE(bit);
            auto changed = envelope;
            changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1U << (bit % 8)));
            CHECK_FALSE(verify_envelope(changed, sender.public_key()));
            if (bit / 8 >= envelope.size() - 64) continue;
            const auto forged = egret::tests::signed_again(changed, stranger);
            CHECK_FALSE(verify_envelope(forged, sender.public_key()));
            CHECK_FALSE(open_envelope(forged, centre));
        }
        CHECK(open_envelope(egret::tests::signed_again(envelope, stranger), centre));
    }

    TEST_CASE_FIXTURE(EnvelopeFixture, "cut at any length, or with a byte behind it, it is none") {
        auto envelope = sealed(header(), bytes_of("one fact"));
        for (std::size_t size = 0; size < envelope.size(); ++size) {
            const auto cut = ByteView(envelope).first(size);
            const auto parsed = parse_envelope(cut);
            REQUIRE_FALSE(parsed);
            CHECK(parsed.error().code == ErrorCode::invalid_input);
            CHECK(parsed.error().message == msg("envelope.malformed"));
            CHECK_FALSE(verify_envelope(cut, sender.public_key()));
            CHECK_FALSE(open_envelope(cut, centre));
        }
        envelope.push_back(0);
        CHECK_FALSE(parse_envelope(envelope));
    }

    TEST_CASE_FIXTURE(EnvelopeFixture, "an unknown version, suite, kind or flag is unsupported") {
        const auto envelope = sealed(header(), bytes_of("one fact"));
        struct Case {
            std::size_t at;
            std::uint8_t value;
            std::string_view field;
        };
        constexpr Case cases[] = {{4, 0, "version"}, {4, 2, "version"}, {5, 0, "suite"},
                                  {5, 3, "suite"},   {6, 0, "kind"},    {6, 7, "kind"},
                                  {7, 2, "flags"},   {7, 0x80, "flags"}};
        for (const auto& [at, value, field] : cases) {
            auto changed = envelope;
            changed[at] = value;
            const auto parsed = parse_envelope(changed);
            REQUIRE_FALSE(parsed);
            CHECK(parsed.error().code == ErrorCode::unsupported);
            CHECK(parsed.error().field == field);
            CHECK(parsed.error().message == msg("envelope.unsupported"));
        }
    }

    TEST_CASE_FIXTURE(EnvelopeFixture, "it is its sender's and its recipient's only") {
        const auto envelope = sealed(header(), bytes_of("one fact"));
        const auto verified = verify_envelope(envelope, stranger.public_key());
        REQUIRE_FALSE(verified);
        CHECK(verified.error().code == ErrorCode::unauthorized);
        CHECK(verified.error().message == msg("envelope.bad_signature"));
        check_refused(open_envelope(envelope, other_centre), ErrorCode::not_found,
                      "envelope.wrong_recipient");

        // Readdressed to the other centre, which then fails at the seal itself.
        auto readdressed = envelope;
        const auto id = key_id_of(other_centre.public_key());
        std::copy(id.begin(), id.end(), readdressed.begin() + 28);
        check_refused(open_envelope(readdressed, other_centre), ErrorCode::invalid_input,
                      "envelope.cannot_open");
    }

    TEST_CASE_FIXTURE(EnvelopeFixture, "a sealed content can't be replayed under another header") {
        const auto first = sealed(header(), bytes_of("first"));
        const auto second = sealed(header(), bytes_of("other"));
        REQUIRE(first.size() == second.size());
        auto mixed = first;
        std::copy(second.begin() + 72, second.end(), mixed.begin() + 72);
        CHECK_FALSE(verify_envelope(mixed, sender.public_key()));
        check_refused(open_envelope(egret::tests::signed_again(mixed, sender), centre),
                      ErrorCode::invalid_input, "envelope.cannot_open");
    }

    TEST_CASE_FIXTURE(EnvelopeFixture, "no part of the plaintext is outside, compressed or not") {
        for (const bool is_compressed : {false, true}) {
            auto plain = header();
            plain.is_compressed = is_compressed;
            const std::string_view canary = "CANARY-Wang-Xiulan";
            Bytes plaintext;
            for (int i = 0; i < 50; ++i) append(plaintext, bytes_of(canary));
            const auto envelope = sealed(plain, plaintext);
            for (std::size_t at = 0; at + 6 <= canary.size(); ++at)
                CHECK_FALSE(contains(envelope, canary.substr(at, 6)));
            CHECK(sealed(plain, plaintext) != envelope);
        }
    }

    TEST_CASE_FIXTURE(EnvelopeFixture, "the inside has one length and zeros after it") {
        const auto content = bytes_of("content");
        const auto good = padded_inside(7, content, 224);
        const auto opened = open_envelope(sealed_raw(good, false), centre);
        REQUIRE(opened);
        CHECK(egret::text_of(*opened) == "content");

        auto dirty = good;
        dirty.at(223) = 1;
        const Bytes refused[] = {
            dirty,
            padded_inside(6, content, 224),           // Something in the padding.
            padded_inside(221, content, 224),         // Longer than there is.
            padded_inside(0xffffffff, content, 224),  // Much longer.
            padded_inside(7, content, 240),           // More padding than needed.
        };
        for (const auto& inside : refused)
            check_refused(open_envelope(sealed_raw(inside, false), centre),
                          ErrorCode::invalid_input, "envelope.malformed");
        // Lengths that no sender makes are seen before anything is opened.
        for (const std::size_t size : {0U, 208U, 223U, 225U})
            CHECK_FALSE(parse_envelope(sealed_raw(Bytes(size, 0), false)));
        check_refused(open_envelope(sealed_raw(good, true), centre), ErrorCode::invalid_input,
                      "envelope.malformed");
    }

    TEST_CASE_FIXTURE(EnvelopeFixture, "a bomb is refused, and the largest content is not") {
        const auto inside_of = [](const Bytes& frame) {
            const auto size = std::max<std::uint64_t>(padme_length(frame.size() + 4), 224);
            return padded_inside(static_cast<std::uint32_t>(frame.size()), frame,
                                 static_cast<std::size_t>(size));
        };
        const auto limit = egret::limits::batch_open_bytes_max;
        const auto largest = egret::zstd::compress(Bytes(limit, 0));
        const auto bomb = egret::zstd::compress(Bytes(limit + 1, 0));
        CHECK(open_envelope(sealed_raw(inside_of(largest), true), centre));
        check_refused(open_envelope(sealed_raw(inside_of(bomb), true), centre),
                      ErrorCode::too_large, "envelope.too_large");
    }

    TEST_CASE_FIXTURE(EnvelopeFixture, "past the sealed limit nothing is looked at") {
        const Bytes large(egret::limits::batch_sealed_bytes_max + 1, 0);
        const auto parsed = parse_envelope(large);
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().code == ErrorCode::too_large);
        CHECK(parsed.error().message.id == "envelope.too_large");
    }

    TEST_CASE_FIXTURE(EnvelopeFixture, "a fact costs at most 130 bytes when there are fifty") {
        CHECK(sealed(header(), facts(1)).size() <= 440);
        for (const std::size_t count : {50U, 200U, 1000U}) {
            const auto envelope = sealed(header(), facts(count));
            CAPTURE(envelope.size());
            CHECK(envelope.size() <= 130 * count);
        }
    }
}
