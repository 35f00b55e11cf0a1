// A clinic's machine renews its keys, once half of its certificate's time is over; the line breaks
// and the power goes amid it.

#include "registry/crypto/x509.h"
#include "sync/client/held_link.h"
#include "sync/core/renewal.h"
#include "sync/core/request_signature.h"
#include "tests/support/sim_disk.h"
#include "tests/sync/client/outbox_fixture.h"
#include "tests/sync/scenarios/passing_time.h"

#include <doctest/doctest.h>

#include <chrono>

namespace egret {
namespace {

using std::chrono::days;
using tests::DiskFault;
using tests::PassingTime;

struct RenewedMachine : PassingTime {
    RenewedMachine() {
        machine.record(2);
        REQUIRE(machine.sync().report.left == 0);
    }

    /// The answers to renewals are lost so often.
    void lose_answers(int count) {
        lost = count;
        trick = [this](const http::Request& request, const tests::TrickyLine::Send& send) {
            auto answer = send(request);
            if (request.path != "/v1/renew") return answer;
            ++renewals;
            if (lost == 0) return answer;
            --lost;
            return Result<http::Response>(
                Error{ErrorCode::unavailable, "server", msg("net.broken")});
        };
    }

    client::Connect tricky_way() {
        return [this](const client::HttpsClientOptions& options)
                   -> Result<std::unique_ptr<client::Transport>> {
            auto line = way()(options);
            if (!line) return line;
            return std::unique_ptr<client::Transport>(
                std::make_unique<tests::TrickyLine>(*std::move(line), trick));
        };
    }

    client::SyncOutcome tricky_sync() {
        const auto outcome =
            client::ClinicLink(machine.open(), machine.home(), tricky_way()).sync("", quiet);
        REQUIRE(outcome);
        machine.close();
        return *outcome;
    }

    /// A request that these keys have signed, and what came of it.
    Result<http::Response> ask(const client::LinkKeys& keys, const std::string& method,
                               const std::string& path, std::string body = "") {
        http::Request made;
        made.method = method;
        made.path = path;
        made.body = copy_of(bytes_of(body));
        made.headers["authorization"] =
            sync::authorize_request({keys.membership()->device, keys.epoch(), keys.sign_key()},
                                    {unix_ms(clock.now()), random.bytes<16>()},
                                    {made.method, http::target_of(made), made.body});
        auto line = way()(client::HttpsClientOptions{});
        REQUIRE(line);
        return (*line)->send(made);
    }

    /// The steps of a renewal, as a sync takes them.
    bool renew(const std::string& folder, files::Disk& disk) {
        auto stored = *client::LinkKeys::load(folder, {}, disk);
        REQUIRE(stored);
        auto link = *client::HeldLink::owning(std::move(*stored), {folder, {}, disk});
        REQUIRE(link->is_renewal_due(centre.clock.now()));
        if (!link->prepare_renewal(random)) return false;
        const auto& keys = link->keys();
        sync::RenewalRequest asked;
        asked.epoch = keys.epoch() + 1;
        asked.csr_pem = *crypto::make_signing_request(keys.next()->tls_key_pem);
        asked.sign_key = keys.next()->sign.public_key();
        asked.seal_key = keys.next()->seal.public_key();
        const auto answer =
            ask(keys, "POST", "/v1/renew",
                sync::encode_renewal_request(asked, keys.membership()->device, keys.next()->sign));
        REQUIRE(answer);
        REQUIRE(answer->status == 200);
        return bool(link->take_renewal(text_of(answer->body)));
    }

