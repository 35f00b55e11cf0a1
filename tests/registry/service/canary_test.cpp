// A woman is readable in no file of her registry's folder, at any moment.

#include "registry/keys/key_file.h"
#include "registry/service/backup.h"
#include "registry/service/exchange.h"
#include "registry/store/log_check.h"
#include "tests/support/clinic_fixture.h"
#include "tests/support/sqlite_file.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace egret::service {
namespace {

namespace fs = std::filesystem;

constexpr const char* her_name = "欧阳鹤翎";
constexpr const char* her_phone = "13954827716";
constexpr const char* her_number = "350203198503040028";

/// All that could tell of her, however it is written.
const std::vector<std::string>& canaries() {
    static const std::vector<std::string> all = {her_name,  "鹤翎",     "ouyangheling", "oyhl",
                                                 her_phone, her_number, "19850304"};
    return all;
}

/// Looks into every file of the folder whenever it is told that work goes on.
struct Watcher final : Progress {
    explicit Watcher(std::string watched) : folder(std::move(watched)) {}

    void at(std::uint64_t, std::uint64_t) override { look(); }

    void look() {
        for (const auto& entry : fs::recursive_directory_iterator(folder)) {
            if (!entry.is_regular_file()) continue;
            const auto content = tests::read_file(entry.path().string());
            const auto name = entry.path().filename().string();
            for (const auto& canary : canaries()) {
                CHECK_MESSAGE(content.find(canary) == std::string::npos, name);
                CHECK_MESSAGE(name.find(canary) == std::string::npos, name);
            }
            names.insert(name.substr(0, name.find(".check-")));
        }
        ++looks;
    }

    std::string folder;
    std::set<std::string> names;
    int looks = 0;
};

struct CanaryFixture : tests::ClinicFixture {
    static Demographics her() {
        auto who = somebody(her_name);
        who.phones = {her_phone};
        who.identifiers = {{IdentifierKind::resident_id, her_number, {}}};
        return who;
    }

    Watcher watcher{dir.path()};
};

std::size_t locked_kib() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmLck:")) return std::stoul(line.substr(6));
    }
    return 0;
}

TEST_SUITE("registry/service/canary") {
    TEST_CASE_FIXTURE(CanaryFixture, "before, amid and after what is recorded of her") {
        watcher.look();
        const auto woman = add(her());
        watcher.look();
        {
            // More than fits into the cache, so that it reaches the disk before it is committed.
            sqlite::WriteTransaction tx(clinic->database());
            clinic->database().execute("PRAGMA cache_size = 10");
            for (int n = 0; n < 60; ++n) {
                std::vector<Draft> drafts;
                for (int m = 0; m < 20; ++m) {
                    Draft draft;
                    draft.subject = woman;
                    draft.fact = tests::fact("2026-04-01", Visit{});
                    draft.fact.at.note = std::string(her_name) + " " + her_phone;
                    drafts.push_back(std::move(draft));
                }
                REQUIRE(clinic->append(nurse, std::move(drafts), tx));
            }
            watcher.look();
            CHECK(fs::file_size(registry_path(dir.file("clinic")) + "-wal") > 100'000);
            SUBCASE("committed") { tx.commit(); }
            SUBCASE("taken back") {}
        }
        watcher.look();
        clinic->projector().rebuild(watcher);
        watcher.look();
        CHECK(clinic->check(watcher).empty());
        CHECK(watcher.looks > 6);
        reopen();
        watcher.look();
        clinic.reset();
        watcher.look();
        CHECK(watcher.names.count("registry.db-wal") == 1);
    }

    TEST_CASE_FIXTURE(CanaryFixture, "a backup tells nothing, and an export what she asked for") {
        add(her());
        const auto home = dir.file("clinic");
        const auto device = keys::DeviceSecret::none();
        const auto code = keys::RecoveryCode::make(random);
        auto made = keys::KeyFile::create(
            home, {{{1}}, nurse.user, "林护士", {bytes_of("482915"), device, {16, 1, 1}}, code},
            random);
        REQUIRE(made);
        REQUIRE(write_backup(*clinic, home, dir.file("copy")));
        watcher.look();
        std::ostringstream asked;
        REQUIRE(Exchange(*clinic).export_persons(nurse, {}, asked, watcher));
        CHECK(asked.str().find(her_name) != std::string::npos);
        watcher.look();
        CHECK(watcher.names.count("copy") == 1);
    }

    TEST_CASE_FIXTURE(CanaryFixture, "the key is in locked memory as long as it is open") {
        const auto open_now = locked_kib();
        CHECK(open_now > 0);
        clinic.reset();
        CHECK(locked_kib() < open_now);
    }
}

}  // namespace
}  // namespace egret::service
