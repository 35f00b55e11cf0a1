#include "registry/crypto/x509.h"

#include <doctest/doctest.h>

#include <chrono>

namespace egret::crypto {
namespace {

constexpr Instant noon(int year_number) {
    return std::chrono::sys_days{std::chrono::year{year_number} / 3 / 1} + std::chrono::hours{12};
}

const Validity two_years{noon(2026), noon(2028)};

Authority make_test_authority() {
    auto key = make_tls_key();
    auto certificate =
        *make_authority(key, "Screening programme 宫颈癌筛查", {noon(2026), noon(2056)});
    return {certificate, key};
}

bool is_refused_as(const Error& error, std::string_view message) {
    return error.code == ErrorCode::invalid_input && error.message.id == message;
}

/// The text with one letter of its base 64 changed, far from both ends.
std::string with_a_changed_letter(std::string pem, std::size_t from_end) {
    auto& letter = pem[pem.find("\n-----END") - from_end];
    letter = letter == 'A' ? 'B' : 'A';
    return pem;
}

TEST_SUITE("registry/crypto/x509") {
    TEST_CASE("a certificate says whose it is, with which key and how long") {
        const auto authority = make_test_authority();
        const auto request = *make_signing_request(make_tls_key());
        const auto certificate = issue_client_certificate(
            authority, request, "0192f0c1-0000-7000-8000-000000000001", two_years);
        REQUIRE(certificate);

        const auto facts = read_certificate(*certificate);
        REQUIRE(facts);
        CHECK(facts->common_name == "0192f0c1-0000-7000-8000-000000000001");
        CHECK(facts->key_hash == *check_signing_request(request));
        CHECK(facts->validity == two_years);
        CHECK(facts->validity.holds_at(noon(2027)));
        CHECK_FALSE(facts->validity.holds_at(noon(2029)));
        CHECK_FALSE(facts->validity.holds_at(noon(2025)));
    }

    TEST_CASE("the authority's own certificate lasts past 2049") {
        const auto facts = read_certificate(make_test_authority().certificate_pem);
        REQUIRE(facts);
        CHECK(facts->common_name == "Screening programme 宫颈癌筛查");
        CHECK(facts->validity.to == noon(2056));
    }

    TEST_CASE("a key has one hash, and no two keys the same") {
        const auto key = make_tls_key();
        const auto first = *check_signing_request(*make_signing_request(key));
        CHECK(first == *check_signing_request(*make_signing_request(key)));
        CHECK(first != *check_signing_request(*make_signing_request(make_tls_key())));
    }

    TEST_CASE("a signing request that was changed is refused") {
        const auto request = *make_signing_request(make_tls_key());
        const auto changed = check_signing_request(with_a_changed_letter(request, 12));
        REQUIRE_FALSE(changed);
        CHECK(changed.error().code == ErrorCode::invalid_input);
        CHECK_FALSE(issue_client_certificate(make_test_authority(),
                                             with_a_changed_letter(request, 12), "x", two_years));
    }

    TEST_CASE("a signing request with another kind of key is refused") {
        // Ed25519, made and signed correctly by `openssl req -new -newkey ed25519`.
        const auto* ed25519 =
            "-----BEGIN CERTIFICATE REQUEST-----\n"
            "MH8wMwIBADAAMCowBQYDK2VwAyEAZUhKYy27pPIgG4s7vDzB6GiNvHaubBO7jygb\n"
            "y2BH9b2gADAFBgMrZXADQQCB8lkLaGvqvSuiGn5jaMddeQDsbfcSV99rs0Gt/cHo\n"
            "vSpUhS9uMTkigr5Yo9FfH8O+dRE+DCCBwu+xKG+kUIoJ\n"
            "-----END CERTIFICATE REQUEST-----\n";
        const auto refused = check_signing_request(ed25519);
        REQUIRE_FALSE(refused);
        CHECK(is_refused_as(refused.error(), "tls.csr_key_kind"));
    }

    TEST_CASE("what is no key, request or certificate is refused") {
        const auto authority = make_test_authority();
        for (const auto* text : {"", "hello", "-----BEGIN CERTIFICATE-----\n",
                                 "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n"
                                 "-----END CERTIFICATE REQUEST-----\n"}) {
            CHECK(is_refused_as(make_signing_request(text).error(), "tls.key_unreadable"));
            CHECK(
                is_refused_as(make_authority(text, "A", two_years).error(), "tls.key_unreadable"));
            CHECK(is_refused_as(check_signing_request(text).error(), "tls.csr_malformed"));
            CHECK(is_refused_as(read_certificate(text).error(), "tls.certificate_malformed"));
            CHECK(is_refused_as(issue_client_certificate(authority, text, "A", two_years).error(),
                                "tls.csr_malformed"));
        }
    }

    TEST_CASE("an authority whose halves don't fit issues nothing") {
        auto mixed = make_test_authority();
        mixed.key_pem = make_tls_key();
        const auto request = *make_signing_request(make_tls_key());
        CHECK(is_refused_as(issue_client_certificate(mixed, request, "A", two_years).error(),
                            "tls.authority_unusable"));
        CHECK(is_refused_as(issue_server_certificate(mixed, request, {"a"}, two_years).error(),
                            "tls.authority_unusable"));
        mixed.certificate_pem.clear();
        CHECK(is_refused_as(issue_client_certificate(mixed, request, "A", two_years).error(),
                            "tls.authority_unusable"));
    }

    TEST_CASE("a name that doesn't fit is refused, one of 64 characters fits") {
        const auto authority = make_test_authority();
        const auto request = *make_signing_request(make_tls_key());
        for (const auto& name : {std::string(), std::string(65, 'x')}) {
            CHECK(
                is_refused_as(issue_client_certificate(authority, request, name, two_years).error(),
                              "tls.name_unfit"));
            CHECK(is_refused_as(make_authority(make_tls_key(), name, two_years).error(),
                                "tls.name_unfit"));
        }
        CHECK(issue_client_certificate(authority, request, std::string(64, 'x'), two_years));
    }

    TEST_CASE("a server certificate takes names and addresses, nothing else") {
        const auto authority = make_test_authority();
        const auto request = *make_signing_request(make_tls_key());
        CHECK(issue_server_certificate(
            authority, request, {"centre.example.cn", "127.0.0.1", "2001:db8::1"}, two_years));
        for (const auto* host : {"", "*.example.cn", "a b", "a,DNS:b", "a..b", ".a", "名字.cn"}) {
            CHECK(is_refused_as(
                issue_server_certificate(authority, request, {host}, two_years).error(),
                "tls.host_unfit"));
        }
        CHECK_FALSE(issue_server_certificate(authority, request, {}, two_years));
        CHECK_FALSE(issue_server_certificate(authority, request, std::vector<std::string>(65, "a"),
                                             two_years));
    }

    TEST_CASE("a validity that ends before it begins is refused") {
        const Validity backwards{noon(2028), noon(2026)};
        const auto request = *make_signing_request(make_tls_key());
        CHECK(is_refused_as(make_authority(make_tls_key(), "A", backwards).error(),
                            "tls.validity_empty"));
        CHECK(is_refused_as(
            issue_client_certificate(make_test_authority(), request, "A", backwards).error(),
            "tls.validity_empty"));
        CHECK(is_refused_as(
            issue_server_certificate(make_test_authority(), request, {"a"}, backwards).error(),
            "tls.validity_empty"));
    }
}

}  // namespace
}  // namespace egret::crypto
