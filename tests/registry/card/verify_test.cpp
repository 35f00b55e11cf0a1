#include "registry/card/verify.h"

#include "registry/base/text.h"
#include "registry/card/jwk.h"
#include "registry/json/dump.h"
#include "registry/json/parse.h"
#include "tests/registry/card/card_maker.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace egret {
namespace {

using tests::with;

/// What verifies, or the message of the refusal.
std::string outcome(const Result<card::VerifiedCard>& read) {
    return read ? "verified" : read.error().message.id;
}

struct CardChanges : tests::CardMaker {
    std::string payload = std::string(
        R"({"iss":"https://centre.example.cn:8443","nbf":1777608000.5,"vc":{"type":[)"
        R"("https://smarthealth.cards#health-card","https://smarthealth.cards#immunization"],)"
        R"("credentialSubject":{"fhirVersion":"4.0.1","fhirBundle":{"resourceType":"Bundle",)"
        R"("type":"collection","entry":[{"fullUrl":"resource:0","resource":{)"
        R"("resourceType":"Patient","name":[{"family":"Wang","given":["Xiaoli"]}],)"
        R"("birthDate":"2012-07-09"}},{"fullUrl":"resource:1","resource":{)"
        R"("resourceType":"Immunization","status":"completed","vaccineCode":{"coding":[)"
        R"({"system":"http://hl7.org/fhir/sid/cvx","code":"165"}]},)"
        R"("patient":{"reference":"resource:0"},"occurrenceDateTime":"2025-09-01",)"
        R"("lotNumber":"A1","performer":[{"actor":{"display":"A clinic"}}]}}]}}}})");

    std::string read(std::string_view text) const { return outcome(verify(text)); }

