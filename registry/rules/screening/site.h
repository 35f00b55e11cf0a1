#pragma once

#include "registry/domain/follow_up_codes.h"
#include "registry/rules/screening/subject.h"

#include <optional>

namespace egret::rules {

/// Whether the finding tells of that site. Histology without a site is of the cervix; a treatment
/// without one tells by its procedure or its reason, else it is of the cervix.
bool is_of_site(const FindingDetail& detail, ScreenedSite site);

/// True of a fact that screening found or did at that site.
bool is_finding_of(const Fact& fact, ScreenedSite site);

/// The site of what screening found or did; nothing of another fact, or of another organ.
std::optional<ScreenedSite> find_site(const Fact& fact);

/// The organ of a diagnosis or of tissue, which without a site is of the cervix.
std::optional<DiagnosisSite> find_organ(const Fact& fact);

}  // namespace egret::rules
