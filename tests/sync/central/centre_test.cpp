#include "sync/central/centre.h"

#include "sync/core/key_bundle.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/central/found_centre.h"
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

    Result<keys::DataKey> create(const NewCentre& centre = {"Xiamen",
                                                            {"centre.example", "192.0.2.1"}}) {
        return tests::found_centre(folder, centre, tests::test_start, random);
    }

    Centre open() {
        auto opened = tests::open_centre(folder);
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
        CHECK(Centre::find_key_file(folder).error().code == ErrorCode::not_found);
        REQUIRE(create());
        const auto key = tests::key_of_centre(folder);
        NoProgress nobody;
        CHECK(Centre::open(folder, keys::DataKey(key.view()), nobody));
        fs::rename(folder + "/keys/ring.key", dir.file("away"));
        const auto opened = Centre::open(folder, keys::DataKey(key.view()), nobody);
        CHECK(opened.error().code == ErrorCode::not_found);
        fs::rename(dir.file("away"), folder + "/keys/ring.key");
        fs::remove(folder + "/centre.keys");
        const auto gone = Centre::find_key_file(folder);
        REQUIRE_FALSE(gone);
        CHECK(gone.error().message.id == "centre_keys.absent");
        fs::remove(folder + "/centre.db");
        CHECK(Centre::find_key_file(folder).error().message.id == "central.no_data");
    }

    TEST_CASE_FIXTURE(CentreFixture, "nothing that a centre keeps stands there in the clear") {
        constexpr const char* canaries[] = {"莲前社区卫生服务中心", "350203", "王小丽丽",
                                            "CREATE TABLE", "SQLite format"};
        REQUIRE(create());
        tests::move_root_to(dir.file("safe"), folder);
        std::vector<std::string> secrets(std::begin(canaries), std::end(canaries));
        {
            auto centre = open();
            const auto& keys = centre.keys();
            const auto add = [&](ByteView secret) {
                secrets.emplace_back(text_of(secret));
                secrets.push_back(to_hex(secret));
            };
            for (const auto& slot : keys.ring().seal_keys) add(slot.key->private_key());
            add(keys.receipt().seed());
            add(keys.code_key());
            add(centre.key().view());
            for (const auto& pem : {keys.tls_key_pem(), keys.authority().key_pem})
                secrets.push_back(pem.substr(40, 40));
            auto& store = centre.store();
            const ManualClock clock(tests::test_start);
            tests::TestDevice device(random, clock, keys.seal_key());
            REQUIRE(store.add_clinic({"莲前社区卫生服务中心", "350203"}, clock.now()));
            REQUIRE(store.save_code({"0000", Hash{}, "C001", clock.now() + std::chrono::hours{1}},
                                    clock.now()));
            REQUIRE(store.enrol("0000", device.enrolled_at("C001")));
            Register registration;
            registration.who.names.push_back({NameUse::official, "王小丽丽", {}});
            registration.who.area = "350203";
            Fact fact;
            fact.at.date = Date::from_ymd(2026, 1, 5);
            fact.detail = registration;
            device.record(fact, make_random_id<WomanTag>(random));
            Ingester ingester(store, keys, centre.zone(), clock);
            REQUIRE(ingester.ingest(device.envelope(1, 1), {}));
            // While it is open, and its newest pages lie in the log beside it.
            CHECK(fs::file_size(folder + "/centre.db-wal") > 4096);
            tests::expect_nowhere(secrets, folder);
            NoProgress nobody;
            CHECK(store.verify(folder + "/check.db", Date::from_ymd(2026, 3, 4), nobody).empty());
        }
        tests::expect_nowhere(secrets, folder);
        // They would be found: the program reads them.
        CHECK(open().store().clinics().front().name == canaries[0]);
    }

    TEST_CASE_FIXTURE(CentreFixture, "the root's keys go where they are asked for, or nowhere") {
        const auto safe = dir.file("safe");
        const NewCentre asked{"Xiamen", {"centre.example"}};
        const auto found = [&](const std::string& root_folder, const NewCentre& centre) {
            return tests::found_centre(folder, centre, tests::test_start, random, nullptr,
                                       root_folder);
        };
        CHECK(found(safe, asked).error().message.id == "central.root_no_folder");
        fs::create_directory(safe);
        fs::create_directory(folder);
        CHECK(found(folder, asked).error().message.id == "central.root_in_folder");
        fs::create_directory_symlink(folder, dir.file("link"));
        CHECK(found(dir.file("link"), asked).error().message.id == "central.root_in_folder");
        fs::remove(dir.file("link"));
        // What fails behind it leaves nothing on the stick.
        CHECK(found(safe, {"Xiamen", {"*"}}).error().code == ErrorCode::invalid_input);
        CHECK(fs::is_empty(safe));

        REQUIRE(found(safe, asked));
        CHECK(fs::exists(safe + "/root.key"));
        CHECK_FALSE(fs::exists(folder + "/keys/root.key"));
        CHECK_FALSE(fs::exists(folder + "/keys/recovery.key"));
        const auto recovery = CentreKeys::load_recovery(safe);
        REQUIRE(recovery);
        const auto bundle = sync::open_bundle(open().keys().bundle(), open().keys().root());
        CHECK(recovery->public_key() == bundle->recovery_key);
        CHECK(CentreKeys::check(folder + "/keys", tests::key_of_centre(folder)).empty());
        folder = dir.file("second");
        CHECK(found(safe, asked).error().message.id == "central.root_there");
        CHECK_FALSE(fs::exists(folder));
    }

    TEST_CASE_FIXTURE(CentreFixture, "a centre of before, in the clear, is told from a lost key") {
        fs::create_directory(folder);
        (void)SqliteStore::create(folder + "/centre.db");
        const auto plain = Centre::find_key_file(folder);
        REQUIRE_FALSE(plain);
        CHECK(plain.error().code == ErrorCode::unsupported);
        CHECK(plain.error().message.id == "central.plain_centre");
    }

    TEST_CASE_FIXTURE(CentreFixture, "another centre's keys open nothing of this one") {
        REQUIRE(create());
        const auto own = folder;
        folder = dir.file("other");
        REQUIRE(create());
        NoProgress nobody;
        const auto opened = Centre::open(own, tests::key_of_centre(folder), nobody);
        REQUIRE_FALSE(opened);
        CHECK(opened.error().message.id == "central.bad_key_file");
        fs::copy(folder + "/keys", own + "/keys",
                 fs::copy_options::recursive | fs::copy_options::overwrite_existing);
        const auto file = Centre::open(own, tests::key_of_centre(folder), nobody);
        REQUIRE_FALSE(file);
        CHECK(file.error().message.id == "store.wrong_centre_file");
    }
}

}  // namespace egret::central
