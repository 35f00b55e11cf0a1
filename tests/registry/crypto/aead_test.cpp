#include "registry/crypto/aead.h"

#include "registry/base/random.h"
#include "registry/base/text.h"

#include <doctest/doctest.h>

namespace egret::crypto {
namespace {

TEST_SUITE("registry/crypto/aead") {
    TEST_CASE("AES-256-GCM gives the published values") {
        const egret::Bytes key(32, 0);
        CHECK(to_hex(aes_256_gcm_seal(key, {}, {}, {})) == "530f8afbc74536b9a963b4f1c4cb738b");
        CHECK(to_hex(aes_256_gcm_seal(key, {}, {}, egret::Bytes(16, 0))) ==
              "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
    }

    TEST_CASE("what was sealed opens again, whatever its length") {
        egret::SeededRandom random(5);
        for (const auto aead : {Aead::aes_128_gcm, Aead::aes_256_gcm, Aead::chacha20_poly1305}) {
            egret::Bytes raw(key_bytes(aead));
            random.fill(raw);
            AeadKey key(aead, raw);
            for (std::size_t size = 0; size < 100; ++size) {
                egret::Bytes plaintext(size);
                random.fill(plaintext);
                const auto nonce = random.bytes<12>();
                const auto sealed = key.seal(nonce, bytes_of("aad"), plaintext);
                CHECK(sealed.size() == size + 16);
                const auto opened = key.open(nonce, bytes_of("aad"), sealed);
                REQUIRE(opened);
                CHECK(*opened == plaintext);
            }
        }
    }

    TEST_CASE("anything changed refuses to open") {
        const egret::Bytes key(32, 7);
        const Nonce nonce{1};
        const auto sealed = aes_256_gcm_seal(key, nonce, bytes_of("aad"), bytes_of("plaintext"));
        REQUIRE(aes_256_gcm_open(key, nonce, bytes_of("aad"), sealed));
        for (std::size_t i = 0; i < sealed.size(); ++i) {
            auto changed = sealed;
            changed[i] ^= 1;
            const auto opened = aes_256_gcm_open(key, nonce, bytes_of("aad"), changed);
            REQUIRE_FALSE(opened);
            CHECK(opened.error().code == egret::ErrorCode::invalid_input);
            CHECK(opened.error().message == egret::msg("seal.cannot_open"));
            CHECK_FALSE(
                aes_256_gcm_open(key, nonce, bytes_of("aad"), egret::ByteView(sealed).first(i)));
        }
        CHECK_FALSE(aes_256_gcm_open(key, nonce, bytes_of("aaD"), sealed));
        CHECK_FALSE(aes_256_gcm_open(key, Nonce{2}, bytes_of("aad"), sealed));
        CHECK_FALSE(aes_256_gcm_open(egret::Bytes(32, 8), nonce, bytes_of("aad"), sealed));
    }

    TEST_CASE("a page is sealed in place, and is zeros after a failure") {
        AeadKey key(Aead::aes_256_gcm, egret::Bytes(32, 7));
        egret::Bytes page(4096, 0x55);
        const Nonce nonce{3};
        auto tag = key.seal_to(nonce, {}, page, page);
        CHECK(page != egret::Bytes(4096, 0x55));
        const auto sealed = page;
        CHECK(key.open_to(nonce, {}, page, page, tag));
        CHECK(page == egret::Bytes(4096, 0x55));
        tag[0] ^= 1;
        page = sealed;
        CHECK_FALSE(key.open_to(nonce, {}, page, page, tag));
        CHECK(page == egret::Bytes(4096, 0));
    }
}

}  // namespace
}  // namespace egret::crypto
