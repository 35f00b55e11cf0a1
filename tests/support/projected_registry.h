#pragma once

#include "registry/coverage/contribution.h"
#include "registry/coverage/indicator.h"
#include "registry/domain/lots.h"
#include "registry/store/coverage_store.h"
#include "registry/store/projector.h"
#include "tests/support/registry_file.h"
#include "tests/support/series.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace egret::tests {

/// Every row of a table as text, in the order of its key.
inline std::string dump_table(sqlite::Database& db, const std::string& table) {
    std::string columns;
    sqlite::Statement names(db, "SELECT name FROM pragma_table_info(?1)");
    auto name = names.start();
    name.bind_all(table);
    while (name.next())
        columns += (columns.empty() ? "quote(" : " || ',' || quote(") + name.text(0) + ")";
    std::string rows = table + '\n';
    sqlite::Statement select(db, "SELECT " + columns + " FROM " + table + " ORDER BY 1");
    auto row = select.start();
    while (row.next()) rows += row.text(0) + '\n';
    return rows;
}

/// Everything that the projector keeps.
inline std::string dump_projections(sqlite::Database& db) {
    std::string all;
    for (const char* table :
         {"woman", "projection", "link_pair", "profile", "indicator_key", "area_key",
          "facility_key", "contribution", "delta", "quarantine", "spoilt_lot", "lot_dose",
          "search_term", "search_source", "rebuilding"})
        all += dump_table(db, table);
    return all;
}

/// A clinic's registry in memory that takes in what is said at once.
class ProjectedRegistry {
public:
    ProjectedRegistry()
        : db(registry_in_memory()),
          log(*db),
          projector(log, *db, {coverage::known_indicators(), true}),
          coverage(log, *db) {}

    /// One fact, one transaction.
    Event say(Fact fact, const WomanId& subject, const DeviceId& device = tests::device(1)) {
        auto event = speaker.event(std::move(fact), subject, ++minute_);
        say_events({event}, device);
        return event;
    }

    void say_events(const std::vector<Event>& events, const DeviceId& device = tests::device(1)) {
        std::vector<codec::EncodedEvent> encoded;
        for (const auto& event : events) encoded.push_back(speaker.encode(event));
        say_encoded(encoded, device);
    }

    void say_encoded(const std::vector<codec::EncodedEvent>& encoded,
                     const DeviceId& device = tests::device(1)) {
        sqlite::WriteTransaction tx(*db);
        take_in(encoded, device, tx);
        tx.commit();
    }

    void take_in(const std::vector<codec::EncodedEvent>& encoded, const DeviceId& device,
                 sqlite::WriteTransaction& tx) {
        const auto ingest = log.begin_ingest({Instant{}, today, clock}, tx);
        projector.apply(ingest, append(log, device, encoded, ingest, tx), tx);
    }

    /// What all deltas of an indicator add up to.
    coverage::Contribution sum(const coverage::Indicator& indicator,
                               std::optional<Date> known_on = std::nullopt) {
        coverage::Contribution all;
        coverage.read_deltas(indicator.id, indicator.version, known_on, 0,
                             [&](const coverage::Delta& delta) { all.push_back(delta); });
        return coverage::normalise(std::move(all));
    }

    /// The same, from every woman's facts.
    coverage::Contribution recount(const coverage::Indicator& indicator,
                                   std::optional<Date> known_on = std::nullopt) {
        coverage::Contribution all;
        std::vector<SpoiltLot> spoilt;
        coverage.for_each_facility(known_on, [&](const std::vector<LoggedEvent>& events) {
            const auto facts = fold({events.front().event.subject}, events).facts;
            for (auto& lot : spoilt_lots(holds_of(facts))) spoilt.push_back(std::move(lot));
        });
        coverage.for_each_woman(known_on, [&](const store::Component& woman) {
            auto history = fold(woman.members, woman.events);
            for (auto& live : history.facts) live.is_spoilt = is_of_spoilt_lot(live, spoilt);
            for (const auto& delta : tests::contribution_of(indicator, history))
                all.push_back(delta);
        });
        return coverage::normalise(std::move(all));
    }

    std::unique_ptr<sqlite::Database> db;
    store::EventLog log;
    store::Projector projector;
    store::CoverageStore coverage;
    Speaker speaker;
    Date today = day("2026-03-01");
    store::ClockCorrection clock{};  // Of the device that says the next.

private:
    std::int64_t minute_ = 0;
};

inline Fact registration(std::string_view name, std::string_view born, std::string_view area,
                         std::string_view on = "2026-01-01") {
    Register made;
    if (!name.empty()) made.who.names.push_back({NameUse::official, std::string(name), {}});
    if (!born.empty()) made.who.birth_date = *PartialDate::parse(born);
    made.who.sex = Sex::female;
    made.who.area = area;
    return fact(on, made);
}

inline Fact dose(std::string_view on) { return fact(on, Dose{"cvx:165", {}, ""}); }

}  // namespace egret::tests
