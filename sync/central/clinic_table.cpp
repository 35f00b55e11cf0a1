#include "sync/central/clinic_table.h"

#include "registry/base/limits.h"
#include "registry/crypto/hash.h"

#include <algorithm>

namespace egret::central {
namespace {

constexpr auto insert_clinic_sql = R"sql(
    INSERT INTO clinic (code, scope, name, area, added_ms, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
)sql";
constexpr auto find_clinic_sql = R"sql(
    SELECT code, scope, name, area, added_ms FROM clinic WHERE code = ?1
)sql";
constexpr auto select_clinics_sql = R"sql(
    SELECT code, scope, name, area, added_ms FROM clinic ORDER BY scope
)sql";
constexpr auto select_hashed_clinics_sql = R"sql(
    SELECT code, scope, name, area, added_ms, hash FROM clinic ORDER BY code
)sql";
constexpr auto drop_old_code_sql = R"sql(
    DELETE FROM enrolment_code
     WHERE locator = ?1 AND (used_by IS NOT NULL OR expires_ms <= ?2 OR tries_left <= 0)
)sql";
constexpr auto insert_code_sql = R"sql(
    INSERT INTO enrolment_code (locator, secret_hash, clinic, expires_ms, tries_left)
    VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (locator) DO NOTHING
)sql";
constexpr auto find_code_sql = R"sql(
    SELECT secret_hash, clinic, expires_ms, tries_left, used_by IS NOT NULL
      FROM enrolment_code WHERE locator = ?1
)sql";
constexpr auto take_try_sql = R"sql(
    UPDATE enrolment_code SET tries_left = tries_left - 1 WHERE locator = ?1
)sql";
constexpr auto find_user_sql = R"sql(
    SELECT secret_hash, used_by FROM enrolment_code WHERE locator = ?1 AND used_by IS NOT NULL
)sql";
constexpr auto close_codes_sql = R"sql(
    UPDATE enrolment_code SET expires_ms = ?2
     WHERE clinic = ?1 AND used_by IS NULL AND expires_ms > ?2
)sql";
constexpr auto use_code_sql = R"sql(
    UPDATE enrolment_code SET used_by = ?2 WHERE locator = ?1 AND used_by IS NULL
)sql";

Clinic read_clinic(const sqlite::Statement::Run& row) {
    return {row.text(0), static_cast<std::uint64_t>(row.int64(1)), row.text(2), row.text(3),
            instant_from_unix_ms(row.int64(4))};
}

Hash hash_clinic(const Clinic& clinic) {
    crypto::Sha256 hash;
    hash.update(bytes_of("egret-clinic-v1"));
    for (const auto& part : {clinic.code, std::to_string(clinic.scope), clinic.name, clinic.area,
                             std::to_string(unix_ms(clinic.added))})
        hash.update(Bytes{0}).update(bytes_of(part));
    return hash.finish();
}

/// "C001", "C002", …, "C1000": in the order of their numbers as far as anybody looks.
std::string clinic_code(std::int64_t number) {
    auto digits = std::to_string(number);
    if (digits.size() < 3) digits.insert(0, 3 - digits.size(), '0');
    return "C" + digits;
}

Error code_refused(Message why) { return {ErrorCode::unauthorized, "code", std::move(why)}; }

}  // namespace

ClinicTable::ClinicTable(sqlite::Database& db)
    : insert_(db, insert_clinic_sql),
      find_(db, find_clinic_sql),
      select_(db, select_clinics_sql),
      last_scope_(db, "SELECT coalesce(max(scope), 0) FROM clinic"),
      drop_old_code_(db, drop_old_code_sql),
      insert_code_(db, insert_code_sql),
      find_code_(db, find_code_sql),
      take_try_(db, take_try_sql),
      find_user_(db, find_user_sql),
      use_code_(db, use_code_sql),
      close_codes_(db, close_codes_sql) {}

Clinic ClinicTable::add(const NewClinic& clinic, Instant now, sqlite::WriteTransaction&) {
    const auto number = last_scope_.start().single().int64(0) + 1;
    Clinic added{clinic_code(number), static_cast<std::uint64_t>(number), clinic.name, clinic.area,
                 now};
    insert_.start()
        .bind_all(added.code, number, added.name, added.area, unix_ms(now), hash_clinic(added))
        .finish();
    return added;
}

std::optional<Clinic> ClinicTable::find(std::string_view code) {
    auto run = find_.start();
    run.bind_all(code);
    if (!run.next()) return std::nullopt;
    return read_clinic(run);
}

std::vector<Clinic> ClinicTable::all() {
    std::vector<Clinic> found;
    auto run = select_.start();
    while (run.next()) found.push_back(read_clinic(run));
    return found;
}

Result<Done> ClinicTable::save_code(const StoredCode& code, Instant now,
                                    sqlite::WriteTransaction& tx) {
    drop_old_code_.start().bind_all(code.locator, unix_ms(now)).finish();
    insert_code_.start()
        .bind_all(code.locator, code.secret_hash, code.clinic, unix_ms(code.expires),
                  limits::enrolment_tries_max)
        .finish();
    if (tx.database().changes() == 0)
        return Error{ErrorCode::conflict, "code", msg("enrol.code_in_use")};
    return Done{};
}

Result<Clinic> ClinicTable::check_code(std::string_view locator, const Hash& secret_hash,
                                       Instant now, sqlite::WriteTransaction&) {
    std::string clinic;
    {
        auto run = find_code_.start();
        run.bind_all(locator);
        if (!run.next()) return code_refused(msg("enrol.code_wrong"));
        if (run.int64(4) != 0) return code_refused(msg("enrol.code_used"));
        if (run.int64(2) <= unix_ms(now)) return code_refused(msg("enrol.code_expired"));
        if (run.int64(3) <= 0) return code_refused(msg("enrol.code_locked"));
        if (crypto::equal_constant_time(run.blob_view(0), secret_hash)) clinic = run.text(1);
    }
    if (clinic.empty()) {
        take_try_.start().bind_all(locator).finish();
        return code_refused(msg("enrol.code_wrong"));
    }
    auto found = find(clinic);
    if (!found) return code_refused(msg("enrol.code_wrong"));
    return *std::move(found);
}

std::optional<DeviceId> ClinicTable::find_user_of_code(std::string_view locator,
                                                       const Hash& secret_hash) {
    auto run = find_user_.start();
    run.bind_all(locator);
    if (!run.next() || !crypto::equal_constant_time(run.blob_view(0), secret_hash))
        return std::nullopt;
    return DeviceId::from_bytes(run.blob_view(1));
}

void ClinicTable::close_codes(std::string_view clinic, Instant now, sqlite::WriteTransaction&) {
    close_codes_.start().bind_all(clinic, unix_ms(now)).finish();
}

bool ClinicTable::use_code(std::string_view locator, const DeviceId& by,
                           sqlite::WriteTransaction& tx) {
    use_code_.start().bind_all(locator, by).finish();
    return tx.database().changes() == 1;
}

std::vector<std::string> find_damaged_clinics(sqlite::Database& db) {
    std::vector<std::string> damaged;
    sqlite::Statement select(db, select_hashed_clinics_sql);
    auto row = select.start();
    while (row.next()) {
        const auto clinic = read_clinic(row);
        if (!std::ranges::equal(hash_clinic(clinic), row.blob_view(5)))
            damaged.push_back(clinic.code);
    }
    return damaged;
}

}  // namespace egret::central
