#pragma once

#include "registry/base/date.h"
#include "registry/coverage/indicator.h"
#include "registry/coverage/query.h"
#include "registry/store/coverage_store.h"
#include "registry/store/event_log.h"

#include <optional>
#include <string>

namespace egret::store {

struct CoverageQuestion {
    const coverage::Indicator* indicator = nullptr;
    coverage::Query query;
    bool is_series = false;          // Asked as days from one to another, even if it is one day.
    std::optional<Date> known_on{};  // Only what was known by the end of that day.
    bool by_recount = false;         // From the logged facts by independent code: slow.
    bool hides_small_cells = false;  // For roles that may not see persons.
};

/// Figures with all that is needed to judge them and to ask for them again.
struct CoverageReply {
    CoverageQuestion question;
    coverage::Answer answer;
    std::string protocols;  // That judged the doses, with versions; "" if none did.
    Freshness freshness;    // By what was known on question.known_on.
    // So many ids were erased since question.known_on. What they added then is in sums still, as
    // figures that are out stay what they were; no fact tells of it, so that a recount lacks it.
    std::uint64_t erased = 0;
    // Of the state that was asked, not of the question: one question at equal stamps has equal
    // figures. See coverage::state_stamp.
    std::string stamp;
};

/// Answers from the deltas that the projector keeps, or by counting again; the same at a clinic and
/// at the centre. The projections must be up to date.
CoverageReply answer_coverage(EventLog& log, sqlite::Database& db,
                              const CoverageQuestion& question);

}  // namespace egret::store
