#pragma once

#include "tests/line/line_proxy.h"
#include "tests/sync/client/link_fixture.h"

#include <doctest/doctest.h>

#include <string>

namespace egret::tests {

/// A clinic and a centre that it reaches by sockets and TLS, through a line or without.
struct LineFixture : LinkFixture {
    LineFixture() {
        http::ignore_sigpipe();
        const auto started = server.start({}, {"127.0.0.1"});
        REQUIRE(started);
        port = *started;
    }

    static std::string url(std::uint16_t to_port) {
        return "https://127.0.0.1:" + std::to_string(to_port);
    }

    client::ClinicLink https_link() { return client::ClinicLink(*clinic, home()); }

    void enrol_by_https() {
        const auto enrolled = https_link().enrol(url(port), first_code(), quiet);
        REQUIRE(enrolled);
    }

    client::ClinicLink::Outcome sync_to(std::uint16_t to_port) {
        const auto outcome = https_link().sync(url(to_port), quiet);
        REQUIRE(outcome);
        CHECK_FALSE(outcome->must_stop);
        return *outcome;
    }

    std::uint64_t acked() { return https_link().status()->acked_seq; }

    std::uint64_t at_centre() { return centre.store->head(clinic->device()).seq; }

    std::uint16_t port = 0;
};

}  // namespace egret::tests