    Result<card::VerifiedCard> verify(std::string_view text) const {
        return card::verify_jws(jws(header(), text), trusted(), now);
    }
};

TEST_SUITE("registry/card/verify") {
    TEST_CASE_FIXTURE(CardChanges, "a card that another program made is read") {
        const auto read_card = verify(payload);
        REQUIRE(read_card);
        CHECK(read_card->issued == instant_from_unix_ms(1'777'608'000'000));
        CHECK(read_card->key_id == crypto::thumbprint(key.public_key()));
        CHECK(read_card->bundle.find("entry")->as_array().size() == 2);
        // Types beside the two change nothing, nor a revocation identifier or an end to come.
        CHECK(read(with(payload, R"("type":["h)", R"("type":["VerifiableCredential","h)")) ==
              "verified");
        CHECK(read(with(payload, R"("vc":{)", R"("vc":{"rid":"abc",)")) == "verified");
        CHECK(read(with(payload, R"("vc":)", R"("exp":1900000000,"vc":)")) == "verified");
        CHECK(read(with(payload, R"("status")",
                        R"("meta":{"security":[{"code":"IAL1.2"}]},"status")")) == "verified");
    }

    TEST_CASE_FIXTURE(CardChanges, "the text of a code is digits, all of them, of one card") {
        const auto good = card::code_text(jws(header(), payload));
        CHECK(outcome(card::verify_code(good, trusted(), now)) == "verified");
        const auto read_code = [&](const std::string& text) {
            return outcome(card::verify_code(text, trusted(), now));
        };
        CHECK(read_code(with(good, "shc:/", "shc:/1/2/")) == "card.in_parts");
        CHECK(read_code(with(good, "shc:/56", "shc:/78")) == "card.no_code");
        CHECK(read_code(good + "1") == "card.no_code");
        CHECK(read_code(good + " ") == "card.no_code");
        CHECK(read_code(" " + good) == "card.no_code");
        CHECK(read_code("shc:/") == "card.no_code");
        CHECK(read_code("SHC:/56") == "card.no_code");
        CHECK(read_code("") == "card.no_code");
    }

    TEST_CASE_FIXTURE(CardChanges, "a header says ES256, DEF and the key, and nothing else") {
        const auto read_header = [&](const std::string& changed) {
            return outcome(card::verify_jws(jws(changed, payload), trusted(), now));
        };
        for (const auto& changed :
             {with(header(), "ES256", "none"), with(header(), "ES256", "HS256"),
              with(header(), R"("alg":"ES256",)", ""), with(header(), R"("zip":"DEF",)", ""),
              with(header(), "DEF", "def"), with(header(), R"({"alg")", R"({"crit":["b"],"alg")"),
              with(header(), R"({"alg")", R"({ "alg")"), std::string("[]"), std::string("{")}) {
            CHECK(read_header(changed) == "card.malformed");
        }
        CHECK(read_header(with(header(), R"("kid":")", R"("kid":"0)")) == "card.unknown_key");
    }

    TEST_CASE_FIXTURE(CardChanges, "a signature is of this content, by a key that is published") {
        const auto good = jws(header(), payload);
        for (std::size_t at = 0; at < good.size(); at += 37) {
            auto changed = good;
            changed[at] = changed[at] == 'A' ? 'B' : 'A';
            CHECK_FALSE(card::verify_jws(changed, trusted(), now));
        }
        const auto parts = split(good, '.');
        CHECK(outcome(card::verify_jws(good + "AA", trusted(), now)) == "card.bad_signature");
        CHECK(outcome(card::verify_jws(std::string(parts[0]) + "." + std::string(parts[1]),
                                       trusted(), now)) == "card.malformed");
        CHECK(outcome(card::verify_jws(std::string(parts[0]) + "." + std::string(parts[1]) + ".",
                                       trusted(), now)) == "card.bad_signature");
        CHECK(outcome(card::verify_jws(good, {trusted().url, {}}, now)) == "card.unknown_key");
        const auto other = crypto::Es256Key::generate(random);
        CHECK(outcome(card::verify_jws(good, {trusted().url, {other.public_key()}}, now)) ==
              "card.unknown_key");
    }

    TEST_CASE_FIXTURE(CardChanges, "the content is raw DEFLATE, minified, and not a bomb") {
        const auto plain = to_base64url(bytes_of(payload));
        CHECK_FALSE(card::verify_jws(sign(header(), plain), trusted(), now));
        CHECK(read(" " + payload) == "card.malformed");
        CHECK(read(payload + "\n") == "card.malformed");
        CHECK(read(with(payload, R"(,"nbf")", R"(, "nbf")")) == "card.malformed");
        CHECK(read("[1]") == "card.malformed");
        CHECK(read("") == "card.malformed");
        CHECK(read(std::string(1'000'000, ' ') + payload) == "deflate.too_large");
    }

    TEST_CASE_FIXTURE(CardChanges, "issuer and times must be right") {
        CHECK(read(with(payload, "https:", "http:")) == "card.malformed");
        CHECK(read(with(payload, "8443\"", "8443/\"")) == "card.malformed");
        CHECK(read(with(payload, "centre", "other")) == "card.bad_issuer");
        CHECK(read(with(payload, "1777608000.5", "1777700001")) == "card.not_yet");
        CHECK(read(with(payload, "1777608000.5", "\"1777608000\"")) == "card.malformed");
        CHECK(read(with(payload, "1777608000.5", "-1")) == "card.malformed");
        CHECK(read(with(payload, "1777608000.5", "1e400")) == "card.malformed");
        CHECK(read(with(payload, R"("nbf":1777608000.5,)", "")) == "card.malformed");
        CHECK(read(with(payload, R"("vc":)", R"("exp":1777700000,"vc":)")) == "card.expired");
        CHECK(read(with(payload, R"("vc":)", R"("exp":null,"vc":)")) == "card.malformed");
        CHECK(read(with(payload, R"("vc":)", R"("sub":"x","vc":)")) == "card.malformed");
    }

    TEST_CASE_FIXTURE(CardChanges, "it is a health card, and one of vaccinations") {
        CHECK(read(with(payload, "#health-card", "#card")) == "card.wrong_type");
        CHECK(read(with(payload, "#immunization", "#laboratory")) == "card.wrong_type");
        CHECK(read(with(payload, "4.0.1", "3.0.2")) == "card.malformed");
    }

    TEST_CASE_FIXTURE(CardChanges, "the bundle holds what the profiles allow, and all they want") {
        const std::pair<std::string_view, std::string_view> changes[] = {
            {R"("type":"collection")", R"("id":"b1","type":"collection")"},
            {R"("resourceType":"Bundle")", R"("resourceType":"List")"},
            {"collection", "document"},
            {"resource:1", "resource:7"},
            {R"("fullUrl":"resource:0",)", ""},
            {R"("birthDate")", R"("gender":"female","birthDate")"},
            {R"("birthDate")", R"("identifier":[],"birthDate")"},
            {R"("birthDate")", R"("meta":{},"birthDate")"},
            {R"([{"family":"Wang","given":["Xiaoli"]}])", "[]"},
            {R"({"family":"Wang","given":["Xiaoli"]})", "{}"},
            {R"({"family":"Wang","given":["Xiaoli"]})", R"({"family":" "})"},
            {R"("family")", R"("use":"official","family")"},
            {"2012-07-09", "2012-02-30"},
            {"Immunization", "Observation"},
            {"completed", "Completed"},
            {"completed", "not-done"},
            {"completed", "entered-in-error"},
            {R"("status":"completed",)", ""},
            {R"([{"system":"http://hl7.org/fhir/sid/cvx","code":"165"}])", "[]"},
            {R"("code":"165")", R"("code":"165","display":"HPV9")"},
            {R"("code":"165")", R"("code":165)"},
            {R"("reference":"resource:0")", R"("reference":"resource:1")"},
            {"2025-09-01", "2025-09-31"},
            {R"("occurrenceDateTime":"2025-09-01")",
             R"("occurrenceDateTime":"2025-09-01","occurrenceString":"x")"},
            {R"("occurrenceDateTime":"2025-09-01",)", ""},
            {R"("lotNumber":"A1")", R"("lotNumber":"")"},
            {R"("status")", R"("id":"x","status")"},
            {R"("status")", R"("meta":{"id":"x"},"status")"},
            {R"("status")", R"("meta":{"security":[]},"status")"},
            {R"("status")", R"("isSubpotent":true,"status")"},
            {R"("status")", R"("site":{},"status")"},
            {R"("status")", R"("route":{},"status")"},
            {R"("status")", R"("doseQuantity":{},"status")"},
            {R"("status")", R"("protocolApplied":[],"status")"},
            {R"("status")", R"("note":[],"status")"},
            {R"("status")", R"("expirationDate":"2027-01-01","status")"},
            {R"("display":"A clinic")", R"("display":"A clinic","reference":"x")"},
            {R"({"actor":{"display":"A clinic"}})", "{}"},
        };
        for (const auto& change : changes) {
            CAPTURE(change.first);
            CAPTURE(change.second);
            CHECK(read(with(payload, change.first, change.second)) == "card.bad_content");
        }
    }
}

// ---- the specification's own vectors ------------------------------------------------------------

/// Beside the source tree, for who has them (smart-on-fhir/health-cards-dev-tools).
std::filesystem::path vectors_folder() {
    const auto* named = std::getenv("EGRET_SHC_VECTORS");
    return named ? named : std::filesystem::path(EGRET_SOURCE_DIR) / "../shared/data/shc";
}

struct SpecVectors {
    bool are_missing() const {
        if (std::filesystem::is_directory(folder)) return false;
        MESSAGE("skipped: the specification's vectors are not beside the source tree");
        return true;
    }

    std::string text(const std::string& name) const {
        std::ifstream file(folder / name, std::ios::binary);
        REQUIRE_MESSAGE(file, name);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    std::string example(const std::string& name) const { return text("test-example-00-" + name); }

    json::Value document(const std::string& name) const {
        auto value = json::parse(example(name));
        REQUIRE_MESSAGE(value, name);
        return *std::move(value);
    }

    card::TrustedIssuer issuer() const {
        const auto keys = card::parse_key_set(text("spec_issuer_jwks.json"));
        REQUIRE(keys);
        REQUIRE(keys->size() == 2);
        return {"https://spec.smarthealth.cards/examples/issuer", *keys};
    }

    std::string read(std::string_view jws) const {
        return outcome(card::verify_jws(jws, issuer(), now));
    }

    std::filesystem::path folder = vectors_folder();
    Instant now = instant_from_unix_ms(1'777'700'000'000);
};

TEST_SUITE("registry/card/verify") {
    TEST_CASE_FIXTURE(SpecVectors, "good vectors of the specification verify") {
        if (are_missing()) return;
        const auto several = document("e-file-multi-jws.smart-health-card");
        for (const auto& jws : several.find("verifiableCredential")->as_array()) {
            CHECK(read(jws.as_text()) == "verified");
            CHECK(outcome(card::verify_code(card::code_text(jws.as_text()), issuer(), now)) ==
                  "verified");
        }
        const auto padded = example("d-jws-trailing_chars.txt");
        CHECK(read(trim(padded)) == "verified");
    }

    TEST_CASE_FIXTURE(SpecVectors,
                      "bad vectors of the specification are refused, each for its fault") {
        if (are_missing()) return;
        CHECK(read(example("d-jws-trailing_chars.txt")) == "card.malformed");
        CHECK(read(trim(example("d-jws-bad-fhir-metadata.txt"))) == "card.bad_content");
        CHECK(read(trim(example("d-jws-der-signature-rs-neg.txt"))) == "card.bad_signature");
        CHECK(read(trim(example("d-jws-der-signature-s-neg.txt"))) == "card.bad_signature");
        CHECK(read(trim(example("d-jws-issuer-kid-mismatch.txt"))) == "card.unknown_key");
        CHECK(read(trim(example("d-jws-issuer-not-valid-with-smart-key.txt"))) ==
              "card.bad_issuer");
        CHECK(read(trim(example("d-jws-no_jws_header_alg.txt"))) == "card.malformed");
        CHECK(read(trim(example("d-jws-wrong_jws_header_kid.txt"))) == "card.unknown_key");
        const std::pair<const char*, const char*> files[] = {
            {"bad_jwks", "card.bad_issuer"},
            {"invalid_issuer_url_http", "card.malformed"},
            {"issuer_url_with_trailing_slash", "card.malformed"},
            {"no_deflate", "card.malformed"}};
        for (const auto& file : files) {
            const auto name = "e-file-" + std::string(file.first) + ".smart-health-card";
            const auto listed = document(name);
            CHECK(read(listed.find("verifiableCredential")->as_array().front().as_text()) ==
                  file.second);
        }
        for (const auto* name : {"index-out-of-range", "number-too-big"}) {
            const auto code = example(std::string("f-qr-code-numeric-value-0-") + name + ".txt");
            CHECK_FALSE(card::verify_code(trim(code), issuer(), now));
        }
    }

    TEST_CASE_FIXTURE(SpecVectors, "bundles and payloads that break the profiles are refused") {
        if (are_missing()) return;
        for (const auto* name :
             {"a-fhirBundle-bad_meta_extra_key", "a-fhirBundle-bad_meta_non_security",
              "a-fhirBundle-occurrence-issues", "a-fhirBundle-status-not-completed",
              "a-non-dm-properties"}) {
            CHECK_FALSE(card::check_bundle(document(std::string(name) + ".json")));
        }
        const tests::CardMaker maker;
        const std::pair<const char*, const char*> payloads[] = {
            {"expired", "card.expired"},
            {"missing-imm-vc-type", "card.wrong_type"},
            {"missing-shc-vc-type", "card.wrong_type"},
            {"optional-vc-type", "verified"},
            {"unknown-vc-types", "verified"},
            {"trailing_chars", "verified"}};  // Of the expanded form; the card has it minified.
        for (const auto& one : payloads) {
            CAPTURE(one.first);
            const auto value =
                document("b-jws-payload-expanded-" + std::string(one.first) + ".json");
            const auto jws = maker.jws(maker.header(), json::dump(value));
            const card::TrustedIssuer us{issuer().url, {maker.key.public_key()}};
            CHECK(outcome(card::verify_jws(jws, us, now)) == one.second);
        }
    }
}

}  // namespace
}  // namespace egret
