#include "sync/central/centre.h"

#include "tests/support/temp_dir.h"
#include "tests/sync/central/test_centre.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

namespace egret::central {
namespace {

namespace fs = std::filesystem;

struct CentreFixture {
    tests::TempDir dir;
    SeededRandom random{5};
    std::string folder = dir.file("data");

    Result<Done> create(const NewCentre& centre = {"Xiamen", {"centre.example", "192.0.2.1"}}) {
        return Centre::create(folder, centre, tests::test_start, random);
    }

    Centre open() {
        NoProgress nobody;
        auto opened = Centre::open(folder, nobody);
        REQUIRE(opened);
        return *std::move(opened);
    }

    std::size_t things_there() {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(dir.path()), fs::directory_iterator()));
    }
};

}  // namespace

TEST_SUITE("sync/central/centre") {
    TEST_CASE_FIXTURE(CentreFixture, "what was made is opened with its settings") {
        REQUIRE(create());
        auto centre = open();
        CHECK(centre.name() == "Xiamen");
        CHECK(centre.hosts() == std::vector<std::string>{"centre.example", "192.0.2.1"});
        CHECK(centre.zone().name() == "Asia/Shanghai");
        CHECK(centre.url() == "https://centre.example:8443");
        centre.note_port(9000);
        CHECK(centre.url() == "https://centre.example:9000");
        CHECK(things_there() == 1);
        CHECK(fs::status(folder).permissions() == fs::perms::owner_all);
    }

    TEST_CASE_FIXTURE(CentreFixture, "a centre has a name that can be read") {
        for (const auto* name : {"", "A\nB", "A\u202eB", "A\x07"}) {
            const auto made = create({name, {"centre.example"}});
            CHECK((!made && made.error().field == "NAME"));
        }
        CHECK(things_there() == 0);
    }

    TEST_CASE_FIXTURE(CentreFixture, "an IPv6 address stands in brackets in a URL") {
        REQUIRE(create({"X", {"::1"}}));
        CHECK(open().url() == "https://[::1]:8443");
    }

    TEST_CASE_FIXTURE(CentreFixture, "an empty folder may be used, one with anything in it not") {
        fs::create_directory(folder);
        REQUIRE(create());
        const auto again = create();
        REQUIRE_FALSE(again);
        CHECK(again.error().code == ErrorCode::conflict);
        CHECK(open().name() == "Xiamen");
        CHECK(things_there() == 1);

        folder = dir.file("file");
        std::ofstream(folder) << "something";
        CHECK(create().error().code == ErrorCode::conflict);
        CHECK(fs::file_size(folder) == 9);
    }

    TEST_CASE_FIXTURE(CentreFixture, "what can't be made leaves nothing behind") {
        CHECK(create({"", {"a"}}).error().code == ErrorCode::invalid_input);
        CHECK(create({"A", {}}).error().code == ErrorCode::invalid_input);
        CHECK(create({"A", {"a b"}}).error().code == ErrorCode::invalid_input);
        CHECK(create({"A", {"*.example"}}).error().code == ErrorCode::invalid_input);
        CHECK(create({"A", {"a"}, "Mars/Base"}).error().field.starts_with("time_zone"));
        CHECK(create({std::string(65, 'a'), {"a"}}).error().code == ErrorCode::invalid_input);
        CHECK(things_there() == 0);
    }

    TEST_CASE_FIXTURE(CentreFixture, "where there is no centre, or a part is missing, none opens") {
        NoProgress nobody;
        CHECK(Centre::open(folder, nobody).error().code == ErrorCode::not_found);
        REQUIRE(create());
        fs::remove(folder + "/keys/hpke.key");
        CHECK(Centre::open(folder, nobody).error().code == ErrorCode::not_found);
    }
}

}  // namespace egret::central
