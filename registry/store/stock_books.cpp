#include "registry/store/stock_books.h"

#include "registry/domain/facility_id.h"

#include <algorithm>
#include <limits>
#include <set>

namespace egret::store {

std::vector<LiveFact> StockBooks::facts_of(const WomanId& subject) {
    const auto ix = log_.women().find(subject);
    if (!ix || !is_facility(subject)) return {};
    std::vector<LoggedEvent> events;
    std::vector<Position> unreadable;
    log_.read_events(*ix, std::numeric_limits<std::int64_t>::max(), events, unreadable);
    auto facts = fold({subject}, std::move(events)).facts;
    std::erase_if(facts, [](const LiveFact& live) {
        return !std::holds_alternative<Stock>(live.fact.detail);
    });
    return facts;
}

std::vector<LiveFact> StockBooks::facts() {
    std::vector<LiveFact> all;
    for (const auto ix : log_.women().facilities()) {
        auto facts = facts_of(log_.women().load_id(ix));
        // A decision holds for what was said under the same subject.
        std::erase_if(facts, [&](const LiveFact& live) {
            const auto& about = std::get<Stock>(live.fact.detail).about;
            return !about.is_nil() &&
                   std::none_of(facts.begin(), facts.end(),
                                [&](const LiveFact& one) { return one.uid == about; });
        });
        all.insert(all.end(), facts.begin(), facts.end());
    }
    return all;
}

StockBook StockBooks::book(const std::string& facility) {
    return {facility, facts(), lots_.doses_at(facility)};
}

std::vector<StockBook> StockBooks::all() {
    const auto told = facts();
    std::set<std::string> facilities;
    for (const auto& live : told) facilities.insert(live.facility());
    std::vector<StockBook> books;
    books.reserve(facilities.size());
    for (const auto& facility : facilities)
        books.emplace_back(facility, told, lots_.doses_at(facility));
    return books;
}

}  // namespace egret::store
