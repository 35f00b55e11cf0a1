// A clinic that has joined, with its outbox and its keys on one simulated disk: its power is cut at
// every operation, of databases and small files alike.

#include "cli/simulation/direct_line.h"
#include "sync/central/enrolment_service.h"
#include "sync/client/clinic_link.h"
#include "sync/client/outbox_keeper.h"
#include "sync/client/outbox_sync.h"
#include "sync/client/upload_store.h"
#include "sync/server/centre_server.h"
#include "tests/support/disk_clinic.h"
#include "tests/sync/central/test_centre.h"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>

namespace egret {
namespace {

using client::LinkKeys;
using client::OutboxFlaw;
using tests::DiskFault;
using tests::SimDisk;

/// A clinic on its disk, and a centre that it reaches without a network.
struct CutLink : tests::DiskClinic {
    CutLink() { centre.clock.set(clock.now()); }

    client::Connect way() {
        return [this](const client::HttpsClientOptions& options) {
            return simulation::DirectLine::connect(server.routes(), centre.clock, options);
        };
    }

    Result<client::LinkMembership> enrol(const std::string& code) {
        return client::ClinicLink(*clinic, home, way()).enrol("https://centre:8443", code, quiet);
    }

    std::string code() { return service.add_clinic({"A clinic", "350203"})->code; }

    Result<std::optional<LinkKeys>> load_keys() { return LinkKeys::load(home, link_key, disk); }

    std::unique_ptr<client::OutboxKeeper> keeper() {
        auto found = client::OutboxKeeper::find(*clinic, home);
        if (!found) throw Refused{};
        return found;
    }

    /// With the registry closed.
    client::ClinicLink::Outcome locked_sync() {
        clinic.reset();
        const auto keys = must(load_keys());
        REQUIRE(keys);
        client::OutboxSync sync({*keys, clock, random, instant_from_unix_ms(0), disk}, home, way());
        return must(sync.sync("", quiet));
    }

    std::uint64_t acked() {
        return client::UploadStore(clinic->database())
            .load(client::upload_bounds(*clinic))
            .acked_seq;
    }

    /// Each fact that isn't acknowledged is in a whole file, and no other.
    void check_outbox_has_rest() {
        const auto keys = load_keys();
        REQUIRE(keys);
        REQUIRE(*keys);
        const auto& membership = *(*keys)->membership();
        const auto bundle = sync::open_bundle(membership.bundle, membership.root);
        const client::OutboxOwner owner{membership.device, (*keys)->sign_key().public_key(),
                                        bundle->seal_key_id()};
        const client::OutboxFolder folder(home, disk);
        auto to = acked();
        for (const auto& item : folder.items()) {
            CHECK(item.first_seq == to + 1);
            CHECK(folder.inspect(item, owner, nullptr) == OutboxFlaw::none);
            to = item.last_seq;
        }
        CHECK(to == head().seq);
    }

    /// `work` is cut at every operation, `seeds` times each, from the same state of the disk. Gives
    /// how often.
    template <class Work, class Look>
    std::uint64_t cut_everywhere(std::uint64_t seeds, const Work& work, const Look& look) {
        clinic.reset();
        const auto image = disk.files();
        std::uint64_t cuts = 0;
        for (bool is_whole = false; !is_whole; ++cuts) {
            for (std::uint64_t seed = 0; seed < seeds; ++seed) {
                CAPTURE(cuts);
                CAPTURE(seed);
                disk.set_files(image);
                disk.set_seed(100 * cuts + seed);
                disk.fail_at(cuts + 1, DiskFault::power_cut);
                is_whole = is_done(work);
                clinic.reset();
                disk.crash();
                look();
                clinic.reset();
            }
        }
        return cuts;
    }

