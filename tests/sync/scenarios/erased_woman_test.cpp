// A woman asks to be erased, and two clinics had her.

#include "registry/sqlite/backup.h"
#include "sync/central/centre_device.h"
#include "sync/central/desk.h"
#include "tests/sync/scenarios/two_clinics.h"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

namespace egret {
namespace {

using tests::fact;

struct ErasedFixture : tests::TwoClinicsFixture {
    static constexpr auto canary = "欧阳紫檀";

    ErasedFixture() { REQUIRE(desk().add_user("Chen", central::CentreRole::officer)); }

    central::CentreDesk desk() {
        const auto device = central::load_centre_device(*centre.store, *centre.keys);
        return {*centre.store, device, centre.zone, centre.clock, centre.random};
    }

    void erase(const WomanId& woman) {
        REQUIRE(desk().erase("Chen", woman, false, "she asked for it"));
    }

    /// Every page of the registry as it is when it is opened, those that are free among them.
    bool is_in_pages_of(tests::Machine& at) {
        const auto copy = dir.file("plain-" + std::to_string(copies_++));
        REQUIRE(sqlite::backup_to(at.open().database(), copy, ""));
        std::ifstream file(copy, std::ios::binary);
        const std::string content{std::istreambuf_iterator<char>(file), {}};
        CHECK(content.size() > 4096);
        return content.find(canary) != std::string::npos;
    }

    std::size_t open_erasures() { return centre.store->open_erasures().size(); }

private:
    int copies_ = 0;
};

}  // namespace

TEST_SUITE("sync/scenarios/erased_woman") {
    TEST_CASE_FIXTURE(ErasedFixture, "she is gone from every clinic that had her, which says so") {
        const auto woman = refer(canary);
        const auto other_woman = refer("王小丽");
        whole_sync(machine);
        whole_sync(other);
        REQUIRE(is_in_pages_of(machine));
        REQUIRE(is_in_pages_of(other));
        CHECK(machine.open().load_history(woman));
        erase(woman);
        CHECK(open_erasures() == 1);
        for (auto* at : {&machine, &other}) {
            whole_sync(*at);
            CHECK_FALSE(is_in_pages_of(*at));
            CHECK_FALSE(at->open().load_history(woman));
            CHECK(at->open().load_history(other_woman));
            CHECK(at->open().no_woman(woman, "").message.id == std::string_view("woman.erased"));
            CHECK(at->open().check(quiet).empty());
        }
        CHECK(open_erasures() == 0);  // The same sync handed the confirmations over.
        CHECK(centre.store->verify(centre.folder.file("copy"), *Date::parse("2026-05-01"), quiet)
                  .empty());
    }

    TEST_CASE_FIXTURE(ErasedFixture, "what was recorded of her meanwhile never stays anywhere") {
        const auto woman = refer(canary);
        whole_sync(machine);
        whole_sync(other);
        erase(woman);
        // The second clinic doesn't know of it yet.
        other.record_of(woman, fact("2026-05-01", Visit{}));
        whole_sync(other);
        whole_sync(other);
        CHECK_FALSE(is_in_pages_of(other));
        CHECK(centre.count("SELECT count(*) FROM payload p JOIN event e USING (position) "
                           "JOIN erased_woman x ON x.woman_ix = e.woman_ix WHERE e.type <> 100") ==
              0);
        CHECK(other.open().check(quiet).empty());
        const auto caller = nurse_of(other);
        const auto refused =
            service::Recorder(other.open()).record(caller, woman, fact("2026-05-01", Visit{}));
        CHECK_FALSE(refused);
    }

    TEST_CASE_FIXTURE(ErasedFixture, "what waited to be sent goes up without what it says") {
        const auto woman = refer(canary);
        whole_sync(machine);
        machine.record_of(woman, fact("2026-05-01", Visit{}));
        machine.close();
        erase(woman);
        whole_sync(machine);
        CHECK_FALSE(is_in_pages_of(machine));
        CHECK(open_erasures() == 1);  // The second clinic was to be told of her.
        whole_sync(other);
        CHECK(open_erasures() == 0);
        CHECK(machine.open().check(quiet).empty());
    }

    TEST_CASE_FIXTURE(ErasedFixture, "a clinic that is restored from before erases her again") {
        const auto woman = refer(canary);
        whole_sync(machine);
        whole_sync(other);
        const auto kept = dir.file("kept");
        other.copy_to(kept);
        erase(woman);
        whole_sync(other);
        REQUIRE_FALSE(is_in_pages_of(other));
        other.put_back_folder(kept);
        REQUIRE(is_in_pages_of(other));
        (void)other.sync();
        whole_sync(other);
        CHECK_FALSE(is_in_pages_of(other));
        CHECK_FALSE(other.open().load_history(woman));
        CHECK(other.open().check(quiet).empty());
    }
}

}  // namespace egret
