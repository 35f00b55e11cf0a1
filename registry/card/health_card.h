#pragma once

#include "registry/base/clock.h"
#include "registry/base/date.h"
#include "registry/base/result.h"
#include "registry/crypto/es256.h"
#include "registry/qr/qr_code.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// SMART Health Cards of vaccinations (https://spec.smarthealth.cards; HL7 SMART Health Cards:
/// Vaccination & Testing, data minimization profiles): a FHIR R4 bundle of a Patient and her
/// Immunizations, signed by who gave or saw them, that anybody can check without asking us.
///
/// Form: a compact JWS. Header {"alg":"ES256","zip":"DEF","kid"}; payload, minified and in raw
/// DEFLATE, {"iss","nbf","vc":{"type":[…],"credentialSubject":{"fhirVersion","fhirBundle"}}}. In a
/// QR code it is "shc:/" and two digits for each character: its code less 45.
namespace egret::card {

/// One dose that was given. `cvx` and `icd11` say which vaccine; at least one is there.
struct CardDose {
    PartialDate date;
    std::string cvx;    // CDC's code, "165".
    std::string icd11;  // Extension code of ICD-11, "XM5CE9".
    std::string lot;    // Left out of the card from 20 characters on: half a lot names another one.
    std::string place;  // Cut to 29 characters.
};

struct HealthCard {
    std::string issuer;  // "https://centre.example.cn:8443": without a slash at its end.
    Instant issued;
    std::string name;  // As it is officially written.
    std::optional<PartialDate> birth_date;
    std::vector<CardDose> doses;  // At least one.
};

/// All that one QR code of the form takes: larger cards would have to be cut into several codes,
/// which the specification has given up.
inline constexpr std::size_t jws_size_max = 1195;
inline constexpr int qr_version_max = 22;

/// The signed card.
/// Errors: too_large, past jws_size_max; those of verify() for a card that can't be one (an issuer
/// without https, no dose).
Result<std::string> issue(const HealthCard& card, const crypto::Es256Key& key);

/// What stands in the QR code: "shc:/5676290952…".
std::string code_text(std::string_view jws);

/// The QR code itself.
/// Errors: too_large.
Result<qr::QrCode> to_qr(std::string_view jws);

}  // namespace egret::card