    tests::TrickyLine::Trick trick;
    int lost = 0;
    int renewals = 0;
};

}  // namespace

TEST_SUITE("sync/scenarios/renewed_machine") {
    TEST_CASE_FIXTURE(RenewedMachine, "at half time the next sync renews, and all goes on") {
        lose_answers(0);
        pass(days{362});
        tricky_sync();
        CHECK(renewals == 0);
        CHECK(epoch_of(machine) == 1);
        const auto cards = centre.store->card_keys();
        pass(days{3});
        confirm_day();
        machine.record(1);
        const auto outcome = tricky_sync();
        CHECK_FALSE(outcome.report.error);
        CHECK(renewals == 1);
        CHECK(epoch_of(machine) == 2);
        // The feed was asked for with the new keys: the old ones are over.
        CHECK(at_centre(machine).keys.epoch == 2);
        // What it has signed with stays valid.
        CHECK(centre.store->card_keys() == cards);
        machine.record(2);
        CHECK(tricky_sync().report.left == 0);
        CHECK(renewals == 1);
        check_centre_holds(machine.recorded());
        machine.check_holds(machine.recorded());
        machine.record(1);
        CHECK(machine.locked_sync().report.left == 0);
        check_centre_holds(machine.recorded());
    }

    TEST_CASE_FIXTURE(RenewedMachine, "years later, with a certificate that ran out, and locked") {
        pass(days{1000});
        confirm_day();
        machine.record(1);
        CHECK(machine.locked_sync().report.left == 0);
        CHECK(epoch_of(machine) == 2);
        machine.record(1);
        CHECK(machine.sync().report.left == 0);
        check_centre_holds(machine.recorded());
        machine.check_holds(machine.recorded());
    }

    TEST_CASE_FIXTURE(RenewedMachine,
                      "answers are lost: old and new keys hold, and one renewal comes of it") {
        lose_answers(2);
        pass(days{400});
        confirm_day();
        for (int night = 0; night < 2; ++night) {
            machine.record(1);
            CHECK(tricky_sync().report.left == 0);
            CHECK(epoch_of(machine) == 1);
            CHECK(at_centre(machine).next);
        }
        machine.record(1);
        CHECK(tricky_sync().report.left == 0);
        CHECK(renewals == 3);
        CHECK(epoch_of(machine) == 2);
        CHECK(at_centre(machine).keys.epoch == 2);
        machine.record(1);
        CHECK(tricky_sync().report.left == 0);
        CHECK(renewals == 3);
        check_centre_holds(machine.recorded());
    }

    TEST_CASE_FIXTURE(RenewedMachine, "a clock that runs wild renews nothing") {
        lose_answers(0);
        clock.advance(days{20'000});
        confirm_day();
        tricky_sync();
        CHECK(renewals == 0);
    }

    TEST_CASE_FIXTURE(RenewedMachine,
                      "the power goes at every operation: the keys that are there are taken") {
        const auto folder = std::string("/clinic");
        std::uint64_t cuts = 0;
        std::uint64_t kept_old = 0;
        auto keys = *client::LinkKeys::load(machine.home());
        for (bool is_whole = false; !is_whole; ++cuts) {
            CAPTURE(cuts);
            pass(days{400});
            tests::SimDisk disk(cuts + 1);
            keys->save(folder, {}, disk);
            const auto before = keys->epoch();
            disk.fail_at(cuts + 1, DiskFault::power_cut);
            try {
                is_whole = renew(folder, disk);
            } catch (const std::system_error&) {
                disk.crash();
                const auto left = *client::LinkKeys::load(folder, {}, disk);
                REQUIRE(left);
                // Before anything else is done with them.
                CHECK(ask(*left, "GET", "/v1/sync/head")->status == 200);
                if (left->epoch() == before) {
                    ++kept_old;
                    CHECK(renew(folder, disk));
                }
            }
            keys = *client::LinkKeys::load(folder, {}, disk);
            CHECK(keys->epoch() == before + 1);
            CHECK_FALSE(keys->next());
            CHECK(ask(*keys, "GET", "/v1/sync/head")->status == 200);
            CHECK(at_centre(machine).keys.sign == keys->sign_key().public_key());
        }
        CHECK(cuts > 6);
        CHECK(kept_old > 0);
    }
}

}  // namespace egret