    NoProgress quiet;
    tests::TestCentre centre;
    central::EnrolmentService service{*centre.store, *centre.keys, centre.clock, centre.random};
    http::Translate translate = [](const Message& message, std::string_view) { return message.id; };
    int names = 0;
    http::Log log = [](std::string_view) {};
    server::CentreServer server{
        {*centre.store, *centre.keys, centre.zone, centre.clock, centre.random, translate, log}};
};

TEST_SUITE("sync/client/crash_disk") {
    TEST_CASE_FIXTURE(CutLink,
                      "the power is cut at every operation of sealing and handing over: "
                      "the outbox has all that the centre hasn't") {
        REQUIRE(create());
        REQUIRE(enrol(code()));
        record();
        keeper()->settle();
        store::Head committed;
        const auto start = head();
        const auto cuts = cut_everywhere(
            3,
            [&] {
                committed = start;
                must(open());
                auto outbox = keeper();
                outbox->settle();
                for (int i = 0; i < 2; ++i) {
                    record();
                    committed = head();
                    outbox->seal_new();
                }
                outbox.reset();
                locked_sync();
                must(open());
                record();
                committed = head();
                keeper()->settle();
            },
            [&] {
                REQUIRE(open());
                CHECK(head().seq >= committed.seq);
                CHECK(clinic->log().hash_at(clinic->device(), committed.seq) == committed.hash);
                CHECK(acked() <= centre.store->head(clinic->device()).seq);
                keeper()->settle();
                check_outbox_has_rest();
                // A draft of the keys is sealed as they are, and the next one takes its place.
                for (const auto& [path, bytes] : disk.files())
                    CHECK_MESSAGE((!path.ends_with(".new") || path.ends_with("/link.keys.new")),
                                  path);
            });
        CHECK(cuts > 100);
        MESSAGE(cuts << " cuts of the power, three times each");
    }

    TEST_CASE_FIXTURE(CutLink, "an enrolment that is cut at any operation goes on with its code") {
        REQUIRE(create());
        record();
        clinic.reset();
        std::string first;
        const auto cuts = cut_everywhere(
            1,
            [&] {
                centre.clock.advance(std::chrono::minutes(1));  // It heeds 20 tries in one.
                first = service.add_clinic({"A clinic " + std::to_string(names++), "350203"})->code;
                must(open());
                must(enrol(first));
            },
            [&] {
                const auto keys = load_keys();
                REQUIRE(keys);
                REQUIRE(open());
                if (!clinic->has_joined()) REQUIRE(enrol(first));
                CHECK(clinic->has_joined());
                CHECK((*load_keys())->belong_to(clinic->device()));
                const auto outcome = client::ClinicLink(*clinic, home, way()).sync("", quiet);
                REQUIRE(outcome);
                CHECK(outcome->report.left == 0);
                CHECK(centre.store->head(clinic->device()).seq == head().seq);
            });
        CHECK(cuts > 60);
        MESSAGE(cuts << " cuts of the power");
    }

    TEST_CASE_FIXTURE(CutLink, "keys that are replaced are the old or the new ones, never none") {
        const auto old_keys = LinkKeys::make({random.bytes<16>()}, random);
        const auto new_keys = LinkKeys::make({random.bytes<16>()}, random);
        link_key = copy_of(random.bytes<32>());
        old_keys.save(home, link_key, disk);
        int old_count = 0;
        int new_count = 0;
        cut_everywhere(
            40, [&] { new_keys.save(home, link_key, disk); },
            [&] {
                const auto loaded = load_keys();
                REQUIRE(loaded);
                REQUIRE(*loaded);
                const auto& made_for = (*loaded)->made_for();
                CHECK((made_for == old_keys.made_for() || made_for == new_keys.made_for()));
                ++(made_for == old_keys.made_for() ? old_count : new_count);
            });
        CHECK(old_count > 20);
        CHECK(new_count > 20);
    }

    TEST_CASE_FIXTURE(CutLink, "a full disk leaves the keys and the outbox as they were") {
        REQUIRE(create());
        REQUIRE(enrol(code()));
        record();
        keeper()->settle();
        const auto start = head();
        clinic.reset();
        const auto image = disk.files();
        bool is_whole = false;
        for (std::uint64_t at = 1; !is_whole; ++at) {
            CAPTURE(at);
            disk.set_files(image);
            disk.fail_at(at, DiskFault::full, true);
            is_whole = is_done([&] {
                must(open());
                auto outbox = keeper();
                record();
                outbox->seal_new();
            });
            disk.mend();
            clinic.reset();
            REQUIRE(open());
            CHECK(clinic->log().hash_at(clinic->device(), start.seq) == start.hash);
            keeper()->settle();
            check_outbox_has_rest();
            clinic.reset();
        }
    }

    TEST_CASE_FIXTURE(CutLink, "one program at a time hands the outbox over") {
        REQUIRE(create());
        REQUIRE(enrol(code()));
        clinic.reset();
        const auto keys = load_keys();
        client::OutboxSync sync({**keys, clock, random, instant_from_unix_ms(0), disk}, home,
                                way());
        auto held = disk.take_lock(std::string(home) + "/outbox.lock");
        const auto refused = sync.sync("", quiet);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().message.id == "outbox.busy");
        held.reset();
        CHECK(sync.sync("", quiet));
    }
}

}  // namespace
}  // namespace egret
