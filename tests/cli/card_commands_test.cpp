#include "registry/card/jwk.h"
#include "registry/card/verify.h"
#include "registry/files/private_file.h"
#include "sync/central/enrolment_service.h"
#include "sync/http/server.h"
#include "sync/server/centre_server.h"
#include "tests/support/egret_run.h"
#include "tests/sync/central/test_centre.h"

#include <doctest/doctest.h>

namespace egret {
namespace {

using console::ExitStatus;

struct CardRun : tests::EgretRun {
    CardRun() { init(); }

    void give(const std::string& woman, const std::string& date, const std::string& more = "") {
        Words words = {
            "record",       "dose", "--woman", woman, "--date", date, "product=egret:cecolin",
            "lot=X20250301"};
        if (!more.empty()) words.push_back(more);
        words.insert(words.end(), {"--because", "asked twice"});
        done(words);
    }

    std::string girl(const std::string& name = "王小丽") { return add(name, "2012-07-09"); }

    std::string page(const std::string& woman, const std::string& language = "zh") {
        const auto ran = run({"card", woman, "--lang", language});
        REQUIRE_MESSAGE(ran.status == ExitStatus::done, ran.err);
        return ran.out;
    }

    static bool has(const std::string& text, std::string_view part) {
        return text.find(part) != std::string::npos;
    }
};

/// The same with a centre on this machine that the clinic has joined.
struct JoinedCardRun : CardRun {
    JoinedCardRun() {
        http::ignore_sigpipe();
        centre.clock.set(clock.now());
        const auto port = server.start({}, {"localhost", "127.0.0.1"});
        REQUIRE(port);
        url = "https://127.0.0.1:" + std::to_string(*port);
        join();
    }

    void join() {
        const auto code = centre.store->clinics().empty()
                              ? service.add_clinic({"A clinic", "350203"})->code
                              : service.invite("C001")->code;
        done({"enrol", url + "/", code});
    }

    Result<card::VerifiedCard> verified(const std::string& code) {
        return card::verify_code(code, {url, centre.store->card_keys()}, clock.now());
    }

