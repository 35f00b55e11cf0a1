#include "sync/core/feed_client.h"

#include "registry/base/random.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <utility>

namespace egret::sync {
namespace {

constexpr std::uint64_t scope = 17;

/// A centre's side of one scope, in memory. A copy is a backup.
class MemoryFeed {
public:
    void add(SeededRandom& random) {
        FeedFact fact;
        fact.seq = items_.size() + 1;
        fact.header.resize(40);
        random.fill(fact.header);
        hashes_.push_back(hash_item(head().hash, fact, DeviceId{}));
        items_.push_back(std::move(fact));
    }

    /// Of all items but the last `kept` only a snapshot tells.
    void compact(std::size_t kept) {
        if (items_.size() > kept) first_pos_ = std::max(first_pos_, items_.size() - kept + 1);
    }

    FeedCursor head() const {
        if (items_.empty()) return {scope, 0, feed_start};
        return {scope, items_.size(), hashes_.back()};
    }

    FeedAnswer answer(const FeedCursor& asked) const {
        FeedKnown known{items_.size(), first_pos_, std::nullopt};
        if (asked.pos >= 1 && asked.pos <= items_.size() && asked.pos + 1 >= first_pos_)
            known.hash = hashes_[asked.pos - 1];
        return decide_feed(asked, known);
    }

    FeedPage page(const FeedCursor& asked, std::size_t count) const {
        auto page = empty_page(asked);
        const auto last = std::min(items_.size(), asked.pos + count);
        for (auto pos = asked.pos + 1; pos <= last; ++pos) page.items.push_back(items_[pos - 1]);
        page.last_hash = hash_items(page);
        return page;
    }

    /// `next` is where the snapshot goes on and where it was begun.
    std::optional<FeedPage> snapshot(ByteView next, std::size_t count) const {
        auto begun = head();
        std::size_t at = 0;
        if (!next.empty()) {
            at = next[0];
            begun.pos = next[1];
            std::copy_n(next.begin() + 2, begun.hash.size(), begun.hash.begin());
            if (begun.pos > items_.size() || begun.hash != hash_at(begun.pos)) return std::nullopt;
        }
        auto page = empty_page(begun);
        page.kind = FeedPageKind::snapshot;
        page.asked = copy_of(next);
        page.last_hash = page.prev_hash;
        for (; at < begun.pos && count > 0; --count) page.items.push_back(items_[at++]);
        if (at == begun.pos) return page;
        page.next = {static_cast<std::uint8_t>(at), static_cast<std::uint8_t>(begun.pos)};
        append(page.next, begun.hash);
        return page;
    }

    std::set<Bytes> headers() const {
        std::set<Bytes> all;
        for (const auto& item : items_) all.insert(item.header);
        return all;
    }

private:
    Hash hash_at(std::uint64_t pos) const { return pos == 0 ? feed_start : hashes_[pos - 1]; }

    FeedPage empty_page(const FeedCursor& asked) const {
        FeedPage page;
        page.scope = scope;
        page.prev_hash = asked.hash;
        page.first_pos = asked.pos + 1;
        page.head_pos = items_.size();
        page.devices = {{DeviceId{}, "XM-0001"}};
        return page;
    }

    std::vector<FeedFact> items_;
    std::vector<Hash> hashes_;
    std::size_t first_pos_ = 1;
};

/// A clinic and its centre, which is restored and compacted, on a bad line.
class FeedWorld {
public:
    explicit FeedWorld(std::uint64_t seed) : random_(seed) { loss_ = random_.unit() * 0.4; }

    void live() {
        const auto acts = 5 + random_.below(20);
        for (std::uint64_t i = 0; i < acts; ++i) {
            for (auto count = random_.below(7); count > 0; --count) centre_.add(random_);
            if (random_.chance(0.3)) backup_ = centre_;
            if (random_.chance(0.15)) centre_ = backup_;
            if (random_.chance(0.15)) centre_.compact(random_.below(12));
            if (random_.chance(0.6)) sync();
        }
    }

    bool settle() {
        loss_ = 0;
        for (int runs = 0; runs < 4; ++runs) {
            if (sync() == FeedStep::done) return true;
        }
        return false;
    }

    bool has_all() const {
        const auto wanted = centre_.headers();
        return place_.trail.newest() == centre_.head() && !place_.snapshot &&
               std::includes(taken_.begin(), taken_.end(), wanted.begin(), wanted.end());
    }

    bool is_trail_sound() const { return place_.trail.kept().size() <= limits::cursor_trail_max; }

    int rewound() const noexcept { return rewound_; }

