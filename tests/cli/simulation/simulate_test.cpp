#include "cli/simulation/simulate.h"

#include "cli/simulation/leaflet.h"
#include "registry/coverage/indicator.h"
#include "registry/sqlite/database.h"
#include "registry/sqlite/statement.h"
#include "registry/store/coverage_answer.h"
#include "registry/store/event_log.h"
#include "registry/store/log_check.h"
#include "registry/store/settings.h"
#include "sync/central/woman_keys.h"
#include "tests/support/plain_count.h"
#include "tests/support/temp_dir.h"
#include "tests/support/vault_database.h"
#include "tests/sync/central/found_centre.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace egret::simulation {
namespace {

namespace fs = std::filesystem;

Result<Simulated> simulated(const world::WorldPlan& plan, const std::string& out) {
    NoProgress quiet;
    return simulate({plan, out, {16, 1, 1}}, quiet);
}

std::string text_of_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> lines_of(const std::string& path) {
    std::ifstream file(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
}

std::vector<std::string> names_in(const std::string& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder))
        names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
}

/// A store as somebody finds it who knows only SQLite, the PIN and the log.
struct Store {
    explicit Store(const std::string& path)
        : mount(mount_of(path)), db(options(path)), keys(keys_beside(path)), log(db, keys.get()) {}

    std::unique_ptr<vault::Mount> mount_of(const std::string& path) {
        const auto folder = fs::path(path).parent_path().string();
        const auto key = fs::exists(folder + "/registry.keys")
                             ? tests::key_of(folder, simulated_pin, Instant{})
                             : tests::key_of_centre(folder);
        return std::make_unique<vault::Mount>(key.view(), random);
    }

    sqlite::OpenOptions options(const std::string& path) const {
        sqlite::OpenOptions made;
        made.path = path;
        made.vfs_name = mount->vfs_name();
        made.read_only = true;
        return made;
    }

    tests::PlainCells count(const coverage::Indicator& indicator, Date on, bool by_recount) {
        store::CoverageQuestion question;
        question.indicator = &indicator;
        question.query.by = {coverage::Dimension::area, coverage::Dimension::facility,
                             coverage::Dimension::birth_year};
        question.query.on = {on};
        question.by_recount = by_recount;
        tests::PlainCells cells;
        for (const auto& cell : store::answer_coverage(log, db, question).answer.cells) {
            cells[{cell.values[0], cell.values[1], cell.values[2]}] = {
                static_cast<long>(cell.figure.numerator),
                static_cast<long>(cell.figure.denominator)};
        }
        return cells;
    }

    crypto::SystemRandom random;
    /// Of the women, which only a centre has.
    std::unique_ptr<central::WomanKeys> keys_beside(const std::string& path) const {
        const auto file = fs::path(path).parent_path() / central::WomanKeys::file_name;
        if (!fs::exists(file)) return nullptr;
        return std::make_unique<central::WomanKeys>(
            std::make_unique<sqlite::Database>(options(file.string())));
    }

    std::unique_ptr<vault::Mount> mount;
    sqlite::Database db;
    std::unique_ptr<central::WomanKeys> keys;
    store::EventLog log;
};

/// One world for all that is asked of it: it takes a while.
struct MadeWorld {
    static constexpr world::WorldPlan plan{300, 4, 5, 11};

    MadeWorld() : out(dir.file("world")) {
        done = std::make_unique<Simulated>(*simulated(plan, out));
        for (const auto* code : {"C001", "C002", "C003", "C004"})
            clinics.push_back(std::make_unique<Store>(out + "/clinics/" + code + "/registry.db"));
        centre = std::make_unique<Store>(out + "/centre/centre.db");
    }

    static MadeWorld& get() {
        static MadeWorld made;
        return made;
    }

    tests::TempDir dir;
    std::string out;
    std::unique_ptr<Simulated> done;
    std::vector<std::unique_ptr<Store>> clinics;
    std::unique_ptr<Store> centre;
};

const std::vector<std::string> ten_days = {"2021-03-01", "2021-12-31", "2022-07-15", "2023-02-28",
                                           "2024-02-29", "2024-11-30", "2025-12-31", "2026-06-30",
                                           "2028-05-05", "2033-01-01"};

}  // namespace

