#include "sync/central/centre_device.h"
#include "sync/central/desk.h"
#include "sync/central/enrolment_service.h"
#include "sync/core/enrolment_code.h"
#include "tests/sync/central/test_centre.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

namespace egret::central {
namespace {

using tests::TestCentre;
using tests::TestDevice;

struct GuardFixture : TestCentre {
    EnrolmentService service{*store, *keys, clock, random};
    std::string code_of_second;
    TestDevice device = enrol(add_clinic());

    GuardFixture() {
        code_of_second = service.add_clinic({"Second clinic", "350206"})->code;
        REQUIRE(service.add_clinic({"Third clinic", "350211"}));
        device.record(4);
        REQUIRE(send(device.envelope(1, 2)));
        REQUIRE(send(device.envelope(3, 1)));
    }

    /// A copy of the machine says something else under a number that is here.
    void fork_device() {
        const auto whole = device.log;
        device.log.all.resize(1);
        device.record(1);
        REQUIRE(send(device.envelope(2, 1)));
        device.log = whole;
    }

    std::vector<Fault> check() {
        NoProgress nobody;
        return store->check(folder.file("copy.db"), zone.local_day(clock.now()), nobody);
    }

    std::set<std::string> kinds() {
        std::set<std::string> all;
        for (const auto& fault : check()) all.insert(fault.kind);
        return all;
    }

    /// As what happens to a file on its disk.
    void tamper(const std::string& sql) {
        sqlite::OpenOptions options;
        options.path = db_path();
        options.busy_timeout_ms = 5000;
        sqlite::Database(options).execute(("PRAGMA foreign_keys = OFF; " + sql).c_str());
    }

    void keep(const std::string& table) { tamper("CREATE TABLE kept AS SELECT * FROM " + table); }

    void put_back(const std::string& table) {
        tamper("DELETE FROM " + table + "; INSERT INTO " + table +
               " SELECT * FROM kept; DROP TABLE kept");
    }

    /// A change of each column that the schema lets pass.
    std::vector<std::string> changes_of(const std::string& table) {
        sqlite::OpenOptions options;
        options.path = db_path();
        options.read_only = true;
        sqlite::Database db(options);
        sqlite::Statement columns(db, "SELECT name, type FROM pragma_table_info(?1)");
        auto row = columns.start();
        row.bind_all(table);
        std::vector<std::string> changes;
        while (row.next()) {
            const auto name = row.text(0);
            const auto type = row.text(1);
            if (type == "INTEGER") changes.push_back(name + " = coalesce(" + name + ", -1) + 1000");
            if (type == "TEXT") changes.push_back(name + " = " + name + " || ' '");
            if (type == "BLOB") {
                const auto* length = name.ends_with("card_key")  ? "64"
                                     : name.starts_with("next_") ? "32"
                                                                 : "16";
                changes.push_back(name + " = randomblob(coalesce(length(" + name + "), " + length +
                                  "))");
            }
        }
        return changes;
    }

    /// One row of it.
    static std::string where_one(const std::string& table) {
        if (table == "clinic") return " WHERE code = 'C001'";
        if (table == "enrolment_code") return " WHERE clinic = 'C002'";
        if (table == "upload") return " WHERE first_seq = 1";
        return "";
    }

    sync::EnrolmentRequest request(const std::string& code) {
        sync::EnrolmentRequest made;
        made.secret = sync::parse_enrolment_code(code)->secret;
        made.csr_pem = *crypto::make_signing_request(crypto::make_tls_key());
        made.sign_key = crypto::SigningKey::generate(random).public_key();
        made.seal_key = crypto::SealKeyPair::generate(random).public_key();
        return made;
    }

