#pragma once

#include "registry/base/clock.h"
#include "registry/base/ids.h"
#include "registry/domain/codes.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "registry/store/row_guard.h"
#include "registry/store/settings.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace egret {

namespace central {

/// What somebody does at the centre.
enum class CentreRole : std::uint8_t {
    officer,  // Links, voids, corrects, transfers, erases, and rules on what has no effect.
    manager,  // Reads figures.
    auditor,  // Reads who did what.
};

}  // namespace central

template <>
struct CodeList<central::CentreRole> {
    static constexpr std::string_view name = "centre_role";
    static constexpr auto entries = std::to_array<CodeEntry<central::CentreRole>>({
        {central::CentreRole::officer, "officer"},
        {central::CentreRole::manager, "manager"},
        {central::CentreRole::auditor, "auditor"},
    });
};

}  // namespace egret

namespace egret::central {

/// Somebody who works at the centre, or did.
struct CentreUser {
    std::int64_t number = 0;
    UserId id;
    std::string name;
    std::string role;  // CentreRole's word.
    Instant added;
    std::optional<Instant> removed{};
    bool is_damaged = false;  // Not as it was noted: to be shown, and for nothing else.

    bool is_here() const { return !removed && !is_damaged; }

    bool is_officer() const { return is_here() && role == to_string(CentreRole::officer); }
};

/// Who works at the centre. Of that no log tells, so each row is guarded (row_guard.h), and how
/// many there are is a setting.
///
/// Belongs to the thread of its Database, which outlives it.
class CentreUserTable {
public:
    explicit CentreUserTable(sqlite::Database& db);

    /// Gives her the next number.
    CentreUser add(CentreUser user, sqlite::WriteTransaction& tx);
    /// Who has that name now.
    std::optional<CentreUser> find(std::string_view name);
    void remove(std::int64_t number, Instant at, sqlite::WriteTransaction& tx);
    /// By number, also those who are gone.
    std::vector<CentreUser> all();

private:
    store::RowGuard guard_;
    store::Settings settings_;
    sqlite::Statement insert_;
    sqlite::Statement select_;
    sqlite::Statement remove_;
};

/// True if a row is not as it was noted, or is gone.
bool has_damaged_centre_users(sqlite::Database& db);

}  // namespace egret::central
