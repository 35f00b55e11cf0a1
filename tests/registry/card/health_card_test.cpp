#include "registry/card/health_card.h"

#include "registry/base/text.h"
#include "registry/json/dump.h"
#include "tests/registry/card/card_maker.h"

#include <doctest/doctest.h>

namespace egret {
namespace {

struct IssuedCard : tests::CardMaker {
    /// The payload as it is signed.
    static std::string payload_of(const std::string& jws) {
        const auto packed = from_base64url(split(jws, '.')[1]);
        REQUIRE(packed);
        const auto content = deflate::unpack(*packed, 100'000);
        REQUIRE(content);
        return std::string(text_of(*content));
    }
};

TEST_SUITE("registry/card/health_card") {
    TEST_CASE_FIXTURE(IssuedCard,
                      "a card holds what a verifier needs, minified, and nothing more") {
        const auto jws = card::issue(two_doses(), key);
        REQUIRE(jws);
        const auto head = from_base64url(split(*jws, '.')[0]);
        CHECK(text_of(*head) == header());
        CHECK(
            payload_of(*jws) ==
            R"({"iss":"https://centre.example.cn:8443","nbf":1777608000,"vc":{"type":[)"
            R"("https://smarthealth.cards#health-card","https://smarthealth.cards#immunization"],)"
            R"("credentialSubject":{"fhirVersion":"4.0.1","fhirBundle":{"resourceType":"Bundle",)"
            R"("type":"collection","entry":[{"fullUrl":"resource:0","resource":{)"
            R"("resourceType":"Patient","name":[{"text":"王小丽"}],"birthDate":"2012-07-09"}},)"
            R"({"fullUrl":"resource:1","resource":{"resourceType":"Immunization",)"
            R"("status":"completed","vaccineCode":{"coding":[)"
            R"({"system":"http://hl7.org/fhir/sid/cvx","code":"118"},)"
            R"({"system":"http://id.who.int/icd/release/11/mms","code":"XM9BT4"}]},)"
            R"("patient":{"reference":"resource:0"},"occurrenceDateTime":"2025-09-01",)"
            R"("lotNumber":"X20250301","performer":[{"actor":{"display":"思明"}}]}},)"
            R"({"fullUrl":"resource:2","resource":{"resourceType":"Immunization",)"
            R"("status":"completed","vaccineCode":{"coding":[)"
            R"({"system":"http://hl7.org/fhir/sid/cvx","code":"118"},)"
            R"({"system":"http://id.who.int/icd/release/11/mms","code":"XM9BT4"}]},)"
            R"("patient":{"reference":"resource:0"},"occurrenceDateTime":"2026-03-02",)"
            R"("lotNumber":"X20251107","performer":[{"actor":{"display":"思明"}}]}}]}}}})");
        CHECK(jws->size() < card::jws_size_max);
    }

    TEST_CASE_FIXTURE(IssuedCard,
                      "a long lot is left out, a long place is cut between characters") {
        auto card = two_doses();
        card.doses.resize(1);
        card.doses[0].lot = std::string(19, '7');
        card.doses[0].place =
            "厦门市思明区妇幼保健院预防接种门诊厦门市思明区妇幼保健院预防接种门诊";
        auto payload = payload_of(*card::issue(card, key));
        CHECK(payload.find(R"("lotNumber":"7777777777777777777")") != std::string::npos);
        CHECK(payload.find(
                  R"({"display":"厦门市思明区妇幼保健院预防接种门诊厦门市思明区妇幼保健院预"})") !=
              std::string::npos);
        card.doses[0].lot += '7';
        card.doses[0].place.clear();
        payload = payload_of(*card::issue(card, key));
        CHECK(payload.find("lotNumber") == std::string::npos);
        CHECK(payload.find("performer") == std::string::npos);
    }

    TEST_CASE_FIXTURE(IssuedCard, "dates stay as well known as they are") {
        auto card = two_doses();
        card.birth_date = *PartialDate::parse("2012");
        card.doses[0].date = *PartialDate::parse("2025-09");
        auto payload = payload_of(*card::issue(card, key));
        CHECK(payload.find(R"("birthDate":"2012"})") != std::string::npos);
        CHECK(payload.find(R"("occurrenceDateTime":"2025-09",)") != std::string::npos);
        card.birth_date.reset();
        payload = payload_of(*card::issue(card, key));
        CHECK(payload.find("birthDate") == std::string::npos);
    }

    TEST_CASE_FIXTURE(IssuedCard, "a card that one code can't hold is refused, not cut in parts") {
        auto card = two_doses();
        SeededRandom lots(3);
        while (card.doses.size() < 60) {
            card.doses.push_back(card.doses[0]);
            card.doses.back().lot = to_hex(lots.bytes<8>());
        }
        const auto refused = card::issue(card, key);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::too_large);
        CHECK(refused.error().message.id == "card.too_long");
    }

    TEST_CASE_FIXTURE(IssuedCard, "what no verifier would take is never issued") {
        auto card = two_doses();
        card.doses.clear();
        CHECK_FALSE(card::issue(card, key));
        for (const auto* issuer : {"http://centre.example.cn", "https://centre.example.cn/", ""}) {
            card = two_doses();
            card.issuer = issuer;
            CHECK_FALSE(card::issue(card, key));
        }
        card = two_doses();
        card.name = " ";
        CHECK_FALSE(card::issue(card, key));
        card = two_doses();
        card.doses[1].cvx.clear();
        CHECK(card::issue(card, key));
        card.doses[1].icd11.clear();
        CHECK_FALSE(card::issue(card, key));
    }

    TEST_CASE_FIXTURE(IssuedCard, "the code's text is two digits for each character") {
        // The specification's own example: "e" is 101 - 45.
        CHECK(card::code_text("eyJ-._zA0") == "shc:/567629000150772003");
        const auto jws = card::issue(two_doses(), key);
        const auto text = card::code_text(*jws);
        CHECK(text.size() == 5 + 2 * jws->size());
        CHECK(card::verify_code(text, trusted(), now));
    }

    TEST_CASE_FIXTURE(IssuedCard, "the longest card fits the QR code of the specification") {
        const auto code = card::to_qr(std::string(card::jws_size_max, 'z'));
        REQUIRE(code);
        CHECK(code->size == 17 + 4 * 22);
        CHECK_FALSE(card::to_qr(std::string(card::jws_size_max + 50, 'z')));
    }
}

}  // namespace
}  // namespace egret
