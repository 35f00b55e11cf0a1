#include "registry/service/users.h"
#include "tests/support/led_run.h"
#include "tests/support/pseudo_terminal.h"

#include <doctest/doctest.h>

#include <thread>

namespace egret::cli {
namespace {

using console::ExitStatus;
using tests::Ran;
using Words = tests::EgretRun::Words;

/// The lead adds others.
struct UserRun : tests::LedRun {
    Ran as_lead(Words words) { return as(lead, pin, std::move(words)); }

    void add_user(const std::string& name, const std::string& role,
                  const std::string& her_pin = "628413") {
        set_new_pin(her_pin);
        const auto added = as_lead({"user", "add", name, "--role", role});
        REQUIRE_MESSAGE(added.status == ExitStatus::done, added.err);
    }
};

TEST_SUITE("cli/user_commands") {
    TEST_CASE_FIXTURE(UserRun,
                      "who was removed reads nothing, with the key file of before either") {
        const auto woman = add();
        add_user("陈护士", "nurse");
        const auto before = tests::read_file(home() + "/registry.keys");
        CHECK(as_lead({"user", "remove", "陈护士"}).status == ExitStatus::done);
        tests::write_file(home() + "/registry.keys", before);
        for (const std::string language : {"en", "zh"}) {
            const auto ran = as("陈护士", "628413", {"woman", "show", woman, "--lang", language});
            CHECK(ran.status == ExitStatus::refused);
            CHECK(ran.out.empty());
            CHECK(
                says(ran, language == "en" ? "was removed from the registry" : "已从登记库中移除"));
        }
        CHECK(as_lead({"woman", "show", woman}).status == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(UserRun, "who came back with an older registry.keys is taken out of it") {
        add_user(nurse, "nurse");
        const auto before = tests::read_file(home() + "/registry.keys");
        const auto come_back = [&] {
            CHECK(as_lead({"user", "remove", nurse}).status == ExitStatus::done);
            tests::write_file(home() + "/registry.keys", before);
            const auto told = as_lead({"check", "--lang", "en"});
            CHECK(told.status == ExitStatus::refused);
            CHECK(says(told, "`egret user remove NAME`"));
        };
        come_back();
        CHECK(as_lead({"user", "remove", nurse}).status == ExitStatus::done);
        CHECK(as_lead({"check"}).status == ExitStatus::done);
        CHECK(as_lead({"user", "remove", nurse}).status == ExitStatus::refused);
        // Or she is added anew, which is what she was told; she is another user then.
        add_user(nurse, "nurse");
        come_back();
        add_user(nurse, "nurse", "915270");
        CHECK(as_lead({"check"}).status == ExitStatus::done);
        CHECK(as(nurse, "915270", {"log", "show"}).status == ExitStatus::done);
        CHECK(as(nurse, "628413", {"log", "show"}).status == ExitStatus::locked);
        // Or an older one comes back once she was added anew: a new PIN makes her the one she is.
        tests::write_file(home() + "/registry.keys", before);
        set_new_pin("384756");
        CHECK(as_lead({"user", "reset", nurse}).status == ExitStatus::done);
        CHECK(as_lead({"check"}).status == ExitStatus::done);
        CHECK(as(nurse, "384756", {"log", "show"}).status == ExitStatus::done);
        // Or she is to lead, by the sheet.
        come_back();
        take_sheet(dir.file("sheet"));
        CHECK(run({"recover", "--user", nurse}).status == ExitStatus::done);
        CHECK(as_lead({"check"}).status == ExitStatus::done);
        CHECK(as(nurse, "384756", {"user", "list"}).status == ExitStatus::done);
        // Or the registry gets a new key.
        come_back();
        CHECK(as_lead({"rekey", "--recovery-sheet", dir.file("new_sheet")}).status ==
              ExitStatus::done);
        CHECK(as_lead({"check"}).status == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(UserRun, "what a user records is hers, also when she has left") {
        add_user("陈护士", "nurse");
        const auto added = as("陈护士", "628413",
                              {"woman", "add", "name=王小丽", "birth_date=1985-03-04", "sex=female",
                               "area=350203", "--json"});
        REQUIRE_MESSAGE(added.status == ExitStatus::done, added.err);
        CHECK(as_lead({"user", "remove", "陈护士"}).status == ExitStatus::done);
        const auto log = as_lead({"log", "show", "--json"}).json();
        CHECK(log.as_array().at(0).find("author")->as_text() == "陈护士");
        CHECK(as("陈护士", "628413", {"log", "show"}).status == ExitStatus::refused);
        CHECK(as_lead({"due", "--nurse", "陈护士"}).status == ExitStatus::done);
        // Somebody else may be called so.
        add_user("陈护士", "read_only", "915270");
        CHECK(as("陈护士", "628413", {"log", "show"}).status == ExitStatus::locked);
        CHECK(as("陈护士", "915270", {"log", "show"}).status == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(UserRun, "who only reads changes nothing, by whichever command") {
        const auto id = as_lead({"woman", "add", "name=王小丽", "birth_date=2012-03-04",
                                 "sex=female", "area=350203", "--json"})
                            .text("id");
        const auto other = as_lead({"woman", "add", "name=李桂芳", "birth_date=2012-03-04",
                                    "sex=female", "area=350203", "--json"})
                               .text("id");
        const auto event =
            as_lead({"record", "visit", "--woman", id, "--date", "2026-04-01", "--json"})
                .text("event");
        tests::write_file(
            dir.file("persons.jsonl"),
            R"({"id":"q","birth_date":"2010-05-05","sex":"female","events":[],"name":"a"})");
        tests::write_file(dir.file("roll.csv"),
                          "姓名,性别,出生日期,学校,班级\n林静,女,2012-07-09,一中,1班\n");
        const auto action = as_lead({"due", "--kind", "any", "--json"})
                                .json()
                                .as_array()
                                .at(0)
                                .find("id")
                                ->as_text();
        add_user("黄检查", "read_only");
        const auto log = [&] { return as_lead({"log", "show", "--json"}).out; };
        const auto before = log();
        for (const auto& words :
             {Words{"woman", "add", "name=林晴", "birth_date=1990", "sex=female"},
              Words{"woman", "edit", id, "phone=13911112222"}, Words{"woman", "link", id, other},
              Words{"woman", "unlink", id, other},
              Words{"record", "visit", "--woman", id, "--date", "2026-04-02"},
              Words{"correct", event, "date=2026-04-03"}, Words{"correct", event, "--woman", other},
              Words{"void", event, "--because", "x"},
              Words{"contact", action, "--outcome", "reached"},
              Words{"import", "persons", dir.file("persons.jsonl")},
              Words{"import", "csv", dir.file("roll.csv")},
              Words{"stock", "receive", "lot=A1", "product=egret:cecolin", "quantity=5",
                    "date=2026-04-01"},
              Words{"user", "add", "x", "--role", "lead"}, Words{"user", "role", "黄检查", "lead"},
              Words{"user", "reset", "林主任"}, Words{"user", "remove", "林主任"},
              Words{"recovery-sheet", dir.file("new_sheet")},
              Words{"enrol", "https://127.0.0.1:1", "X"}}) {
            CAPTURE(words[0] + " " + (words.size() > 1 ? words[1] : ""));
            const auto ran = as("黄检查", "628413", words);
            CHECK(ran.status != ExitStatus::done);
            CHECK_FALSE(ran.err.empty());
        }
        CHECK(log() == before);
        for (const auto& words : {Words{"woman", "show", id}, Words{"due"}, Words{"user", "list"},
                                  Words{"check"}, Words{"coverage", "hpv1-by-15"}}) {
            CHECK(as("黄检查", "628413", words).status == ExitStatus::done);
        }
    }

    TEST_CASE_FIXTURE(UserRun, "only a lead has to do with users") {
        add_user("陈护士", "nurse");
        for (const auto* language : {"en", "zh"}) {
            for (const auto& words :
                 {Words{"user", "add", "x", "--role", "nurse"},
                  Words{"user", "role", "陈护士", "lead"}, Words{"user", "reset", "林主任"},
                  Words{"user", "remove", "林主任"}}) {
                auto asked = words;
                asked.insert(asked.end(), {"--lang", language});
                const auto refused = as("陈护士", "628413", asked);
                CHECK(refused.status == ExitStatus::refused);
                CHECK(says(refused, "--as"));
            }
        }
        CHECK(as_lead({"user", "role", "陈护士", "lead"}).status == ExitStatus::done);
        CHECK(as("陈护士", "628413", {"user", "role", "林主任", "nurse"}).status ==
              ExitStatus::done);
        CHECK(as_lead({"user", "list"}).out.find("nurse") != std::string::npos);
    }

    TEST_CASE_FIXTURE(UserRun, "there is always a lead with a PIN") {
        add_user("陈护士", "nurse");
        for (const auto& words :
             {Words{"user", "remove", "林主任"}, Words{"user", "role", "林主任", "nurse"},
              Words{"user", "role", "林主任", "read_only"}}) {
            const auto refused = as_lead(words);
            CHECK(refused.status == ExitStatus::refused);
            CHECK(says(refused, "No lead with a PIN"));
        }
        CHECK(as_lead({"user", "role", "陈护士", "lead"}).status == ExitStatus::done);
        CHECK(as_lead({"user", "remove", "林主任"}).status == ExitStatus::done);
        CHECK(as("陈护士", "628413", {"check"}).status == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(UserRun,
                      "a forgotten PIN is replaced by the lead, and wrong ones forgotten") {
        add_user("陈护士", "nurse");
        for (int wrong = 0; wrong < 6; ++wrong)
            CHECK(as("陈护士", "000111", {"check"}).status == ExitStatus::locked);
        CHECK(says(as("陈护士", "628413", {"check"}), "has to wait"));
        set_new_pin("337215");
        CHECK(as_lead({"user", "reset", "陈护士"}).status == ExitStatus::done);
        CHECK(as("陈护士", "628413", {"check"}).status == ExitStatus::locked);
        CHECK(as("陈护士", "337215", {"check"}).status == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(UserRun, "she changes her own PIN after the old one") {
        add_user("陈护士", "nurse");
        set_new_pin("123456");
        CHECK(as("陈护士", "628413", {"user", "pin"}).status == ExitStatus::refused);
        set_new_pin("337215");
        CHECK(as("陈护士", "000111", {"user", "pin"}).status == ExitStatus::locked);
        CHECK(as("陈护士", "628413", {"check"}).status == ExitStatus::done);
        CHECK(as("陈护士", "628413", {"user", "pin"}).status == ExitStatus::done);
        CHECK(as("陈护士", "628413", {"check"}).status == ExitStatus::locked);
        CHECK(as("陈护士", "337215", {"check"}).status == ExitStatus::done);

        terminal.environment.erase("EGRET_PIN_FILE");
        terminal.environment.erase("EGRET_NEW_PIN_FILE");
        tests::PseudoTerminal device;
        asked_at = device.path();
        std::thread person([&] {
            device.answer("PIN of 陈护士? ", "337215\n");
            device.answer("(six characters or more)? ", "884120\n");
            device.answer("once more? ", "884120\n");
        });
        const auto changed = run({"user", "pin", "--as", "陈护士"});
        person.join();
        CHECK_MESSAGE(changed.status == ExitStatus::done, changed.err);
        terminal.environment["EGRET_PIN_FILE"] = dir.file("pin");
        CHECK(as("陈护士", "884120", {"check"}).status == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(UserRun,
                      "names and roles that can't be are refused, and nothing is half there") {
        const auto list = [&] { return as_lead({"user", "list", "--json"}).out; };
        const auto before = list();
        CHECK(as_lead({"user", "add", "x", "--role", "boss"}).status == ExitStatus::usage);
        CHECK(as_lead({"user", "role", "林主任", "machine"}).status == ExitStatus::usage);
        for (const auto* name : {"林主任", "", " x", "a\nb", "b\u200b"}) {
            CAPTURE(name);
            CHECK(as_lead({"user", "add", name, "--role", "nurse"}).status != ExitStatus::done);
        }
        set_new_pin("111111");
        CHECK(as_lead({"user", "add", "陈护士", "--role", "nurse"}).status == ExitStatus::refused);
        for (const auto* what : {"role", "reset", "remove"}) {
            auto words = Words{"user", what, "nobody"};
            if (std::string_view(what) == "role") words.emplace_back("nurse");
            set_new_pin("628413");
            CHECK(as_lead(words).status == ExitStatus::refused);
        }
        CHECK(list() == before);
        CHECK(as_lead({"check"}).status == ExitStatus::done);
    }

    TEST_CASE_FIXTURE(UserRun,
                      "what a power cut left half done is seen, and ends by doing it again") {
        add_user("陈护士", "nurse");
        const auto has_pin = [&](std::size_t at) {
            return as_lead({"user", "list", "--json"})
                .json()
                .as_array()
                .at(at)
                .find("has_pin")
                ->as_bool();
        };
        {
            // Her slot went, her row not yet.
            auto file = *keys::KeyFile::load(home());
            for (const auto& user : file.users()) {
                if (user.name == "陈护士") REQUIRE(file.remove_user(key(), user.id));
            }
        }
        CHECK((has_pin(0) != has_pin(1)));
        CHECK(as_lead({"check"}).status == ExitStatus::done);
        CHECK(as_lead({"user", "reset", "陈护士"}).status == ExitStatus::done);
        CHECK((has_pin(0) && has_pin(1)));
        CHECK(as("陈护士", "628413", {"check"}).status == ExitStatus::done);
        {
            auto file = *keys::KeyFile::load(home());
            for (const auto& user : file.users()) {
                if (user.name == "陈护士") REQUIRE(file.remove_user(key(), user.id));
            }
        }
        CHECK(as_lead({"user", "remove", "陈护士"}).status == ExitStatus::done);
        CHECK(as_lead({"user", "list", "--json"}).json().as_array().size() == 1);
    }

    TEST_CASE_FIXTURE(UserRun, "the check names a slot of nobody, and that nobody leads") {
        opened().db.execute("DELETE FROM user");
        CHECK(run({"check", "--json"}).out.find("\"user_row\"") != std::string::npos);
        CHECK(run({"log", "show"}).status == ExitStatus::refused);
    }
}

}  // namespace
}  // namespace egret::cli
