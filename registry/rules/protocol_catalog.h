#pragma once

#include "registry/base/result.h"
#include "registry/rules/protocol.h"

#include <string_view>
#include <vector>

namespace egret::rules {

/// The protocols that the program carries (schemas/protocols), by id, the newest version of each
/// first.
const std::vector<Protocol>& known_protocols();

/// "us-cdsi-hpv" is its newest version, "us-cdsi-hpv@4.60" that one. Lives as long as the program.
/// Errors: not_found, with the id that was probably meant.
Result<const Protocol*> find_protocol(std::string_view id_and_version);

/// The same with a programme's choices.
/// Errors: not_found with "protocol" as the field; those of parse_protocol.
Result<Protocol> load_protocol(std::string_view id_and_version, const std::vector<Choice>& choices);

}  // namespace egret::rules
