#pragma once

#include "registry/domain/logged.h"

#include <optional>
#include <string_view>
#include <vector>

/// Who may take back, change, join, move and erase. A fact beyond its maker's authority stays in
/// the log, and has no effect: that is worked out from the facts alone wherever they are folded, so
/// that it hangs neither on who took the fact in nor on the order in which facts came. An officer
/// of the centre may rule that one counts all the same: from then on it is heeded as if the centre
/// had said it (LoggedEvent::is_accepted), but that no clinic erases anybody.
namespace egret {

/// The clinic's code of the centre's own log. No clinic has it: theirs are "C001" and so on, and
/// begin with "LOCAL-" until they join.
inline constexpr std::string_view centre_clinic = "CENTRE";

/// Why a fact has no effect.
enum class WhyUnheeded : std::uint8_t {
    other_clinic,  // A void or a correction of what another clinic said.
    not_lead,      // A void of what somebody else said, by one who is no lead.
    not_in_care,   // A link, an unlink or a transfer by a clinic that she has nothing to do with.
    centre_only,   // An erasure, and it isn't the centre's.
};

template <>
struct CodeList<WhyUnheeded> {
    static constexpr std::string_view name = "unheeded";
    static constexpr auto entries = std::to_array<CodeEntry<WhyUnheeded>>({
        {WhyUnheeded::other_clinic, "other_clinic"},
        {WhyUnheeded::not_lead, "not_lead"},
        {WhyUnheeded::not_in_care, "not_in_care"},
        {WhyUnheeded::centre_only, "centre_only"},
    });
};

/// Whether a void or a correction may be of that fact. What a clinic said of a woman is corrected
/// by that clinic and by the centre, and voided by whoever said it, by a lead of that clinic, and
/// by the centre. What was said of a facility's stock is changed by the clinic alone that said it.
/// Nothing voids an erasure.
bool is_heeded(const LoggedEvent& later, const LoggedEvent& fact);

/// Why it isn't; nothing, if it is.
std::optional<WhyUnheeded> why_unheeded(const LoggedEvent& later, const LoggedEvent& fact);

/// Whether a link or an unlink of the two women may be made by that clinic: the centre, one that
/// registered either of them or to which either was transferred, and anybody, if nobody registered
/// either. `events`: what is logged of the two at least; others are passed over.
bool may_join(std::string_view clinic, const WomanId& one, const WomanId& other,
              const std::vector<LoggedEvent>& events);

/// Of the transfers among the facts of one woman those without effect. She is transferred by the
/// facility where she is that day, by whoever registered her there or sent her there, by the
/// receiving one, and by the centre. `facts` in any order.
std::vector<EventUid> unheeded_transfers(const std::vector<LiveFact>& facts);

/// The centre's order that nothing of the subject is kept.
bool is_erasure(const LoggedEvent& logged);

/// Takes out everything that was said of those whom an erasure names, and returns them, sorted.
std::vector<WomanId> take_out_erased(std::vector<LoggedEvent>& events);

}  // namespace egret
