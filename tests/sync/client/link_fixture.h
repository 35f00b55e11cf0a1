#pragma once

#include "cli/simulation/direct_line.h"
#include "sync/central/enrolment_service.h"
#include "sync/client/clinic_link.h"
#include "sync/server/centre_server.h"
#include "tests/support/clinic_fixture.h"
#include "tests/sync/central/test_centre.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>

namespace egret::tests {

/// Reaches nobody.
struct DeadLine final : client::Transport {
    Result<http::Response> send(const http::Request&) override {
        return Error{ErrorCode::unavailable, "server", msg("net.unreachable")};
    }
};

/// A clinic, and a centre that it reaches without a network.
struct LinkFixture : ClinicFixture {
    LinkFixture() { centre.clock.set(clock.now()); }

    std::string home() const { return dir.file("clinic"); }

    client::Connect way() {
        return [this](const client::HttpsClientOptions& options)
                   -> Result<std::unique_ptr<client::Transport>> {
            if (is_line_down)
                return std::unique_ptr<client::Transport>(std::make_unique<DeadLine>());
            return simulation::DirectLine::connect(serving->routes(), centre.clock, options);
        };
    }

    client::ClinicLink link() { return client::ClinicLink(*clinic, home(), way()); }

    std::string first_code() { return service.add_clinic({"A clinic", "350203"})->code; }

    std::string next_code() { return service.invite("C001")->code; }

    Result<client::LinkMembership> enrol(const std::string& code) {
        return link().enrol("https://centre:8443", code, quiet);
    }

    sync::SyncReport sync() {
        const auto outcome = link().sync("", quiet);
        REQUIRE(outcome);
        return outcome->report;
    }

    void record(int count) {
        for (int i = 0; i < count; ++i) {
            const auto woman = add(somebody(("王小丽" + std::to_string(added++)).c_str()));
            REQUIRE(service::Recorder(*clinic).record(nurse, woman, fact("2026-04-30", Visit{})));
        }
    }

    std::uint64_t head() { return clinic->log().find_head(clinic->device())->seq; }

    /// The centre has every fact of this clinic, each with one effect, and its figures hold.
    void check_centre_has_all() {
        CHECK(centre.count("SELECT count(DISTINCT uid) FROM event") ==
              static_cast<std::int64_t>(head()));
        CHECK(centre.count("SELECT sum(fact_count) FROM profile") ==
              static_cast<std::int64_t>(head()));
        CHECK(centre.count("SELECT count(*) FROM quarantine") == 0);
        CHECK(centre.store->head(clinic->device()).seq == head());
        CHECK(centre.store->verify(centre.folder.file("copy"), clinic->today(), quiet).empty());
    }

    NoProgress quiet;
    TestCentre centre;
    central::EnrolmentService service{*centre.store, *centre.keys, centre.clock, centre.random};
    http::Translate translate = [](const Message& message, std::string_view) { return message.id; };
    http::Log log = [](std::string_view) {};
    server::CentreServer server{
        {*centre.store, *centre.keys, centre.zone, centre.clock, centre.random, translate, log}};
    server::CentreServer* serving = &server;
    bool is_line_down = false;
    int added = 0;
};

}  // namespace egret::tests
