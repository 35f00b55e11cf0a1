#pragma once

#include "registry/follow_up/loops.h"

#include <string>
#include <vector>

/// What opens loops, and which facts do what they ask for. Each function adds to `loops`; whether
/// one was given up is seen to afterwards (closings.h).
namespace egret::follow_up::detail {

/// What a loop is known by, as long as what opened it asks for the same.
std::string loop_id(const Loop& loop, int nth = 1);

/// The same, if that fact gave it its name.
std::string loop_id(const Loop& loop, const EventUid& named_by, int nth = 1);

/// The day on which it was written down.
Date recording_day(const Fact& fact, const Order& order);
Date recording_day(const LiveFact& live);

/// The first day on which anybody at the clinic knew of that positive result: by the day of its
/// report, or of its recording, in whatever form it was positive, and if it was voided and recorded
/// anew, before that too. Correcting these days to later ones changes nothing.
Date first_known_day(const Question& question, const LiveFact& result);

/// It was written down more than a year after its day, so that it is history, not work: nobody
/// waits for a result of it, or tells her of it.
bool is_history(const LiveFact& live);

/// Whether a result says less than before: less severe, of another site, without type 16 or 18, or
/// of the other breast.
bool says_less(const Fact& before, const Fact& after);

/// A fact that counts, and not later than the day of the question.
bool is_known(const Question& question, const LiveFact& live);

/// Of the pathways.
void open_of_pathways(const Question& question, std::vector<Loop>& loops);

/// Reviews of what the pathways don't see: after those of the pathways.
void open_of_reviews(const Question& question, std::vector<Loop>& loops);

/// Reviews of who she is, where two people said it differently, neither knowing of the other. They
/// are done by who says it anew.
void open_of_disputes(const Question& question, std::vector<Loop>& loops);

/// Reviews of records that count for nothing, by whoever made them, and of those that two corrected
/// otherwise.
void open_of_refusals(const Question& question, std::vector<Loop>& loops);

/// Results of specimens and biopsies.
void open_of_results_awaited(const Question& question, std::vector<Loop>& loops);

/// The feedback of referrals.
void open_of_referrals(const Question& question, std::vector<Loop>& loops);

/// Telling her. After those of the pathways: who came for what a result asked for, knows it.
void open_of_informing(const Question& question, std::vector<Loop>& loops);

/// Positive results that were voided, moved to another woman, or made less severe.
void open_of_amendments(const Question& question, std::vector<Loop>& loops);

}  // namespace egret::follow_up::detail