    tests::TestCentre centre;
    central::EnrolmentService service{*centre.store, *centre.keys, centre.clock, centre.random};
    http::Translate translate = [](const Message& message, std::string_view) { return message.id; };
    http::Log log = [](std::string_view) {};
    server::CentreServer server{
        {*centre.store, *centre.keys, centre.zone, centre.clock, centre.random, translate, log}};
    std::string url;
};

TEST_SUITE("cli/card_commands") {
    TEST_CASE_FIXTURE(JoinedCardRun, "a card's code verifies by what the centre publishes") {
        const auto woman = girl();
        give(woman, "2026-03-02");
        const auto file = dir.file("card.html");
        const auto said = done({"card", woman, "--out", file});
        CHECK(said.text("file") == file);
        const auto read = verified(said.text("code"));
        REQUIRE(read);
        const auto& entries = read->bundle.find("entry")->as_array();
        REQUIRE(entries.size() == 2);
        const auto* name = entries[0].find("resource")->find("name");
        CHECK(name->as_array()[0].find("text")->as_text() == "王小丽");
        const auto html = std::string(text_of(*read_small_file(file, 1'000'000)));
        CHECK(has(html, "<svg"));
        CHECK(has(html, url));
        // Somebody who has the page has the card: it is its owner's, and replaces nothing.
        CHECK(run({"card", woman, "--out", file}).status == ExitStatus::refused);
    }

    TEST_CASE_FIXTURE(JoinedCardRun, "cards of a machine that was shut out verify no longer") {
        const auto woman = girl();
        give(woman, "2026-03-02");
        const auto before = done({"card", woman}).text("code");
        REQUIRE(verified(before));
        centre.store->revoke_clinic("C001", centre.clock.now());
        CHECK_FALSE(verified(before));
        // This machine hears of it at its next sync, and then promises nothing any more.
        CHECK(run({"sync"}).status == ExitStatus::refused);
        const auto shut_out = done({"card", woman}).json();
        CHECK(shut_out.find("code")->is_null());
        CHECK(has(shut_out.find("without_code")->as_text(), "egret enrol"));
        join();
        const auto after = done({"card", woman}).text("code");
        CHECK(verified(after));
        CHECK_FALSE(verified(before));
    }

    TEST_CASE_FIXTURE(JoinedCardRun,
                      "more doses than one code holds are refused, or printed without") {
        const auto woman = girl();
        for (int day = 1; day <= 28; ++day) {
            const auto number = (day < 10 ? "0" : "") + std::to_string(day);
            give(woman, "2026-01-" + number, "note=lot " + number);
            give(woman, "2026-02-" + number);
        }
        const auto ran = run({"card", woman});
        // Most of them come too soon and are left out of the code: there is room.
        CHECK(ran.status == ExitStatus::done);
        CHECK(has(run({"card", woman, "--no-code", "--lang", "en"}).out, "printed without a code"));
    }

    TEST_CASE_FIXTURE(CardRun, "a clinic that has not joined prints without a code, and says why") {
        const auto woman = girl();
        give(woman, "2026-03-02");
        const auto said = run({"card", woman, "--lang", "en"});
        CHECK(said.status == ExitStatus::done);
        CHECK_FALSE(has(said.out, "<svg"));
        CHECK(has(said.out, "has not joined a centre that would vouch"));
        CHECK(has(said.err, "egret enrol"));
        CHECK(has(page(woman), "尚未接入可为其作证的中心"));
        const auto answer = done({"card", woman}).json();
        CHECK(answer.find("code")->is_null());
        CHECK(has(answer.find("without_code")->as_text(), "egret enrol"));
        CHECK(has(answer.find("html")->as_text(), "<!DOCTYPE html>"));
    }

    TEST_CASE_FIXTURE(CardRun, "a card is in her language, or in both") {
        const auto woman = girl();
        give(woman, "2026-03-02");
        const auto zh = page(woman);
        CHECK(has(zh, "<html lang=\"zh-CN\">"));
        CHECK(has(zh, "馨可宁"));
        CHECK_FALSE(has(zh, "Cecolin"));
        CHECK(has(zh, "第 2 剂"));
        const auto en = page(woman, "en");
        CHECK(has(en, "<html lang=\"en\">"));
        CHECK(has(en, "Cecolin"));
        CHECK_FALSE(has(en, "馨可宁"));
        CHECK(has(en, "Dose 2 from"));
        const auto both = page(woman, "both");
        CHECK(has(both, "<span lang=\"zh-CN\">姓名</span> <span lang=\"en\">Name</span>"));
        CHECK(has(both, "馨可宁"));
        CHECK(has(both, "Cecolin"));
        for (const auto& html : {zh, en, both}) {
            CHECK(has(html, "2012-07-09"));
            CHECK(has(html, "2026-03-02"));
            CHECK(has(html, "X20250301"));
            CHECK(has(html, "思明区妇幼保健院"));
            CHECK(has(html, "2026-05-01"));
        }
    }

    TEST_CASE_FIXTURE(CardRun, "nothing that was typed becomes markup, nothing is fetched") {
        const auto woman = girl("<img src=x onerror=alert(1)> \"O'Neil\" & co");
        done({"record", "dose", "--woman", woman, "--date", "2026-03-02", "product=egret:cecolin",
              "lot=<script>alert(2)</script>"});
        for (const auto* language : {"zh", "en", "both"}) {
            const auto html = page(woman, language);
            CHECK_FALSE(has(html, "<img"));
            CHECK_FALSE(has(html, "<script"));
            CHECK(has(html, "&lt;img src=x onerror=alert(1)&gt; &quot;O&#39;Neil&quot; &amp; co"));
            CHECK(has(html, "&lt;script&gt;alert(2)&lt;/script&gt;"));
            for (const auto* outside : {"src=\"", "href=", "url(", "@import", "@font-face"})
                CHECK_FALSE(has(html, outside));
        }
    }

    TEST_CASE_FIXTURE(CardRun, "what she suffers from is on no card") {
        const auto plain = girl("陈小丽");
        give(plain, "2026-03-02");
        const auto woman = girl("林小雨");
        give(woman, "2026-03-02");
        done({"record", "flag", "--woman", woman, "--date", "2026-01-01", "code=hiv"});
        done({"record", "hpv_test", "--woman", woman, "--date", "2026-01-01", "result=positive",
              "types=16"});
        for (const auto* language : {"zh", "en", "both"}) {
            const auto html = page(woman, language);
            for (const auto* word :
                 {"HIV", "hiv", "immun", "免疫", "艾滋", "阳性", "ositive", "WHO"})
                CHECK_FALSE_MESSAGE(has(html, word), word);
        }
        CHECK(has(page(plain, "en"), "Dose 2"));
    }

    TEST_CASE_FIXTURE(CardRun, "doses that count for nothing are marked") {
        const auto woman = girl();
        give(woman, "2026-04-01");
        give(woman, "2026-04-10");
        CHECK(has(page(woman, "en"), "does not count"));
        CHECK_FALSE(has(page(woman, "en"), "as told"));

        const auto other = girl("陈小丽");
        give(other, "2025-04-01", "source=told");
        CHECK(has(page(other, "en"), "as told"));
        CHECK_FALSE(has(page(other, "en"), "does not count"));
    }

    TEST_CASE_FIXTURE(CardRun, "a file that is no page, and a woman without a dose, are refused") {
        const auto woman = girl();
        const auto pdf = run({"card", woman, "--out", dir.file("card.pdf"), "--lang", "en"});
        CHECK(pdf.status == ExitStatus::usage);
        CHECK(has(pdf.err, ".html"));
        const auto none = run({"card", woman, "--lang", "en"});
        CHECK(none.status == ExitStatus::refused);
        CHECK(has(none.err, "egret record dose"));
        CHECK(none.out.empty());
        CHECK(run({"card", "123"}).status == ExitStatus::refused);
        CHECK(run({"card", woman, "--lang", "fr"}).status == ExitStatus::usage);
        CHECK(run({"woman", "show", woman, "--lang", "both"}).status == ExitStatus::usage);
    }

    TEST_CASE_FIXTURE(CardRun, "help names the languages of a card once") {
        const auto help = run({"card", "--help", "--lang", "en"}).out;
        CHECK(has(help, "--lang zh|en|both"));
        CHECK_FALSE(has(help, "--lang zh|en "));
        CHECK(has(run({"next", "--help"}).out, "--lang zh|en "));
    }
}

}  // namespace
}  // namespace egret
