#include "registry/card/health_card.h"

#include "registry/base/base64url.h"
#include "registry/base/text.h"
#include "registry/card/detail/card_code.h"
#include "registry/card/verify.h"
#include "registry/deflate/deflate.h"
#include "registry/json/dump.h"

#include <utility>

namespace egret::card {
namespace {

using detail::code_scheme;
using detail::lowest_character;

constexpr std::size_t lot_length_max = 19;
constexpr std::size_t place_length_max = 29;
constexpr std::string_view cvx_system = "http://hl7.org/fhir/sid/cvx";
constexpr std::string_view icd11_system = "http://id.who.int/icd/release/11/mms";

/// The first characters of a name, without half a character at the end.
std::string shortened(const std::string& text, std::size_t length_max) {
    auto points = to_code_points(text);
    if (points.size() > length_max) points.resize(length_max);
    return std::string(trim(to_utf8(points)));
}

std::string resource_name(std::size_t number) { return "resource:" + std::to_string(number); }

json::Value vaccine_code(const CardDose& dose) {
    json::Array codings;
    const auto add = [&](std::string_view system, const std::string& code) {
        if (!code.empty()) codings.emplace_back(json::Object{{"system", system}, {"code", code}});
    };
    add(cvx_system, dose.cvx);
    add(icd11_system, dose.icd11);
    return json::Object{{"coding", std::move(codings)}};
}

json::Value immunization(const CardDose& dose) {
    json::Object made{{"resourceType", "Immunization"},
                      {"status", "completed"},
                      {"vaccineCode", vaccine_code(dose)},
                      {"patient", json::Object{{"reference", resource_name(0)}}},
                      {"occurrenceDateTime", dose.date.to_string()}};
    if (!dose.lot.empty() && to_code_points(dose.lot).size() <= lot_length_max)
        made.append("lotNumber", dose.lot);
    if (const auto place = shortened(dose.place, place_length_max); !place.empty()) {
        made.append("performer",
                    json::Array{json::Object{{"actor", json::Object{{"display", place}}}}});
    }
    return made;
}

json::Value patient(const HealthCard& card) {
    // Names of many peoples can't be split into a family name and others without asking.
    json::Object made{{"resourceType", "Patient"},
                      {"name", json::Array{json::Object{{"text", card.name}}}}};
    if (card.birth_date) made.append("birthDate", card.birth_date->to_string());
    return made;
}

json::Value payload(const HealthCard& card) {
    json::Array entries;
    const auto add = [&](json::Value resource) {
        entries.emplace_back(json::Object{{"fullUrl", resource_name(entries.size())},
                                          {"resource", std::move(resource)}});
    };
    add(patient(card));
    for (const auto& dose : card.doses) add(immunization(dose));
    json::Object bundle{
        {"resourceType", "Bundle"}, {"type", "collection"}, {"entry", std::move(entries)}};
    return json::Object{
        {"iss", card.issuer},
        {"nbf", unix_ms(card.issued) / 1000},
        {"vc",
         json::Object{{"type", json::Array{"https://smarthealth.cards#health-card",
                                           "https://smarthealth.cards#immunization"}},
                      {"credentialSubject", json::Object{{"fhirVersion", "4.0.1"},
                                                         {"fhirBundle", std::move(bundle)}}}}}};
}

}  // namespace

Result<std::string> issue(const HealthCard& card, const crypto::Es256Key& key) {
    const auto header = json::dump(json::Object{
        {"alg", "ES256"}, {"zip", "DEF"}, {"kid", crypto::thumbprint(key.public_key())}});
    const auto content = json::dump(payload(card));
    auto jws =
        to_base64url(bytes_of(header)) + "." + to_base64url(deflate::pack(bytes_of(content)));
    jws += "." + to_base64url(crypto::sign(key, bytes_of(jws)));
    if (jws.size() > jws_size_max) {
        return Error{ErrorCode::too_large, "",
                     msg("card.too_long", {{"size", std::to_string(jws.size())},
                                           {"limit", std::to_string(jws_size_max)}})};
    }
    // Nothing leaves that a careful reader would refuse.
    const auto read = verify_jws(jws, {card.issuer, {key.public_key()}}, card.issued);
    if (!read) return read.error();
    return jws;
}

std::string code_text(std::string_view jws) {
    std::string text(code_scheme);
    for (const char c : jws) {
        const int value = c - lowest_character;
        text += static_cast<char>('0' + value / 10);
        text += static_cast<char>('0' + value % 10);
    }
    return text;
}

Result<qr::QrCode> to_qr(std::string_view jws) {
    const auto text = code_text(jws);
    const auto digits = std::string_view(text).substr(code_scheme.size());
    return qr::encode({{qr::Mode::bytes, code_scheme}, {qr::Mode::digits, digits}}, qr_version_max);
}

}  // namespace egret::card
