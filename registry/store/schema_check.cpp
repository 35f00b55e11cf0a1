#include "registry/store/schema_check.h"

#include "registry/base/ensure.h"
#include "registry/sqlite/statement.h"
#include "registry/store/migrator.h"

#include <algorithm>
#include <string>
#include <vector>

namespace egret::store {
namespace {

// quote() because a damaged row may hold any type. An index that belongs to a constraint has no
// SQL of its own.
constexpr auto objects_sql = R"sql(
    SELECT quote(type) || ' ' || quote(name) || ' ' || quote(tbl_name) || ' ' || quote(sql)
      FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' OR name IS NULL ORDER BY 1
)sql";
constexpr auto shared_roots_sql = R"sql(
    SELECT count(*) - count(DISTINCT rootpage) FROM sqlite_schema WHERE type IN ('table', 'index')
)sql";

std::vector<std::string> objects_of(sqlite::Database& db) {
    std::vector<std::string> objects;
    sqlite::Statement select(db, objects_sql);
    auto run = select.start();
    while (run.next()) objects.push_back(run.text(0));
    std::sort(objects.begin(), objects.end());
    return objects;
}

std::vector<std::string> objects_made_by(std::span<const EmbeddedFile> migrations) {
    sqlite::OpenOptions options;
    options.path = ":memory:";
    sqlite::Database fresh(options);
    const auto migrated = migrate(fresh, migrations);
    EGRET_ENSURE(bool(migrated));
    return objects_of(fresh);
}

}  // namespace

SchemaMatch match_schema(sqlite::Database& db, std::span<const EmbeddedFile> migrations) {
    sqlite::Statement shared_roots(db, shared_roots_sql);
    if (shared_roots.start().single().int64(0) != 0) return SchemaMatch::another;
    const auto found = objects_of(db);
    const auto made = objects_made_by(migrations);
    if (found == made) return SchemaMatch::same;
    const bool has_all = std::includes(found.begin(), found.end(), made.begin(), made.end());
    return has_all ? SchemaMatch::more : SchemaMatch::another;
}

}  // namespace egret::store
