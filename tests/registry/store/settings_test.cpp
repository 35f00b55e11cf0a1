#include "registry/store/settings.h"

#include "tests/support/registry_file.h"

#include <doctest/doctest.h>

namespace egret::store {
namespace {

struct SettingsFixture {
    std::unique_ptr<sqlite::Database> db = tests::registry_in_memory();
    Settings settings{*db};

    template <class Write>
    void write(Write write) {
        sqlite::WriteTransaction tx(*db);
        write(tx);
        tx.commit();
    }
};

TEST_SUITE("registry/store/settings") {
    TEST_CASE_FIXTURE(SettingsFixture, "a new registry is nobody's yet") {
        CHECK_FALSE(settings.find_clinic().has_value());
        CHECK_FALSE(settings.find_centre_url().has_value());
        CHECK(settings.clock() == Hlc{});
        CHECK_FALSE(settings.find("anything").has_value());
    }

    TEST_CASE_FIXTURE(SettingsFixture, "what was saved is found, what was saved later instead") {
        ClinicIdentity clinic{"C1", "思明社区", "350203", tests::device(7), "Asia/Urumqi"};
        write([&](auto& tx) { settings.save_clinic(clinic, tx); });
        CHECK(settings.find_clinic() == clinic);
        clinic.name = "Siming";
        clinic.device = tests::device(8);
        write([&](auto& tx) { settings.save_clinic(clinic, tx); });
        CHECK(settings.find_clinic() == clinic);
        write([&](auto& tx) { settings.save_centre_url("https://centre", tx); });
        CHECK(settings.find_centre_url() == "https://centre");
        write([&](auto& tx) { settings.save("a", "1", tx); });
        CHECK(settings.find("a") == "1");
        write([&](auto& tx) { settings.remove("a", tx); });
        CHECK_FALSE(settings.find("a").has_value());
    }

    TEST_CASE_FIXTURE(SettingsFixture, "what is not as it was saved is named, and not found") {
        write([&](auto& tx) { settings.save("a", "1", tx); });
        write([&](auto& tx) { settings.save("b", "2", tx); });
        CHECK(settings.damaged().empty());
        for (const auto* change :
             {"value = '3'", "value = ''", "hash = zeroblob(32)", "hash = x''", "name = 'c'"}) {
            CAPTURE(change);
            db->execute("SAVEPOINT whole");
            const auto sql = "UPDATE setting SET " + std::string(change) + " WHERE name = 'a'";
            db->execute(sql.c_str());
            CHECK(settings.damaged().size() == 1);
            CHECK_FALSE(settings.find(settings.damaged().front()).has_value());
            CHECK(settings.find("b") == "2");
            db->execute("ROLLBACK TO whole; RELEASE whole");
        }
        CHECK(settings.find("a") == "1");
    }

    TEST_CASE_FIXTURE(SettingsFixture, "the clock keeps all 64 bits") {
        write([&](auto& tx) { settings.save_clock(Hlc{UINT64_MAX}, tx); });
        CHECK(settings.clock() == Hlc{UINT64_MAX});
    }
}

}  // namespace
}  // namespace egret::store
