#include "registry/coverage/stamp.h"

#include "registry/base/text.h"
#include "registry/crypto/hash.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

namespace egret::coverage {
namespace {

Head head(std::uint8_t device, std::uint64_t seq, std::uint8_t hash) {
    Head made;
    made.device.bytes[15] = device;
    made.seq = seq;
    made.hash[0] = hash;
    return made;
}

StateOfKnowledge state() {
    StateOfKnowledge made;
    made.heads = {head(1, 10, 0xaa), head(2, 7, 0xbb)};
    made.indicator = "hpv1-by-15";
    made.indicator_version = "1";
    return made;
}

TEST_SUITE("registry/coverage/stamp") {
    TEST_CASE("anybody can recompute a stamp from its text") {
        auto one = state();
        one.heads = {head(1, 10, 0xaa)};
        const std::string text =
            "egret-stamp 1\nindicator 10:hpv1-by-15\nindicator_version 1:1\nprotocol 4:none\n"
            "programme 4:none\npopulation 4:none\nareas 4:none\ncalendar 4:none\n"
            "head 00000000-0000-0000-0000-000000000001 10 aa" +
            std::string(62, '0') + "\n";
        CHECK(state_stamp(one) == to_hex(crypto::sha256(bytes_of(text))));
    }

    TEST_CASE("the order in which heads are listed doesn't matter") {
        auto turned = state();
        std::reverse(turned.heads.begin(), turned.heads.end());
        CHECK(state_stamp(turned) == state_stamp(state()));
    }

    TEST_CASE("whatever changes, the stamp changes") {
        std::set<std::string> stamps = {state_stamp(state())};
        const auto add = [&](auto change) {
            auto changed = state();
            change(changed);
            stamps.insert(state_stamp(changed));
        };
        add([](auto& s) { s.heads[0].seq = 11; });
        add([](auto& s) { s.heads[0].hash[31] = 1; });
        add([](auto& s) { s.heads[0].device.bytes[0] = 1; });
        add([](auto& s) { s.heads.pop_back(); });
        add([](auto& s) { s.heads.push_back(head(3, 1, 1)); });
        add([](auto& s) { s.indicator = "hpv1-by-16"; });
        add([](auto& s) { s.indicator_version = "2"; });
        add([](auto& s) { s.protocol = "a"; });
        add([](auto& s) { s.programme = "a"; });
        add([](auto& s) { s.population = "a"; });
        add([](auto& s) { s.areas = "a"; });
        add([](auto& s) { s.calendar = "a"; });
        add([](auto& s) { s.protocol = "none\nprogramme 4:none"; });
        CHECK(stamps.size() == 14);
    }
}

}  // namespace
}  // namespace egret::coverage
