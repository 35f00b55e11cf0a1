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

    TEST_CASE_FIXTURE(NextRun, "who is complete is not told whether the next dose is free") {
        const auto id = person("陈小丽", "2012-05-05");
        dose(id, "2025-11-12", "egret:cecolin");
        CHECK(has(next(id, "zh"), "免费接种条件"));
        dose(id, "2026-04-30", "egret:cecolin");
        CHECK(has(next(id, "zh"), "已完成全程接种"));
        CHECK_FALSE(has(next(id, "zh"), "免费接种条件"));
    }

    TEST_CASE_FIXTURE(NextRun, "an age is said as an age, a time between doses as a time") {
        const auto id = person("陈小丽", "2014-05-05");
        CHECK(has(next(id, "zh"), "推荐接种年龄为满13岁。"));
        CHECK(has(next(id, "en"), "recommended at the age of 13 years."));
        dose(id, "2026-04-30", "egret:cecolin");
        CHECK(has(next(id, "zh"), "6个月"));
    }

    TEST_CASE_FIXTURE(NextRun, "where the table leaves it open one sentence says what to do") {
        const auto id = person("陈丽", "1998-05-01");
        const auto chinese = next(id, "zh");
        CHECK(has(chinese,
                  "15岁及以上尚未接种，世卫组织两剂次表未作规定："
                  "请医生决定是否接种、用哪种疫苗。"));
        CHECK_FALSE(has(chinese, "由医生决定"));
        CHECK_FALSE(has(chinese, "由国家规划决定"));
        const auto english = next(id, "en");
        CHECK(has(english, "ask the clinician whether to vaccinate, and with which product."));
        CHECK_FALSE(has(english, "The clinician decides"));
        CHECK_FALSE(has(english, "member state"));
    }

    TEST_CASE_FIXTURE(NextRun, "a dose that isn't counted is named by its day and its lot") {
        const auto id = person("陈小丽", "2012-05-05");
        dose(id, "2026-04-02", "egret:cecolin", {"lot=A7", "substandard=true"});
        CHECK(has(next(id, "zh"), "批号A7。该剂登记为不合格"));
        CHECK(has(next(id, "en"), "2026-04-02, lot A7. It is recorded"));
        const auto answer = done({"next", id}).json();
        const auto& decision = answer.find("decisions")->as_array().front();
        CHECK(decision.find("not_counted")->as_array().front().find("lot")->as_text() == "A7");
        const auto later = next(id, "zh", {"--on", "2026-04-01"});
        CHECK(has(later, "2026-04-02的一剂晚于查询日，未计入。"));
    }

    TEST_CASE_FIXTURE(NextRun, "nobody is complete by a date that isn't known to the day") {
        const auto id = person("陈小丽", "2012-05-05");
        dose(id, "2025", "egret:cecolin", {"source=told"});
        dose(id, "2025-06-10", "egret:cecolin");
        CHECK_FALSE(has(next(id, "zh"), "已完成全程接种"));
        CHECK(has(next(id, "zh"), "有一剂的接种日期（2025）不精确到日；请询问确切日期。"));
        CHECK(
            has(next(id, "en"), "The date of a dose, 2025, is not known to the day; ask for it."));
        const auto answer = done({"next", id}).json();
        const auto& decision = answer.find("decisions")->as_array().front();
        CHECK(decision.find("status")->as_text() == "not_complete");
        CHECK(decision.find("actions")->as_array().front().find("code")->as_text() ==
              "clinician_decides");
    }

    TEST_CASE_FIXTURE(NextRun, "a boy is not called her") {
        const auto id = person("陈小明", "2012-05-05", "male");
        const auto said = next(id, "en", {"--protocol", "cn-nip-hpv-2025"});
        CHECK(has(said, "No series of this protocol is for people of this sex or condition."));
        CHECK_FALSE(has(said, "for her"));
    }

    TEST_CASE_FIXTURE(NextRun, "who isn't taken for free is told so, and why") {
        const auto id = person("陈小丽", "2011-11-09");
        CHECK(has(next(id, "zh"), "“国家免疫规划HPV疫苗程序（2025）”不提供免费接种：出生日期不在"));
        CHECK(has(next(id, "en"),
                  "Not free under “HPV in China's national immunization programme "
                  "(2025)”: The birth date lies outside the round's window. "
                  "[cn-nip-hpv-2025/eligibility/national/birth-window]"));
        const auto said = done({"next", id}).json();
        CHECK(said.find("not_free")->as_array().front().find("eligible")->as_text() == "no");
        CHECK_FALSE(has(next(id, "en", {"--protocol", "who-hpv-2dose"}), "Not free"));
        // Before the programme was in force nobody asked.
        CHECK_FALSE(has(next(id, "en", {"--on", "2025-11-09"}), "Not free"));
        // Her age would be right, but she goes on as she began.
        const auto other = person("林晴", "2012-05-05");
        CHECK_FALSE(has(next(other, "en"), "Not free under"));
        dose(other, "2026-01-02", "egret:gardasil-9");
        CHECK(has(next(other, "en"), "was begun with a vaccine that this programme doesn't"));
        const auto boy = person("陈小明", "2012-05-05", "male");
        CHECK(has(next(boy, "en"), "Not free under"));
    }

    TEST_CASE_FIXTURE(NextRun, "a pregnancy that has no end is asked after") {
        const auto id = person("陈丽", "1998-05-01");
        const auto flag =
            done({"record", "flag", "--woman", id, "code=pregnant", "from=2025-01-01"})
                .text("event");
        CHECK(has(next(id, "en"), "more than 45 weeks ago"));
        CHECK(has(next(id, "zh"), "egret correct " + flag + " to="));
        CHECK_FALSE(has(next(id, "en", {"--on", "2025-11-12"}), "45 weeks"));
        CHECK(done({"next", id}).json().find("warnings")->as_array().size() == 1);
        done({"correct", flag, "to=2025-10-01"});
        CHECK_FALSE(has(next(id, "en"), "45 weeks"));
    }

    TEST_CASE_FIXTURE(NextRun, "on the day on which it is due nothing is overdue") {
        const auto id = person("陈丽", "2010-05-05");
        dose(id, "2025-11-01", "cvx:137");
        const Words protocol{"--protocol", "who-hpv-2dose"};
        CHECK(has(next(id, "zh", protocol), "第2剂已到应种时间"));
        CHECK(has(next(id, "zh", {"--protocol", "who-hpv-2dose", "--on", "2026-05-02"}),
                  "自2026-05-02起已逾期"));
    }
}

}  // namespace
}  // namespace egret::tests
