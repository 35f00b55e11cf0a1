#pragma once

#include "registry/domain/history.h"
#include "registry/service/clinic.h"
#include "registry/service/warning.h"

#include <vector>

namespace egret::service {

/// What is odd about the barcode of a specimen, or of the result of one, beside all specimens that
/// are recorded here: another woman's has it ("barcode_of_another"), or two of hers that were taken
/// on different visits ("barcode_twice"); of a result, that no specimen has it
/// ("specimen_unknown"). Nobody is named: the search for the barcode shows her to whoever may see
/// her. `history` doesn't hold the fact.
std::vector<Warning> barcode_warnings(Clinic& clinic, const History& history, const Fact& fact);

}  // namespace egret::service
