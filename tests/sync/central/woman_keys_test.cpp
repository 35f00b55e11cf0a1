#include "sync/central/woman_keys.h"

#include "registry/sqlite/backup.h"
#include "tests/sync/central/erase_fixture.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace egret::central {
namespace {

using tests::EraseFixture;

struct KeysFixture {
    tests::TempDir dir;
    SeededRandom random{5};
    std::string path = dir.file("keys.db");

    std::unique_ptr<WomanKeys> open(bool create = false) {
        store::FileOptions options;
        options.path = path;
        options.create = create;
        options.exclusive = false;
        return *WomanKeys::open(options);
    }

    codec::EncodedEvent event(const char* name = "Somebody") {
        Event made;
        made.uid = make_random_id<EventTag>(random);
        made.subject = make_random_id<WomanTag>(random);
        made.fact = tests::fact("2026-01-05", tests::FeedFixture::registration(name));
        return *codec::encode_event(made, random);
    }
};

}  // namespace

TEST_SUITE("sync/central/woman_keys") {
    TEST_CASE_FIXTURE(KeysFixture, "what is sealed opens for its fact and its woman alone") {
        const auto keys = open(true);
        const auto one = event();
        const auto header = *codec::decode_header(one.header);
        const auto sealed = keys->seal(7, header, one.salt, one.payload);
        CHECK(sealed.payload.size() == one.payload.size() + 16);
        CHECK(sealed.salt != Bytes(one.salt.begin(), one.salt.end()));
        const auto opened = keys->open(7, header, sealed.salt, sealed.payload);
        REQUIRE(opened);
        CHECK(opened->payload == one.payload);
        CHECK(std::ranges::equal(opened->salt, one.salt));
        CHECK_FALSE(keys->open(8, header, sealed.salt, sealed.payload));
        CHECK_FALSE(
            keys->open(7, *codec::decode_header(event().header), sealed.salt, sealed.payload));
        for (std::size_t at = 0; at < sealed.payload.size(); ++at) {
            auto changed = sealed.payload;
            changed[at] ^= 1;
            CHECK_FALSE(keys->open(7, header, sealed.salt, changed));
        }
        CHECK_FALSE(keys->open(7, header, sealed.salt, Bytes(3)));
        CHECK_FALSE(keys->open(7, header, Bytes(), sealed.payload));
    }

    TEST_CASE_FIXTURE(KeysFixture, "a key that was destroyed is never drawn again") {
        auto keys = open(true);
        const auto one = event();
        const auto header = *codec::decode_header(one.header);
        const auto sealed = keys->seal(7, header, one.salt, one.payload);
        const std::vector<std::int64_t> gone{7};
        keys->destroy(gone);
        for (int opened = 0; opened < 2; ++opened) {
            CHECK_FALSE(keys->open(7, header, sealed.salt, sealed.payload));
            CHECK_THROWS_AS((void)keys->seal(7, header, one.salt, one.payload),
                            sqlite::SqliteError);
            CHECK(keys->destroyed(10) == gone);
            CHECK(keys->has(8));
            keys.reset();
            keys = open();
        }
    }

    TEST_CASE_FIXTURE(KeysFixture, "of a destroyed key nothing is left in the file") {
        const auto keys = open(true);
        const auto one = event();
        (void)keys->seal(7, *codec::decode_header(one.header), one.salt, one.payload);
        sqlite::Statement select(keys->database(), "SELECT key FROM woman_key WHERE woman_ix = 7");
        const auto key = select.start().single().blob(0);
        keys->database().checkpoint_truncate();
        const auto has_key = [&] {
            for (const char* suffix : {"", "-wal"}) {
                std::ifstream file(path + suffix, std::ios::binary);
                const std::string content{std::istreambuf_iterator<char>(file), {}};
                if (content.find(text_of(key)) != std::string::npos) return true;
            }
            return false;
        };
        CHECK(has_key());
        const std::vector<std::int64_t> gone{7};
        keys->destroy(gone);
        CHECK_FALSE(has_key());
    }

    TEST_CASE_FIXTURE(KeysFixture, "keys of women of a later time are drawn anew") {
        const auto keys = open(true);
        const auto one = event();
        const auto header = *codec::decode_header(one.header);
        const auto seventh = keys->seal(7, header, one.salt, one.payload);
        const auto ninth = keys->seal(9, header, one.salt, one.payload);
        keys->forget_after(7);
        CHECK(keys->last_drawn() == 7);
        CHECK(keys->open(7, header, seventh.salt, seventh.payload));
        CHECK_FALSE(keys->open(9, header, ninth.salt, ninth.payload));
        CHECK(keys->seal(9, header, one.salt, one.payload).payload != ninth.payload);
    }

    TEST_CASE_FIXTURE(EraseFixture, "an old copy of the store tells nothing of who was erased") {
        const auto woman = patient();
        const auto other = patient("Somebody Else");
        const auto path = folder.file("old.db");
        {
            sqlite::OpenOptions options;
            options.path = db_path();
            sqlite::Database db(options);
            REQUIRE(sqlite::backup_to(db, path));
        }
        const auto facts_of = [&](const WomanId& whose) {
            sqlite::OpenOptions options;
            options.path = path;
            sqlite::Database db(options);
            store::FileOptions of_keys;
            of_keys.path = woman_keys_path();
            of_keys.exclusive = false;
            const auto opened = *WomanKeys::open(of_keys);
            store::EventLog log(db, opened.get());
            return log.events_of(std::span(&whose, 1)).size();
        };
        CHECK(facts_of(woman) == 2);
        REQUIRE(desk.erase("Chen", woman, false, "she asked for it"));
        CHECK(facts_of(woman) == 0);
        CHECK(facts_of(other) == 2);
    }
}

}  // namespace egret::central
