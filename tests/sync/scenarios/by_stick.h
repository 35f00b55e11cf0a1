#pragma once

#include "sync/central/centre_device.h"
#include "sync/central/stick_visit.h"
#include "sync/client/relay.h"
#include "sync/client/stick_sync.h"
#include "tests/sync/scenarios/two_clinics.h"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <string>

namespace egret::tests {

/// Two clinics that have joined, and from then on are reached by sticks alone.
struct ByStick : TwoClinicsFixture {
    ByStick() {
        std::filesystem::create_directory(path_of("stick"));
        is_line_down = true;
    }

    std::string path_of(const std::string& name) const { return dir.file(name); }

    std::string stick_path() const { return path_of("stick"); }

    /// Another stick, with what is on the first.
    std::string copy_stick(const std::string& name) const {
        std::filesystem::copy(stick_path(), path_of(name),
                              std::filesystem::copy_options::recursive);
        return path_of(name);
    }

    void pass(std::chrono::hours time) {
        clock.advance(time);
        centre.clock.set(clock.now());
    }

    client::StickOutcome write(Machine& at, const std::string& to, files::Disk* disk = nullptr) {
        at.close();
        const stick::Stick stick(to, disk != nullptr ? *disk : files::system_disk());
        auto outcome = client::ClinicStick(at.open(), at.home()).write_to(stick, quiet);
        REQUIRE(outcome);
        return *std::move(outcome);
    }

    client::StickOutcome take(Machine& at, const std::string& from) {
        at.close();
        auto outcome =
            client::ClinicStick(at.open(), at.home()).take_from(stick::Stick(from), quiet);
        at.close();
        REQUIRE(outcome);
        return *std::move(outcome);
    }

    /// As `egret sync` does without a PIN.
    template <class Work>
    client::StickOutcome locked(Machine& at, const Work& work) {
        at.close();
        const auto keys = client::LinkKeys::load(at.home());
        REQUIRE(keys);
        client::OutboxStick outbox({**keys, clock, random, instant_from_unix_ms(0)}, at.home());
        auto outcome = work(outbox);
        REQUIRE(outcome);
        return *std::move(outcome);
    }

    client::StickOutcome locked_write(Machine& at, const std::string& to) {
        return locked(at, [&](auto& outbox) { return outbox.write_to(stick::Stick(to)); });
    }

    client::StickOutcome locked_take(Machine& at, const std::string& from) {
        return locked(at, [&](auto& outbox) { return outbox.take_from(stick::Stick(from)); });
    }

    central::StickVisit visit(const std::string& from, bool with_answers = true) {
        central::Courier courier(
            {*centre.store, *centre.ingester, *centre.keys, centre.clock, centre.random});
        const stick::Stick stick(from);
        auto visited = central::visit(stick, with_answers ? &stick : nullptr, courier);
        CHECK_FALSE(visited.error);
        return visited;
    }

    /// From the clinic to the centre and back.
    client::StickOutcome round(Machine& at) {
        CHECK_FALSE(write(at, stick_path()).sync.report.error);
        visit(stick_path());
        auto taken = take(at, stick_path());
        CHECK_FALSE(taken.sync.report.error);
        return taken;
    }

    static std::string error_of(const client::StickOutcome& outcome) {
        return outcome.sync.report.error ? outcome.sync.report.error->message.id : "";
    }

    static bool says(const client::StickOutcome& outcome, std::string_view id) {
        for (const auto& said : outcome.said) {
            if (said.id == id) return true;
        }
        return false;
    }
};

}  // namespace egret::tests
