// A nurse records screening visits and what follows: what she reads, in both languages.

#include "tests/support/egret_run.h"

#include <filesystem>
#include <fstream>

namespace egret::cli {
namespace {

using console::ExitStatus;
using Words = tests::EgretRun::Words;

bool says(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

struct ScreeningRun : tests::EgretRun {
    ScreeningRun() {
        init();
        her = add();
    }

    Words words(const std::string& kind, Words fields, const std::string& date = "2026-04-20") {
        Words all{"record", kind, "--woman", her, "--date", date};
        all.insert(all.end(), fields.begin(), fields.end());
        return all;
    }

    std::string record(const std::string& kind, Words fields,
                       const std::string& date = "2026-04-20") {
        return done(words(kind, std::move(fields), date)).text("event");
    }

    /// What `woman show` says of her, and the line of that kind.
    std::string line(const std::string& kind, const std::string& language) {
        const auto shown = run({"woman", "show", her, "--lang", language});
        CHECK(shown.status == ExitStatus::done);
        const auto at = shown.out.find(" " + kind + " ");
        if (at == std::string::npos) return "no line of " + kind;
        const auto begin = shown.out.rfind('\n', at) + 1;
        return shown.out.substr(begin, shown.out.find('\n', at) - begin);
    }

    std::string her;
};

/// What is wrong, and parts of the sentence that says so.
struct Refusal {
    const char* kind;
    Words fields;
    const char* zh;
    const char* en;
};

const std::vector<Refusal>& refusals() {
    static const std::vector<Refusal> all = {
        {"hpv_test", {"result=negative", "types=16"}, "阴性结果不应有分型", "has no types"},
        {"cytology", {"results=UNSAT,HSIL"}, "不能同时有诊断结果", "has no diagnosis"},
        {"colposcopy", {"tz_type=4"}, "只能是 1、2 或 3", "of type 1, 2 or 3"},
        {"colposcopy", {"swede=11"}, "应为 0 至 10", "from 0 to 10"},
        {"colposcopy", {"biopsies=31"}, "应为 0 至 30", "0 to 30"},
        {"hpv_test",
         {"result=negative", "reported_on=2026-04-19"},
         "报告日期早于检查日期",
         "can't have been reported"},
        {"hpv_test", {"result=negative", "specimen=B 1"}, "标本条码最多", "A barcode has"},
        {"specimen",
         {"tests=hpv", "sent_on=2026-04-19"},
         "送检日期早于采样日期",
         "A specimen is sent"},
        {"specimen",
         {"tests=hpv", "received_on=2026-04-19"},
         "接收日期早于采样",
         "before it was taken or sent"},
        {"specimen", {"tests=hpv", "received_on=2026-05-02"}, "日期在将来", "has not come yet"},
        {"specimen", {"barcode=B1"}, "检测项目：缺少此项", "to be examined for: This is missing"},
        {"mammogram", {"density=c"}, "每侧的 BI-RADS", "what each breast showed"},
        {"breast_exam", {"result=normal", "left=abnormal"}, "一侧为异常", "One side is abnormal"},
        {"senior_review",
         {"decision=biopsy", "review_on=2026-04-19"},
         "复查日期早于复核日期",
         "The day of the next look"},
        {"treatment",
         {"procedure=leep", "postponed_until=2026-04-19"},
         "推迟后的日期早于",
         "A treatment is postponed"},
        {"treatment",
         {"procedure=leep", "postponed_until=2026-06-01", "status=completed"},
         "推迟的治疗尚未完成",
         "was not done"},
        {"diagnosis", {"site=cervix", "t=T1"}, "仅用于乳腺", "for the breast alone"},
        {"diagnosis", {"site=左乳", "figo=IB"}, "FIGO 分期不用于乳腺", "not used for the breast"},
        {"diagnosis", {"site=左乳", "t=T9"}, "乳腺癌 T 分期可填", "T of breast cancer"},
        {"diagnosis", {"site=左乳", "n=N9"}, "乳腺癌 N 分期可填", "N of breast cancer"},
        {"diagnosis", {"site=左乳", "m=MX"}, "乳腺癌 M 分期可填", "M of breast cancer"},
        {"diagnosis",
         {"site=cervix", "hospital_level=4"},
         "诊断医院的级别",
         "level of the hospital"},
        {"diagnosis", {"site=cervix", "code=C53"}, "所属编码系统", "needs the name of its system"},
        {"referral",
         {"to_facility=H1", "appointment_on=2026-04-19"},
         "不能早于转诊当天",
         "of the referral or later"},
        {"referral", {"reason=HPV16"}, "转入机构", "to facility"},
        {"referral_feedback",
         {"referral=000102030405060708090a0b0c0d0e0f"},
         "不是她的有效转诊记录",
         "no referral of hers"},
        {"informed",
         {"about=000102030405060708090a0b0c0d0e0f"},
         "不是她的有效记录",
         "no record of hers"},
        {"deferral",
         {"site=cervix", "reason=pregnant"},
         "暂缓至：缺少此项",
         "until: This is missing"},
        {"deferral",
         {"site=cervix", "until=2026-04-19", "reason=pregnant"},
         "截止日期早于开始日期",
         "ends after it begins"},
        {"deferral",
         {"site=cervix", "until=2026-04-25", "reason=pregnant"},
         "截止日期已过",
         "would be over already"},
        {"ceasing", {"site=cervix", "step=proposed"}, "缺少此项", "This is missing"},
        {"ceasing",
         {"site=cervix", "step=confirmed"},
         "所确认或撤回的终止记录",
         "which ceasing is confirmed"},
        {"ceasing",
         {"site=breast", "step=proposed", "reason=no_cervix"},
         "不是终止乳腺筛查的原因",
         "no reason to stop breast screening"},
        {"closing", {"site=cervix", "reason=pregnant"}, "不能用于结案", "never her case"},
        {"closing",
         {"site=cervix", "reason=moved", "confirms=000102030405060708090a0b0c0d0e0f"},
         "不是她的有效结案记录",
         "no closing of hers"},
    };
    return all;
}

TEST_SUITE("cli/screening_commands") {
    TEST_CASE_FIXTURE(ScreeningRun,
                      "what can't be is refused with what to do, and leaves nothing") {
        const auto before = done({"log", "show"}).json().as_array().size();
        for (const auto& refusal : refusals()) {
            CAPTURE(refusal.kind);
            CAPTURE(refusal.en);
            for (const bool is_chinese : {true, false}) {
                auto typed = words(refusal.kind, refusal.fields);
                typed.insert(typed.end(), {"--lang", is_chinese ? "zh" : "en"});
                const auto ran = run(typed);
                CHECK(ran.status != ExitStatus::done);
                CHECK_MESSAGE(says(ran.err, is_chinese ? refusal.zh : refusal.en), ran.err);
            }
        }
        CHECK(done({"log", "show"}).json().as_array().size() == before);
    }

    TEST_CASE_FIXTURE(ScreeningRun, "what is odd is recorded, with a warning in her language") {
        record("flag", {"code=mastectomy_left", "from=2024-01-01"});
        record("flag", {"code=mastectomy_right", "from=2024-01-01"}, "2026-04-19");
        const Refusal warned[] = {
            {"senior_review",
             {"decision=biopsy", "rank=主治医师"},
             "副高级及以上职称",
             "associate chief physician or above"},
            {"cytology",
             {"results=NILM,NO_TZ"},
             "缺乏转化区细胞",
             "no cells of the transformation"},
            {"mammogram", {"left=1"}, "左乳在此之前已切除", "left breast is recorded as removed"},
            {"breast_ultrasound",
             {"right=1"},
             "右乳在此之前已切除",
             "right breast is recorded as removed"},
            {"hpv_test",
             {"result=negative", "specimen=B9"},
             "没有该条码的标本记录",
             "No specimen with this barcode"},
        };
        for (const auto& warning : warned) {
            for (const bool is_chinese : {true, false}) {
                // Of different days, so that nothing else is odd.
                auto typed =
                    words(warning.kind, warning.fields, is_chinese ? "2026-04-20" : "2026-04-21");
                typed.insert(typed.end(), {"--lang", is_chinese ? "zh" : "en"});
                const auto ran = run(typed);
                CHECK(ran.status == ExitStatus::done);
                CHECK_MESSAGE(says(ran.err, is_chinese ? warning.zh : warning.en), ran.err);
            }
        }
        const auto closing = record("closing", {"site=cervix", "reason=moved"});
        const auto agreed = run(words(
            "closing", {"site=cervix", "reason=moved", "confirms=" + closing, "--lang", "zh"}));
        CHECK(agreed.status == ExitStatus::done);
        CHECK(says(agreed.err, "须由另一人以本人身份登记"));
    }

    TEST_CASE_FIXTURE(ScreeningRun,
                      "what isn't in its list is refused with the words of the list") {
        auto typed = words("via", {"result=怀疑癌"});
        typed.insert(typed.end(), {"--lang", "zh"});
        const auto zh = run(typed);
        CHECK(zh.status == ExitStatus::usage);
        CHECK(says(zh.err, "可疑癌（suspected_cancer）"));
        typed.back() = "en";
        CHECK(says(run(typed).err, "negative, positive, suspected_cancer"));
        typed = words("cytology", {"results=鳞癌"});
        typed.insert(typed.end(), {"--lang", "zh"});
        CHECK(says(run(typed).err, "SCC"));
    }

    TEST_CASE_FIXTURE(ScreeningRun, "a test inside the interval names the last one and the day") {
        record("hpv_test", {"result=negative"}, "2024-03-01");
        auto again = words("hpv_test", {"result=negative", "--lang", "zh"});
        CHECK(says(
            run(again).err,
            "她最近一次筛查结果为 2024-03-01（HPV 检测）；按项目规定，下次筛查为 2029-03-01 起"));
        again = words("cytology", {"results=NILM", "--lang", "en"}, "2026-04-28");
        CHECK(says(run(again).err,
                   "Her last result is of 2026-04-20 (HPV test); by the programme "
                   "the next screening is due from 2031-04-20."));
    }

    TEST_CASE_FIXTURE(ScreeningRun, "a cervical visit is told in one line a record") {
        record("specimen",
               {"barcode=B1001", "tests=hpv,细胞学检查", "laboratory=L001", "sent_on=2026-04-21"});
        const auto test =
            record("hpv_test", {"result=阳性", "types=16,18", "specimen=B1001", "laboratory=L001",
                                "kit=21 HPV GenoArray", "reported_on=2026-04-25"});
        CHECK(line("标本", "zh")
                  .find("标本条码：B1001；检测项目：HPV 检测、细胞学检查；"
                        "检测实验室：L001；送检日期：2026-04-21") != std::string::npos);
        CHECK(says(line("specimen", "en"),
                   "barcode: B1001; to be examined for: HPV, cytology; "
                   "laboratory: L001; sent on: 2026-04-21"));
        CHECK(says(line("HPV 检测", "zh"), "阳性；16、18；标本条码：B1001"));
        record("colposcopy", {"impression=high_grade", "tz_type=2", "biopsies=2", "swede=6",
                              "indication=HPV16 阳性，细胞学异常"});
        CHECK(says(line("阴道镜检查", "zh"),
                   "高级别病变；转化区类型：2；检查指征：HPV16 阳性，细胞学异常；"
                   "活检块数：2；Swede 评分：6"));
        record("histology", {"results=CIN3", "taken_by=钳取活检", "p16=阳性"});
        CHECK(says(line("组织病理检查", "zh"), "CIN3；取材方式：钳取活检；p16 染色：阳性"));
        record("informed", {"about=" + test, "method=phone"}, "2026-04-26");
        CHECK(says(line("结果告知", "zh"), "告知内容：HPV 检测 2026-04-20；方式：电话"));
        CHECK(says(line("results told", "en"), "told of: HPV test 2026-04-20; by: phone"));
        const auto referral = record("referral", {"to_facility=H1", "reason=HPV16 阳性，需阴道镜",
                                                  "appointment_on=2026-05-10"});
        CHECK(says(line("转诊", "zh"),
                   "转入机构：H1；原因：HPV16 阳性，需阴道镜；预约日期：2026-05-10"));
        record("referral_feedback",
               {"referral=" + referral, "from_facility=H1", "received_on=2026-04-30"},
               "2026-04-29");
        CHECK(says(line("转诊反馈", "zh"),
                   "针对的记录：转诊 2026-04-20；反馈机构：H1；收到反馈日期：2026-04-30"));
        record("diagnosis", {"site=cervix", "code=icd10:C53.9", "figo=Ⅰb1", "hospital_level=3",
                             "found_by=screening"});
        CHECK(says(line("诊断", "zh"),
                   "宫颈；代码：icd10:C53.9；FIGO 分期：IB1；医院级别：3；"
                   "发现途径：筛查发现"));
        record("treatment",
               {"procedure=leep", "reason=CIN3", "site=cervix", "postponed_until=2026-06-01"});
        CHECK(says(line("治疗", "zh"), "推迟至：2026-06-01；状态：未做"));
    }

    TEST_CASE_FIXTURE(ScreeningRun, "a breast visit and what people decide are told so, too") {
        record("breast_exam", {"left=异常", "right=正常"});
        CHECK(says(line("乳腺临床检查", "zh"), "异常；左侧：异常；右侧：正常"));
        CHECK(says(line("breast examination", "en"), "abnormal; left: abnormal; right: normal"));
        record("mammogram", {"left.birads=4A", "right=2", "density=c"});
        record("senior_review", {"decision=biopsy", "reviewer=陈医生", "rank=associate_senior"});
        CHECK(says(line("上级医师复核", "zh"), "活检；复核医师：陈医生；职称：副主任医师"));
        record("diagnosis", {"site=左乳", "t=pt1c", "n=0", "m=m0", "stage=ia"});
        CHECK(says(line("诊断", "zh"), "左乳；pT1c；N0；M0；TNM 分期：IA"));
        CHECK(says(line("diagnosis", "en"), "left breast; pT1c; N0; M0; TNM stage: IA"));
        record("deferral", {"site=cervix", "until=2026-12-01", "reason=妊娠"});
        CHECK(says(line("暂缓筛查", "zh"), "宫颈；暂缓至：2026-12-01；原因：妊娠"));
        const auto proposed =
            record("ceasing", {"site=cervix", "step=proposed", "reason=no_cervix"});
        CHECK(says(line("终止筛查", "zh"), "宫颈；提出；原因：已切除宫颈"));
        record("ceasing", {"site=cervix", "step=confirmed", "about=" + proposed}, "2026-04-22");
        record("closing", {"site=cervix", "action=0a1b2c3d4e5f", "reason=refused"});
        CHECK(says(line("结案", "zh"), "宫颈；放弃的事项：0a1b2c3d4e5f；原因：拒绝"));
        CHECK(
            says(line("closing", "en"), "cervix; action given up: 0a1b2c3d4e5f; reason: refused"));
    }

    TEST_CASE_FIXTURE(ScreeningRun, "labels of a received day are those of their kind") {
        const auto help = [&](const char* kind) {
            return run({"record", kind, "--help", "--lang", "zh"}).out;
        };
        CHECK(says(help("specimen"), "received_on=2026-03-31  (实验室接收日期)"));
        CHECK(says(help("referral_feedback"), "received_on=2026-03-31  (收到反馈日期)"));
        CHECK(says(help("adverse_event"), "received_on=2026-03-31  (国家级收到日期)"));
        CHECK(says(help("contact"), "(联系结果)"));
        CHECK(says(help("colposcopy"), "swede=0-10  (Swede 评分)"));
    }

    TEST_CASE_FIXTURE(ScreeningRun, "every kind goes out in a person file and comes back") {
        const auto test = record(
            "hpv_test", {"result=positive", "types=16", "specimen=B1", "laboratory=L1", "kit=X"});
        record("specimen", {"barcode=B1", "tests=hpv", "unusable=leaked"});
        record("breast_exam", {"left=abnormal"});
        record("diagnosis", {"site=breast_left", "t=1c", "stage=IA"});
        const auto referral = record("referral", {"to_facility=H1"});
        record("referral_feedback", {"referral=" + referral});
        record("informed", {"about=" + test});
        record("deferral", {"site=cervix", "until=2026-12-01", "reason=other"});
        record("ceasing", {"site=cervix", "step=proposed", "reason=age"});
        record("closing", {"site=cervix", "reason=completed"});
        done({"export", "persons", dir.file("first.jsonl")});
        terminal.environment["EGRET_HOME"] = dir.file("other");
        init();
        done({"import", "persons", dir.file("first.jsonl")});
        done({"export", "persons", dir.file("second.jsonl")});
        const auto slurped = [&](const char* name) {
            std::ifstream in(dir.file(name), std::ios::binary);
            return std::string(std::istreambuf_iterator<char>(in), {});
        };
        const auto events = json::parse(slurped("second.jsonl"))->find("events")->as_array();
        CHECK(events.size() == 11);
        CHECK(slurped("first.jsonl").size() > 1000);
        CHECK(run({"woman", "show", her, "--lang", "zh"}).status == ExitStatus::done);
        CHECK(line("结果告知", "zh").find("HPV 检测 2026-04-20") != std::string::npos);
        CHECK(json::parse(slurped("first.jsonl"))->find("events")->as_array().size() == 11);
    }

    TEST_CASE_FIXTURE(ScreeningRun, "decide names the kinds of events that it passes over") {
        std::ofstream(dir.file("person.jsonl"))
            << R"({"id":"a","birth_date":"2012-01-01","sex":"female","events":[)"
               R"({"type":"dose","date":"2025-11-12","product":"cvx:165"},)"
               R"({"type":"deferral","date":"2026-01-01","site":"cervix","until":"2026-12-01",)"
               R"("reason":"other"},{"type":"closing","date":"2026-01-01","site":"cervix",)"
               R"("reason":"completed"},{"type":"closing","date":"2026-01-02","site":"breast",)"
               R"("reason":"completed"}]})";
        const auto ran = run({"decide", "--protocol", "who-hpv-2dose", "--on", "2026-05-01",
                              dir.file("person.jsonl")});
        CHECK(ran.status == ExitStatus::done);
        const auto ignored = ran.json().find("ignored")->as_array();
        REQUIRE(ignored.size() == 2);
        CHECK(ignored[0].as_text() == "closing");
        CHECK(ignored[1].as_text() == "deferral");
        const auto screening = run({"decide", "--protocol", "cn-cervical-2021", "--on",
                                    "2026-05-01", dir.file("person.jsonl")});
        const auto passed_over = screening.json().find("ignored")->as_array();
        REQUIRE(passed_over.size() == 3);
        CHECK(passed_over[2].as_text() == "dose");
    }
}

}  // namespace
}  // namespace egret::cli
