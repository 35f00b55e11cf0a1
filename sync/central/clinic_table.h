#pragma once

#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "sync/central/store.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace egret::central {

/// The clinics of the programme, and the codes that let their machines in. A clinic is kept with
/// SHA-256("egret-clinic-v1" ‖ 0 ‖ code ‖ 0 ‖ scope ‖ 0 ‖ name ‖ 0 ‖ area ‖ 0 ‖ added), numbers as
/// digits, so that damage to it is seen: no log tells of it.
///
/// Belongs to the thread of its Database, which outlives it.
class ClinicTable {
public:
    explicit ClinicTable(sqlite::Database& db);

    Clinic add(const NewClinic& clinic, Instant now, sqlite::WriteTransaction& tx);
    std::optional<Clinic> find(std::string_view code);
    std::vector<Clinic> all();

    /// Errors: conflict, if a code that can still be used has that locator.
    Result<Done> save_code(const StoredCode& code, Instant now, sqlite::WriteTransaction& tx);
    /// The code's clinic. A wrong secret takes one of its tries, so commit in either case.
    /// Errors: unauthorized.
    Result<Clinic> check_code(std::string_view locator, const Hash& secret_hash, Instant now,
                              sqlite::WriteTransaction& tx);
    std::optional<DeviceId> find_user_of_code(std::string_view locator, const Hash& secret_hash);
    /// Lets nobody in any more with a code of that clinic.
    void close_codes(std::string_view clinic, Instant now, sqlite::WriteTransaction& tx);
    /// False if it was used before, or isn't there.
    bool use_code(std::string_view locator, const DeviceId& by, sqlite::WriteTransaction& tx);

private:
    sqlite::Statement insert_;
    sqlite::Statement find_;
    sqlite::Statement select_;
    sqlite::Statement last_scope_;
    sqlite::Statement drop_old_code_;
    sqlite::Statement insert_code_;
    sqlite::Statement find_code_;
    sqlite::Statement take_try_;
    sqlite::Statement find_user_;
    sqlite::Statement use_code_;
    sqlite::Statement close_codes_;
};

/// The codes of the clinics of which something else is noted than what was, in order.
std::vector<std::string> find_damaged_clinics(sqlite::Database& db);

}  // namespace egret::central
