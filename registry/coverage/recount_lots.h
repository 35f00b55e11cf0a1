#pragma once

#include "registry/coverage/recount_beliefs.h"

#include <optional>
#include <string>
#include <vector>

namespace egret::coverage {

/// Which doses the recount takes for substandard because of what became of their lot. By code of
/// its own: it shares nothing with domain/lots.h, nor with what the projector keeps.
class RecountLots {
public:
    /// Everything that is logged under one facility's subject.
    void add_facility(const std::vector<LoggedEvent>& events);

    /// True, if it is a dose that was given where its lot was found substandard, on a day on which
    /// it may have been spoilt already.
    bool spoil(const Belief& dose) const;

private:
    struct Condemned {
        std::string facility;
        std::string lot;
        std::optional<Date> since;  // Always, if absent.
    };

    std::vector<Condemned> condemned_;
};

}  // namespace egret::coverage
