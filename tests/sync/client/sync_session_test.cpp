#include "sync/client/sync_session.h"

#include "sync/core/envelope.h"
#include "sync/core/protocol.h"
#include "tests/sync/client/hand_made_bundle.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace egret {
namespace {

using tests::RootFixture;
using Send = tests::TrickyLine::Send;

/// What is asked of the centre, and a centre that has destroyed the key of all but its own bundle.
struct SessionFixture : RootFixture {
    /// Notes what is asked, and then does as `also` wants.
    void watch(tests::TrickyLine::Trick also = nullptr) {
        asked.clear();
        trick = [this, also](const http::Request& request,
                             const Send& send) -> Result<http::Response> {
            asked.push_back(request.method + " " + request.path);
            return also ? also(request, send) : send(request);
        };
    }

    client::ClinicLink::Outcome open_sync() {
        auto outcome = client::ClinicLink(*clinic, home(), tricky_way()).sync("", quiet);
        REQUIRE(outcome);
        return *std::move(outcome);
    }

    /// What is sealed to another key than the centre's is answered with STALE_KEY; `bundle` is what
    /// it hands out.
    tests::TrickyLine::Trick key_destroyed(const sync::KeyBundle& bundle) {
        return [this, bundle](const http::Request& request,
                              const Send& send) -> Result<http::Response> {
            if (request.path == "/v1/bundle")
                return http::Response::bytes(sign(bundle), "application/octet-stream");
            if (request.method != "POST") return send(request);
            const auto header = sync::parse_envelope(request.body);
            REQUIRE(header);
            const auto present = sync::key_id_of(centre.keys->hpke().public_key());
            if (header->recipient_key_id == present) return send(request);
            const auto head = centre.store->head(header->sender);
            const sync::UploadReply reply{
                sync::UploadCode::stale_key,
                {header->sender, head.seq, head.hash, 0, unix_ms(centre.clock.now())}};
            return http::Response::json(sync::encode_upload_reply(reply, centre.keys->receipt()),
                                        sync::http_status(reply.code));
        };
    }

    /// As TLS does it: whose key isn't among those of the bundle is refused, unless anybody will
    /// do; that one is told nothing that he could use.
    client::Connect pinned_way() {
        return [this](const client::HttpsClientOptions& options)
                   -> Result<std::unique_ptr<client::Transport>> {
            const auto own = centre_bundle().tls_pins;
            const auto& known = options.server_key_hashes;
            const bool is_known = std::find(known.begin(), known.end(), own.at(0)) != known.end();
            if (options.accept_any_server) {
                CHECK_FALSE(options.identity);
                ++strangers;
            } else if (!is_known) {
                return std::unique_ptr<client::Transport>(std::make_unique<Distrust>());
            }
            return tricky_way()(options);
        };
    }

    struct Distrust final : client::Transport {
        Result<http::Response> send(const http::Request&) override {
            return Error{ErrorCode::unavailable, "server", msg("net.untrusted_server")};
        }
    };

    client::ClinicLink::Outcome pinned_sync() {
        auto outcome = client::ClinicLink(*clinic, home(), pinned_way()).sync("", quiet);
        REQUIRE(outcome);
        return *std::move(outcome);
    }

    sync::KeyBundle with_other_pins(sync::KeyBundle bundle) {
        bundle.tls_pins = {random.bytes<32>()};
        return bundle;
    }

    sync::KeyBundle with_other_seal_key(sync::KeyBundle bundle) {
        bundle.seal_key = crypto::SealKeyPair::generate(random).public_key();
        return bundle;
    }

