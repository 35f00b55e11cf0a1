#include "tests/support/egret_run.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace egret::cli {
namespace {

using console::ExitStatus;
using tests::EgretRun;
using Words = EgretRun::Words;

/// A clinic with a woman of 1985, a dose of 1 April 2026, and another that is voided.
struct BadInput : EgretRun {
    BadInput() {
        init();
        woman = add();
        event = dose("2026-04-01");
        voided = dose("2026-04-08");
        done({"void", voided, "--because", "录错"});
        write("empty", "");
        write("broken.json", "{\"type\":\"dose\",");
        write("list.json", "[1,2]");
        write("dose.json", R"({"type":"dose","date":"2026-04-01","product":"cvx:165"})");
        write("unknown_type.json", R"({"type":"dosis","date":"2026-04-01"})");
        write("wrong_kind.json", R"({"type":"colposcopy","tz_type":"two"})");
        write("not_a_person.jsonl", "王小丽,1985\n");
        std::filesystem::copy(home(), dir.file("other"));  // With its keys.
        write("other/registry.db",
              "this is no registry, and long enough to have a header "
              "of a hundred bytes, as a file of SQLite would have it");
        std::filesystem::create_directory(dir.file("folder"));
    }

    std::string dose(const std::string& date) {
        return done({"record", "dose", "--woman", woman, "--date", date, "product=cvx:165"})
            .text("event");
    }

    void write(const std::string& name, const std::string& content) {
        std::ofstream(dir.file(name), std::ios::binary) << content;
    }

    /// Everything that a refused command must leave as it was.
    std::string state() {
        std::vector<std::string> files;
        for (const auto& file : std::filesystem::recursive_directory_iterator(dir.path()))
            files.push_back(file.path().string());
        std::sort(files.begin(), files.end());
        auto whole = run({"log", "show", "--limit", "100000", "--json"}).out;
        for (const auto& file : files) whole += file + "\n";
        return whole;
    }

    Words filled(Words words) const {
        for (auto& word : words) {
            for (const auto& [mark, value] : {std::pair<std::string, std::string>{"$ID", woman},
                                              {"$EVENT", event},
                                              {"$VOIDED", voided},
                                              {"$DIR", dir.path()}}) {
                if (const auto at = word.find(mark); at != std::string::npos)
                    word.replace(at, mark.size(), value);
            }
        }
        return words;
    }

