#include "sync/central/clinic_table.h"

#include "registry/base/limits.h"
#include "registry/base/text.h"
#include "registry/crypto/hash.h"
#include "sync/central/detail/plausible_instant.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace egret::central {
namespace {

constexpr std::string_view clinic_columns[] = {"code", "scope", "name", "area", "added_ms"};
constexpr store::GuardedTable clinic_table{"clinic", "code", clinic_columns};
constexpr std::string_view code_columns[] = {"locator",    "secret_hash", "clinic",
                                             "expires_ms", "tries_left",  "used_by"};
constexpr store::GuardedTable code_table{"enrolment_code", "locator", code_columns};

/// The number of the last clinic that was added, in digits.
constexpr std::string_view last_clinic_setting = "clinic.last";
/// Numbers that no clinic has: "5-1004,1010-2009".
constexpr std::string_view skipped_setting = "clinic.skipped";

constexpr auto insert_clinic_sql = R"sql(
    INSERT INTO clinic (code, scope, name, area, added_ms, hash) VALUES (?1, ?2, ?3, ?4, ?5, x'')
)sql";
// The centre's own log is no clinic's.
constexpr auto known_clinics_sql =
    "SELECT DISTINCT clinic FROM device WHERE clinic <> 'CENTRE' ORDER BY clinic";
constexpr auto drop_old_code_sql = R"sql(
    DELETE FROM enrolment_code
     WHERE locator = ?1 AND (used_by IS NOT NULL OR expires_ms <= ?2 OR tries_left <= 0)
)sql";
constexpr auto insert_code_sql = R"sql(
    INSERT INTO enrolment_code (locator, secret_hash, clinic, expires_ms, tries_left, hash)
    VALUES (?1, ?2, ?3, ?4, ?5, x'') ON CONFLICT (locator) DO NOTHING
)sql";
constexpr auto take_try_sql = R"sql(
    UPDATE enrolment_code SET tries_left = tries_left - 1 WHERE locator = ?1
)sql";
constexpr auto open_codes_sql = R"sql(
    SELECT locator FROM enrolment_code
     WHERE clinic = ?1 AND used_by IS NULL AND expires_ms > ?2
)sql";
constexpr auto close_code_sql = "UPDATE enrolment_code SET expires_ms = ?2 WHERE locator = ?1";
constexpr auto drop_code_sql = "DELETE FROM enrolment_code WHERE locator = ?1";
constexpr auto use_code_sql = R"sql(
    UPDATE enrolment_code SET used_by = ?2 WHERE locator = ?1 AND used_by IS NULL
)sql";

std::string select_clinics_sql(const char* which) {
    return "SELECT code, scope, name, area, added_ms, " + store::guard_columns(clinic_table) +
           " FROM clinic " + which;
}

std::string find_code_sql() {
    return "SELECT secret_hash, clinic, expires_ms, tries_left, used_by, " +
           store::guard_columns(code_table) + " FROM enrolment_code WHERE locator = ?1";
}

std::string select_codes_sql() {
    return "SELECT locator, clinic, " + store::guard_columns(code_table) +
           " FROM enrolment_code ORDER BY locator";
}

/// Of a row of select_clinics_sql.
Clinic read_clinic(const sqlite::Statement::Run& row) {
    return {row.text(0),
            static_cast<std::uint64_t>(row.int64(1)),
            row.text(2),
            row.text(3),
            plausible_instant(row.int64(4)),
            !store::is_whole(clinic_table, row, 5)};
}

/// "C001", "C002", …, "C1000": in the order of their numbers as far as anybody looks.
std::string clinic_code(std::uint64_t number) {
    auto digits = std::to_string(number);
    if (digits.size() < 3) digits.insert(0, 3 - digits.size(), '0');
    return "C" + digits;
}

/// Numbers from one to another, both included.
struct Range {
    std::uint64_t first = 1;
    std::uint64_t last = 0;

    bool holds(std::uint64_t number) const noexcept { return number >= first && number <= last; }
};

std::vector<Range> read_ranges(std::string_view text) {
    std::vector<Range> ranges;
    for (const auto part : split(text, ',')) {
        Range range;
        const auto end = part.data() + part.size();
        const auto [middle, is_bad] = std::from_chars(part.data(), end, range.first);
        if (is_bad != std::errc{} || middle == end) continue;
        if (std::from_chars(middle + 1, end, range.last).ec == std::errc{}) ranges.push_back(range);
    }
    return ranges;
}

