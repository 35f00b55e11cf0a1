#pragma once

#include "registry/base/bytes.h"
#include "registry/base/random.h"
#include "registry/base/result.h"
#include "sync/core/key_bundle.h"

#include <string>
#include <string_view>

namespace egret::sync {

/// What the centre gives a clinic to join with, once: on paper, or read out. The secret opens the
/// door; the hash tells the clinic, before it shows the secret to anybody, whose door it is.
struct EnrolmentCode {
    std::string secret;    // 10 characters of Crockford's base 32, upper case: 50 bits.
    RootHash root_hash{};  // Another 26 characters.

    friend bool operator==(const EnrolmentCode&, const EnrolmentCode&) = default;
};

EnrolmentCode make_enrolment_code(const crypto::VerifyKey& root, Random& random);

/// For people: 36 characters in groups of five, of six at the end.
std::string format_enrolment_code(const EnrolmentCode& code);

/// Takes lower case, O for 0, I and L for 1, and hyphens and spaces wherever they are.
/// Errors: invalid_input, if there is a character that no code has, or too many or too few.
Result<EnrolmentCode> parse_enrolment_code(std::string_view text);

/// A secret alone, as a request brings it.
bool is_enrolment_secret(std::string_view text);

/// What the centre keeps of a secret. `table_key` is the centre's own and not in that table: 50
/// bits could be searched by who has both.
Hash hash_enrolment_secret(std::string_view secret, ByteView table_key);

}  // namespace egret::sync
