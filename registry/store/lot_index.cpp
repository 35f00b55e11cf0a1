#include "registry/store/lot_index.h"

#include "registry/store/read_id.h"

#include <algorithm>
#include <bit>
#include <iterator>

namespace egret::store {
namespace {

constexpr auto select_hers_sql = R"sql(
    SELECT uid, facility, lot, product, day, effective, session
      FROM lot_dose WHERE woman_ix = ?1 ORDER BY uid
)sql";
constexpr auto insert_dose_sql = R"sql(
    INSERT INTO lot_dose (woman_ix, uid, facility, lot, product, day, effective, session)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
)sql";
constexpr auto delete_hers_sql = "DELETE FROM lot_dose WHERE woman_ix = ?1";
constexpr auto select_spoilt_sql = R"sql(
    SELECT facility, lot, from_day FROM spoilt_lot WHERE subject_ix = ?1 ORDER BY facility, lot
)sql";
constexpr auto insert_spoilt_sql = R"sql(
    INSERT INTO spoilt_lot (subject_ix, facility, lot, from_day) VALUES (?1, ?2, ?3, ?4)
)sql";
constexpr auto delete_spoilt_sql = "DELETE FROM spoilt_lot WHERE subject_ix = ?1";
constexpr auto select_from_day_sql = R"sql(
    SELECT min(from_day) FROM spoilt_lot WHERE facility = ?1 AND lot = ?2
)sql";
constexpr auto select_at_place_sql = R"sql(
    SELECT DISTINCT woman_ix FROM lot_dose WHERE facility = ?1 AND lot = ?2
)sql";
constexpr auto select_at_facility_sql = R"sql(
    SELECT uid, facility, lot, product, day, effective, session
      FROM lot_dose WHERE facility = ?1 ORDER BY lot, woman_ix, uid
)sql";
constexpr auto select_of_lot_sql = R"sql(
    SELECT DISTINCT woman_ix FROM lot_dose WHERE lot = ?1 ORDER BY woman_ix
)sql";

Date day_of_column(std::int64_t column) {
    return Date::from_days(static_cast<std::int32_t>(column));
}

}  // namespace

/// A dose and where it was given.
struct LotIndex::Row {
    DoseTaken dose;
    std::string facility;

    static Row read(const sqlite::Statement::Run& run) {
        Row row;
        row.dose.uid = read_id<EventUid>(run, 0);
        row.facility = run.text(1);
        row.dose.lot = run.text(2);
        row.dose.product = run.text(3);
        row.dose.day = day_of_column(run.int64(4));
        row.dose.at = {std::bit_cast<std::uint64_t>(run.int64(5))};
        if (const auto session = run.find_text(6))
            row.dose.session = find_code<DoseSession>(*session);
        return row;
    }

    auto key() const {
        return std::tie(dose.uid, facility, dose.lot, dose.product, dose.day, dose.at,
                        dose.session);
    }

    friend bool operator==(const Row& a, const Row& b) { return a.key() == b.key(); }

    static std::vector<Row> of(const History& history) {
        std::vector<Row> rows;
        for (const auto& live : history.facts) {
            const auto* detail = std::get_if<Dose>(&live.fact.detail);
            if (!detail || !is_completed(live.fact)) continue;
            rows.push_back({{live.uid, clinical_day(live.fact, live.order), live.order.effective,
                             detail->product, lot_key(detail->lot), detail->session},
                            known_facility(live)});
        }
        std::sort(rows.begin(), rows.end(),
                  [](const Row& a, const Row& b) { return a.dose.uid < b.dose.uid; });
        return rows;
    }
};

LotIndex::LotIndex(sqlite::Database& db)
    : select_hers_(db, select_hers_sql),
      insert_dose_(db, insert_dose_sql),
      delete_hers_(db, delete_hers_sql),
      select_spoilt_(db, select_spoilt_sql),
      insert_spoilt_(db, insert_spoilt_sql),
      delete_spoilt_(db, delete_spoilt_sql),
      select_from_day_(db, select_from_day_sql),
      select_at_place_(db, select_at_place_sql),
      select_at_facility_(db, select_at_facility_sql),
      select_of_lot_(db, select_of_lot_sql),
      delete_all_doses_(db, "DELETE FROM lot_dose"),
      delete_all_spoilt_(db, "DELETE FROM spoilt_lot") {}

