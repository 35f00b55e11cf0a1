#pragma once

#include "registry/json/parse.h"
#include "sync/central/centre.h"
#include "sync/daemon/egretd_commands.h"
#include "sync/daemon/egretd_handlers.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temp_dir.h"
#include "tests/support/terminal.h"
#include "tests/sync/central/test_centre.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace egret::tests {

/// A centre's folder, and the commands on it.
struct DaemonFixture {
    TempDir dir;
    std::string data = dir.file("data");
    std::string out;
    std::string err;

    console::ExitStatus run(std::vector<std::string> words) {
        FakeTerminal fake;
        const auto status =
            console::run(egretd_commands(), daemon::egretd_handlers(), words, fake.terminal());
        out = fake.out.str();
        err = fake.err.str();
        return status;
    }

    /// On the fixture's centre.
    console::ExitStatus on_data(std::vector<std::string> words) {
        words.insert(words.end(), {"--data", data});
        return run(std::move(words));
    }

    json::Value answer(std::vector<std::string> words) {
        words.emplace_back("--json");
        on_data(std::move(words));
        auto value = json::parse(out);
        REQUIRE_MESSAGE(value, err);
        return *std::move(value);
    }

    /// A machine of C001 that used its numbers twice; what `status` shows of its id.
    std::string fork_device() {
        auto centre = open_centre(data);
        REQUIRE(centre);
        SeededRandom random(3);
        const SystemClock clock;
        TestDevice device(random, clock, centre->keys().seal_key());
        auto& store = centre->store();
        REQUIRE(store.save_code({"0000", Hash{}, "C001", clock.now() + std::chrono::hours{1}},
                                clock.now()));
        REQUIRE(store.enrol("0000", device.enrolled_at("C001")));
        central::Ingester ingester(store, centre->keys(), centre->zone(), clock);
        for (int copy = 0; copy < 2; ++copy) {
            device.log = {};
            device.record(2);
            REQUIRE(ingester.ingest(device.envelope(1, 2), {}));
        }
        return device.id.to_string().substr(0, 8);
    }

    /// The centre's file, as what happens to it on its disk.
    void change(const std::string& sql) const {
        CentreFile(data).db().execute(("PRAGMA foreign_keys = OFF; " + sql).c_str());
    }

    void init() {
        REQUIRE(make({"--name", "Xiamen", "--host", "centre.example.cn"}) ==
                console::ExitStatus::done);
    }

    /// A new centre in `data`, whose machine has its secret there, whatever chip this one has.
    console::ExitStatus make(std::vector<std::string> words) {
        words.insert(words.begin(), {"init", "--device-secret", data + "/device.key"});
        return on_data(std::move(words));
    }
};

}  // namespace egret::tests
