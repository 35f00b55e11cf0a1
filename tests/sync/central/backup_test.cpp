#include "sync/central/backup.h"

#include "sync/central/centre_device.h"
#include "sync/central/desk.h"
#include "sync/central/enrolment_service.h"
#include "sync/core/enrolment_code.h"
#include "tests/support/sqlite_file.h"
#include "tests/sync/central/found_centre.h"
#include "tests/sync/central/test_centre.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <memory>
#include <optional>

namespace egret::central {
namespace {

namespace fs = std::filesystem;

BackupPlace place_of(const std::string& path) { return {path, keys_beside(path)}; }

/// A centre in a folder of its own with one clinic, and what is backed up of it.
struct BackupFixture {
    tests::TempDir dir;
    SeededRandom random{17};
    ManualClock clock{tests::test_start};
    std::string folder = dir.file("centre");
    std::string file = dir.file("backup");
    std::unique_ptr<Centre> centre;
    std::optional<tests::TestDevice> device;
    std::string first_code;  // An enrolment code that is still open.

    BackupFixture() {
        REQUIRE(tests::found_centre(folder, {"Xiamen", {"localhost"}}, clock.now(), random));
        open();
        EnrolmentService service(centre->store(), centre->keys(), clock, random);
        first_code = service.add_clinic({"First", "350203"})->code;
        device.emplace(random, clock, centre->keys().seal_key());
        auto& store = centre->store();
        REQUIRE(store.save_code({"0000", Hash{}, "C001", clock.now() + std::chrono::hours{1}},
                                clock.now()));
        REQUIRE(store.enrol("0000", device->enrolled_at("C001")));
        device->record(12);
    }

    void open() {
        centre.reset();
        centre = std::make_unique<Centre>(*tests::open_centre(folder));
    }

    sync::UploadReply send(std::uint64_t first, std::size_t count) {
        Ingester ingester(centre->store(), centre->keys(), centre->zone(), clock);
        const auto reply = ingester.ingest(device->envelope(first, count), {});
        REQUIRE(reply);
        return *reply;
    }

    Result<Backup> back_up() { return write_backup(*centre, file, clock.now(), random); }

    Result<Drill> drill(const std::string& kept = "") {
        NoProgress nobody;
        return try_backup(*centre, place_of(file), kept, clock.now(), random, nobody);
    }

    std::uint64_t safe() { return centre->store().safe_seq(device->id); }

    bool is_marked() {
        const auto all = centre->store().backups();
        return std::any_of(all.begin(), all.end(),
                           [](const Backup& backup) { return backup.verified.has_value(); });
    }

    std::size_t things_there() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(dir.path()), fs::directory_iterator()));
    }

    /// In the place of the centre, with the machine's secret.
    void restore(const std::string& place) {
        REQUIRE(restore_backup(place_of(file), place));
        fs::copy(folder + "/device.key", place);
        centre.reset();
        folder = place;
        open();
    }
};

}  // namespace