Error clinic_damaged(std::string_view code) {
    return {ErrorCode::conflict, "",
            msg("central.clinic_damaged", {{"clinic", std::string(code)}})};
}

Error code_refused(Message why) { return {ErrorCode::unauthorized, "code", std::move(why)}; }

}  // namespace

ClinicTable::ClinicTable(sqlite::Database& db)
    : guard_(db, clinic_table),
      code_guard_(db, code_table),
      settings_(db),
      insert_(db, insert_clinic_sql),
      find_(db, select_clinics_sql("WHERE code = ?1")),
      select_(db, select_clinics_sql("ORDER BY scope")),
      known_(db, known_clinics_sql),
      select_codes_(db, select_codes_sql()),
      open_codes_(db, open_codes_sql),
      drop_old_code_(db, drop_old_code_sql),
      drop_code_(db, drop_code_sql),
      insert_code_(db, insert_code_sql),
      find_code_(db, find_code_sql()),
      take_try_(db, take_try_sql),
      use_code_(db, use_code_sql),
      close_code_(db, close_code_sql) {}

Result<Clinic> ClinicTable::add(const NewClinic& clinic, Instant now,
                                sqlite::WriteTransaction& tx) {
    if (const auto codes = damaged(); !codes.empty()) return clinic_damaged(codes.front());
    const auto number = last_number() + 1;
    Clinic added{clinic_code(number), number, clinic.name, clinic.area, now};
    insert_.start().bind_all(added.code, number, added.name, added.area, unix_ms(now)).finish();
    guard_.seal(added.code, tx);
    settings_.save(last_clinic_setting, std::to_string(number), tx);
    return added;
}

Result<Done> ClinicTable::readmit(const std::string& code, std::uint64_t scope, Instant now,
                                  sqlite::WriteTransaction& tx) {
    for (const auto& clinic : all()) {
        const bool is_it = clinic.code == code;
        if (is_it && !clinic.is_damaged && clinic.scope == scope) return Done{};
        if (is_it || clinic.scope == scope) return clinic_damaged(clinic.code);
    }
    if (code != clinic_code(scope)) return clinic_damaged(code);
    insert_.start().bind_all(code, scope, code, "", unix_ms(now)).finish();
    guard_.seal(code, tx);
    return Done{};
}

void ClinicTable::skip(std::uint64_t count, sqlite::WriteTransaction& tx) {
    const auto last = last_number();
    auto skipped = settings_.find(skipped_setting).value_or("");
    if (!skipped.empty()) skipped += ",";
    skipped += std::to_string(last + 1) + "-" + std::to_string(last + count);
    settings_.save(skipped_setting, skipped, tx);
    settings_.save(last_clinic_setting, std::to_string(last + count), tx);
}

Result<Clinic> ClinicTable::find(std::string_view code) {
    {
        auto run = find_.start();
        run.bind_all(code);
        if (run.next()) {
            auto clinic = read_clinic(run);
            if (clinic.is_damaged) return clinic_damaged(code);
            return clinic;
        }
    }
    const auto codes = damaged();
    if (std::find(codes.begin(), codes.end(), code) != codes.end()) return clinic_damaged(code);
    return Error{ErrorCode::not_found, "CODE", msg("central.no_clinic")};
}

std::vector<std::string> ClinicTable::damaged() {
    std::set<std::string> there;
    std::set<std::string> found;
    for (const auto& clinic : all()) {
        there.insert(clinic.code);
        if (clinic.is_damaged) found.insert(clinic.code);
    }
    const auto require = [&](const std::string& code) {
        if (!there.contains(code)) found.insert(code);
    };
    const auto last = last_number();
    const auto skipped = read_ranges(settings_.find(skipped_setting).value_or(""));
    for (std::uint64_t number = 1; number <= last; ++number) {
        const bool is_skipped =
            std::any_of(skipped.begin(), skipped.end(),
                        [&](const Range& range) { return range.holds(number); });
        if (!is_skipped) require(clinic_code(number));
    }
    {
        auto row = known_.start();
        while (row.next()) require(row.text(0));
    }
    auto row = select_codes_.start();
    while (row.next()) {
        if (store::is_whole(code_table, row, 2)) require(row.text(1));
    }
    return {found.begin(), found.end()};
}

