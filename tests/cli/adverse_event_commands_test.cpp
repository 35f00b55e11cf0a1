#include "registry/base/text.h"
#include "tests/support/egret_run.h"

#include <fstream>
#include <map>
#include <sstream>

namespace egret::cli {
namespace {

using console::ExitStatus;
using tests::EgretRun;

struct AefiRun : EgretRun {
    AefiRun() { init(); }

    /// The first case of a file by its columns. No cell of these tests holds a comma.
    static std::map<std::string, std::string> first_case(const std::string& csv) {
        const auto lines = split(csv, '\n');
        REQUIRE(lines.size() > 1);
        const auto keys = split(trim(lines[0]), ',');
        const auto cells = split(trim(lines[1]), ',');
        REQUIRE(keys.size() == cells.size());
        std::map<std::string, std::string> row;
        for (std::size_t i = 0; i < keys.size(); ++i)
            row[std::string(keys[i])] = std::string(cells[i]);
        return row;
    }
};

TEST_SUITE("cli/adverse_event_commands") {
    TEST_CASE_FIXTURE(AefiRun, "a case is written with WHO's 25 core variables") {
        const auto woman = add("陈雨", "2000-06-01");
        const auto dose = done({"record", "dose", "--woman", woman, "--date", "2026-04-01",
                                "product=egret:cecolin", "lot=A1"})
                              .text("event");
        const auto event =
            done({"record", "adverse_event", "--woman", woman, "doses=" + dose,
                  "onset_on=2026-04-01", "onset_time=14:30", "manifestations=syncope,发热",
                  "seriousness=hospitalisation", "outcome=痊愈", "notified_on=2026-04-02",
                  "reporter.name=林护士", "reporter.role=护士", "reporter.phone=0592-0000000",
                  "medical_history=asthma", "narrative=fainted"})
                .text("event");
        const auto path = dir.file("cases.csv");
        CHECK(done({"export", "aefi", path}).json().find("cases")->as_integer() == 1);
        std::ostringstream file;
        file << std::ifstream(path, std::ios::binary).rdbuf();
        // Excel knows UTF-8 by its mark.
        REQUIRE(file.str().starts_with("\xEF\xBB\xBF"));
        const auto row = first_case(file.str().substr(3));
        const std::pair<const char*, std::string> expected[] = {
            {"received_on", ""},
            {"country", "CN"},
            {"address", "350203"},
            {"case_number", event},
            {"patient", woman},
            {"birth_date", "2000-06-01"},
            {"sex", "female"},
            {"medical_history", "asthma"},
            {"vaccine", "egret:cecolin"},
            {"other_vaccines", ""},
            {"lot", "A1"},
            {"dose_number", "1"},
            {"diluent_lot", ""},
            {"vaccinated_at", "2026-04-01"},
            {"onset_at", "2026-04-01 14:30"},
            {"manifestations", "syncope; fever"},
            {"outcome", "recovered"},
            {"serious", "true"},
            {"reporter_name", "林护士"},
            {"reporter_institution", ""},
            {"reporter_role", "护士"},
            {"reporter_email", ""},
            {"reporter_phone", "05920000000"},
            {"reported_on", "2026-04-02"},
            {"comments", "fainted"},
            {"patient_name", "陈雨"},
            {"seriousness", "hospitalisation"},
            {"event", event},
        };
        for (const auto& cell : expected) {
            const std::string key = cell.first;
            CAPTURE(key);
            REQUIRE(row.contains(key));
            CHECK(row.at(key) == cell.second);
        }
        const auto header = file.str().substr(0, file.str().find("comments"));
        CHECK(split(header, ',').size() == 25);
        CHECK(run({"export", "aefi", path}).status == ExitStatus::refused);
    }

    TEST_CASE_FIXTURE(AefiRun, "the period is held to the onset") {
        const auto woman = add("陈雨", "2000-06-01");
        done({"record", "adverse_event", "--woman", woman, "onset_on=2026-04-01"});
        const auto lines = [&](const Words& more) {
            Words words{"export", "aefi"};
            words.insert(words.end(), more.begin(), more.end());
            const auto ran = run(words);
            CHECK(ran.status == ExitStatus::done);
            return split(ran.out, '\n').size() - 2;
        };
        CHECK(lines({}) == 1);
        CHECK(lines({"--from", "2026-04-01", "--to", "2026-04-01"}) == 1);
        CHECK(lines({"--from", "2026-04-02"}) == 0);
        CHECK(lines({"--to", "2026-03-31"}) == 0);
        CHECK(run({"export", "aefi", "--from", "2026-04-02", "--to", "2026-04-01"}).status ==
              ExitStatus::usage);
    }
}

}  // namespace
}  // namespace egret::cli