    /// The id of the message, if it is refused.
    std::string refusal(const std::string& code) {
        const auto reply = service.enrol(request(code));
        return reply ? "" : reply.error().message.id;
    }
};

/// An officer took a fact back, and ruled on another's void.
struct DeskGuardFixture : GuardFixture {
    DeskGuardFixture() {
        CentreDesk desk(*store, load_centre_device(*store, *keys), zone, clock, random);
        REQUIRE(desk.add_user("Chen", CentreRole::officer));
        const auto header = codec::decode_header(device.log.all.front().header);
        auto other = enrol("C002");
        const auto said =
            other.record(tests::fact("2026-03-04", VoidFact{header->uid}), header->subject);
        REQUIRE(send(other.envelope(1, 1)));
        REQUIRE(desk.accept("Chen", said, "Yes"));
        REQUIRE(desk.void_fact("Chen", said, "No"));
    }
};

template <class T>
std::string refusal_of(const Result<T>& answer) {
    return answer ? "" : answer.error().message.id;
}

}  // namespace

TEST_SUITE("sync/central/guarded_rows") {
    TEST_CASE_FIXTURE(GuardFixture, "whatever column of a row is changed, the row is named") {
        fork_device();
        REQUIRE(check().empty());
        const std::pair<const char*, std::set<std::string>> tables[] = {
            {"clinic", {"clinic_C001", "clinic_C001 "}},
            {"enrolment_code", {"enrolment_code"}},
            {"enrolled_device", {"enrolled_device", "lost_device"}},
            {"fork", {"fork"}},
            {"upload", {"upload"}}};
        for (const auto& table : tables) {
            const std::string name = table.first;
            const auto changes = changes_of(name);
            CHECK(changes.size() >= 5);
            for (const auto& change : changes) {
                CAPTURE(name);
                CAPTURE(change);
                keep(name);
                tamper("UPDATE " + name + " SET " + change + where_one(name));
                const auto found = kinds();
                CHECK_FALSE(found.empty());
                CHECK(std::includes(table.second.begin(), table.second.end(), found.begin(),
                                    found.end()));
                put_back(name);
            }
        }
        CHECK(check().empty());
    }

    TEST_CASE_FIXTURE(GuardFixture, "a row that is gone is named") {
        const std::pair<const char*, std::vector<Fault>> losses[] = {
            {"clinic WHERE code = 'C001'", {{{}, 0, "clinic_C001"}}},
            {"clinic WHERE code = 'C002'", {{{}, 0, "clinic_C002"}}},
            {"clinic WHERE code = 'C003'", {{{}, 0, "clinic_C003"}}},
            {"enrolled_device WHERE true", {{device.id, 0, "lost_device"}}},
            {"upload WHERE first_seq = 1", {{{}, 0, "upload"}}}};
        for (const auto& loss : losses) {
            const std::string what = loss.first;
            CAPTURE(what);
            const auto table = what.substr(0, what.find(' '));
            keep(table);
            tamper("DELETE FROM " + what);
            CHECK(check() == loss.second);
            put_back(table);
            CHECK(check().empty());
        }
    }

    TEST_CASE_FIXTURE(DeskGuardFixture, "what became of the desk's rows is named") {
        REQUIRE(check().empty());
        const std::pair<const char*, std::set<std::string>> tables[] = {
            {"desk_act", {"desk_act"}},
            {"centre_user", {"centre_user", "desk_act"}},
            {"ruling", {"desk_act", "bad_statement"}}};
        for (const auto& table : tables) {
            const std::string name = table.first;
            for (const auto& change : changes_of(name)) {
                // What a ruling says of its effect changes figures, too.
                if (name == "ruling" && !change.starts_with("reason")) continue;
                CAPTURE(name);
                CAPTURE(change);
                keep(name);
                tamper("UPDATE " + name + " SET " + change);
                const auto found = kinds();
                CHECK_FALSE(found.empty());
                CHECK(std::includes(table.second.begin(), table.second.end(), found.begin(),
                                    found.end()));
                put_back(name);
            }
        }
        const std::pair<const char*, std::string> losses[] = {
            {"desk_act WHERE uid IS NULL", "desk_act"},
            {"desk_act WHERE uid IS NOT NULL", "desk_act"},
            {"centre_user WHERE true", "centre_user"},
            {"ruling WHERE true", "desk_act"}};
        for (const auto& loss : losses) {
            const std::string what = loss.first;
            CAPTURE(what);
            const auto table = what.substr(0, what.find(' '));
            keep(table);
            tamper("DELETE FROM " + what);
            CHECK(kinds().contains(loss.second));
            NoProgress nobody;
            const auto faults =
                store->verify(folder.file("copy.db"), zone.local_day(clock.now()), nobody);
            CHECK(std::count(faults.begin(), faults.end(), Fault{{}, 0, loss.second}) == 1);
            if (loss.second == "desk_act") CHECK_FALSE(store->rebuild(nobody));
            put_back(table);
            CHECK(check().empty());
        }
    }

    TEST_CASE_FIXTURE(GuardFixture, "the last clinic that is gone with its code is named") {
        tamper("DELETE FROM enrolment_code; DELETE FROM clinic WHERE code = 'C003'");
        CHECK(check() == std::vector<Fault>{{{}, 0, "clinic_C003"}});
        CHECK(refusal_of(service.add_clinic({"New", "350203"})) == "central.clinic_damaged");
    }

    TEST_CASE_FIXTURE(GuardFixture, "a code that was bent to another clinic lets nobody in") {
        tamper("UPDATE enrolment_code SET clinic = 'C003' WHERE clinic = 'C002'");
        CHECK(refusal(code_of_second) == "enrol.code_wrong");
        CHECK(kinds() == std::set<std::string>{"enrolment_code"});
        // With the next code it is gone.
        const auto again = service.invite("C002");
        REQUIRE(again);
        CHECK(check().empty());
        CHECK(refusal(code_of_second) == "enrol.code_wrong");
        CHECK(refusal(again->code).empty());
        CHECK(check().empty());
    }

    TEST_CASE_FIXTURE(GuardFixture, "a used code that reads unused lets nobody in again") {
        REQUIRE(refusal(code_of_second).empty());
        tamper("UPDATE enrolment_code SET used_by = NULL WHERE clinic = 'C002'");
        CHECK(refusal(code_of_second) == "enrol.code_wrong");
        CHECK(store->statuses().size() == 2);
    }

    TEST_CASE_FIXTURE(GuardFixture, "the code of a clinic whose row is gone is given to no other") {
        REQUIRE(refusal(code_of_second).empty());
        tamper("DELETE FROM enrolment_code; DELETE FROM clinic WHERE code <> 'C001'");
        CHECK(check() == std::vector<Fault>{{{}, 0, "clinic_C002"}, {{}, 0, "clinic_C003"}});
        const auto added = service.add_clinic({"New clinic", "440305"});
        REQUIRE_FALSE(added);
        CHECK(added.error().code == ErrorCode::conflict);
        CHECK(added.error().message == msg("central.clinic_damaged", {{"clinic", "C002"}}));
        CHECK(store->clinics().size() == 1);
        CHECK(refusal_of(service.invite("C002")) == "central.clinic_damaged");
        CHECK(refusal_of(service.invite("C009")) == "central.no_clinic");
        CHECK(service.invite("C001"));
    }

    TEST_CASE_FIXTURE(GuardFixture, "nobody joins a clinic that isn't as it was noted") {
        const auto first = service.enrol(request(service.invite("C002")->code));
        REQUIRE(first);
        const auto asked = request(code_of_second);
        for (const auto* change : {"scope = 9", "name = 'X'", "area = '440305'"}) {
            CAPTURE(change);
            keep("clinic");
            tamper("UPDATE clinic SET " + std::string(change) + " WHERE code = 'C002'");
            CHECK(refusal(code_of_second) == "enrol.code_wrong");
            CHECK(refusal_of(service.invite("C002")) == "central.clinic_damaged");
            CHECK(refusal_of(service.add_clinic({"New", "350203"})) == "central.clinic_damaged");
            put_back("clinic");
        }
        CHECK(store->statuses().size() == 2);
        const auto joined = service.enrol(asked);
        REQUIRE(joined);
        CHECK(joined->scope == 2);
        // The same request again is answered from the same rows.
        CHECK(service.enrol(asked));
        tamper("UPDATE clinic SET scope = 9 WHERE code = 'C002'");
        CHECK_FALSE(service.enrol(asked));
    }

    TEST_CASE_FIXTURE(GuardFixture, "a stolen machine is not let in by a mark that is lost") {
        const auto next = device.envelope(4, 1);
        REQUIRE(store->revoke_device(device.id, clock.now()));
        REQUIRE_FALSE(send(next));
        tamper("UPDATE enrolled_device SET revoked_ms = NULL");
        CHECK_FALSE(send(next));
        CHECK_FALSE(store->find_device(device.id));
        CHECK(check() == std::vector<Fault>{{device.id, 0, "enrolled_device"}});
        // What touches the row doesn't make it right.
        store->note_seen(device.id, clock.now());
        CHECK(check() == std::vector<Fault>{{device.id, 0, "enrolled_device"}});
        REQUIRE(store->revoke_device(device.id, clock.now()));
        CHECK(check().empty());
        CHECK_FALSE(send(next));
    }

    TEST_CASE_FIXTURE(GuardFixture, "cards of a machine whose mark is lost are not to be trusted") {
        auto noted = TestDevice(random, clock, keys->seal_key()).enrolled_at("C002");
        noted.keys.card = crypto::Es256Key::generate(random).public_key();
        REQUIRE(store->save_code({"CARD", Hash{}, "C002", clock.now() + std::chrono::hours{1}},
                                 clock.now()));
        REQUIRE(store->enrol("CARD", noted));
        CHECK(store->card_keys().size() == 1);
        REQUIRE(store->revoke_device(noted.id, clock.now()));
        CHECK(store->card_keys().empty());
        tamper("UPDATE enrolled_device SET revoked_ms = NULL");
        CHECK(store->card_keys().empty());
    }

    TEST_CASE_FIXTURE(GuardFixture, "a good machine that reads shut out or forked is named") {
        for (const auto* change : {"revoked_ms = 0", "forked_ms = 0", "top_seq = -1"}) {
            CAPTURE(change);
            keep("enrolled_device");
            tamper("UPDATE enrolled_device SET " + std::string(change));
            CHECK(check() == std::vector<Fault>{{device.id, 0, "enrolled_device"}});
            put_back("enrolled_device");
        }
        tamper("UPDATE enrolled_device SET revoked_ms = 0");
        CHECK(store->revoke_device(device.id, clock.now()));
        CHECK(check().empty());
        CHECK_FALSE(store->revoke_device(device.id, clock.now()));
    }

    TEST_CASE_FIXTURE(GuardFixture,
                      "a machine that was moved to another clinic is shut out of it") {
        tamper("UPDATE enrolled_device SET clinic = 'C002'");
        CHECK(check() == std::vector<Fault>{{device.id, 0, "enrolled_device"}});
        CHECK_FALSE(send(device.envelope(4, 1)));
        CHECK(store->revoke_clinic("C002", clock.now()) == 1);
        CHECK(check().empty());
        CHECK(store->statuses().at(0).device.clinic == "C001");
    }

    TEST_CASE_FIXTURE(GuardFixture, "a machine is shut out though its clinic's row is gone") {
        tamper("DELETE FROM clinic WHERE code = 'C001'");
        REQUIRE(store->revoke_device(device.id, clock.now()));
        CHECK_FALSE(send(device.envelope(4, 1)));
        CHECK(check() == std::vector<Fault>{{{}, 0, "clinic_C001"}});
    }

    TEST_CASE_FIXTURE(GuardFixture,
                      "a machine whose row is gone is shown, shut out, and done with") {
        tamper("DELETE FROM enrolled_device");
        CHECK(check() == std::vector<Fault>{{device.id, 0, "lost_device"}});
        CHECK_FALSE(send(device.envelope(4, 1)));
        const auto statuses = store->statuses();
        REQUIRE(statuses.size() == 1);
        CHECK(statuses[0].device.id == device.id);
        CHECK(statuses[0].device.clinic == "C001");
        CHECK(statuses[0].device.is_damaged);
        CHECK(statuses[0].head.seq == 3);
        CHECK(statuses[0].behind() == 0);
        REQUIRE(store->revoke_device(device.id, clock.now()));
        CHECK(check().empty());
        CHECK_FALSE(send(device.envelope(4, 1)));
        CHECK_FALSE(store->revoke_device(device.id, clock.now()));
        CHECK_FALSE(store->revoke_device({random.bytes<16>()}, clock.now()));
    }

    TEST_CASE_FIXTURE(GuardFixture, "what was damaged is not right by being shut out") {
        tamper("UPDATE enrolled_device SET top_seq = 1000000, seen_ms = 1, clock_offset_ms = 9");
        REQUIRE(store->revoke_device(device.id, clock.now()));
        const auto status = store->statuses().at(0);
        CHECK(status.behind() == 0);
        CHECK_FALSE(status.seen);
        CHECK(status.clock_offset_ms == 0);
        CHECK(check().empty());
    }

    TEST_CASE_FIXTURE(GuardFixture, "a fact that was set aside by nobody is named") {
        tamper("INSERT INTO quarantine VALUES (1, 'invalid')");
        const auto found = kinds();
        CHECK(found.contains("upload"));
        // Made anew, the figures would follow it.
        NoProgress nobody;
        const auto rebuilt = store->rebuild(nobody);
        REQUIRE_FALSE(rebuilt);
        CHECK(rebuilt.error().message.id == "store.log_damaged");
    }

    TEST_CASE_FIXTURE(GuardFixture, "a rebuild drops what no fact refers to") {
        const auto before = store->statuses().at(0).head;
        tamper("INSERT INTO quarantine VALUES (1, 'x'), (99, 'erased')");
        tamper("INSERT INTO payload SELECT max(position) + 1, x'00', x'00' FROM event");
        CHECK_FALSE(check().empty());
        NoProgress nobody;
        REQUIRE(store->rebuild(nobody));
        CHECK(check().empty());
        REQUIRE(send(device.envelope(4, 1)));
        CHECK(store->statuses().at(0).head.seq == before.seq + 1);
        CHECK(check().empty());
    }

    TEST_CASE_FIXTURE(GuardFixture, "shutting a clinic out leaves whole rows whole") {
        enrol("C001");
        CHECK(store->revoke_clinic("C001", clock.now()) == 2);
        CHECK(store->revoke_clinic("C002", clock.now()) == 0);
        CHECK(refusal(code_of_second) == "enrol.code_expired");
        CHECK(store->revoke_clinic("C001", clock.now()) == 0);
        CHECK(check().empty());
    }

    TEST_CASE_FIXTURE(GuardFixture, "wrong secrets and forks leave whole rows whole") {
        auto asked = request(code_of_second);
        asked.secret.back() = asked.secret.back() == '0' ? '1' : '0';
        CHECK(service.enrol(asked).error().message.id == "enrol.code_wrong");
        device.log = {};
        device.record(3);
        REQUIRE(send(device.envelope(1, 3)));
        CHECK(store->statuses().at(0).forked);
        store->note_seen(device.id, clock.now());
        CHECK(check().empty());
        CHECK(refusal(code_of_second).empty());
        CHECK(check().empty());
    }
}

}  // namespace egret::central
