#include "registry/store/women.h"

#include "registry/domain/facility_id.h"
#include "registry/store/read_id.h"

#include <algorithm>
#include <string_view>

namespace egret::store {
namespace {

constexpr auto select_profile_sql = R"sql(
    SELECT w.id, p.name, p.birth_date, p.sex, p.area, p.facility, p.registered_on, p.died_on,
           p.fact_count
      FROM profile p JOIN woman w ON w.ix = p.woman_ix WHERE p.woman_ix = ?1
)sql";
constexpr auto list_profiles_sql = R"sql(
    SELECT w.id, p.name, p.birth_date, p.sex, p.area, p.facility, p.registered_on, p.died_on,
           p.fact_count
      FROM profile p JOIN woman w ON w.ix = p.woman_ix WHERE p.woman_ix > ?1
     ORDER BY p.woman_ix LIMIT ?2
)sql";
constexpr auto select_between_sql = R"sql(
    SELECT id FROM woman WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3
)sql";
constexpr auto select_before_sql = "SELECT id FROM woman WHERE id < ?1 ORDER BY id DESC LIMIT 1";
constexpr auto select_after_sql = "SELECT id FROM woman WHERE id > ?1 ORDER BY id LIMIT 1";
constexpr auto upsert_profile_sql = R"sql(
    INSERT OR REPLACE INTO profile (woman_ix, name, birth_date, sex, area, facility,
                                    registered_on, died_on, fact_count)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
)sql";
constexpr auto delete_profile_sql = "DELETE FROM profile WHERE woman_ix = ?1";

std::optional<Date> read_day(std::optional<std::int64_t> column) {
    if (!column) return std::nullopt;
    return Date::from_days(static_cast<std::int32_t>(*column));
}

std::optional<std::int64_t> day_column(const std::optional<Date>& day) {
    if (!day) return std::nullopt;
    return day->days();
}

std::optional<WomanId> id_filled_up(std::string_view digits, char with) {
    constexpr std::size_t digits_of_id = 32;
    if (digits.size() > digits_of_id) return std::nullopt;
    return WomanId::parse(std::string(digits).append(digits_of_id - digits.size(), with));
}

/// How many digits two different ids have in common from the left.
std::size_t shared_digits(const WomanId& one, const WomanId& other) {
    const auto left = to_hex(one.bytes);
    const auto right = to_hex(other.bytes);
    const auto differ = std::mismatch(left.begin(), left.end(), right.begin());
    return static_cast<std::size_t>(differ.first - left.begin());
}

WomanRow read_profile(const sqlite::Statement::Run& row) {
    WomanRow woman;
    woman.id = read_id<WomanId>(row, 0);
    woman.name = row.text(1);
    if (!row.is_null(2)) {
        if (const auto birth = PartialDate::parse(row.text_view(2))) woman.birth_date = *birth;
    }
    if (!row.is_null(3)) woman.sex = find_code<Sex>(row.text_view(3));
    woman.area = row.text(4);
    woman.facility = row.text(5);
    woman.registered_on = read_day(row.find_int64(6));
    woman.died_on = read_day(row.find_int64(7));
    woman.fact_count = static_cast<std::uint64_t>(row.int64(8));
    return woman;
}

}  // namespace

Women::Women(sqlite::Database& db)
    : select_(db, select_profile_sql),
      between_(db, select_between_sql),
      before_(db, select_before_sql),
      after_(db, select_after_sql),
      list_(db, list_profiles_sql),
      count_(db, "SELECT count(*) FROM profile"),
      upsert_(db, upsert_profile_sql),
      delete_(db, delete_profile_sql),
      delete_all_(db, "DELETE FROM profile"),
      index_(db) {}

std::optional<WomanRow> Women::find(const WomanId& id) {
    const auto woman_ix = index_.find(id);
    if (!woman_ix) return std::nullopt;
    return find_row(index_.canonical(*woman_ix));
}

std::optional<WomanRow> Women::find_row(std::int64_t woman_ix) {
    auto run = select_.start();
    run.bind_all(woman_ix);
    if (!run.next()) return std::nullopt;
    return read_profile(run);
}

std::vector<WomanId> Women::with_beginning(std::string_view digits, std::size_t ids_max) {
    std::vector<WomanId> ids;
    const auto first = id_filled_up(digits, '0');
    const auto last = id_filled_up(digits, 'f');
    if (!first || !last) return ids;
    auto run = between_.start();
    run.bind_all(*first, *last, ids_max);
    while (run.next()) {
        const auto id = read_id<WomanId>(run, 0);
        if (!is_facility(id)) ids.push_back(id);
    }
    return ids;
}

std::size_t Women::telling_digits(const WomanId& id) {
    std::size_t shared = 0;
    for (auto* neighbours : {&before_, &after_}) {
        auto run = neighbours->start();
        run.bind_all(id);
        if (run.next()) shared = std::max(shared, shared_digits(id, read_id<WomanId>(run, 0)));
    }
    return shared + 1;
}

std::vector<WomanRow> Women::list(const std::optional<WomanId>& after, std::size_t rows_max) {
    std::int64_t after_ix = 0;
    if (after) after_ix = index_.find(*after).value_or(0);
    std::vector<WomanRow> rows;
    auto run = list_.start();
    run.bind_all(after_ix, rows_max);
    while (run.next()) rows.push_back(read_profile(run));
    return rows;
}

std::uint64_t Women::count() {
    return static_cast<std::uint64_t>(count_.start().single().int64(0));
}

void Women::set(std::int64_t woman_ix, const History& history, sqlite::WriteTransaction&) {
    const auto& who = history.who;
    std::optional<std::string> birth;
    if (who.birth_date) birth = who.birth_date->to_string();
    std::optional<std::string_view> sex;
    if (who.sex) sex = to_string(*who.sex);
    const auto facility =
        history.residences.empty() ? std::string() : history.residences.back().facility;
    upsert_.start()
        .bind_all(woman_ix, shown_name(who), birth, sex, who.area, facility,
                  day_column(history.registered_on), day_column(history.died_on),
                  history.facts.size())
        .finish();
}

void Women::remove(std::int64_t woman_ix, sqlite::WriteTransaction&) {
    delete_.start().bind_all(woman_ix).finish();
}

void Women::clear(sqlite::WriteTransaction&) { delete_all_.start().finish(); }

std::string shown_name(const Demographics& who) {
    const auto official =
        std::find_if(who.names.begin(), who.names.end(),
                     [](const PersonName& name) { return name.use == NameUse::official; });
    if (official != who.names.end()) return official->text;
    return who.names.empty() ? std::string() : who.names.front().text;
}

}  // namespace egret::store