    int compacted() const noexcept { return compacted_; }

private:
    FeedStep sync() {
        FeedClient client(place_);
        auto step = client.start();
        for (int turns = 0; turns < 200; ++turns) {
            if (random_.chance(loss_ * 0.2)) return FeedStep::wait;  // The power went.
            switch (step) {
                case FeedStep::ask_page:
                case FeedStep::ask_snapshot: step = ask(client, step); break;
                case FeedStep::apply:
                    // One transaction: both, or neither.
                    for (const auto& item : client.page().items)
                        taken_.insert(std::get<FeedFact>(item).header);
                    place_ = client.after_page();
                    if (random_.chance(loss_ * 0.2)) return FeedStep::wait;
                    step = client.on_applied();
                    break;
                default: return step;
            }
        }
        return FeedStep::wait;
    }

    FeedStep ask(FeedClient& client, FeedStep step) {
        if (random_.chance(loss_))
            return client.on_failure({ErrorCode::unavailable, "", msg("sync.no_line")});
        if (random_.chance(loss_ * 0.3)) return client.on_status(503);
        if (random_.chance(loss_ * 0.3) && late_) return client.on_page(*late_);
        const auto count = 1 + random_.below(6);
        if (step == FeedStep::ask_snapshot) {
            auto page = centre_.snapshot(*client.place().snapshot, count);
            if (!page) return client.on_status(random_.chance(0.5) ? 409 : 410);
            if (random_.chance(0.2)) late_ = page;
            return client.on_page(*std::move(page));
        }
        switch (centre_.answer(client.cursor())) {
            case FeedAnswer::rewound: ++rewound_; return client.on_status(409);
            case FeedAnswer::compacted: ++compacted_; return client.on_status(410);
            case FeedAnswer::page: break;
        }
        auto page = centre_.page(client.cursor(), count);
        if (random_.chance(0.2)) late_ = page;
        return client.on_page(std::move(page));
    }

    SeededRandom random_;
    MemoryFeed centre_;
    MemoryFeed backup_;
    FeedPlace place_{CursorTrail(scope), std::nullopt};
    std::set<Bytes> taken_;
    std::optional<FeedPage> late_;  // An answer that comes to another question.
    double loss_ = 0;
    int rewound_ = 0;
    int compacted_ = 0;
};

struct FeedClientFixture {
    SeededRandom random{91};
    MemoryFeed centre;
    FeedClient client{FeedPlace{CursorTrail(scope), std::nullopt}};

    void add(int count) {
        while (count-- > 0) centre.add(random);
    }

    void take(std::size_t count) {
        REQUIRE(client.on_page(centre.page(client.cursor(), count)) == FeedStep::apply);
    }

