#include "sync/http/route.h"

#include <doctest/doctest.h>

namespace egret::http {
namespace {

struct Nothing final : Handler {
    Result<Response> handle(const Request&) override { return Response::empty(); }
};

TEST_SUITE("sync/http/route") {
    TEST_CASE("a path is matched exactly, by its method") {
        Nothing read;
        Nothing write;
        Routes routes;
        routes.add("GET", "/v1/sync/head", read).add("POST", "/v1/sync/batches", write);

        CHECK(routes.find("GET", "/v1/sync/head").handler == &read);
        CHECK(routes.find("HEAD", "/v1/sync/head").handler == &read);
        CHECK(routes.find("POST", "/v1/sync/batches").handler == &write);
        for (const auto* path : {"", "/", "/v1/sync/head/", "/v1/sync/heads", "/v1/sync",
                                 "/V1/sync/head", "//v1/sync/head", "/v1/sync/head?x=1"}) {
            CHECK(routes.find("GET", path).handler == nullptr);
            CHECK(routes.find("GET", path).allowed == "");
        }
    }

    TEST_CASE("another method than a path has is told which there are") {
        Nothing both;
        Routes routes;
        routes.add("POST", "/a", both).add("GET", "/a", both);
        CHECK(routes.find("DELETE", "/a").handler == nullptr);
        CHECK(routes.find("DELETE", "/a").allowed == "GET, HEAD, POST");
        CHECK(routes.find("get", "/a").handler == nullptr);
    }
}

}  // namespace
}  // namespace egret::http
