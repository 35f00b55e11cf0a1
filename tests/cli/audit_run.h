#pragma once

#include "registry/audit/trail.h"
#include "registry/service/clinic.h"
#include "tests/support/egret_run.h"

#include <algorithm>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace egret::tests {

/// What an entry is called here: "viewed:record".
inline std::string name_of(const audit::Entry& entry) {
    return entry.action + (entry.shown.empty() ? "" : ":" + entry.shown);
}

/// A clinic in which there is something to be seen by every command.
struct AuditRun : EgretRun {
    AuditRun() {
        done({"init", "--clinic", "思明区妇幼保健院", "--area", "350203", "--user", "林护士",
              "--recovery-sheet", sheet()});
        her = add("王小丽");
        other = add("陈雨", "1990-01-01");
        result = record(her, {"hpv_test", "--date", "2026-04-02", "result=positive", "types=16"});
        slip = record(her, {"cytology", "--date", "2026-04-02", "results=nilm"});
        write("roll.csv", "姓名,性别,出生日期,班级\n林静,女,2012-07-09,10班\n");
        done({"school", "import", dir.file("roll.csv"), "--school", "一中", "--school-area",
              "350203"});
        girl = done({"school", "list", "--school", "一中"})
                   .json()
                   .find("pupils")
                   ->as_array()
                   .at(0)
                   .find("woman")
                   ->as_text();
        const auto dose = record(girl, {"dose", "--date", "2026-04-01", "product=egret:cecolin",
                                        "lot=A1", "volume_ml=0.5"});
        record(girl,
               {"adverse_event", "doses=" + dose, "onset_on=2026-04-01", "manifestations=syncope"});
        done({"stock", "receive", "lot=A1", "product=egret:cecolin", "quantity=50",
              "date=2026-03-01"});
        hold = done({"stock", "excursion", "lots=A1", "from=2026-03-11", "date=2026-03-12"})
                   .text("event");
        action = done({"due", "--kind", "follow-up"}).json().as_array().at(0).find("id")->as_text();
    }

    void write(const std::string& name, const std::string& content) {
        std::ofstream(dir.file(name), std::ios::binary) << content;
    }

    std::string record(const std::string& woman, Words words) {
        words.insert(words.begin(), "record");
        words.insert(words.end(), {"--woman", woman});
        return done(words).text("event");
    }

    std::unique_ptr<service::Clinic> open() {
        auto opened =
            service::Clinic::open(terminal.environment.at("EGRET_HOME"), {key(), UserId{}},
                                  {clock, random, build_day, sqlite::Synchronous::off});
        REQUIRE(opened);
        return *std::move(opened);
    }

    void add_nurse() {
        write_file(dir.file("new_pin"), "628413");
        terminal.environment["EGRET_NEW_PIN_FILE"] = dir.file("new_pin");
        terminal.environment["EGRET_USER"] = "林护士";
        REQUIRE(run({"user", "add", "陈护士", "--role", "nurse"}).status ==
                console::ExitStatus::done);
    }

    /// In order.
    std::vector<audit::Entry> entries() {
        std::vector<audit::Entry> all;
        open()->audit().read_back([&](audit::Entry entry) {
            all.push_back(std::move(entry));
            return true;
        });
        std::reverse(all.begin(), all.end());
        return all;
    }

    std::string her;
    std::string other;
    std::string girl;
    std::string result;
    std::string slip;
    std::string hold;
    std::string action;
};

}  // namespace egret::tests
