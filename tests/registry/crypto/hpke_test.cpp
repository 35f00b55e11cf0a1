#include "registry/crypto/hpke.h"

#include "registry/base/text.h"
#include "registry/crypto/crypto_error.h"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <string_view>

namespace egret::crypto {
namespace {

/// Gives the bytes that a vector drew.
class VectorRandom final : public egret::Random {
public:
    explicit VectorRandom(std::string_view hex) : bytes_(*from_hex(hex)) {}

    void fill(std::span<std::uint8_t> out) override {
        REQUIRE(out.size() == bytes_.size());
        std::copy(bytes_.begin(), bytes_.end(), out.begin());
    }

private:
    Bytes bytes_;
};

struct BaseVector {
    std::string_view name;
    Aead aead;
    std::string_view sender_key, recipient_key, recipient_public, enc;
    std::map<std::uint64_t, std::string_view> ciphertexts;  // By sequence number.
    std::map<std::string, std::string_view> exports;        // By exporter context, 32 bytes each.
};

constexpr std::string_view info_text = "Ode on a Grecian Urn";
constexpr std::string_view plaintext_text = "Beauty is truth, truth beauty";

// RFC 9180, A.1.1 and A.2.1; AES-256-GCM from the vectors that were published along with it.
const BaseVector base_vectors[] = {
    {"A.1 AES-128-GCM",
     Aead::aes_128_gcm,
     "52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736",
     "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8",
     "3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d",
     "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431",
     {{0,
       "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512"
       "a"},
      {1,
       "af2d7e9ac9ae7e270f46ba1f975be53c09f8d875bdc8535458c2494e8a6eab251c03d0c22a56b8ca42c2063b8"
       "4"},
      {2,
       "498dfcabd92e8acedc281e85af1cb4e3e31c7dc394a1ca20e173cb72516491588d96a19ad4a683518973dcc18"
       "0"},
      {4,
       "583bd32bc67a5994bb8ceaca813d369bca7b2a42408cddef5e22f880b631215a09fc0012bc69fccaa251c0246"
       "d"},
      {255,
       "7175db9717964058640a3a11fb9007941a5d1757fda1a6935c805c21af32505bf106deefec4a49ac38d71c9e0"
       "a"},
      {256,
       "957f9800542b0b8891badb026d79cc54597cb2d225b54c00c5238c25d05c30e3fbeda97d2e0e1aba483a2df9f"
       "2"}},
     {{"", "3853fe2b4035195a573ffc53856e77058e15d9ea064de3e59f4961d0095250ee"},
      {std::string(1, '\0'), "2e8f0b54673c7029649d4eb9d5e33bf1872cf76d623ff164ac185da9e88c21a5"},
      {"TestContext", "e9e43065102c3836401bed8c3c3c75ae46be1639869391d62c61f1ec7af54931"}}},
    {"A.2 ChaCha20-Poly1305",
     Aead::chacha20_poly1305,
     "f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600",
     "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb",
     "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a",
     "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a",
     {{0,
       "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a2"
       "8"},
      {1,
       "6b53c051e4199c518de79594e1c4ab18b96f081549d45ce015be002090bb119e85285337cc95ba5f59992dc98"
       "c"},
      {2,
       "71146bd6795ccc9c49ce25dda112a48f202ad220559502cef1f34271e0cb4b02b4f10ecac6f48c32f878fae86"
       "b"},
      {4,
       "63357a2aa291f5a4e5f27db6baa2af8cf77427c7c1a909e0b37214dd47db122bb153495ff0b02e9e54a50dbe1"
       "6"},
      {255,
       "18ab939d63ddec9f6ac2b60d61d36a7375d2070c9b683861110757062c52b8880a5f6b3936da9cd6c23ef2a95"
       "c"},
      {256,
       "7a4a13e9ef23978e2c520fd4d2e757514ae160cd0cd05e556ef692370ca53076214c0c40d4c728d6ed9e727a5"
       "b"}},
     {{"", "4bbd6243b8bb54cec311fac9df81841b6fd61f56538a775e7c80a9f40160606e"},
      {std::string(1, '\0'), "8c1df14732580e5501b00f82b10a1647b40713191b7c1240ac80e2b68808ba69"},
      {"TestContext", "5acb09211139c43b3090489a9da433e8a30ee7188ba8b0a9a1ccf0c229283e53"}}},
    {"AES-256-GCM",
     Aead::aes_256_gcm,
     "179d4b53b6365c45b600c4163b61d95cbc2f4d9e36f1695558dce265ab8bab11",
     "497b4502664cfea5d5af0b39934dac72242a74f8480451e1aee7d6a53320333d",
     "430f4b9859665145a6b1ba274024487bd66f03a2dd577d7753c68d7d7d00c00c",
     "6c93e09869df3402d7bf231bf540fadd35cd56be14f97178f0954db94b7fc256",
     {{0,
       "e5d84cd531cfb583096e7cfa9641bd3079cf3a91cda813c52deb5f512be9931980a41de125a925cdad859d5b7"
       "a"},
      {1,
       "2c43aff25343fdbff864506f0818b9d87df84ea01b1a2144d23b4d40c26bf655fdf197fe40297a8aebeed5cc2"
       "d"}},
     {{"", "ded6cffafaea6b812cbf3e241e88332adbc077aca81512914213810ee291770a"}}},
};

std::string aad_text(std::uint64_t sequence) { return "Count-" + std::to_string(sequence); }

SealPublicKey key_from_hex(std::string_view hex) {
    SealPublicKey key{};
    const auto raw = *from_hex(hex);
    std::copy(raw.begin(), raw.end(), key.begin());
    return key;
}

constexpr std::string_view useless_points[] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
};

TEST_SUITE("registry/crypto/hpke") {
    TEST_CASE("both ends reproduce RFC 9180: keys, every sealed message, every export") {
        for (const auto& vector : base_vectors) {
            CAPTURE(vector.name);
            const auto recipient = SealKeyPair::from_private(*from_hex(vector.recipient_key));
            CHECK(to_hex(recipient.public_key()) == vector.recipient_public);
            CHECK(to_hex(recipient.private_key()) == vector.recipient_key);
            VectorRandom random(vector.sender_key);
            auto sender = HpkeContext::make_sender(vector.aead, recipient.public_key(),
                                                   bytes_of(info_text), random);
            CHECK(to_hex(sender.enc) == vector.enc);
            auto receiver = HpkeContext::make_recipient(vector.aead, recipient, sender.enc,
                                                        bytes_of(info_text));
            REQUIRE(receiver);

            const auto last = vector.ciphertexts.rbegin()->first;
            for (std::uint64_t sequence = 0; sequence <= last; ++sequence) {
                const auto aad = aad_text(sequence);
                const auto sealed = sender.context.seal(bytes_of(aad), bytes_of(plaintext_text));
                const auto expected = vector.ciphertexts.find(sequence);
                if (expected != vector.ciphertexts.end()) CHECK(to_hex(sealed) == expected->second);
                auto changed = sealed;
                changed[sequence % changed.size()] ^= 1;
                CHECK_FALSE(receiver->open(bytes_of(aad), changed));
                const auto opened = receiver->open(bytes_of(aad), sealed);
                REQUIRE(opened);
                CHECK(egret::text_of(*opened) == plaintext_text);
            }
            for (const auto& [context, exported] : vector.exports) {
                CHECK(to_hex(sender.context.export_secret(bytes_of(context), 32)) == exported);
                CHECK(to_hex(receiver->export_secret(bytes_of(context), 32)) == exported);
            }
        }
    }

    TEST_CASE("a message opens for its key, its info, its aad and its enc only") {
        egret::SeededRandom random(6);
        const auto recipient = SealKeyPair::generate(random);
        const auto other = SealKeyPair::generate(random);
        const SealBinding binding{bytes_of("info"), bytes_of("aad")};
        for (const auto aead : {Aead::aes_256_gcm, Aead::chacha20_poly1305}) {
            const auto sealed =
                seal(aead, recipient.public_key(), binding, bytes_of("a result"), random);
            const auto opened = open(aead, recipient, binding, sealed.enc, sealed.ciphertext);
            REQUIRE(opened);
            CHECK(egret::text_of(*opened) == "a result");

            CHECK_FALSE(open(aead, other, binding, sealed.enc, sealed.ciphertext));
            CHECK_FALSE(open(aead, recipient, {bytes_of("infO"), bytes_of("aad")}, sealed.enc,
                             sealed.ciphertext));
            CHECK_FALSE(open(aead, recipient, {bytes_of("info"), bytes_of("aaD")}, sealed.enc,
                             sealed.ciphertext));
            for (std::size_t i = 0; i < sealed.enc.size() * 8; ++i) {
                auto enc = sealed.enc;
                enc[i / 8] = static_cast<std::uint8_t>(enc[i / 8] ^ (1U << (i % 8)));
                const auto refused = open(aead, recipient, binding, enc, sealed.ciphertext);
                REQUIRE_FALSE(refused);
                CHECK(refused.error().message == egret::msg("seal.cannot_open"));
            }
        }
    }

    TEST_CASE("messages open in their order, and a refused one doesn't use up its place") {
        egret::SeededRandom random(7);
        const auto recipient = SealKeyPair::generate(random);
        auto sender =
            HpkeContext::make_sender(Aead::aes_256_gcm, recipient.public_key(), {}, random);
        auto receiver = HpkeContext::make_recipient(Aead::aes_256_gcm, recipient, sender.enc, {});
        REQUIRE(receiver);
        const auto first = sender.context.seal({}, bytes_of("first"));
        const auto second = sender.context.seal({}, bytes_of("second"));
        CHECK_FALSE(receiver->open({}, second));
        CHECK(receiver->open({}, first));
        CHECK_FALSE(receiver->open({}, first));
        CHECK(receiver->open({}, second));
    }

    TEST_CASE("a key with which every exchange is zero is told, refused and never sealed to") {
        egret::SeededRandom random(8);
        const auto own = SealKeyPair::generate(random);
        CHECK(is_usable(own.public_key()));
        for (const auto hex : useless_points) {
            const auto point = key_from_hex(hex);
            CHECK_FALSE(is_usable(point));
            CHECK_FALSE(own.exchange(point));
            CHECK_FALSE(HpkeContext::make_recipient(Aead::aes_256_gcm, own, point, {}));
            CHECK_FALSE(open(Aead::aes_256_gcm, own, {}, point, Bytes(16)));
            CHECK_THROWS_AS((void)seal(Aead::aes_256_gcm, point, {}, {}, random), CryptoError);
        }
    }

    TEST_CASE("the same message sealed twice looks different") {
        egret::SeededRandom random(9);
        const auto recipient = SealKeyPair::generate(random);
        const auto one =
            seal(Aead::aes_256_gcm, recipient.public_key(), {}, bytes_of("same"), random);
        const auto two =
            seal(Aead::aes_256_gcm, recipient.public_key(), {}, bytes_of("same"), random);
        CHECK(one.enc != two.enc);
        CHECK(one.ciphertext != two.ciphertext);
    }
}

}  // namespace
}  // namespace egret::crypto
