// Clinics without a line: what they record goes on sticks to the centre, in whatever order and
// state these arrive, and what others recorded comes back.

#include "tests/sync/scenarios/by_stick.h"

#include "registry/files/private_file.h"
#include "sync/core/receipt.h"
#include "tests/sync/stick/broken_disk.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <vector>

namespace egret {
namespace {

namespace fs = std::filesystem;

using tests::ByStick;
using tests::fact;

std::vector<std::string> files_in(const std::string& folder) {
    std::vector<std::string> paths;
    for (const auto& entry : fs::directory_iterator(folder)) paths.push_back(entry.path().string());
    std::sort(paths.begin(), paths.end());
    return paths;
}

void write_bytes(const std::string& path, ByteView content) { replace_private_file(path, content); }

Bytes bytes_in(const std::string& path) { return *read_small_file(path, 2'000'000); }

TEST_SUITE("sync/scenarios/by_stick") {
    TEST_CASE_FIXTURE(ByStick, "a stick brings all to the centre, and the receipt back") {
        machine.record(3);
        const auto written = write(machine, stick_path());
        CHECK_FALSE(written.sync.report.error);
        CHECK(written.sync.report.sent == 6);
        CHECK(written.sync.report.left == 6);
        CHECK_FALSE(machine.outbox().items().empty());

        const auto visited = visit(stick_path());
        REQUIRE(visited.machines.size() == 1);
        CHECK(visited.machines[0].clinic == "C001");
        CHECK(visited.machines[0].added == 6);
        CHECK(visited.machines[0].has_called);
        check_centre_holds(machine.recorded());

        const auto taken = take(machine, stick_path());
        CHECK_FALSE(taken.sync.report.error);
        CHECK(taken.has_receipt);
        CHECK(taken.sync.report.acked == 6);
        CHECK(taken.sync.report.left == 0);
        CHECK(machine.outbox().items().empty());
        const auto again = take(machine, stick_path());
        CHECK(again.sync.report.acked == 0);
        CHECK(again.sync.report.left == 0);
        CHECK(again.said.empty());
        // What the centre has doesn't take room on the next stick.
        CHECK(write(machine, stick_path()).sync.report.sent == 0);
        CHECK(files_in(stick_path() + "/egret/up").size() == 1);
        machine.check_holds(machine.recorded());
    }

    TEST_CASE_FIXTURE(ByStick, "late, twice and in reverse: all are there once") {
        std::vector<std::string> sticks;
        for (const char* name : {"a", "b", "c"}) {
            machine.record(2);
            write(machine, stick_path());
            sticks.push_back(copy_stick(name));
            // Each stick has its own part alone.
            for (const auto& file : files_in(stick_path() + "/egret/up")) fs::remove(file);
            pass(std::chrono::hours{24});
        }
        for (auto stick = sticks.rbegin(); stick != sticks.rend(); ++stick) {
            visit(*stick);
            visit(*stick);
        }
        check_centre_holds(machine.recorded());
        CHECK(centre.store->all_spooled().empty());
        // The receipts come back in the order in which the centre wrote them, and in the other.
        const auto newest = take(machine, sticks[0]);
        CHECK(newest.sync.report.acked == 12);
        for (const auto& stick : sticks) {
            const auto old = take(machine, stick);
            CHECK(old.sync.report.acked == 0);
            CHECK(old.sync.report.left == 0);
            CHECK_FALSE(old.sync.report.error);
        }
        CHECK(machine.outbox().items().empty());
        machine.check_holds(machine.recorded());
    }

    TEST_CASE_FIXTURE(ByStick, "an old stick says nothing any more") {
        machine.record(1);
        write(machine, stick_path());
        visit(stick_path());
        const auto old = copy_stick("old");
        pass(std::chrono::hours{24});
        machine.record(1);
        CHECK(round(machine).sync.report.acked == 4);
        const auto taken = take(machine, old);
        CHECK_FALSE(taken.has_receipt);
        CHECK(says(taken, "stick.old"));
        CHECK(taken.sync.report.left == 0);
        visit(old);
        check_centre_holds(machine.recorded());
    }

    TEST_CASE_FIXTURE(ByStick, "a receipt that another centre made is refused") {
        machine.record(1);
        write(machine, stick_path());
        visit(stick_path());
        const auto device = machine.open().device();
        const stick::Stick stick(stick_path());
        const sync::StickName name{sync::StickKind::receipt, device, 0, 0, 0, {}};
        const auto sound = *stick.read(name);
        const auto forger = crypto::SigningKey::generate(random);
        const auto head = machine.head();
        const auto keys = client::LinkKeys::load(machine.home());
        const sync::UploadReply reply{
            sync::UploadCode::applied,
            {device, head.seq, head.hash, head.seq, unix_ms(clock.now())}};
        const sync::ReceiptSeal seal{
            {}, 1, sync::EnvelopeSuite::aes_256_gcm, (*keys)->seal_public()};
        REQUIRE(stick.write(name, sync::seal_receipt(reply, seal, forger, random)));
        CHECK(error_of(take(machine, stick_path())) == "receipt.malformed");
        CHECK_FALSE(machine.outbox().items().empty());
        CHECK(error_of(locked_take(machine, stick_path())) == "receipt.malformed");
        REQUIRE(stick.write(name, sound));
        CHECK(take(machine, stick_path()).sync.report.acked == 2);
    }

    TEST_CASE_FIXTURE(ByStick,
                      "of a file that was half copied nothing is taken, and nothing lost") {
        machine.record(1);
        write(machine, stick_path());
        for (const auto& path : files_in(stick_path() + "/egret/up")) {
            const auto whole = bytes_in(path);
            for (std::size_t size = 0; size < whole.size(); ++size) {
                write_bytes(path, ByteView(whole).first(size));
                const auto visited = visit(stick_path(), false);
                CHECK(visited.damaged == 1);
            }
            write_bytes(path, whole);
        }
        visit(stick_path());
        check_centre_holds(machine.recorded());
        const auto receipt =
            stick_path() + "/egret/down/" + machine.open().device().to_string() + "-r.crb";
        const auto whole = bytes_in(receipt);
        for (std::size_t size = 0; size < whole.size(); size += 3) {
            write_bytes(receipt, ByteView(whole).first(size));
            CHECK(error_of(locked_take(machine, stick_path())) == "receipt.malformed");
        }
        write_bytes(receipt, ByteView(whole).first(whole.size() / 2));
        CHECK(error_of(take(machine, stick_path())) == "receipt.malformed");
        CHECK_FALSE(machine.outbox().items().empty());
        write_bytes(receipt, whole);
        CHECK(take(machine, stick_path()).sync.report.acked == 2);
    }

    TEST_CASE_FIXTURE(ByStick, "a full, protected or vanished stick loses nothing") {
        machine.record(2);
        const std::pair<int, const char*> troubles[] = {
            {ENOSPC, "stick.full"}, {EROFS, "stick.read_only"}, {ENOENT, "stick.gone"}};
        for (const auto& [trouble, id] : troubles) {
            int writes = 0;
            for (;; ++writes) {
                tests::BrokenDisk broken(writes, trouble);
                const auto written = write(machine, stick_path(), &broken);
                if (!broken.has_failed()) {
                    CHECK(error_of(written).empty());
                    break;
                }
                CHECK(error_of(written) == std::string(id));
                CHECK(written.sync.report.left == 4);
                CHECK(written.sync.report.sent < 4);
            }
            CHECK(writes >= 2);
            fs::remove_all(stick_path() + "/egret");
        }
        CHECK(round(machine).sync.report.acked == 4);
        check_centre_holds(machine.recorded());
        machine.check_holds(machine.recorded());
    }

    TEST_CASE_FIXTURE(ByStick, "it goes without a PIN, and is entered later") {
        const auto woman = refer("王小丽");
        CHECK(locked_write(machine, stick_path()).sync.report.sent == 2);
        CHECK(write(other, stick_path()).sync.report.sent == 0);
        visit(stick_path());
        const auto taken = locked_take(machine, stick_path());
        CHECK(taken.sync.report.acked == 2);
        CHECK(taken.sync.report.left == 0);
        CHECK_FALSE(machine.outbox().items().empty());  // Nothing is removed before it is opened.
        const auto fetched = locked_take(other, stick_path());
        CHECK(fetched.sync.fetched > 0);
        CHECK(fetched.sync.received == 0);
        CHECK(facts_of(other, woman) == 2);
        CHECK(locked_take(other, stick_path()).sync.fetched == 0);
        machine.open();
        CHECK(machine.outbox().items().empty());
    }

    TEST_CASE_FIXTURE(ByStick, "a stick that isn't for us says why, and changes nothing") {
        machine.record(1);
        CHECK(error_of(take(machine, stick_path())) == "stick.nothing_yet");
        CHECK(error_of(locked_take(machine, stick_path())) == "stick.nothing_yet");
        write(other, stick_path());
        visit(stick_path());
        CHECK(error_of(take(machine, stick_path())) == "stick.not_for_us");
        // Of another programme.
        const auto bundle = sync::open_bundle(centre.keys->bundle(), centre.keys->root());
        REQUIRE(bundle);
        write_bytes(stick_path() + "/egret/down/bundle",
                    sync::sign_bundle(*bundle, crypto::SigningKey::generate(random)));
        CHECK(error_of(take(machine, stick_path())) == "stick.other_programme");
        CHECK(error_of(locked_take(machine, stick_path())) == "stick.other_programme");
        CHECK_FALSE(machine.outbox().items().empty());
    }

    TEST_CASE_FIXTURE(ByStick, "who was shut out, or whose records the centre has otherwise") {
        machine.record(1);
        machine.copy_to(path_of("copy"));
        machine.record(1);
        round(machine);
        tests::Machine copy(*this, path_of("copy"), 9);
        copy.record(2);
        write(copy, stick_path());
        const auto forked = visit(stick_path());
        REQUIRE(forked.machines.size() == 1);
        CHECK(forked.machines[0].code == sync::UploadCode::fork);
        CHECK(error_of(take(copy, stick_path())) == "stick.forked");
        CHECK_FALSE(copy.outbox().items().empty());

        REQUIRE(centre.store->revoke_device(machine.open().device(), centre.clock.now()));
        machine.record(1);
        write(machine, stick_path());
        const auto shut = visit(stick_path());
        CHECK(shut.machines[0].code == sync::UploadCode::shut_out);
        CHECK(error_of(take(machine, stick_path())) == "sync.re_enrol");
        CHECK(machine.open().is_shut_out());
        CHECK(error_of(locked_take(machine, stick_path())) == "sync.re_enrol");
        CHECK_FALSE(machine.outbox().items().empty());
    }
}

}  // namespace
}  // namespace egret
