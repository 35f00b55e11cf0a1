#include "registry/store/user_table.h"

#include "tests/support/registry_file.h"
#include "tests/support/sqlite_file.h"

#include <doctest/doctest.h>

namespace egret::store {
namespace {

TEST_SUITE("registry/store/user_table") {
    TEST_CASE("a user is as she was saved, or nobody") {
        const auto db = tests::registry_in_memory();
        UserTable users(*db);
        UserRow nurse{{{1, 2, 3}}, "陈护士", "nurse"};
        UserRow lead{{{9}}, "林主任", "lead"};
        const auto save = [&](const UserRow& row) {
            sqlite::WriteTransaction tx(*db);
            users.save(row, tx);
            tx.commit();
        };
        CHECK(users.all().empty());
        save(nurse);
        save(lead);
        CHECK(users.all() == std::vector{nurse, lead});
        nurse.role = "gone";
        save(nurse);
        CHECK(users.find(nurse.id) == nurse);
        CHECK_FALSE(users.find({}));
        CHECK_FALSE(users.has_damage());

        for (const auto* change : {"name = '陈护'", "role = 'lead'", "hash = zeroblob(32)"}) {
            CAPTURE(change);
            const auto sql = "UPDATE user SET " + std::string(change) + " WHERE role = 'gone'";
            db->execute(sql.c_str());
            CHECK(users.has_damage());
            CHECK_FALSE(users.find(nurse.id));
            CHECK(users.all() == std::vector{lead});
            save(nurse);
            CHECK_FALSE(users.has_damage());
        }
        sqlite::WriteTransaction tx(*db);
        users.remove(nurse.id, tx);
        tx.commit();
        CHECK(users.all() == std::vector{lead});
    }
}

}  // namespace
}  // namespace egret::store