std::uint64_t ClinicTable::last_number() {
    std::uint64_t last = 0;
    const auto noted = settings_.find(last_clinic_setting).value_or("");
    std::from_chars(noted.data(), noted.data() + noted.size(), last);
    for (const auto& clinic : all()) {
        if (!clinic.is_damaged) last = std::max(last, clinic.scope);
    }
    return last;
}

std::vector<Clinic> ClinicTable::all() {
    std::vector<Clinic> found;
    auto run = select_.start();
    while (run.next()) found.push_back(read_clinic(run));
    return found;
}

std::vector<std::string> ClinicTable::damaged_codes() {
    std::vector<std::string> locators;
    auto row = select_codes_.start();
    while (row.next()) {
        if (!store::is_whole(code_table, row, 2)) locators.push_back(row.text(0));
    }
    return locators;
}

bool ClinicTable::has_damaged_codes() { return !damaged_codes().empty(); }

Result<Done> ClinicTable::save_code(const StoredCode& code, Instant now,
                                    sqlite::WriteTransaction& tx) {
    for (const auto& locator : damaged_codes()) drop_code_.start().bind_all(locator).finish();
    drop_old_code_.start().bind_all(code.locator, unix_ms(now)).finish();
    insert_code_.start()
        .bind_all(code.locator, code.secret_hash, code.clinic, unix_ms(code.expires),
                  limits::enrolment_tries_max)
        .finish();
    if (tx.database().changes() == 0)
        return Error{ErrorCode::conflict, "code", msg("enrol.code_in_use")};
    code_guard_.seal(code.locator, tx);
    return Done{};
}

Result<Clinic> ClinicTable::check_code(std::string_view locator, const Hash& secret_hash,
                                       Instant now, sqlite::WriteTransaction& tx) {
    std::string clinic;
    {
        auto run = find_code_.start();
        run.bind_all(locator);
        if (!run.next() || !store::is_whole(code_table, run, 5))
            return code_refused(msg("enrol.code_wrong"));
        if (!run.is_null(4)) return code_refused(msg("enrol.code_used"));
        if (run.int64(2) <= unix_ms(now)) return code_refused(msg("enrol.code_expired"));
        if (run.int64(3) <= 0) return code_refused(msg("enrol.code_locked"));
        if (crypto::equal_constant_time(run.blob_view(0), secret_hash)) clinic = run.text(1);
    }
    if (clinic.empty()) {
        take_try_.start().bind_all(locator).finish();
        code_guard_.seal(locator, tx);
        return code_refused(msg("enrol.code_wrong"));
    }
    auto found = find(clinic);
    if (!found) return code_refused(msg("enrol.code_wrong"));
    return found;
}

std::optional<DeviceId> ClinicTable::find_user_of_code(std::string_view locator,
                                                       const Hash& secret_hash) {
    auto run = find_code_.start();
    run.bind_all(locator);
    if (!run.next() || run.is_null(4) || !store::is_whole(code_table, run, 5) ||
        !crypto::equal_constant_time(run.blob_view(0), secret_hash))
        return std::nullopt;
    return DeviceId::from_bytes(run.blob_view(4));
}

void ClinicTable::close_codes(std::string_view clinic, Instant now, sqlite::WriteTransaction& tx) {
    std::vector<std::string> locators;
    {
        auto run = open_codes_.start();
        run.bind_all(clinic, unix_ms(now));
        while (run.next()) locators.push_back(run.text(0));
    }
    for (const auto& locator : locators) {
        if (!code_guard_.is_whole(locator)) continue;
        close_code_.start().bind_all(locator, unix_ms(now)).finish();
        code_guard_.seal(locator, tx);
    }
}

bool ClinicTable::use_code(std::string_view locator, const DeviceId& by,
                           sqlite::WriteTransaction& tx) {
    if (!code_guard_.is_whole(locator)) return false;
    use_code_.start().bind_all(locator, by).finish();
    if (tx.database().changes() != 1) return false;
    code_guard_.seal(locator, tx);
    return true;
}

}  // namespace egret::central