TEST_SUITE("cli/simulation/simulate") {
    TEST_CASE("a simulated world is a centre, registries, its people and how to ask") {
        auto& made = MadeWorld::get();
        CHECK(names_in(made.dir.path()) == std::vector<std::string>{"world"});
        CHECK(names_in(made.out) ==
              std::vector<std::string>{"README", "centre", "clinics", "persons.jsonl", "pin"});
        CHECK(names_in(made.out + "/clinics") ==
              std::vector<std::string>{"C001", "C002", "C003", "C004"});
        CHECK(lines_of(made.out + "/persons.jsonl").size() == 300);
        CHECK(lines_of(made.out + "/pin").size() == 1);
        const auto leaflet = text_of_file(made.out + "/README");
        CHECK(leaflet.find("--seed 11") != std::string::npos);
        CHECK(leaflet.find("虚构") != std::string::npos);
        CHECK(leaflet.find("invented") != std::string::npos);
    }

    TEST_CASE("every clinic's facts are all at the centre, and every log is whole") {
        auto& made = MadeWorld::get();
        NoProgress quiet;
        std::uint64_t facts = 0;
        for (const auto& clinic : made.clinics) {
            const auto self = store::Settings(clinic->db).find_clinic();
            REQUIRE(self);
            const auto own = clinic->log.find_head(self->device);
            REQUIRE(own);
            CHECK(made.centre->log.find_head(self->device) == own);
            CHECK(store::check_logs(clinic->db, quiet).empty());
            facts += own->seq;
        }
        CHECK(facts == made.done->facts);
        CHECK(made.centre->log.event_count() == facts);
        CHECK(made.centre->log.quarantined().empty());
        CHECK(store::check_logs(made.centre->db, quiet, made.centre->keys.get()).empty());
        CHECK(made.done->syncs > 4 * 5 * 30);
    }

    TEST_CASE("the centre's figures are those of the truth, in every cell, past and future") {
        auto& made = MadeWorld::get();
        const auto lines = lines_of(made.out + "/persons.jsonl");
        for (const auto& indicator : coverage::known_indicators()) {
            if (indicator.counts != coverage::Counts::women) continue;
            std::size_t figures = 0;
            for (const auto& on : ten_days) {
                CAPTURE(indicator.id);
                CAPTURE(on);
                tests::PlainCells truth;
                for (const auto& line : lines)
                    tests::PlainPerson(line).count(indicator.id, on, truth);
                const auto day = *Date::parse(on);
                CHECK(made.centre->count(indicator, day, false) == truth);
                CHECK(made.centre->count(indicator, day, true) == truth);
                figures += truth.size();
            }
            // Too few for a condition that few have.
            if (indicator.population.flag.empty()) CHECK(figures > 0);
        }
    }

    TEST_CASE("a clinic's figures are those of its own recount") {
        auto& made = MadeWorld::get();
        for (const auto& clinic : made.clinics) {
            for (const auto& indicator : coverage::known_indicators()) {
                for (const auto& on : ten_days) {
                    const auto day = *Date::parse(on);
                    const auto summed = clinic->count(indicator, day, false);
                    CHECK(summed == clinic->count(indicator, day, true));
                    if (indicator.id == "hpv1-by-15") CHECK((on < "2022" || !summed.empty()));
                }
            }
        }
    }

    TEST_CASE("the same seed gives the same facts to the last bit, and another one others") {
        const tests::TempDir dir;
        const auto heads_of = [&](const char* name, std::uint64_t seed) {
            const auto out = dir.file(name);
            REQUIRE(simulated({60, 2, 1, seed}, out));
            return Store(out + "/centre/centre.db").log.heads();
        };
        const auto one = heads_of("one", 5);
        REQUIRE(one.size() == 2);
        CHECK(one[0].seq > 0);
        CHECK(one == heads_of("two", 5));
        CHECK(one != heads_of("three", 6));
        const auto persons = [&](const char* name) {
            return text_of_file(dir.file(name) + "/persons.jsonl");
        };
        CHECK(persons("one") == persons("two"));
        CHECK(persons("one") != persons("three"));
    }

    TEST_CASE("what is there already is refused and left as it is; an empty folder is taken") {
        const tests::TempDir dir;
        fs::create_directory(dir.file("full"));
        std::ofstream(dir.file("full") + "/mine") << "mine";
        const auto taken = simulated({5, 1, 1, 1}, dir.file("full"));
        REQUIRE_FALSE(taken);
        CHECK(taken.error().code == ErrorCode::conflict);
        CHECK(names_in(dir.file("full")) == std::vector<std::string>{"mine"});
        const auto file = simulated({5, 1, 1, 1}, dir.file("full") + "/mine");
        REQUIRE_FALSE(file);
        CHECK(file.error().code == ErrorCode::conflict);
        CHECK(text_of_file(dir.file("full") + "/mine") == "mine");

        fs::create_directory(dir.file("empty"));
        CHECK(simulated({5, 1, 1, 1}, dir.file("empty") + "/"));
        CHECK(names_in(dir.file("empty")).size() == 5);
        CHECK(names_in(dir.path()) == std::vector<std::string>{"empty", "full"});
    }

    TEST_CASE("somebody who takes the place meanwhile keeps it, and nothing else is left") {
        struct Meddler final : Progress {
            explicit Meddler(std::string made) : path(std::move(made)) {}

            void at(std::uint64_t, std::uint64_t) override {
                fs::create_directories(path + "/theirs");
            }

            std::string path;
        };

        const tests::TempDir dir;
        Meddler meddler(dir.file("world"));
        const auto late = simulate({{5, 1, 1, 1}, dir.file("world"), {16, 1, 1}}, meddler);
        REQUIRE_FALSE(late);
        CHECK(late.error().code == ErrorCode::conflict);
        CHECK(names_in(dir.path()) == std::vector<std::string>{"world"});
        CHECK(names_in(dir.file("world")) == std::vector<std::string>{"theirs"});
    }

    TEST_CASE("a folder that can't be made is refused") {
        const tests::TempDir dir;
        std::ofstream(dir.file("file")) << "no folder";
        const auto refused = simulated({5, 1, 1, 1}, dir.file("file") + "/world");
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::unavailable);
        CHECK(simulated({5, 1, 1, 1}, "").error().code == ErrorCode::unavailable);
    }

    TEST_CASE("numbers that make no world are refused before anything is made") {
        const tests::TempDir dir;
        struct Bad {
            world::WorldPlan plan;
            const char* field = nullptr;
        };

        for (const auto& bad : {Bad{{0, 1, 1, 1}, "--women"}, Bad{{5'000'001, 1, 1, 1}, "--women"},
                                Bad{{5, 0, 1, 1}, "--clinics"}, Bad{{5, 2001, 1, 1}, "--clinics"},
                                Bad{{5, 1, 0, 1}, "--years"}, Bad{{5, 1, 16, 1}, "--years"}}) {
            const auto refused = simulated(bad.plan, dir.file("world"));
            REQUIRE_FALSE(refused);
            CHECK(refused.error().code == ErrorCode::invalid_input);
            CHECK(refused.error().field == bad.field);
        }
        CHECK(names_in(dir.path()).empty());
    }
}

}  // namespace egret::simulation
