// How far the audit was, as registry.keys keeps it, tells of entries that somebody took off its
// end.

#include "tests/cli/audit_run.h"
#include "tests/support/sqlite_file.h"

#include <optional>

namespace egret::cli {
namespace {

using console::ExitStatus;
using tests::AuditRun;

/// A registry whose audit grows, and is cut with its own head put right.
struct KeptHead : AuditRun {
    std::optional<keys::AuditHead> kept() const {
        return keys::KeyFile::load(home())->audit_head();
    }

    /// Each at a time of its own, as looks are: at one and the same time they would be the same
    /// entries again.
    void search_until(std::size_t count) {
        while (entries().size() < count) {
            clock.advance(std::chrono::seconds{1});
            CHECK(run({"woman", "find", "王"}).status == ExitStatus::done);
        }
        CHECK(run({"stock", "show"}).status == ExitStatus::done);
    }

    void cut_to(std::uint64_t entries) {
        auto file = opened();
        const auto number = std::to_string(entries);
        tests::change_unguarded(
            file.db, "DELETE FROM audit WHERE number > " + number +
                         ";UPDATE audit_head SET entries = " + number +
                         ", hash = (SELECT hash FROM audit WHERE number = " + number + ")");
    }
};

TEST_SUITE("cli/audit_head") {
    TEST_CASE_FIXTURE(KeptHead, "what registry.keys keeps tells of a tail that was cut off") {
        CHECK_FALSE(kept());
        search_until(101);
        REQUIRE(kept());
        const auto head = *kept();
        CHECK(head.entries == 100);
        CHECK(done({"audit", "verify"}).json().find("ok")->as_bool());
        cut_to(60);
        const auto short_one = run({"audit", "verify", "--json"});
        CHECK(short_one.status == ExitStatus::refused);
        CHECK(short_one.json().find("faults")->as_array().at(0).find("entry")->as_integer() == 61);
        CHECK(run({"check", "--json"}).out.find("audit_missing") != std::string::npos);
        // Other entries in their place don't make it forget: nothing newer is kept over it.
        search_until(230);
        CHECK(*kept() == head);
        const auto rewritten = run({"audit", "verify", "--json"});
        CHECK(rewritten.status == ExitStatus::refused);
        CHECK(rewritten.json().find("faults")->as_array().at(0).find("kind")->as_text() ==
              "rewritten");
    }

    TEST_CASE_FIXTURE(KeptHead,
                      "who opens an older registry.db by her PIN is told, again and again") {
        search_until(101);
        CHECK(run({"woman", "find", "王", "--lang", "en"}).err.find("registry.db") ==
              std::string::npos);
        cut_to(60);
        for (const std::size_t entries : {std::size_t{61}, std::size_t{150}}) {
            search_until(entries);
            for (const std::string language : {"en", "zh"}) {
                const auto looked = run({"woman", "find", "王", "--lang", language});
                CHECK(looked.status == ExitStatus::done);
                CHECK(looked.err.find(language == "en" ? "Records may be missing"
                                                       : "记录可能缺失") != std::string::npos);
                const auto checked = run({"check", "--lang", language});
                CHECK(checked.status == ExitStatus::refused);
                CHECK(checked.err.find(language == "en" ? "the records of the last days"
                                                        : "最近几天的记录") != std::string::npos);
            }
        }
    }

    TEST_CASE_FIXTURE(KeptHead, "while the audit is whole, what is kept moves along with it") {
        search_until(230);
        REQUIRE(kept());
        CHECK(kept()->entries == 200);
        CHECK(kept()->hash == open()->audit().find_hash(200));
        cut_to(150);
        const auto cut = run({"audit", "verify", "--json"});
        CHECK(cut.json().find("faults")->as_array().at(0).find("entry")->as_integer() == 151);
    }
}

}  // namespace
}  // namespace egret::cli
