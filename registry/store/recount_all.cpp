#include "registry/store/recount_all.h"

#include "registry/base/ensure.h"
#include "registry/coverage/recount.h"
#include "registry/store/series_days.h"

namespace egret::store {

std::vector<coverage::Answer> recount_all(CoverageStore& store,
                                          std::span<const CoverageQuestion> questions) {
    std::vector<coverage::Answer> answers;
    if (questions.empty()) return answers;
    const auto known_on = questions.front().known_on;
    const auto reached = reached_by_rules();
    std::vector<coverage::Recount> recounts;
    for (const auto& question : questions) {
        EGRET_ENSURE(question.known_on == known_on);
        recounts.emplace_back(*question.indicator, question.query, reached);
    }
    coverage::RecountLots lots;
    store.for_each_facility(
        known_on, [&](const std::vector<LoggedEvent>& events) { lots.add_facility(events); });
    store.for_each_woman(known_on, [&](const Component& woman) {
        const coverage::BelievedFacts facts(woman.events, reached, lots);
        for (auto& recount : recounts) recount.add(facts);
    });
    for (const auto& recount : recounts) answers.push_back(recount.answer());
    return answers;
}

}  // namespace egret::store