    std::string woman;
    std::string event;
    std::string voided;
};

/// No field stands before the sentence by its raw name, "names[0].text: ", but one that she typed
/// and that there is not.
void check_no_raw_field(const std::string& line) {
    if (line.find("字段") != std::string::npos) return;
    const auto end = line.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.[]");
    CHECK((end == 0 || line[end] != ':'));
}

/// One sentence on a line of its own, with nothing that tells of a program's inside.
void check_sentence(const std::string& err, Language language) {
    REQUIRE(!err.empty());
    CHECK(err.back() == '\n');
    CHECK(std::count(err.begin(), err.end(), '\n') == 1);
    const auto line = err.substr(0, err.size() - 1);
    const auto* end = language == Language::zh ? "。" : ".";
    const auto* question = language == Language::zh ? "？" : "?";
    CHECK((line.ends_with(end) || line.ends_with(question)));
    CHECK(line.find("egret::") == std::string::npos);
    CHECK(line.find('{') == std::string::npos);
    if (language == Language::zh) check_no_raw_field(line);
}

struct BadCommand {
    const char* what;
    Words words;
};

const std::vector<BadCommand>& bad_commands() {
    const auto dose = [](const char* date, const char* product = "product=cvx:165",
                         const char* more = "note=a") {
        return Words{"record", "dose", "--woman", "$ID", "--date", date, product, more};
    };
    const auto add = [](Words fields) {
        fields.insert(fields.begin(), {"woman", "add"});
        return fields;
    };
    static const std::vector<BadCommand> all = {
        {"a day that no calendar has", dose("2026-02-30")},
        {"a month that no year has", dose("2026-13")},
        {"a date with slashes", dose("2026/04/01")},
        {"a dose of tomorrow", dose("2026-05-02")},
        {"a dose before her birth", dose("1985-03-03")},
        {"a code outside its list",
         {"record", "hpv_test", "--woman", "$ID", "--date", "2026-04-01", "result=maybe"}},
        {"one bad code among good ones",
         {"record", "hpv_test", "--woman", "$ID", "--date", "2026-04-01", "types=16,17"}},
        {"a product without its system", dose("2026-04-01", "product=165")},
        {"a dose without its product",
         {"record", "dose", "--woman", "$ID", "--date", "2026-04-01"}},
        {"an unknown kind", {"record", "vaccine", "--woman", "$ID", "--date", "2026-04-01"}},
        {"a kind with a slip", {"record", "hpv_tets", "--woman", "$ID", "--date", "2026-04-01"}},
        {"a kind with its own command",
         {"record", "register", "--woman", "$ID", "--date", "2026-04-01"}},
        {"no kind at all", {"record", "--woman", "$ID", "--date", "2026-04-01"}},
        {"an unknown field", dose("2026-04-01", "batch=A1")},
        {"a field with a slip", dose("2026-04-01", "prodcut=cvx:165")},
        {"a group in place of a value",
         {"record", "mammogram", "--woman", "$ID", "--date", "2026-04-01", "left.x=1"}},
        {"one field twice",
         {"record", "dose", "--woman", "$ID", "product=cvx:165", "product=cvx:62"}},
        {"a number that is none",
         {"record", "colposcopy", "--woman", "$ID", "--date", "2026-04-01", "tz_type=two"}},
        {"a number out of its range",
         {"record", "colposcopy", "--woman", "$ID", "--date", "2026-04-01", "tz_type=4"}},
        {"neither yes nor no",
         {"record", "dose", "--woman", "$ID", "product=cvx:165", "substandard=perhaps"}},
        {"a value that is not there", dose("2026-04-01", "product=")},
        {"a word that is no field", dose("2026-04-01", "cvx:165")},
        {"a text that is too long",
         {"record", "visit", "--woman", "$ID", "note=" + std::string(3000, 'x')}},
        {"a control character", {"record", "visit", "--woman", "$ID", "note=a\x1b[2Jb"}},
        {"a line break in a lot", dose("2026-04-01", "product=cvx:165", "lot=A\nB")},
        {"a hidden mark in a lot", dose("2026-04-01", "product=cvx:165", "lot=A\u200b1")},
        {"a reversal of the writing in a note",
         {"record", "visit", "--woman", "$ID", "note=a\u202eb"}},
        {"a control character in a reason",
         {"record", "visit", "--woman", "$ID", "--because", "a\x07"}},
        {"a hidden mark in the reason of a voiding", {"void", "$EVENT", "--because", "x\u200b"}},
        {"a hidden mark in the reason of a correction",
         {"correct", "$EVENT", "lot=A", "--because", "x\u200b"}},
        {"a product that no list has", dose("2026-04-01", "product=foo:1")},
        {"a vaccine code that no list has", dose("2026-04-01", "product=cvx:99999")},
        {"a correction to a product that no list has", {"correct", "$EVENT", "product=cvx:999"}},
        {"types with a negative result",
         {"record", "hpv_test", "--woman", "$ID", "result=negative", "types=16"}},
        {"a type twice",
         {"record", "hpv_test", "--woman", "$ID", "result=positive", "types=16,16"}},
        {"a result twice", {"record", "cytology", "--woman", "$ID", "results=NILM,NILM"}},
        {"a report before the test",
         {"record", "via", "--woman", "$ID", "--date", "2026-04-01", "reported_on=2026-03-01"}},
        {"an unknown condition",
         {"record", "flag", "--woman", "$ID", "--date", "2026-04-01", "code=sad"}},
        {"an unknown woman",
         {"record", "visit", "--woman", "01999999-9999-7999-8999-999999999999"}},
        {"an id that is none", {"record", "visit", "--woman", "王小丽"}},
        {"no woman", {"record", "visit", "--date", "2026-04-01"}},
        {"an empty fact file", {"record", "--woman", "$ID", "--file", "$DIR/empty"}},
        {"broken JSON", {"record", "--woman", "$ID", "--file", "$DIR/broken.json"}},
        {"JSON that is no fact", {"record", "--woman", "$ID", "--file", "$DIR/list.json"}},
        {"a fact file of another kind",
         {"record", "via", "--woman", "$ID", "--file", "$DIR/dose.json"}},
        {"a fact file of no kind",
         {"record", "--woman", "$ID", "--file", "$DIR/unknown_type.json"}},
        {"a member of another kind",
         {"record", "--woman", "$ID", "--file", "$DIR/wrong_kind.json"}},
        {"a fact file that isn't there", {"record", "--woman", "$ID", "--file", "$DIR/none"}},
        {"a folder for a file", {"record", "--woman", "$ID", "--file", "$DIR/folder"}},

        {"a wrong check digit", add({"name=a", "resident_id=350203198503040027"})},
        {"a birth date inside the number that no calendar has",
         add({"name=a", "resident_id=350203198502300028"})},
        {"a number of the old kind", add({"name=a", "resident_id=350203850304002"})},
        {"a passport that is none", add({"name=a", "birth_date=1985", "sex=女", "passport=!"})},
        {"a phone that is none", add({"name=a", "birth_date=1985", "sex=女", "phone=12"})},
        {"a birth in the future", add({"name=a", "birth_date=2027-01-01", "sex=female"})},
        {"a birth date in other words", add({"name=a", "birth_date=4 March 1985", "sex=female"})},
        {"no birth date", add({"name=a", "sex=female"})},
        {"no sex", add({"name=a", "birth_date=1985"})},
        {"a sex that is none", add({"name=a", "birth_date=1985", "sex=f3male"})},
        {"an area that is none", add({"name=a", "birth_date=1985", "sex=female", "area=35020"})},
        {"an area of two digits", add({"name=a", "birth_date=1985", "sex=female", "area=99"})},
        {"an area of no province", add({"name=a", "birth_date=1985", "sex=female", "area=990203"})},
        {"a household of no province",
         add({"name=a", "birth_date=1985", "sex=female", "household_area=990203"})},
        {"a line break in a name", add({"name=a\nb", "birth_date=1985", "sex=female"})},
        {"a name that shows as another", add({"name=a\u202eb", "birth_date=1985", "sex=female"})},
        {"a hidden mark in a name", add({"name=王\u200b丽", "birth_date=1985", "sex=female"})},
        {"a hidden mark in a guardian's name",
         add({"name=a", "birth_date=1985", "sex=female", "guardian.name=王\ufeff"})},
        {"a control character in an address",
         add({"name=a", "birth_date=1985", "sex=female", "address=x\x1b[2J"})},
        {"a name that is too long",
         add({"name=" + std::string(201, 'x'), "birth_date=1985", "sex=female"})},
        {"nothing said of her", add({})},
        {"an unknown field of a woman", add({"nmae=a", "birth_date=1985", "sex=female"})},
        {"showing nobody", {"woman", "show", "01999999-9999-7999-8999-999999999999"}},
        {"looking for nothing", {"woman", "find", ""}},
        {"looking for a novel", {"woman", "find", std::string(300, 'x')}},
        {"changing nothing", {"woman", "edit", "$ID"}},
        {"a link to herself", {"woman", "link", "$ID", "$ID"}},
        {"a link to nobody", {"woman", "link", "$ID", "01999999-9999-7999-8999-999999999999"}},
        {"an unlinking of what is not linked",
         {"woman", "unlink", "$ID", "01999999-9999-7999-8999-999999999999"}},

        {"an event that isn't there", {"correct", "00000000000000000000000000000001", "lot=A"}},
        {"an event's number that is none", {"correct", "abc", "lot=A"}},
        {"a correction to a future day", {"correct", "$EVENT", "date=2026-05-02"}},
        {"a correction without what it needs", {"correct", "$EVENT", "product="}},
        {"a correction of what is voided", {"correct", "$VOIDED", "lot=A"}},
        {"voiding twice", {"void", "$VOIDED", "--because", "x"}},
        {"voiding without a reason", {"void", "$EVENT"}},
        {"voiding what isn't there",
         {"void", "00000000000000000000000000000001", "--because", "x"}},
        {"what is next for nobody", {"next", "01999999-9999-7999-8999-999999999999"}},

        {"an unknown indicator", {"coverage", "hpv-by-16"}},
        {"an unknown dimension", {"coverage", "hpv1-by-15", "--by", "postcode"}},
        {"a filter that is none", {"coverage", "hpv1-by-15", "--where", "area"}},
        {"a filter by no area", {"coverage", "hpv1-by-15", "--where", "area=x"}},
        {"a series without its end", {"coverage", "hpv1-by-15", "--from", "2026-01-01"}},
        {"a series that runs backwards",
         {"coverage", "hpv1-by-15", "--from", "2026-02-01", "--to", "2026-01-01"}},
        {"a step that is none",
         {"coverage", "hpv1-by-15", "--from", "2026-01-01", "--to", "2026-02-01", "--step", "x"}},
        {"an indicator that can't be shown", {"indicators", "show", "nothing"}},

        {"importing an empty file", {"import", "persons", "$DIR/empty"}},
        {"importing what isn't there", {"import", "persons", "$DIR/none"}},
        {"importing a list of another program", {"import", "persons", "$DIR/not_a_person.jsonl"}},
        {"exporting over a file", {"export", "persons", "$DIR/dose.json"}},
        {"exporting into no folder", {"export", "persons", "$DIR/nowhere/persons.jsonl"}},
        {"exporting nobody",
         {"export", "persons", "--women", "01999999-9999-7999-8999-999999999999"}},
        {"a copy over a file", {"backup", "$DIR/dose.json"}},
        {"a copy into no folder", {"backup", "$DIR/nowhere/registry.db"}},
        {"the log of nobody", {"log", "show", "--woman", "01999999-9999-7999-8999-999999999999"}},

        {"a registry where one is", {"init", "--clinic", "x", "--area", "350203"}},
        {"a registry under a file",
         {"init", "--dir", "$DIR/empty/home", "--clinic", "x", "--area", "350203"}},
        {"a registry in no area",
         {"init", "--dir", "$DIR/new", "--clinic", "x", "--area", "nowhere"}},
        {"a registry of a hidden name",
         {"init", "--dir", "$DIR/new", "--clinic", "a\u202eb", "--area", "350203"}},
        {"a registry of a name in two lines",
         {"init", "--dir", "$DIR/new", "--clinic", "a\nb", "--area", "350203"}},
        {"a user of a hidden name",
         {"init", "--dir", "$DIR/new", "--clinic", "a", "--area", "350203", "--user", "b\u200b"}},
        {"a registry of no province",
         {"init", "--dir", "$DIR/new", "--clinic", "x", "--area", "990203"}},
        {"a registry in no time zone",
         {"init", "--dir", "$DIR/new", "--clinic", "x", "--area", "350203", "--time-zone",
          "Asia/Xiamen"}},
        {"a sheet over a file",
         {"init", "--dir", "$DIR/new", "--clinic", "x", "--area", "350203", "--recovery-sheet",
          "$DIR/dose.json"}},
        {"no registry", {"check", "--dir", "$DIR/folder"}},
        {"a file that is no registry", {"check", "--dir", "$DIR/other"}},
        {"sending to a centre that was never joined", {"sync"}},
        {"joining with a code that is none", {"enrol", "https://127.0.0.1:1", "12"}},
        {"a world of nobody",
         {"simulate", "--women", "0", "--clinics", "1", "--years", "1", "--seed", "1", "--out",
          "$DIR/new"}},
        {"an unknown command", {"recrod", "dose"}},
        {"half a command", {"woman"}},
        {"an unknown option", {"check", "--fsat"}},
        {"a limit that is none", {"woman", "find", "王", "--limit", "many"}},
        {"bytes that are no text", {"woman", "find", "\xff\xfe"}},
    };
    return all;
}

TEST_SUITE("cli/bad_input") {
    TEST_CASE_FIXTURE(BadInput, "every bad command gets one sentence and changes nothing") {
        CHECK(bad_commands().size() >= 40);
        const auto before = state();
        for (const auto& bad : bad_commands()) {
            CAPTURE(bad.what);
            for (const auto* language : {"zh", "en"}) {
                auto words = filled(bad.words);
                words.insert(words.end(), {"--lang", language});
                const auto ran = run(words);
                CHECK((ran.status == ExitStatus::refused || ran.status == ExitStatus::usage));
                CHECK(ran.out == "");
                check_sentence(ran.err,
                               std::string_view(language) == "zh" ? Language::zh : Language::en);
            }
            CHECK(state() == before);
        }
    }

    TEST_CASE_FIXTURE(BadInput, "a wrong date ends alike, in whichever way it is given") {
        const std::pair<const char*, const char*> wrong[] = {
            {"2026-02-30", "There is no such day"}, {"2026-13", "There is no such day"},
            {"2026-00-10", "There is no such day"}, {"2026-05-02", "not come yet"},
            {"2026/04/01", "This is no date"},
        };
        for (const auto& each : wrong) {
            const std::string date = each.first;
            CAPTURE(date);
            // A day to come could be right on a later one.
            const bool is_to_come = date == "2026-05-02";
            for (const auto& words : {Words{"record", "visit", "--woman", woman, "--date", date},
                                      Words{"record", "visit", "--woman", woman, "date=" + date},
                                      Words{"correct", event, "date=" + date}}) {
                const auto ran = run(words);
                CHECK(ran.status == (is_to_come ? ExitStatus::refused : ExitStatus::usage));
                CHECK(ran.err.starts_with("date: "));
                CHECK(ran.err.find(each.second) != std::string::npos);
            }
        }
        const auto chinese =
            run({"record", "visit", "--woman", woman, "--date", "2026-02-30", "--lang", "zh"});
        CHECK(chinese.err.find("没有这一天") != std::string::npos);
    }

    TEST_CASE_FIXTURE(BadInput, "what a word names and isn't there is no matter of typing") {
        const std::string nobody = "01999999-9999-7999-8999-999999999999";
        const auto status = [&](const Words& words) { return run(words).status; };
        for (const auto& id : {std::string("xyz"), nobody}) {
            CAPTURE(id);
            CHECK(status({"next", id}) == ExitStatus::refused);
            CHECK(status({"woman", "show", id}) == ExitStatus::refused);
            CHECK(status({"woman", "link", woman, id}) == ExitStatus::refused);
            CHECK(status({"record", "visit", "--woman", id}) == ExitStatus::refused);
            CHECK(status({"log", "show", "--woman", id}) == ExitStatus::refused);
            CHECK(status({"export", "persons", "--women", id}) == ExitStatus::refused);
            CHECK(status({"void", id, "--because", "x"}) == ExitStatus::refused);
        }
        CHECK(status({"due", "--nurse", "xyz"}) == ExitStatus::refused);
        CHECK(status({"due", "--facility", "XX"}) == ExitStatus::refused);
        CHECK(status({"due", "--class", "xyz"}) == ExitStatus::refused);
        CHECK(status({"stock", "show", "nosuch"}) == ExitStatus::refused);
        CHECK(status({"stock", "who", "nosuch"}) == ExitStatus::refused);
        CHECK(status({"stock", "show", "--facility", "C999"}) == ExitStatus::refused);
        CHECK(status({"stock", "wastage", "--facility", "C999"}) == ExitStatus::refused);
        CHECK(status({"coverage", "hpv1"}) == ExitStatus::refused);
        CHECK(status({"protocols", "show", "hpv1"}) == ExitStatus::refused);
        CHECK(status({"next", woman, "--protocol", "hpv1"}) == ExitStatus::refused);
        const auto file_of = [&](const char* name) { return dir.file(name); };
        for (const auto& file : {file_of("missing"), file_of("folder"), file_of("broken.json")}) {
            CAPTURE(file);
            CHECK(status({"import", "persons", file}) == ExitStatus::refused);
            CHECK(status({"protocols", "check", file}) == ExitStatus::refused);
            CHECK(status({"record", "--woman", woman, "--file", file}) == ExitStatus::refused);
        }
        // What no registry could make right is.
        CHECK(status({"due", "--within", "soon"}) == ExitStatus::usage);
        CHECK(status({"due", "--school", "xyz"}) == ExitStatus::refused);
        CHECK(status({"contact", "1", "--outcome", "not_reached", "--appointment", "2026-05-08"}) ==
              ExitStatus::usage);
        CHECK(status({"coverage", "hpv1-by-15", "--by", "colour"}) == ExitStatus::usage);
        CHECK(status({"coverage", "hpv1-by-15", "--from", "2026-02-01", "--to", "2026-01-01"}) ==
              ExitStatus::usage);
        CHECK(status({"export", "aefi", "--from", "2026-02-01", "--to", "2026-01-01"}) ==
              ExitStatus::usage);
    }

    TEST_CASE_FIXTURE(BadInput, "what no registry could make right was typed wrongly") {
        const auto record = [&](std::string type, Words fields) {
            fields.insert(fields.begin(), {"record", std::move(type), "--woman", woman});
            return fields;
        };
        for (const auto& words : {
                 record("hpv_test", {"result=foo"}),
                 record("hpv_test", {"date=2026-04-01"}),
                 record("hpv_test", {"result=negative", "types=16"}),
                 record("dose", {"product=cvx:165", "date=abc"}),
                 record("dose", {"product=cvx:99999"}),
                 record("visit", {"note=a\x1b[2Jb"}),
                 record("dose", {"--file", dir.file("dose.json"), "product=165"}),
                 Words{"correct", event, "product="},
                 Words{"correct", event, "lot=A", "--because", "x\u200b"},
                 Words{"void", event, "--because", "x\u200b"},
                 Words{"woman", "add", "name=张三"},
                 Words{"woman", "add", "name=张三", "birth_date=1985"},
                 Words{"woman", "add", "name=a", "resident_id=350203198503040027"},
                 Words{"woman", "add", "name=a", "birth_date=1985", "sex=女", "phone=12"},
                 Words{"woman", "edit", woman, "birth_date=1985-02-30"},
                 Words{"woman", "edit", woman, "area=990203"},
                 Words{"woman", "edit", woman, "name=王\u200b丽"},
                 Words{"simulate", "--women", "0", "--clinics", "1", "--years", "1", "--seed", "1",
                       "--out", dir.file("new")},
                 Words{"enrol", "https://127.0.0.1:1", "XXXXX-XXXXX"},
                 Words{"init", "--dir", dir.file("new"), "--clinic", "x", "--area", "990203"},
                 Words{"init", "--dir", dir.file("new"), "--clinic", "x", "--area", "350203",
                       "--time-zone", "Asia/Xiamen"},
             }) {
            CAPTURE(words[0] + " " + words[1] + " " + words.back());
            CHECK(run(words).status == ExitStatus::usage);
        }
        // What a file or a record holds, and what another day would allow, is no matter of typing.
        for (const auto& words : {
                 record("colposcopy", {"--file", dir.file("wrong_kind.json")}),
                 record("dose", {"product=cvx:165", "date=1985-03-03"}),
                 Words{"woman", "add", "name=a", "birth_date=2027-01-01", "sex=female"},
                 Words{"woman", "edit", woman, "birth_date=2027-01-01"},
             }) {
            CAPTURE(words[0] + " " + words[1] + " " + words.back());
            CHECK(run(words).status == ExitStatus::refused);
        }
    }

    TEST_CASE_FIXTURE(BadInput, "as JSON the error has a code, a field and the same sentence") {
        const auto ran = run({"record", "visit", "--woman", "nobody", "--json"});
        CHECK(ran.out == "");
        const auto error = json::parse(ran.err);
        REQUIRE(error);
        const auto* inner = error->find("error");
        REQUIRE(inner);
        CHECK(inner->find("code")->as_text() == "invalid_input");
        CHECK(inner->find("field")->as_text() == "woman");
        CHECK(!inner->find("text")->as_text().empty());
    }

    TEST_CASE_FIXTURE(BadInput, "a PIN file that is missing or empty is named before anything") {
        const auto before = state();
        for (const auto* name : {"none", "empty"}) {
            terminal.environment["EGRET_PIN_FILE"] = dir.file(name);
            const auto ran = run({"woman", "find", "王"});
            CHECK(ran.status == ExitStatus::refused);
            check_sentence(ran.err, Language::en);
        }
        terminal.environment["EGRET_PIN_FILE"] = dir.file("pin");
        CHECK(state() == before);
    }

    TEST_CASE_FIXTURE(BadInput, "no value that was typed comes back in an error") {
        for (const auto& words :
             {Words{"woman", "add", "name=陈秘密", "resident_id=350203198503040027"},
              Words{"woman", "show", "陈秘密"}, Words{"陈秘密"}, Words{"woman", "add", "陈秘密=1"},
              Words{"record", "via", "--woman", woman, "result=陈秘密"},
              Words{"record", "陈秘密", "--woman", woman},
              Words{"woman", "add", "350203198503040027=王"},
              Words{"woman", "add", "guardian.350203198503040027=王"},
              Words{"woman", "edit", woman, "name=x", "phone.350203198503040027=1"},
              Words{"record", "via", "--woman", woman, "350203198503040027=x"},
              Words{"350203198503040027"}, Words{"record", "350203198503040027"},
              Words{"coverage", "hpv1-by-15", "--by", "350203198503040027"},
              Words{"coverage", "hpv1-by-15", "--where", "350203198503040027=x"},
              Words{"coverage", "350203198503040027"}, Words{"help", "350203198503040027"},
              Words{"coverage", "hpv1-by-15", "--where", "area=陈秘密"}}) {
            const auto ran = run(words);
            CHECK(ran.status != ExitStatus::done);
            CHECK(ran.err.find("陈秘密") == std::string::npos);
            CHECK(ran.err.find("350203198503040027") == std::string::npos);
        }
    }

    // The limit of a process stands in for the disk: it is real for SQLite and needs no root.
    TEST_CASE_FIXTURE(BadInput, "a full disk is said in one sentence, and nothing is half there") {
        const auto before = state();
        int channel[2];
        REQUIRE(::pipe(channel) == 0);
        const auto child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            std::signal(SIGXFSZ, SIG_IGN);
            const rlimit none{4096, 4096};
            ::setrlimit(RLIMIT_FSIZE, &none);
            const auto ran = run({"record", "visit", "--woman", woman, "--date", "2026-04-20"});
            const auto told = ran.out + ran.err;
            const auto written = ::write(channel[1], told.data(), told.size());
            ::_exit(written < 0 ? 99 : static_cast<int>(ran.status));
        }
        ::close(channel[1]);
        std::string err;
        char part[512];
        for (ssize_t got; (got = ::read(channel[0], part, sizeof part)) > 0;)
            err.append(part, static_cast<std::size_t>(got));
        ::close(channel[0]);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(WIFEXITED(status));
        CHECK(WEXITSTATUS(status) == static_cast<int>(ExitStatus::refused));
        check_sentence(err, Language::en);
        CHECK(state() == before);
    }
}

}  // namespace
}  // namespace egret::cli