TEST_SUITE("sync/central/backup") {
    TEST_CASE_FIXTURE(BackupFixture, "what is in a backup counts as safe once that was tried") {
        CHECK(send(1, 5).standing.safe_seq == 0);
        const auto written = back_up();
        REQUIRE(written);
        CHECK(written->number == 1);
        CHECK_FALSE(written->verified);
        CHECK(send(6, 1).standing.safe_seq == 0);
        const auto before = things_there();

        clock.advance(std::chrono::hours{1});
        const auto tried = drill("Room 2");
        REQUIRE(tried);
        CHECK(tried->faults.empty());
        CHECK(tried->machines == 1);
        CHECK(tried->facts == 5);
        CHECK(things_there() == before);
        CHECK(safe() == 5);
        CHECK(send(7, 2).standing.safe_seq == 5);
        const auto noted = centre->store().backups();
        REQUIRE(noted.size() == 1);
        CHECK(noted[0].at == written->at);
        CHECK(noted[0].verified == clock.now());
        CHECK(noted[0].kept == "Room 2");
        // A newer one that nobody tried changes nothing, and a tried one does.
        file = dir.file("second");
        CHECK(back_up()->number == 2);
        CHECK(safe() == 5);
        REQUIRE(drill());
        CHECK(safe() == 8);
        NoProgress nobody;
        CHECK(Centre::check(folder, centre->key(), clock.now(), random, nobody)->empty());
        open();
        CHECK(safe() == 8);
    }

    TEST_CASE_FIXTURE(BackupFixture, "one whose note was lost is noted when it is tried") {
        (void)send(1, 4);
        REQUIRE(back_up());
        tests::CentreFile(folder).db().execute("DELETE FROM backup_head; DELETE FROM backup");
        (void)send(5, 4);
        REQUIRE(drill());
        CHECK(safe() == 4);
    }

    TEST_CASE_FIXTURE(BackupFixture, "a note that was changed makes nothing safe, and is named") {
        (void)send(1, 4);
        REQUIRE(back_up());
        REQUIRE(drill());
        REQUIRE(safe() == 4);
        for (const auto* change :
             {"UPDATE backup_head SET seq = 9", "UPDATE backup SET verified_ms = verified_ms + 1",
              "UPDATE backup SET kept = 'elsewhere'"}) {
            tests::CentreFile behind(folder);
            behind.db().execute(
                "CREATE TABLE old_backup AS SELECT * FROM backup;"
                "CREATE TABLE old_head AS SELECT * FROM backup_head");
            behind.db().execute(change);
            CHECK(safe() == 0);
            behind.db().execute(
                "DELETE FROM backup_head; DELETE FROM backup;"
                "INSERT INTO backup SELECT * FROM old_backup;"
                "INSERT INTO backup_head SELECT * FROM old_head;"
                "DROP TABLE old_backup; DROP TABLE old_head");
            CHECK(safe() == 4);
        }
        tests::CentreFile(folder).db().execute("UPDATE backup_head SET seq = 9");
        NoProgress nobody;
        const auto found = Centre::check(folder, centre->key(), clock.now(), random, nobody);
        REQUIRE(found);
        CHECK(*found == std::vector<Fault>{{{}, 0, "backup"}});
    }

    TEST_CASE_FIXTURE(BackupFixture,
                      "a damaged backup is told from a whole one, and marks nothing") {
        (void)send(1, 5);
        REQUIRE(back_up());
        const auto sound = tests::read_file(file);
        const auto before = things_there();
        std::size_t count = 0;
        for (std::size_t at = 0; at < sound.size();
             at += at + 200 < sound.size() ? std::size_t{4001} : std::size_t{7}) {
            auto damaged = sound;
            damaged[at] = static_cast<char>(damaged[at] ^ (1 << at % 8));
            tests::write_file(file, damaged);
            CAPTURE(at);
            const auto tried = drill();
            CHECK_FALSE(tried);
            CHECK_FALSE(restore_backup(place_of(file), dir.file("new")));
            ++count;
        }
        CHECK(count > 30);
        for (const std::size_t size : {std::size_t{0}, std::size_t{50}, std::size_t{4096},
                                       sound.size() - 72, sound.size() - 1}) {
            tests::write_file(file, sound.substr(0, size));
            CHECK(drill().error().code == ErrorCode::unsupported);
            CHECK(restore_backup(place_of(file), dir.file("new")).error().code ==
                  ErrorCode::unsupported);
        }
        CHECK_FALSE(is_marked());
        CHECK(things_there() == before);
        tests::write_file(file, sound);
        CHECK(drill());
        CHECK(is_marked());
    }

    TEST_CASE_FIXTURE(BackupFixture, "a backup whose content is wrong though its sum is right") {
        (void)send(1, 5);
        tests::change_unguarded(tests::CentreFile(folder).db(),
                                "UPDATE event SET hash = zeroblob(32) WHERE seq = 2");
        REQUIRE(back_up());
        const auto tried = drill();
        REQUIRE(tried);
        CHECK_FALSE(tried->faults.empty());
        CHECK_FALSE(is_marked());
        CHECK(safe() == 0);
    }

    TEST_CASE_FIXTURE(BackupFixture,
                      "a backup of another log, or of another centre, marks nothing") {
        (void)send(1, 2);
        centre.reset();
        fs::copy(folder, dir.file("earlier"));
        fs::copy(folder + "/keys", dir.file("earlier/keys"));
        open();
        (void)send(3, 4);
        REQUIRE(back_up());
        const auto own = folder;
        folder = dir.file("earlier");
        open();
        const auto tried = drill();
        REQUIRE(tried);
        REQUIRE(tried->faults.size() == 1);
        CHECK(tried->faults[0] == Fault{device->id, 6, "backup_head"});
        CHECK_FALSE(is_marked());

        folder = dir.file("other");
        REQUIRE(tests::found_centre(folder, {"Other", {"localhost"}}, clock.now(), random));
        open();
        CHECK(drill().error().message.id == "central.backup_other");
        CHECK_FALSE(is_marked());
    }

    TEST_CASE_FIXTURE(BackupFixture,
                      "a restored centre gets back what it lacks, from the clinics") {
        (void)send(1, 4);
        REQUIRE(back_up());
        REQUIRE(drill());
        (void)send(5, 6);
        restore(dir.file("restored"));
        CHECK(centre->store().head(device->id).seq == 4);
        // A copy that was never tried tells nobody that it is safe.
        CHECK(safe() == 0);
        const auto gap = send(11, 2);
        CHECK(gap.code == sync::UploadCode::gap);
        CHECK(gap.standing.head_seq == 4);
        CHECK(send(5, 8).code == sync::UploadCode::applied);
        CHECK(centre->store().head(device->id).seq == 12);
        NoProgress nobody;
        CHECK(Centre::check(folder, centre->key(), clock.now(), random, nobody)->empty());
        CHECK(centre->name() == "Xiamen");
        file = dir.file("again");
        REQUIRE(back_up());
        REQUIRE(drill());
        CHECK(safe() == 12);
    }

    TEST_CASE_FIXTURE(BackupFixture,
                      "a restored centre gives no code twice, and lets no old one in") {
        REQUIRE(back_up());
        // What the backup doesn't know of.
        CHECK(centre->store().add_clinic({"Second", "350205"}, clock.now())->code == "C002");
        restore(dir.file("restored"));
        auto& store = centre->store();
        CHECK(store.clinics().size() == 1);
        const auto parsed = *sync::parse_enrolment_code(first_code);
        EnrolmentService service(store, centre->keys(), clock, random);
        const auto added = service.add_clinic({"Third", "350206"});
        REQUIRE(added);
        CHECK(added->clinic.code == "C1002");
        CHECK(added->clinic.scope == 1002);
        CHECK_FALSE(fs::exists(folder + "/centre.restored"));
        // Skipped once, and for good.
        open();
        CHECK(centre->store().add_clinic({"Fourth", "350206"}, clock.now())->code == "C1003");
        NoProgress nobody;
        CHECK(Centre::check(folder, centre->key(), clock.now(), random, nobody)->empty());
        // The codes of the days before are in no hands that the centre knows of.
        (void)parsed;
        std::int64_t open_codes = 0;
        {
            tests::CentreFile behind(folder);
            sqlite::Statement count(behind.db(),
                                    "SELECT count(*) FROM enrolment_code WHERE clinic = 'C001' "
                                    "AND used_by IS NULL AND expires_ms > 0");
            open_codes = count.start().single().int64(0);
        }
        CHECK(open_codes == 0);
        // And restored a second time: the next thousand.
        file = dir.file("again");
        REQUIRE(back_up());
        restore(dir.file("restored2"));
        CHECK(centre->store().add_clinic({"Fifth", "350206"}, clock.now())->code == "C2004");
        CHECK(Centre::check(folder, centre->key(), clock.now(), random, nobody)->empty());
    }

    TEST_CASE_FIXTURE(BackupFixture,
                      "a restored centre's officers go on in the name of another device") {
        const auto before = load_centre_device(centre->store(), centre->keys());
        CentreDesk desk(centre->store(), before, centre->zone(), clock, random);
        REQUIRE(desk.add_user("Chen", CentreRole::officer));
        send(1, 6);
        const auto uid = [&](std::size_t at) {
            return codec::decode_header(device->log.all.at(at).header)->uid;
        };
        REQUIRE(desk.void_fact("Chen", uid(0), "Why"));
        const auto signer = centre->keys().desk().public_key();
        REQUIRE(back_up());
        // What clinics are told of, and the centre will have forgotten.
        REQUIRE(desk.void_fact("Chen", uid(1), "Why"));
        restore(dir.file("restored"));
        const auto after = load_centre_device(centre->store(), centre->keys());
        CHECK(after != before);
        CHECK(centre->store().head(before).seq == 1);
        CentreDesk again(centre->store(), after, centre->zone(), clock, random);
        REQUIRE(again.void_fact("Chen", uid(2), "Why"));
        CHECK(centre->store().head(before).seq == 1);
        CHECK(centre->store().head(after).seq == 1);
        CHECK(centre->keys().desk().public_key() == signer);
        open();
        CHECK(load_centre_device(centre->store(), centre->keys()) == after);
        NoProgress nobody;
        CHECK(Centre::check(folder, centre->key(), clock.now(), random, nobody)->empty());
    }

    TEST_CASE_FIXTURE(BackupFixture,
                      "nothing that is there is ever replaced, and nothing half left") {
        REQUIRE(back_up());
        CHECK(back_up().error().code == ErrorCode::conflict);
        CHECK(restore_backup(place_of(file), folder).error().code == ErrorCode::conflict);
        CHECK(restore_backup(place_of(dir.file("nothing")), dir.file("new")).error().code ==
              ErrorCode::not_found);
        CHECK(restore_backup(place_of(dir.path()), dir.file("new")).error().code ==
              ErrorCode::unsupported);
        CHECK_FALSE(fs::exists(dir.file("new")));
        const auto before = things_there();
        const auto there = file;
        file = dir.file("no/folder/backup");
        CHECK_THROWS((void)back_up());
        CHECK(things_there() == before);
        CHECK(centre->store().backups().size() == 1);
        // A clinic's backup is none of a centre's.
        auto clinics = tests::read_file(there);
        clinics.replace(clinics.size() - 8, 8, "EgrBkp01");
        tests::write_file(there, clinics);
        CHECK(restore_backup(place_of(there), dir.file("new")).error().code ==
              ErrorCode::unsupported);
    }

    TEST_CASE_FIXTURE(BackupFixture,
                      "a restored centre begins another log of its own, and keeps its name") {
        const auto log = load_centre_device(centre->store(), centre->keys());
        CHECK(log == centre->keys().centre_device());
        REQUIRE(back_up());
        restore(dir.file("restored"));
        const auto other = load_centre_device(centre->store(), centre->keys());
        CHECK(other != log);
        CHECK(load_centre_device(centre->store(), centre->keys()) == other);
        // Which the root has signed: clinics take its pages as before.
        CHECK(centre->keys().centre_device() == log);
        CHECK(centre->bundle_number_min() == 1 + bundles_skipped);
    }

    TEST_CASE_FIXTURE(BackupFixture,
                      "what belongs into a safe is in no backup, and nothing is in clear") {
        (void)send(1, 3);
        const auto root = tests::read_file(folder + "/keys/root.key");
        const auto recovery = tests::read_file(folder + "/keys/recovery.key");
        REQUIRE(back_up());
        const auto content = tests::read_file(file);
        for (const auto& secret :
             {root.substr(0, 64), recovery.substr(0, 64),
              to_hex(centre->keys().ring().seal_keys.front().key->private_key()),
              std::string("First"), std::string("CREATE TABLE"),
              centre->keys().tls_key_pem().substr(40, 40)})
            CHECK(content.find(secret) == std::string::npos);
        CHECK(fs::status(file).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
        restore(dir.file("restored"));
        CHECK_FALSE(fs::exists(folder + "/keys/root.key"));
        CHECK(centre->check_keys());
    }
}

}  // namespace egret::central
