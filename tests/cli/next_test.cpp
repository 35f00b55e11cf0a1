// What `egret next` says, word by word: to whom, in which language, and what it leaves out.

#include "tests/support/egret_run.h"

#include <string>
#include <vector>

namespace egret::tests {
namespace {

struct NextRun : EgretRun {
    NextRun() { init(); }

    std::string person(const std::string& name, const std::string& born,
                       const std::string& sex = "female") {
        return done({"woman", "add", "name=" + name, "birth_date=" + born, "sex=" + sex,
                     "area=350203", "school=SMYZ", "school_area=350203"})
            .text("id");
    }

    void dose(const std::string& id, const std::string& date, const std::string& product,
              Words more = {}) {
        Words words{"record", "dose", "--woman", id, "--date", date, "product=" + product};
        words.insert(words.end(), more.begin(), more.end());
        done(words);
    }

    std::string next(const std::string& id, const std::string& language, Words more = {}) {
        Words words{"next", id, "--lang", language};
        words.insert(words.end(), more.begin(), more.end());
        return run(words).out;
    }
};

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST_SUITE("cli/next") {
    TEST_CASE_FIXTURE(NextRun, "after a death nothing is advised, nor who would pay for it") {
        const auto id = person("陈小丽", "2012-05-05");
        dose(id, "2026-01-02", "egret:cecolin");
        CHECK(has(next(id, "zh"), "第2剂"));
        done({"record", "death", "--woman", id, "--date", "2026-04-20"});
        CHECK(has(next(id, "zh"), "已登记死亡：不再建议接种。"));
        CHECK(has(next(id, "en"), "A death is recorded: no vaccination is advised any more."));
        for (const auto* said : {"第2剂", "免费", "所依据的项目"}) {
            const std::string part = said;
            CAPTURE(part);
            CHECK_FALSE(has(next(id, "zh"), part));
        }
        CHECK_FALSE(has(next(id, "zh", {"--protocol", "who-hpv-2dose"}), "第2剂"));
        const auto answer = done({"next", id}).json();
        CHECK(answer.find("is_dead")->as_bool());
        CHECK(answer.find("decisions")->as_array().empty());
        // Before it she was to come.
        CHECK(has(next(id, "zh", {"--on", "2026-04-19"}), "第2剂"));
        CHECK_FALSE(done({"next", id, "--on", "2026-04-19"}).json().find("is_dead"));
    }
}

}  // namespace
}  // namespace egret::tests
