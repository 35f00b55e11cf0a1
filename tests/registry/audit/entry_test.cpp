// What stands in an audit must be readable for ever: tests/wire/audit.txt holds an entry, the start
// of a registry's chain and the hash of the entry as its first.

#include "registry/audit/entry.h"

#include "registry/audit/trail.h"
#include "registry/base/text.h"
#include "registry/codec/cbor.h"
#include "tests/support/facts.h"
#include "tests/support/registry_file.h"

#include <doctest/doctest.h>

#include <fstream>

namespace egret::audit {
namespace {

Entry an_entry() {
    Entry entry;
    entry.number = 1;
    entry.at = instant_from_unix_ms(1'777'608'000'000);
    entry.day = tests::day("2026-05-01");
    entry.user = *UserId::parse("00000000-0000-0000-0000-000000000007");
    entry.role = "nurse";
    entry.purpose = "care";
    entry.action = "searched";
    entry.searched_by = {"name", "reading"};
    entry.women_count = 1;
    entry.women = {tests::woman(1), tests::woman(2)};
    entry.users = {*UserId::parse("00000000-0000-0000-0000-000000000009")};
    entry.events = {*EventUid::parse("000102030405060708090a0b0c0d0e0f")};
    return entry;
}

TEST_SUITE("registry/audit/entry") {
    TEST_CASE("an entry comes back as it was, also one with nothing in it") {
        CHECK(*decode(encode(an_entry())) == an_entry());
        CHECK(*decode(encode(Entry{})) == Entry{});
        auto early = an_entry();
        early.at = instant_from_unix_ms(-1);
        early.day = Date::from_days(-400);
        CHECK(*decode(encode(early)) == early);
    }

    TEST_CASE("what was cut, or has something behind it, is no entry") {
        auto bytes = encode(an_entry());
        for (std::size_t length = 0; length < bytes.size(); ++length) {
            CAPTURE(length);
            CHECK_FALSE(decode(ByteView(bytes).first(length)));
        }
        bytes.push_back(0);
        const auto longer = decode(bytes);
        REQUIRE_FALSE(longer);
        CHECK(longer.error().code == ErrorCode::invalid_input);
    }

    TEST_CASE("a code steers no terminal, and is never long") {
        for (const std::string code : {"\x1b[2J", "looked at", "Lead", "\u202e", "a\n",
                                       "abcdefghijklmnopqrstuvwxyzabcdefg"}) {
            CAPTURE(code);
            auto entry = an_entry();
            entry.action = code;
            CHECK_FALSE(decode(encode(entry)));
            entry = an_entry();
            entry.searched_by = {code};
            CHECK_FALSE(decode(encode(entry)));
        }
        auto newer = an_entry();
        newer.action = "some_later_action2";
        CHECK(decode(encode(newer))->action == "some_later_action2");
    }

    TEST_CASE("a moment that no calendar shows is no entry's") {
        auto entry = an_entry();
        entry.at = instant_from_unix_ms(INT64_MAX);
        CHECK_FALSE(decode(encode(entry)));
        entry = an_entry();
        entry.day = Date::from_days(INT32_MAX);
        CHECK_FALSE(decode(encode(entry)));
    }

    TEST_CASE("the frozen entry is read, written and chained as it ever was") {
        std::ifstream in(EGRET_SOURCE_DIR "/tests/wire/audit.txt");
        std::string entry;
        std::string start;
        std::string hash;
        in >> entry >> start >> hash;
        REQUIRE(hash.size() == 64);
        CHECK(to_hex(encode(an_entry())) == entry);
        CHECK(*decode(*from_hex(entry)) == an_entry());
        const auto begin = Trail::start_of("00112233445566778899aabbccddeeff");
        CHECK(to_hex(begin) == start);
        const auto db = tests::registry_in_memory();
        Trail trail(*db);
        sqlite::WriteTransaction tx(*db);
        CHECK(trail.append(an_entry(), begin, tx) == 1);
        tx.commit();
        CHECK(to_hex(trail.head(begin).hash) == hash);
    }
}

}  // namespace
}  // namespace egret::audit
