#pragma once

#include "registry/base/bytes.h"
#include "registry/base/result.h"
#include "registry/domain/fact.h"

#include <cstdint>

namespace egret::codec {

/// The payload of a fact: one CBOR map from the numbers of fact_fields.h to values. Equal facts
/// have equal payloads. Dates known to the day are days since 1970-01-01, others their text; codes
/// are their wire strings; ids are byte strings.
Bytes encode_payload(const Fact& fact);

/// The fact that a payload of that type and version holds. A type or a version that we don't know
/// becomes a NewerFact; members that we don't know are kept in its extras.
/// Errors: invalid_input, if it is no deterministic CBOR of that type's members; the field says
/// which member. Nothing of the payload is quoted.
Result<Fact> decode_payload(std::uint16_t type, std::uint16_t version, ByteView payload);

}  // namespace egret::codec