    std::vector<std::string> asked;
    int strangers = 0;  // Lines to whoever answers.
};

const std::string upload_call = "POST /v1/sync/batches";
const std::string head_call = "GET /v1/sync/head";
const std::string bundle_call = "GET /v1/bundle";

using Asked = std::vector<std::string>;

TEST_SUITE("sync/client/sync_session") {
    TEST_CASE_FIXTURE(SessionFixture, "nothing is asked that needn't be") {
        record(3);
        watch();
        CHECK(open_sync().report.left == 0);
        // What enrolment gave was the bundle's old form.
        CHECK(asked == Asked{upload_call, bundle_call});
        record(1);
        watch();
        CHECK(open_sync().report.left == 0);
        CHECK(asked == Asked{upload_call});
        watch();
        CHECK(open_sync().report.left == 0);
        CHECK(asked == Asked{head_call});

        record(2);
        settled();
        watch();
        CHECK(locked_sync().report.left == 0);
        CHECK(asked == Asked{upload_call});
        watch();
        CHECK(locked_sync().report.left == 0);
        CHECK(asked == Asked{head_call});
        reopen();
        settled();
        check_centre_has_all();
    }

    TEST_CASE_FIXTURE(SessionFixture, "dropped after any answer, the next one goes on") {
        for (const bool is_delivered : {false, true}) {
            record(2);
            auto session = link().session("", quiet);
            REQUIRE(session);
            const auto request = (*session)->start(clinic->now());
            REQUIRE(request);
            auto line = way()((*session)->way());
            if (is_delivered) CHECK((*line)->send(*request));
            session = Error{ErrorCode::unavailable, "", {}};
            reopen();
            CHECK(open_sync().report.left == 0);
            check_centre_has_all();
        }
    }

    TEST_CASE_FIXTURE(SessionFixture, "for a key that was destroyed the next bundle is fetched") {
        hold(with_other_seal_key(centre_bundle()));
        record(3);
        watch(key_destroyed(next_bundle()));
        const auto outcome = open_sync();
        CHECK_FALSE(outcome.report.error);
        CHECK(outcome.report.left == 0);
        CHECK(asked == Asked{upload_call, bundle_call, upload_call});
        CHECK(held() == next_bundle());
        check_centre_has_all();
    }

    TEST_CASE_FIXTURE(SessionFixture, "a centre without a newer key says so, and nothing is lost") {
        const auto lost = with_other_seal_key(centre_bundle());
        hold(lost);
        record(2);
        SUBCASE("the same bundle") { watch(key_destroyed(lost)); }
        SUBCASE("a newer one with the same key") {
            auto next = lost;
            next.number += 1;
            watch(key_destroyed(next));
        }
        const auto outcome = open_sync();
        CHECK(outcome.must_stop);
        REQUIRE(outcome.report.error);
        CHECK(outcome.report.error->message.id == "sync.stale_key");
        watch(key_destroyed(next_bundle()));
        auto last = next_bundle();
        last.number += 1;
        watch(key_destroyed(last));
        CHECK(open_sync().report.left == 0);
        check_centre_has_all();
    }

    TEST_CASE_FIXTURE(SessionFixture, "nobody else's bundle takes the place of the held one") {
        hold(with_other_seal_key(centre_bundle()));
        const auto before = held();
        record(2);
        auto forged = sign(next_bundle());
        forged[forged.size() / 2] ^= 1;
        watch([&](const http::Request& request, const Send& send) -> Result<http::Response> {
            if (request.path == "/v1/bundle")
                return http::Response::bytes(forged, "application/octet-stream");
            return key_destroyed(next_bundle())(request, send);
        });
        const auto outcome = open_sync();
        CHECK_FALSE(outcome.must_stop);
        CHECK(outcome.report.left == 4);
        CHECK(held() == before);
        watch(key_destroyed(next_bundle()));
        CHECK(open_sync().report.left == 0);
        check_centre_has_all();
    }

    TEST_CASE_FIXTURE(SessionFixture,
                      "while it is locked the next bundle is kept for the opening") {
        hold(with_other_seal_key(centre_bundle()));
        record(3);
        settled();
        watch(key_destroyed(next_bundle()));
        const auto stopped = locked_sync();
        CHECK(stopped.must_stop);
        CHECK(stopped.report.error->message.id == "outbox.needs_registry");
        CHECK(asked == Asked{upload_call, bundle_call});
        CHECK(held() == next_bundle());
        // Any command seals it anew; nobody has to ask for a sync.
        reopen();
        settled();
        CHECK(locked_sync().report.left == 0);
        reopen();
        settled();
        check_centre_has_all();
    }

    TEST_CASE_FIXTURE(SessionFixture, "a server whose key is new is known by the next bundle") {
        hold(with_other_pins(centre_bundle()));
        record(2);
        watch([&](const http::Request& request, const Send& send) -> Result<http::Response> {
            if (request.path != "/v1/bundle") return send(request);
            CHECK(request.headers.empty());
            return http::Response::bytes(sign(next_bundle()), "application/octet-stream");
        });
        const auto outcome = pinned_sync();
        CHECK_FALSE(outcome.report.error);
        CHECK(outcome.report.left == 0);
        CHECK(asked == Asked{bundle_call, upload_call});
        CHECK(strangers == 1);
        CHECK(held() == next_bundle());
        check_centre_has_all();
        CHECK_FALSE(pinned_sync().report.error);
        CHECK(strangers == 1);
    }

    TEST_CASE_FIXTURE(SessionFixture, "a stranger in the centre's place learns nothing") {
        const auto before = with_other_pins(centre_bundle());
        hold(before);
        record(2);
        SUBCASE("that hands out the bundle that is held") {
            watch([&](const http::Request&, const Send&) {
                return http::Response::bytes(sign(before), "application/octet-stream");
            });
        }
        SUBCASE("that has none") {
            watch(
                [](const http::Request&, const Send&) { return http::Response::json("{}", 404); });
        }
        SUBCASE("that says something else") {
            watch([](const http::Request&, const Send&) {
                return http::Response::bytes(Bytes(500, 7), "application/octet-stream");
            });
        }
        SUBCASE("that hangs up") {
            watch([](const http::Request&, const Send&) -> Result<http::Response> {
                return Error{ErrorCode::unavailable, "server", msg("net.broken")};
            });
        }
        const auto outcome = pinned_sync();
        CHECK_FALSE(outcome.must_stop);
        REQUIRE(outcome.report.error);
        CHECK(outcome.report.error->message.id == "net.untrusted_server");
        CHECK(outcome.report.left == 4);
        CHECK(asked == Asked{bundle_call});
        CHECK(held() == before);
    }

    TEST_CASE_FIXTURE(SessionFixture, "keys of another machine get no bundle of this one's sync") {
        hold(with_other_seal_key(centre_bundle()));
        record(1);
        watch([&](const http::Request& request, const Send& send) -> Result<http::Response> {
            if (request.path == "/v1/bundle") {
                auto other = client::LinkKeys::make(clinic->device(), random);
                other.join(*(*client::LinkKeys::load(home()))->membership());
                other.save(home());
            }
            return key_destroyed(next_bundle())(request, send);
        });
        const auto outcome = open_sync();
        CHECK(outcome.report.left == 2);
        CHECK(held().number == centre_bundle().number);
    }
}

}  // namespace
}  // namespace egret
