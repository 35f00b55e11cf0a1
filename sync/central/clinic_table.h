#pragma once

#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "registry/store/row_guard.h"
#include "registry/store/settings.h"
#include "sync/central/store.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace egret::central {

/// The clinics of the programme, and the codes that let their machines in. No log tells of either,
/// so each row is guarded (registry/store/row_guard.h).
///
/// Belongs to the thread of its Database, which outlives it.
class ClinicTable {
public:
    explicit ClinicTable(sqlite::Database& db);

    /// Errors: conflict, if there are any damaged().
    Result<Clinic> add(const NewClinic& clinic, Instant now, sqlite::WriteTransaction& tx);
    /// The next so many codes and scopes are given to nobody.
    void skip(std::uint64_t count, sqlite::WriteTransaction& tx);
    /// One that a restored centre has lost, under its code and scope; its name is its code, and its
    /// area isn't known. Nothing, if it is there.
    /// Errors: conflict, if that code or scope is another clinic's, or the row is damaged.
    Result<Done> readmit(const std::string& code, std::uint64_t scope, Instant now,
                         sqlite::WriteTransaction& tx);
    /// Errors: not_found; conflict, if it is one of damaged().
    Result<Clinic> find(std::string_view code);
    std::vector<Clinic> all();
    /// The codes of the clinics that are not as they were noted, and of those that are gone though
    /// a machine, a code or the count of numbers given tells that they were there.
    std::vector<std::string> damaged();

    /// Codes that are not as they were noted are dropped.
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

    /// True if a code is not as it was noted.
    bool has_damaged_codes();

private:
    std::vector<std::string> damaged_codes();

    std::uint64_t last_number();

    store::RowGuard guard_;
    store::RowGuard code_guard_;
    store::Settings settings_;
    sqlite::Statement insert_;
    sqlite::Statement find_;
    sqlite::Statement select_;
    sqlite::Statement known_;
    sqlite::Statement select_codes_;
    sqlite::Statement open_codes_;
    sqlite::Statement drop_old_code_;
    sqlite::Statement drop_code_;
    sqlite::Statement insert_code_;
    sqlite::Statement find_code_;
    sqlite::Statement take_try_;
    sqlite::Statement use_code_;
    sqlite::Statement close_code_;
};

}  // namespace egret::central
