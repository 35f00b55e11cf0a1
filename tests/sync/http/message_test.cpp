#include "sync/http/message.h"

#include <doctest/doctest.h>

namespace egret::http {
namespace {

TEST_SUITE("sync/http/message") {
    TEST_CASE("a query is read with its escapes undone") {
        const auto query = parse_query("scope=350203&name=%E7%8E%8B+%e5%b0%8f&empty=&flag");
        REQUIRE(query);
        CHECK(*query == Query{{"scope", "350203"}, {"name", "王 小"}, {"empty", ""}, {"flag", ""}});
        CHECK(parse_query("")->empty());
        CHECK(parse_query("&&")->empty());
    }

    TEST_CASE("a query that can be read in two ways is refused") {
        for (const auto* text :
             {"a=%", "a=%4", "a=%zz", "%f=1", "a=%ff", "a=%00", "a=1&a=2", "a=1&%61=2"}) {
            const auto refused = parse_query(text);
            REQUIRE_MESSAGE(!refused, text);
            CHECK(refused.error().code == ErrorCode::invalid_input);
            CHECK(refused.error().message == msg("http.query_malformed"));
        }
    }

    TEST_CASE("what was escaped comes back") {
        const std::string value = "a&b=c?d/e +%王\n";
        CHECK(percent_encode("aZ9-._~") == "aZ9-._~");
        CHECK(parse_query("x=" + percent_encode(value))->at("x") == value);
    }

    TEST_CASE("a header is found") {
        const Request request{.headers = {{"accept-language", "zh"}}};
        CHECK(request.header("accept-language") == "zh");
        CHECK(request.header("accept") == "");
        auto answer = Response::json("{}");
        answer.headers.emplace_back("Retry-After", "30");
        CHECK(answer.header("retry-after") == "30");
        CHECK(answer.header("allow") == "");
    }
}

}  // namespace
}  // namespace egret::http