    void check_error(ErrorCode code, std::string_view id) const {
        REQUIRE(client.error());
        CHECK(client.error()->code == code);
        CHECK(client.error()->message.id == id);
    }
};

}  // namespace

TEST_SUITE("sync/core/feed_client") {
    TEST_CASE_FIXTURE(FeedClientFixture, "page by page, until all is here") {
        add(7);
        CHECK(client.start() == FeedStep::ask_page);
        CHECK(client.cursor() == FeedCursor{scope, 0, feed_start});
        take(4);
        CHECK(client.cursor().pos == 0);  // Not before it is saved.
        CHECK(client.after_page().trail.newest().pos == 4);
        CHECK(client.on_applied() == FeedStep::ask_page);
        CHECK(client.cursor().pos == 4);
        take(4);
        CHECK(client.on_applied() == FeedStep::done);
        CHECK(client.cursor() == centre.head());
        CHECK(client.start() == FeedStep::ask_page);
        CHECK(client.on_page(centre.page(client.cursor(), 4)) == FeedStep::done);
    }

    TEST_CASE_FIXTURE(FeedClientFixture, "a restored centre sends it back to an older cursor") {
        add(4);
        const auto backup = centre;
        client.start();
        take(4);
        client.on_applied();
        add(3);
        client.start();
        take(3);
        client.on_applied();
        centre = backup;
        add(9);
        client.start();
        CHECK(client.on_status(409) == FeedStep::ask_page);
        CHECK(client.cursor() == backup.head());
        take(9);
        CHECK(client.on_applied() == FeedStep::done);
        CHECK(client.cursor() == centre.head());
        // With nothing new there, where it went back to is saved all the same.
        centre = backup;
        client.start();
        CHECK(client.on_status(409) == FeedStep::ask_page);
        CHECK(client.on_page(centre.page(client.cursor(), 9)) == FeedStep::apply);
        CHECK(client.page().items.empty());
        CHECK(client.after_page().trail.newest() == backup.head());
        CHECK(client.on_applied() == FeedStep::done);
    }

    TEST_CASE_FIXTURE(FeedClientFixture,
                      "what is too far back comes as a snapshot, and can be resumed") {
        add(10);
        centre.compact(3);
        client.start();
        CHECK(client.on_status(410) == FeedStep::ask_snapshot);
        CHECK(client.place().snapshot->empty());
        REQUIRE(client.on_page(*centre.snapshot({}, 6)) == FeedStep::apply);
        const auto kept = client.after_page();
        CHECK(kept.snapshot);
        CHECK(kept.trail.newest().pos == 0);

        FeedClient other(kept);
        CHECK(other.is_in_snapshot());
        CHECK(other.start() == FeedStep::ask_snapshot);
        CHECK(other.on_page(*centre.snapshot(*kept.snapshot, 6)) == FeedStep::apply);
        CHECK(other.on_applied() == FeedStep::ask_page);
        CHECK_FALSE(other.is_in_snapshot());
        CHECK(other.cursor() == centre.head());
    }

    TEST_CASE_FIXTURE(FeedClientFixture, "a page that isn't the next one is not taken") {
        add(9);
        client.start();
        take(3);
        client.on_applied();
        const auto refuse = [&](FeedPage page) {
            CHECK(client.start() == FeedStep::ask_page);
            CHECK(client.on_page(std::move(page)) == FeedStep::wait);
            check_error(ErrorCode::unavailable, "feed.malformed");
            CHECK(client.cursor().pos == 3);
        };
        refuse(centre.page({scope, 0, feed_start}, 3));
        auto page = centre.page(client.cursor(), 3);
        page.prev_hash[0] ^= 1;
        refuse(page);
        page = centre.page(client.cursor(), 3);
        page.scope = 18;
        refuse(page);
        refuse(*centre.snapshot({}, 3));
        page = centre.page(client.cursor(), 0);
        CHECK(client.start() == FeedStep::ask_page);
        CHECK(client.on_page(page) == FeedStep::wait);
        check_error(ErrorCode::unavailable, "sync.no_progress");
        // Nor a snapshot's page that asks for itself again.
        centre.compact(1);
        client.start();
        client.on_status(410);
        const auto first = *centre.snapshot({}, 2);
        CHECK(client.on_page(first) == FeedStep::apply);
        CHECK(client.on_applied() == FeedStep::ask_snapshot);
        CHECK(client.on_page(first) == FeedStep::wait);
    }

    TEST_CASE_FIXTURE(FeedClientFixture, "what else the centre says, and what becomes of it") {
        struct Case {
            int status;
            FeedStep step;
            ErrorCode code;
            std::string_view id;
        };
        constexpr Case cases[] = {
            {426, FeedStep::stop, ErrorCode::unsupported, "sync.program_too_old"},
            {401, FeedStep::stop, ErrorCode::forbidden, "sync.re_enrol"},
            {403, FeedStep::stop, ErrorCode::forbidden, "sync.re_enrol"},
            {503, FeedStep::wait, ErrorCode::unavailable, "sync.busy"},
            {500, FeedStep::wait, ErrorCode::unavailable, "sync.centre_failed"},
            {404, FeedStep::wait, ErrorCode::unavailable, "feed.refused"},
            {400, FeedStep::wait, ErrorCode::unavailable, "feed.refused"}};
        for (const auto& [status, step, code, id] : cases) {
            CAPTURE(status);
            CHECK(client.start() == FeedStep::ask_page);
            CHECK(client.on_status(status) == step);
            check_error(code, id);
        }
        client.start();
        CHECK(client.on_failure({ErrorCode::unavailable, "", msg("sync.no_line")}) ==
              FeedStep::wait);
        client.start();
        CHECK(client.on_failure({ErrorCode::unsupported, "item", msg("feed.unsupported")}) ==
              FeedStep::stop);
        // A centre that knows no cursor at all.
        auto step = client.start();
        int asks = 0;
        while (step == FeedStep::ask_page && ++asks < 100) step = client.on_status(409);
        CHECK(step == FeedStep::wait);
        CHECK(asks < 30);
        check_error(ErrorCode::unavailable, "sync.no_progress");
    }

    TEST_CASE("whatever the line and the centre do, a clinic ends with all that the centre has") {
        int rewound = 0;
        int compacted = 0;
        for (std::uint64_t seed = 1; seed <= 5000; ++seed) {
            CAPTURE(seed);
            FeedWorld world(seed);
            world.live();
            CHECK(world.settle());
            CHECK(world.has_all());
            CHECK(world.is_trail_sound());
            rewound += world.rewound();
            compacted += world.compacted();
        }
        MESSAGE(rewound << " times rewound, " << compacted << " times compacted");
        CHECK(rewound > 1000);
        CHECK(compacted > 1000);
    }
}

}  // namespace egret::sync
