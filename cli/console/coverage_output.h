#pragma once

#include "cli/console/parsed.h"
#include "cli/console/terminal.h"
#include "registry/base/date.h"
#include "registry/base/result.h"
#include "registry/coverage/indicator.h"
#include "registry/icu/time_zone.h"
#include "registry/json/value.h"
#include "registry/store/coverage_answer.h"

#include <string_view>

/// What both programs have in common of `coverage` and `indicators`: words to a question, an answer
/// to what is shown (shared_commands.h).
namespace egret::console {

/// The question that the words of `coverage` ask, on `today` if they name no day. Of cases and
/// times it is of a period: from --from to --to, or with --step of one period after the other;
/// without
/// --from, of all up to the day.
/// Errors: not_found, for an unknown indicator; invalid_input, for a dimension or filter that there
/// isn't or that comes twice, for --csv beside --json, a day of known-on in the future, --from
/// without --to, or these beside --on; those of days_of_series.
Result<store::CoverageQuestion> coverage_question(const Parsed& parsed, Date today);

/// That the reply is told apart by what was asked, where by town or village was asked.
/// Errors: not_found, if no home area in it is known so exactly: it would show wider areas instead.
Result<Done> check_levels(const store::CoverageReply& reply);

/// Shows the reply as a table, or as CSV or JSON if the words say so. `today` as for the question;
/// people read moments by the clocks of `zone`, programs as UTC.
/// Each line of CSV says of which indicator, day and state it is: indicator, version, on, known_on,
/// clinics, oldest, stamp.
void print_coverage(const store::CoverageReply& reply, const Parsed& parsed, Date today,
                    const icu::TimeZone& zone, const Terminal& terminal);

/// {"indicator","version","doses","protocols","on","known_on","by","denominator","cells","totals",
/// "freshness","stamp"}; for a series, cells and totals have "on" of their own, and the reply's is
/// null. Without known-on that is null, too: what is known now. "doses" is "any" or "valid", with
/// the protocols (and versions) that judge them, or null. Cases and times have "period" beside
/// "on", or in each cell of a series in its place, and what append_measure() says.
json::Value coverage_json(const store::CoverageReply& reply);

}  // namespace egret::console
