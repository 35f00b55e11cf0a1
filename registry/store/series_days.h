#pragma once

#include "registry/coverage/indicator.h"
#include "registry/coverage/series.h"
#include "registry/domain/history.h"
#include "registry/rules/protocol.h"

#include <span>
#include <string>
#include <vector>

/// Brings together indicators, which count, and protocols, which judge doses. Neither knows of the
/// other.
namespace egret::store {

using Protocols = std::vector<const rules::Protocol*>;

/// Those that the indicators name, by id, each once: of each the newest version that the program
/// carries. Ends the program if it doesn't carry one; a test reads them all.
Protocols protocols_of(std::span<const coverage::Indicator> indicators);

/// "cn-nip-hpv-2025@2025", several with a space between; "" if it names none.
std::string protocol_versions_of(const coverage::Indicator& indicator);

/// When she got how far under each of the protocols. Without her, if she never had a dose.
coverage::SeriesByProtocol series_of(const Protocols& protocols, const History& history);

/// The same question for a single day, from facts alone: for counting again.
coverage::ReachedOn reached_by_rules();

}  // namespace egret::store
