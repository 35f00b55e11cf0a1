#include "sync/client/sync_session.h"

#include "tests/sync/client/session_fixture.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace egret {
namespace {

using tests::SessionFixture;
using Send = tests::TrickyLine::Send;

const std::string upload_call = "POST /v1/sync/batches";
const std::string head_call = "GET /v1/sync/head";
const std::string bundle_call = "GET /v1/bundle";
const std::string feed_call = "GET /v1/sync/feed";

using Asked = std::vector<std::string>;

TEST_SUITE("sync/client/sync_session") {
    TEST_CASE_FIXTURE(SessionFixture, "nothing is asked that needn't be") {
        record(3);
        watch();
        CHECK(open_sync().report.left == 0);
        CHECK(asked == Asked{upload_call, feed_call});
        record(1);
        watch();
        CHECK(open_sync().report.left == 0);
        CHECK(asked == Asked{upload_call, feed_call});
        watch();
        CHECK(open_sync().report.left == 0);
        CHECK(asked == Asked{head_call, feed_call});

        record(2);
        settled();
        watch();
        CHECK(locked_sync().report.left == 0);
        CHECK(asked == Asked{upload_call, feed_call});
        watch();
        CHECK(locked_sync().report.left == 0);
        CHECK(asked == Asked{head_call, feed_call});
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
        CHECK(asked == Asked{upload_call, bundle_call, upload_call, feed_call});
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

    TEST_CASE_FIXTURE(SessionFixture, "a centre that signs with a new key is known by its bundle") {
        auto before = centre_bundle();
        before.receipt_key = crypto::SigningKey::generate(random).public_key();
        hold(before);
        record(2);
        const auto next = next_bundle();
        watch([&](const http::Request& request, const Send& send) -> Result<http::Response> {
            if (request.path != "/v1/bundle") return send(request);
            return http::Response::bytes(sign(next), "application/octet-stream");
        });
        SUBCASE("with the registry open") {
            const auto outcome = open_sync();
            CHECK_FALSE(outcome.report.error);
            CHECK(outcome.report.left == 0);
            CHECK(asked == Asked{upload_call, bundle_call, upload_call, feed_call});
        }
        SUBCASE("while it is locked") {
            settled();
            CHECK(locked_sync().report.left == 0);
            CHECK(asked == Asked{upload_call, bundle_call, upload_call, feed_call});
            reopen();
            settled();
        }
        CHECK(held() == next);
        check_centre_has_all();
    }

    TEST_CASE_FIXTURE(SessionFixture, "an answer that nobody's key signed is as good as none") {
        record(2);
        watch([&](const http::Request& request, const Send& send) {
            auto answer = send(request);
            if (request.path != "/v1/sync/batches" || !answer) return answer;
            auto body = std::string(text_of(answer->body));
            const auto at = body.find("\"sig\":\"") + 7;
            body[at] = body[at] == '0' ? '1' : '0';
            return Result<http::Response>(http::Response::json(body));
        });
        const auto outcome = open_sync();
        CHECK_FALSE(outcome.must_stop);
        REQUIRE(outcome.report.error);
        CHECK(outcome.report.error->message.id == "sync.no_line");
        CHECK(outcome.report.left == 4);
        watch();
        CHECK(open_sync().report.left == 0);
        check_centre_has_all();
    }

    TEST_CASE_FIXTURE(SessionFixture, "a newer bundle that the answer names is fetched, once") {
        auto older = centre_bundle();  // The same in the form that says less.
        older.version = 2;
        older.next_seal_keys.clear();
        hold(older);
        record(1);
        watch();
        CHECK(open_sync().report.left == 0);
        CHECK(asked == Asked{upload_call, bundle_call, feed_call});
        CHECK(held().version == 3);
        watch();
        CHECK(open_sync().report.left == 0);
        CHECK(asked == Asked{head_call, feed_call});
    }

    TEST_CASE_FIXTURE(SessionFixture, "a centre that speaks only newer protocols says so") {
        auto newest = next_bundle();
        newest.protocol_min = newest.protocol_max = sync::protocol_version + 1;
        hold(newest);
        record(1);
        const auto outcome = open_sync();
        CHECK(outcome.report.left == 0);
        CHECK(outcome.must_stop);
        REQUIRE(outcome.report.error);
        CHECK(outcome.report.error->message.id == "sync.program_too_old");
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
        CHECK(asked == Asked{bundle_call, upload_call, feed_call});
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
        for (const auto& call : asked) CHECK(call == bundle_call);
        CHECK(asked.size() <= 2);
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
