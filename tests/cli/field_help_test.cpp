#include "cli/field_help.h"

#include "cli/field_words.h"
#include "registry/base/text.h"
#include "registry/codec/fact_shape.h"
#include "registry/icu/width.h"
#include "tests/support/egret_run.h"

#include <map>

namespace egret::cli {
namespace {

using console::ExitStatus;
using Words = tests::EgretRun::Words;

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// The words of the last line that is an example, without the program.
Words example_of(const std::string& help) {
    const auto at = help.rfind("egret record ");
    REQUIRE(at != std::string::npos);
    Words words;
    const auto line = help.substr(at, help.find('\n', at) - at);
    for (const auto word : split(std::string_view(line).substr(6), ' ')) words.emplace_back(word);
    return words;
}

TEST_SUITE("cli/field_help") {
    TEST_CASE_FIXTURE(tests::EgretRun, "help about a kind shows its fields and no other kind's") {
        const auto ran = run({"record", "hpv_test", "--help", "--lang", "zh"});
        CHECK(ran.status == ExitStatus::done);
        CHECK(holds(ran.out, "result=… *  (结果)"));
        CHECK(holds(ran.out, "negative  (阴性)"));
        CHECK(holds(ran.out, "other_hr  (其他高危型)"));
        CHECK(holds(ran.out, "reported_on="));
        CHECK(holds(ran.out, "示例："));
        CHECK_FALSE(holds(ran.out, "tz_type="));
        CHECK_FALSE(holds(ran.out, "mammogram"));
        CHECK(run({"help", "record", "hpv_test", "--lang", "zh"}).out == ran.out);
        CHECK(holds(run({"record", "colposcopy", "--help"}).out, "tz_type=1|2|3"));
    }

    TEST_CASE_FIXTURE(tests::EgretRun, "the bounds of a number in help are those that hold") {
        init();
        const auto woman = add();
        CHECK(holds(run({"record", "dose", "--help"}).out, "dose_number=1-9"));
        const auto status = [&](const std::string& number) {
            return run({"record", "dose", "--woman", woman, "product=cvx:165",
                        "dose_number=" + number})
                .status;
        };
        CHECK(status("0") == ExitStatus::usage);
        CHECK(status("10") == ExitStatus::usage);
        CHECK(status("9") == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(tests::EgretRun, "help about no kind lists them all") {
        const auto all = run({"record", "--help"}).out;
        for (const auto* kind : {"  hpv_test  (", "  mammogram  (", "  flag  ("})
            CHECK(holds(all, kind));
        CHECK(run({"record", "hpv_tset", "--help"}).out == all);
    }

    TEST_CASE_FIXTURE(tests::EgretRun, "what a kind's help shows as an example can be recorded") {
        init();
        const auto woman = add();
        const std::map<std::string_view, std::string> numbers = {
            {"informed",
             done({"record", "hpv_test", "--woman", woman, "result=negative"}).text("event")},
            {"referral_feedback",
             done({"record", "referral", "--woman", woman, "to_facility=C009"}).text("event")}};
        for (const auto& kind : codec::fact_type_names()) {
            if (has_own_command(kind)) continue;
            CAPTURE(kind);
            for (const auto* language : {"zh", "en"}) {
                const auto help = run({"record", kind, "--help", "--lang", language}).out;
                auto words = example_of(help);
                REQUIRE(words.size() > 4);
                CHECK(words[1] == kind);
                words[3] = woman;
                for (auto& word : words) {
                    const auto at = word.find("NUMBER");
                    if (at != std::string::npos) word.replace(at, 6, numbers.at(kind));
                }
                CHECK(run(words).status == ExitStatus::done);
            }
        }
    }

    TEST_CASE("help about a kind fits a terminal of 80 columns") {
        for (const auto& kind : codec::fact_type_names()) {
            for (const auto language : {Language::zh, Language::en}) {
                const auto help = record_help(kind, language);
                for (const auto line : split(help, '\n')) {
                    CAPTURE(std::string(line));
                    CHECK(icu::display_width(line) <= 80);
                    CHECK_FALSE(line.ends_with(' '));
                }
            }
        }
    }
}

}  // namespace
}  // namespace egret::cli
