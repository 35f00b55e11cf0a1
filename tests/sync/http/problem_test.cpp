#include "sync/http/problem.h"

#include "registry/json/parse.h"

#include <doctest/doctest.h>

namespace egret::http {
namespace {

const Translate translate = [](const Message& message, std::string_view language) {
    return std::string(language) + ":" + message.id;
};

std::string member(const json::Value& document, std::string_view name) {
    const auto* value = document.find(name);
    REQUIRE(value != nullptr);
    return value->as_text();
}

TEST_SUITE("sync/http/problem") {
    TEST_CASE("an error becomes a document with a stable type") {
        const ProblemWriter writer{translate, "zh"};
        const auto answer =
            writer.write({ErrorCode::conflict, "batch.origin", msg("http.body_cut")});

        CHECK(answer.status == 409);
        CHECK(answer.content_type == "application/problem+json");
        const auto document = json::parse(text_of(answer.body));
        REQUIRE(document);
        CHECK(member(*document, "type") == "tag:egret,2026:problem/conflict");
        CHECK(member(*document, "title") == "zh:problem.conflict");
        CHECK(document->find("status")->as_integer() == 409);
        CHECK(member(*document, "detail") == "zh:http.body_cut");
        CHECK(member(*document, "code") == "conflict");
        CHECK(member(*document, "field") == "batch.origin");
        CHECK(member(*document, "message") == "http.body_cut");
    }

    TEST_CASE("every code has its status") {
        const ProblemWriter writer{translate, "en"};
        const std::pair<ErrorCode, int> expected[] = {
            {ErrorCode::invalid_input, 400}, {ErrorCode::unauthorized, 401},
            {ErrorCode::forbidden, 403},     {ErrorCode::not_found, 404},
            {ErrorCode::conflict, 409},      {ErrorCode::too_large, 413},
            {ErrorCode::unsupported, 415},   {ErrorCode::unavailable, 503},
            {ErrorCode::no_space, 507},      {ErrorCode::locked, 423}};
        for (const auto& [code, status] : expected) {
            const auto answer = writer.write({code, "", msg("http.internal")});
            CHECK(answer.status == status);
            CHECK(member(*json::parse(text_of(answer.body)), "code") == to_string(code));
        }
    }

    TEST_CASE("a finer status may be given, and who shall come back is told when") {
        const ProblemWriter writer{translate, "en"};
        const auto answer = writer.write({ErrorCode::unsupported, "", msg("http.internal")}, 426);
        CHECK(answer.status == 426);
        CHECK(json::parse(text_of(answer.body))->find("status")->as_integer() == 426);
        CHECK(answer.header("Retry-After") == "");
        CHECK(writer.write({ErrorCode::unavailable, "", msg("http.internal")})
                  .header("Retry-After") == "30");
    }

    TEST_CASE("an internal error has a document of its own") {
        const auto answer = ProblemWriter{translate, "en"}.write_internal_error();
        CHECK(answer.status == 500);
        const auto document = json::parse(text_of(answer.body));
        REQUIRE(document);
        CHECK(member(*document, "type") == "tag:egret,2026:problem/internal");
        CHECK(member(*document, "detail") == "en:http.internal");
    }

    TEST_CASE("the language is the one that the caller prefers of ours") {
        for (const auto* zh : {"zh", "zh-CN", "ZH-Hans-CN, en;q=0.5", "fr, zh;q=0.2",
                               "en;q=0.8,zh;q=0.9", "en;q=0, zh;q=0.001"})
            CHECK_MESSAGE(preferred_language(zh) == "zh", zh);
        for (const auto* en :
             {"", "en", "en-GB, zh;q=0.9", "fr", "*", "zh;q=0", "zhx", ";;,,q=", "zh;q=0.5, en"})
            CHECK_MESSAGE(preferred_language(en) == "en", en);
    }
}

}  // namespace
}  // namespace egret::http
