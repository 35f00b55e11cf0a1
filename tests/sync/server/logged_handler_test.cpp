#include "sync/server/logged_handler.h"

#include "registry/sqlite/error.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

namespace egret::server {
namespace {

constexpr int sqlite_full = 13;
constexpr int sqlite_corrupt = 11;

struct Inner final : http::Handler {
    std::function<Result<http::Response>()> answer;

    Result<http::Response> handle(const http::Request&) override { return answer(); }
};

struct LogFixture {
    std::vector<std::string> lines;
    http::Log log = [this](std::string_view line) { lines.emplace_back(line); };
    std::atomic<bool> is_on{true};
    Inner inner;
    LoggedHandler handler{inner, log, is_on};
    http::Request request;

    LogFixture() {
        request.method = "POST";
        request.path = "/v1/batches";
        request.peer.address = "192.0.2.7";
    }
};

}  // namespace

TEST_SUITE("sync/server/logged_handler") {
    TEST_CASE_FIXTURE(LogFixture, "a request is a line: who from, what, and how it ended") {
        inner.answer = [] { return http::Response::json("{}", 200); };
        REQUIRE(handler.handle(request));
        inner.answer = []() -> Result<http::Response> {
            return Error{ErrorCode::forbidden, "", msg("http.internal")};
        };
        REQUIRE_FALSE(handler.handle(request));
        CHECK(lines == std::vector<std::string>{"192.0.2.7 POST /v1/batches 200",
                                                "192.0.2.7 POST /v1/batches 403 http.internal"});
    }

    TEST_CASE_FIXTURE(LogFixture, "a full disk is said to who asks, and to the log even if quiet") {
        is_on = false;
        inner.answer = []() -> Result<http::Response> {
            throw sqlite::SqliteError(sqlite_full, "full", "COMMIT");
        };
        const auto answer = handler.handle(request);
        REQUIRE_FALSE(answer);
        CHECK(answer.error().code == ErrorCode::no_space);
        CHECK(lines == std::vector<std::string>{"POST /v1/batches failed: the disk is full"});
    }

    TEST_CASE_FIXTURE(LogFixture, "what else is thrown is the server's to tell") {
        inner.answer = []() -> Result<http::Response> {
            throw sqlite::SqliteError(sqlite_corrupt, "damaged", "SELECT");
        };
        CHECK_THROWS_AS(static_cast<void>(handler.handle(request)), sqlite::SqliteError);
        CHECK(lines.empty());
    }
}

}  // namespace egret::server