void LotIndex::set_doses(std::int64_t woman_ix, const History& history, sqlite::WriteTransaction&) {
    std::vector<Row> before;
    {
        auto run = select_hers_.start();
        run.bind_all(woman_ix);
        while (run.next()) before.push_back(Row::read(run));
    }
    const auto now = Row::of(history);
    if (now == before) return;
    delete_hers_.start().bind_all(woman_ix).finish();
    for (const auto& row : now) {
        std::optional<std::string_view> session;
        if (row.dose.session) session = to_string(*row.dose.session);
        insert_dose_.start()
            .bind_all(woman_ix, row.dose.uid, row.facility, row.dose.lot, row.dose.product,
                      row.dose.day.days(), std::bit_cast<std::int64_t>(row.dose.at.value), session)
            .finish();
    }
}

void LotIndex::remove_doses(std::int64_t woman_ix, sqlite::WriteTransaction&) {
    delete_hers_.start().bind_all(woman_ix).finish();
}

std::vector<SpoiltLot> LotIndex::spoilt_of(std::int64_t subject_ix) {
    std::vector<SpoiltLot> spoilt;
    auto run = select_spoilt_.start();
    run.bind_all(subject_ix);
    while (run.next()) spoilt.push_back({run.text(0), run.text(1), day_of_column(run.int64(2))});
    return spoilt;
}

std::vector<std::int64_t> LotIndex::set_spoilt(std::int64_t subject_ix,
                                               const std::vector<SpoiltLot>& spoilt,
                                               sqlite::WriteTransaction&) {
    std::vector<std::int64_t> women;
    const auto before = spoilt_of(subject_ix);
    if (before == spoilt) return women;
    delete_spoilt_.start().bind_all(subject_ix).finish();
    for (const auto& one : spoilt)
        insert_spoilt_.start()
            .bind_all(subject_ix, one.facility, one.lot, one.from.days())
            .finish();
    std::vector<SpoiltLot> changed;
    std::set_symmetric_difference(before.begin(), before.end(), spoilt.begin(), spoilt.end(),
                                  std::back_inserter(changed));
    for (const auto& one : changed) {
        auto run = select_at_place_.start();
        run.bind_all(one.facility, one.lot);
        while (run.next()) women.push_back(run.int64(0));
    }
    std::sort(women.begin(), women.end());
    women.erase(std::unique(women.begin(), women.end()), women.end());
    return women;
}

void LotIndex::mark_spoilt(History& history) {
    for (auto& live : history.facts) {
        const auto* detail = std::get_if<Dose>(&live.fact.detail);
        if (!detail || detail->lot.empty()) continue;
        auto run = select_from_day_.start();
        run.bind_all(known_facility(live), lot_key(detail->lot));
        const auto from = run.single().find_int64(0);
        live.is_spoilt = from && day_of_column(*from) <= last_day_of_dose(live);
    }
}

std::vector<DoseTaken> LotIndex::doses_at(const std::string& facility) {
    std::vector<DoseTaken> doses;
    auto run = select_at_facility_.start();
    run.bind_all(facility);
    while (run.next()) doses.push_back(Row::read(run).dose);
    return doses;
}

std::vector<std::int64_t> LotIndex::women_of(const std::string& lot) {
    std::vector<std::int64_t> women;
    auto run = select_of_lot_.start();
    run.bind_all(lot);
    while (run.next()) women.push_back(run.int64(0));
    return women;
}

void LotIndex::clear(sqlite::WriteTransaction&) {
    delete_all_doses_.start().finish();
    delete_all_spoilt_.start().finish();
}

}  // namespace egret::store
