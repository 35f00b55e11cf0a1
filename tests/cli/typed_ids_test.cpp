// A woman by the beginning of her id, wherever an id is typed.

#include "tests/support/egret_run.h"

#include <algorithm>
#include <string>
#include <vector>

namespace egret::tests {
namespace {

struct TypedIdRun : EgretRun {
    TypedIdRun() { init(); }

    /// Ids are made of the time: an hour apart their first eight digits differ.
    std::string add_an_hour_later(const std::string& name) {
        clock.advance(std::chrono::hours(1));
        return add(name);
    }

    /// What the last column of `woman find` shows of her.
    std::string found_id(const std::string& name) {
        const auto out = run({"woman", "find", name, "--lang", "en"}).out;
        const auto line = out.substr(out.find('\n') + 1);
        const auto end = line.find_last_not_of(" \n") + 1;
        return line.substr(line.rfind(' ', end - 1) + 1, end - line.rfind(' ', end - 1) - 1);
    }
};

TEST_SUITE("cli/typed_ids") {
    TEST_CASE_FIXTURE(TypedIdRun, "a beginning that only one id has stands for her everywhere") {
        const auto id = add_an_hour_later("王小丽");
        const auto other = add_an_hour_later("陈小丽");
        const auto eight = id.substr(0, 8);
        CHECK(done({"woman", "show", eight}).text("id") == id);
        CHECK(done({"record", "dose", "--woman", eight, "product=egret:cecolin"}).text("woman") ==
              id);
        done({"woman", "edit", eight, "phone=13900000001", "school=一中"});
        done({"next", eight});
        done({"log", "show", "--woman", eight});
        CHECK(run({"card", eight, "--out", dir.file("card.html")}).status ==
              console::ExitStatus::done);
        const auto exported = run({"export", "persons", "--women", eight});
        CHECK(exported.out.find(id) != std::string::npos);
        CHECK(exported.out.find(other) == std::string::npos);
        done({"school", "consent", eight, "--school", "一中", "--round", "r", "--date",
              "2026-05-01"});
        CHECK(done({"woman", "link", eight, other.substr(0, 8)}).text("woman") == id);
    }

    TEST_CASE_FIXTURE(TypedIdRun, "dashes and capitals don't matter, seven digits are too few") {
        const auto id = add();
        auto capitals = id.substr(0, 18);
        std::transform(capitals.begin(), capitals.end(), capitals.begin(),
                       [](char c) { return c >= 'a' && c <= 'f' ? char(c - 'a' + 'A') : c; });
        CHECK(done({"woman", "show", capitals}).text("id") == id);
        std::erase(capitals, '-');
        CHECK(done({"woman", "show", capitals}).text("id") == id);
        for (const auto& typed : {id.substr(0, 7), std::string("王小丽00"), id + "0"}) {
            const auto refused = run({"woman", "show", typed, "--lang", "en"});
            CHECK(refused.status != console::ExitStatus::done);
            CHECK(refused.err.find("This is no person's id") != std::string::npos);
        }
        const auto nobody = run({"woman", "show", "ffffffff", "--lang", "en"});
        CHECK(nobody.err.find("Nobody with this id") != std::string::npos);
    }

    TEST_CASE_FIXTURE(TypedIdRun, "a beginning of several ids is refused, and lists show enough") {
        const std::vector<std::string> names{"王小丽", "陈小丽", "林小燕"};
        std::vector<std::string> ids;
        ids.reserve(names.size());
        for (const auto& name : names) ids.push_back(add(name));
        REQUIRE(ids[0].substr(0, 13) == ids[1].substr(0, 13));
        const auto refused =
            run({"record", "visit", "--woman", ids[0].substr(0, 13), "--lang", "en"});
        CHECK(refused.status == console::ExitStatus::refused);
        CHECK(refused.err.find("More than one person's id begins so") != std::string::npos);
        CHECK(refused.err.find(ids[0].substr(0, 8)) == std::string::npos);
        for (std::size_t i = 0; i < names.size(); ++i) {
            const auto shown = found_id(names[i]);
            CHECK(shown.size() < ids[i].size());
            CHECK(done({"woman", "show", shown}).text("id") == ids[i]);
        }
    }

    TEST_CASE_FIXTURE(TypedIdRun, "the due list shows what stands for her, a spreadsheet all") {
        const auto id = done({"woman", "add", "name=陈小丽", "birth_date=2012-05-05", "sex=female",
                              "area=350203", "school_area=350203", "school=SMYZ"})
                            .text("id");
        const auto list = run({"due", "--lang", "en"}).out;
        CHECK(list.find("  " + id.substr(0, 8) + "\n") != std::string::npos);
        CHECK(run({"due", "--csv"}).out.find(id) != std::string::npos);
    }
}

}  // namespace
}  // namespace egret::tests
