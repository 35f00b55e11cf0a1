#pragma once

#include "registry/rules/screening/detail/owed.h"
#include "registry/rules/screening/parts.h"

#include <vector>

namespace egret::rules::detail {

/// The cancer of one site of which the visits so far have told: until a test has followed its
/// treatment, the same cancer in the tissue of an operation is nothing new.
class KnownCancer {
public:
    /// Takes in what a part of a visit tells. `is_followed`: a test did a follow-up there.
    void note(const ScreeningCase& woman, const Visit& part, bool is_followed);

    /// Another one was found: what was taken out before was not that.
    void begin_anew() { was_operated_ = false; }

    /// As the next visit begins, with what is owed then.
    KnownBefore before(const std::vector<Owed>& open) const;

private:
    bool is_known_ = false;
    bool was_operated_ = false;
};

}  // namespace egret::rules::detail
