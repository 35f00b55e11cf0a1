#pragma once

#include "registry/domain/history.h"
#include "registry/rules/programme.h"
#include "registry/service/warning.h"

#include <optional>
#include <vector>

namespace egret::service {

/// What is odd about a fact of screening beside the others of hers, which don't hold it yet: that
/// the cervix was examined of who is registered as male (cervix_of_man), an
/// image of a breast that was removed before (breast_removed), cytology without cells of the
/// transformation zone (no_transformation_zone) or that is normal and abnormal at once
/// (cytology_contradicts), a colposcopy that tells nothing (colposcopy_empty), a stage that doesn't
/// go with its M (stage_contradicts), a therapy of the whole body or by radiation that doesn't tell
/// for which organ it was (therapy_without_site), a senior review by somebody below associate chief
/// physician (review_rank_low), that she was told of something that is no result (told_no_result),
/// or of a result before the day of its report (told_before_report), the feedback of a referral
/// before it was made (feedback_before_referral).
std::vector<Warning> screening_warnings(const History& history, const Fact& fact);

/// That a screening is put off for longer than the programme has in mind ("deferral_long").
std::optional<Warning> deferral_warning(const rules::Programme& programme, const Fact& fact,
                                        Date today);

/// That a screening test, or the sample for one, is taken here although by the programme's pathways
/// the next one, routine or of a follow-up, isn't due yet ("screened_inside_interval", with the day
/// from which it is). Results
/// of the same visit count as one, and the result of a recorded specimen was asked after before.
std::optional<Warning> interval_warning(const rules::Programme& programme, const History& history,
                                        const Fact& fact);

}  // namespace egret::service
