#pragma once

#include "sync/central/enrolment_service.h"
#include "sync/http/server.h"
#include "sync/server/centre_server.h"
#include "tests/support/egret_run.h"
#include "tests/sync/central/test_centre.h"

#include <doctest/doctest.h>

#include <string>

namespace egret::tests {

/// `egret` at a clinic, and a centre on this machine that it reaches over HTTPS.
struct SyncRun : EgretRun {
    SyncRun() {
        http::ignore_sigpipe();
        centre.clock.set(clock.now());
        const auto port = server.start({}, {"localhost", "127.0.0.1"});
        REQUIRE(port);
        url = "https://127.0.0.1:" + std::to_string(*port);
        init();
        done({"enrol", url, service.add_clinic({"A clinic", "350203"})->code});
    }

    std::int64_t number(const Ran& ran, std::string_view member) {
        return ran.json().find(member)->as_integer();
    }

    TestCentre centre;
    central::EnrolmentService service{*centre.store, *centre.keys, centre.clock, centre.random};
    http::Translate translate = [](const Message& message, std::string_view) { return message.id; };
    http::Log log = [](std::string_view) {};
    server::CentreServer server{
        {*centre.store, *centre.keys, centre.zone, centre.clock, centre.random, translate, log}};
    std::string url;
};

}  // namespace egret::tests
