#include "sync/core/feed.h"

#include "registry/base/limits.h"
#include "registry/codec/cbor.h"
#include "registry/crypto/hash.h"
#include "tests/sync/core/damage.h"
#include "tests/sync/core/random_page.h"

#include <functional>

namespace egret::sync {
namespace {

struct FeedFixture {
    tests::PageMaker maker{71};
    SeededRandom random{72};
    crypto::SigningKey receipt_key = crypto::SigningKey::generate(random);
    crypto::SealKeyPair device = crypto::SealKeyPair::generate(random);
    DeviceId centre = make_random_id<DeviceTag>(random);
    FeedCursor start{17, 0, feed_start};
    PageTrust trust{centre, {receipt_key.public_key()}, 17};

    PageSeal seal() const { return {centre, 1, EnvelopeSuite::aes_256_gcm, device.public_key()}; }

    Bytes sealed(const FeedPage& page) { return seal_page(page, seal(), receipt_key, random); }
};

template <class T>
void check_feed_refused(const Result<T>& result, ErrorCode code, std::string_view id) {
    REQUIRE_FALSE(result);
    CHECK(result.error().code == code);
    CHECK(result.error().message.id == id);
}

/// A page of one accepted event whose parts the test writes itself.
struct RawPage {
    std::uint64_t members = 11;
    std::uint64_t version = 1;
    std::uint64_t scope = 17;
    Hash prev{};
    std::uint64_t first = 1;
    std::uint64_t head = 1;
    std::uint64_t kind = 0;
    Bytes asked;
    Bytes next;
    std::vector<DeviceId> devices;
    std::uint64_t device_count = UINT64_MAX;
    std::uint64_t item_count = 1;
    Bytes item;
    Bytes behind;
    Hash last{};

    RawPage() {
        item = item_of(2, [](cbor::Writer& to) { to.uint(4), to.bytes(Bytes(16, 9)); });
        last = hash_item(prev, FeedAccepted{{filled()}}, DeviceId{});
    }

    static Fixed<16> filled() {
        Fixed<16> id;
        id.fill(9);
        return id;
    }

    static Bytes item_of(std::uint64_t members, const std::function<void(cbor::Writer&)>& write) {
        Bytes out;
        cbor::Writer to(out);
        to.array(members);
        write(to);
        return out;
    }

    Bytes bytes() const {
        Bytes out;
        cbor::Writer to(out);
        to.array(members);
        to.uint(version);
        to.uint(scope);
        to.bytes(prev);
        to.uint(first);
        to.bytes(last);
        to.uint(head);
        to.uint(kind);
        to.bytes(asked);
        to.bytes(next);
        to.array(device_count == UINT64_MAX ? devices.size() : device_count);
        for (const auto& device : devices) {
            to.array(2);
            to.bytes(device.bytes);
            to.text("XM-0001");
        }
        to.array(item_count);
        to.raw(item);
        append(out, behind);
        return out;
    }
};

void refuse_raw(const std::function<void(RawPage&)>& change, ErrorCode code, std::string_view id) {
    RawPage raw;
    REQUIRE(decode_page(raw.bytes()));
    change(raw);
    check_feed_refused(decode_page(raw.bytes()), code, id);
}

void malform(const std::function<void(RawPage&)>& change) {
    refuse_raw(change, ErrorCode::invalid_input, "feed.malformed");
}

}  // namespace

TEST_SUITE("sync/core/feed") {
    TEST_CASE_FIXTURE(FeedFixture, "what was put into a page comes out, whatever it is") {
        auto at = start;
        for (int round = 0; round < 500; ++round) {
            const auto page = maker.page(at, random.below(12), random.below(3));
            const auto plain = encode_page(page);
            const auto read = decode_page(plain);
            REQUIRE(read);
            CHECK(*read == page);
            CHECK(encode_page(*read) == plain);
            at = page.end();
            CHECK(at.pos == page.first_pos - 1 + page.items.size());
            std::size_t bound = 4096;
            for (const auto& item : page.items) bound += page_bytes_of(item);
            CHECK(plain.size() <= bound);
        }
    }

    TEST_CASE_FIXTURE(FeedFixture, "a feed hashes the same however it is cut into pages") {
        const auto whole = maker.page(start, 60);
        for (int round = 0; round < 200; ++round) {
            const auto cut = static_cast<std::ptrdiff_t>(random.below(61));
            auto front = whole;
            front.items.resize(static_cast<std::size_t>(cut));
            front.last_hash = hash_items(front);
            auto back = whole;
            back.items.erase(back.items.begin(), back.items.begin() + cut);
            back.prev_hash = front.last_hash;
            back.first_pos = front.end().pos + 1;
            CHECK(hash_items(back) == whole.last_hash);
            CHECK(back.end() == whole.end());
        }
    }

    TEST_CASE_FIXTURE(FeedFixture, "an erased payload breaks no chain, and an own fact none") {
        auto fact = maker.fact();
        fact.officer.reset();
        const auto& by = maker.devices()[fact.device].id;
        const auto before = random.bytes<32>();
        const auto hash = hash_item(before, fact, by);
        auto erased = fact;
        erased.content.reset();
        CHECK(hash_item(before, erased, by) == hash);
        const FeedOwnFact own{fact.device, fact.seq, crypto::sha256(fact.header), fact.judgement};
        CHECK(hash_item(before, own, by) == hash);
        auto officers = fact;
        officers.officer = random.bytes<64>();
        CHECK(hash_item(before, officers, by) != hash);
        CHECK(hash_item(random.bytes<32>(), fact, by) != hash);
        CHECK(hash_item(before, fact, centre) != hash);
        auto judged = fact;
        judged.judgement.offset_ms += 1;
        CHECK(hash_item(before, judged, by) != hash);
        judged = fact;
        judged.judgement.ceiling.value ^= 1;
        CHECK(hash_item(before, judged, by) != hash);
    }

    TEST_CASE_FIXTURE(FeedFixture, "a changed byte of the inside never keeps the hash of an item") {
        const auto page = maker.page(start, 14);
        const auto plain = encode_page(page);
        for (std::size_t at = 0; at < plain.size(); ++at) {
            CHECK_FALSE(decode_page(ByteView(plain).first(at)));
            auto changed = plain;
            changed[at] = static_cast<std::uint8_t>(changed[at] ^ (1U << (at % 8)));
            const auto read = decode_page(changed);
            if (!read) continue;
            // What the hash doesn't cover: whose code a device has is told by an item, when it
            // changes; an officer's signature is looked at for itself.
            auto same = *read;
            same.scope = page.scope;
            same.head_pos = page.head_pos;
            REQUIRE(same.items.size() == page.items.size());
            for (std::size_t i = 0; i < page.items.size(); ++i) {
                auto* read_fact = std::get_if<FeedFact>(&same.items[i]);
                const auto* fact = std::get_if<FeedFact>(&page.items[i]);
                if (read_fact != nullptr && fact != nullptr) read_fact->officer = fact->officer;
            }
            CHECK(same.items == page.items);
            CHECK(same.last_hash == page.last_hash);
            CHECK(same.prev_hash == page.prev_hash);
        }
    }

    TEST_CASE_FIXTURE(FeedFixture, "sealed, it opens for the one device, and not when damaged") {
        const auto page = maker.page(start, 5, 2);
        const auto envelope = sealed(page);
        const auto opened = open_page(envelope, trust, device);
        REQUIRE(opened);
        CHECK(*opened == page);
        tests::check_damage_refused(
            envelope, [&](ByteView bytes) { return bool(open_page(bytes, trust, device)); });

        const auto other = crypto::SealKeyPair::generate(random);
        check_feed_refused(open_page(envelope, trust, other), ErrorCode::not_found,
                           "envelope.wrong_recipient");
        auto others = trust;
        others.centre = make_random_id<DeviceTag>(random);
        check_feed_refused(open_page(envelope, others, device), ErrorCode::forbidden,
                           "feed.other_centre");
        others.centre.reset();
        CHECK(open_page(envelope, others, device));
        others = trust;
        others.scope = 18;
        check_feed_refused(open_page(envelope, others, device), ErrorCode::forbidden,
                           "feed.other_centre");
        others = trust;
        others.receipt_keys = {crypto::SigningKey::generate(random).public_key()};
        check_feed_refused(open_page(envelope, others, device), ErrorCode::unauthorized,
                           "envelope.bad_signature");
        others.receipt_keys.push_back(receipt_key.public_key());
        CHECK(open_page(envelope, others, device));
    }

    TEST_CASE_FIXTURE(FeedFixture, "its outside tells where to go on, and must be its inside's") {
        const auto page = maker.page({17, 40, random.bytes<32>()}, 5);
        const auto outside = outside_of_page(sealed(page));
        REQUIRE(outside);
        CHECK(outside->first_pos == 41);
        CHECK(outside->last_pos == 45);
        CHECK(std::equal(outside->last_hash.begin(), outside->last_hash.end(),
                         page.last_hash.begin()));
        const auto none = outside_of_page(sealed(maker.page(page.end(), 0)));
        REQUIRE(none);
        CHECK(none->last_pos == 45);

        EnvelopeHeader header;
        header.kind = EnvelopeKind::feed;
        header.sender = centre;
        header.first_seq = 41;
        header.last_seq = 45;
        const auto with = [&](EnvelopeHeader changed) {
            return seal_envelope(changed, encode_page(page), device.public_key(), receipt_key,
                                 random);
        };
        check_feed_refused(open_page(with(header), trust, device), ErrorCode::invalid_input,
                           "feed.malformed");  // Another batch id.
        header.kind = EnvelopeKind::receipt;
        check_feed_refused(open_page(with(header), trust, device), ErrorCode::invalid_input,
                           "feed.malformed");
        CHECK_FALSE(outside_of_page(with(header)));
        header.kind = EnvelopeKind::feed;
        header.first_seq = 0;
        CHECK_FALSE(outside_of_page(with(header)));
        header.first_seq = 47;
        CHECK_FALSE(outside_of_page(with(header)));
    }

    TEST_CASE_FIXTURE(FeedFixture, "a snapshot says where the feed goes on, once it is there") {
        const FeedCursor begun{17, 90, random.bytes<32>()};
        const auto first = maker.snapshot(begun, 9, Bytes(20, 1));
        const auto last = maker.snapshot(begun, 4, {});
        for (const auto& page : {first, last}) {
            const auto read = decode_page(encode_page(page));
            REQUIRE(read);
            CHECK(*read == page);
            CHECK(open_page(sealed(page), trust, device));
            CHECK(page.end() == begun);
        }
        CHECK_FALSE(save_cursor(first, 9));
        CHECK_FALSE(save_cursor(last, 3));
        CHECK(save_cursor(last, 4) == begun);

        auto wrong = last;
        wrong.items.push_back(FeedDrop{});
        CHECK_FALSE(decode_page(encode_page(wrong)));
        wrong = last;
        wrong.last_hash[0] ^= 1;
        CHECK_FALSE(decode_page(encode_page(wrong)));
        wrong = last;
        wrong.head_pos = 89;
        CHECK_FALSE(decode_page(encode_page(wrong)));
        wrong = last;
        wrong.next = Bytes(65, 1);
        CHECK_FALSE(decode_page(encode_page(wrong)));
        wrong = last;
        wrong.asked = wrong.next = Bytes(20, 1);
        CHECK_FALSE(decode_page(encode_page(wrong)));
    }

    TEST_CASE_FIXTURE(FeedFixture, "a cursor goes as far as what was taken in, and no further") {
        const auto page = maker.page({17, 10, random.bytes<32>()}, 8);
        CHECK_FALSE(save_cursor(page, 0));
        auto hash = page.prev_hash;
        for (std::size_t applied = 1; applied <= 8; ++applied) {
            hash = hash_item(hash, page.items[applied - 1], page);
            CHECK(save_cursor(page, applied) == FeedCursor{17, 10 + applied, hash});
        }
        const auto empty = maker.page(page.end(), 0);
        CHECK(save_cursor(empty, 0) == page.end());
    }

    TEST_CASE_FIXTURE(FeedFixture, "an officer's fact is one by the centre's own key only") {
        const auto key = crypto::SigningKey::generate(random);
        auto fact = maker.fact();
        fact.officer.reset();
        CHECK_FALSE(is_of_officer(fact, key.public_key()));
        fact.officer = sign_officer(fact.header, key);
        CHECK(is_of_officer(fact, key.public_key()));
        CHECK_FALSE(is_of_officer(fact, receipt_key.public_key()));
        fact.header[3] ^= 1;
        CHECK_FALSE(is_of_officer(fact, key.public_key()));
    }

    TEST_CASE("what no centre of ours writes is refused") {
        const DeviceId someone{RawPage::filled()};
        malform([](RawPage& raw) { raw.members = 9; });
        malform([](RawPage& raw) { raw.scope = 1ULL << 63; });
        malform([](RawPage& raw) { raw.first = 0; });
        malform([](RawPage& raw) { raw.first = 2, raw.head = 1; });
        malform([](RawPage& raw) { raw.head = 0; });
        malform([](RawPage& raw) { raw.prev[0] = 1; });
        malform([](RawPage& raw) { raw.last[0] ^= 1; });
        malform([](RawPage& raw) { raw.kind = 2; });
        malform([](RawPage& raw) { raw.next = Bytes(1, 1); });
        malform([](RawPage& raw) { raw.asked = Bytes(1, 1); });
        malform([&](RawPage& raw) { raw.devices = {someone, someone}; });
        malform([](RawPage& raw) { raw.item_count = 2; });
        malform([](RawPage& raw) { raw.behind = Bytes(1, 0); });
        const auto item = [&](std::uint64_t members,
                              const std::function<void(cbor::Writer&)>& write) {
            malform([&](RawPage& raw) {
                raw.devices = {someone};
                raw.item = RawPage::item_of(members, write);
            });
        };
        const auto fact = [](cbor::Writer& to, std::uint64_t device, std::uint64_t seq,
                             std::size_t header) {
            to.uint(1), to.uint(device), to.uint(seq), to.bytes(Bytes(header, 7));
            to.integer(0), to.uint(0);
        };
        item(6, [&](auto& to) { fact(to, 1, 1, 100); });   // No such device.
        item(6, [&](auto& to) { fact(to, 0, 0, 100); });   // No such number.
        item(6, [&](auto& to) { fact(to, 0, 1, 34); });    // No such header.
        item(6, [&](auto& to) { fact(to, 0, 1, 4097); });  // Nor that.
        item(7, [&](auto& to) { fact(to, 0, 1, 100); });
        item(3, [](auto& to) { to.uint(4), to.bytes(Bytes(16, 9)), to.uint(0); });
        item(2, [](auto& to) { to.uint(5), to.bytes(Bytes(15, 9)); });
        item(3,
             [](auto& to) { to.uint(3), to.bytes(Bytes(16, 9)), to.text(std::string(65, 'x')); });
        item(3, [](auto& to) { to.uint(7), to.uint(1), to.text("XM-0001"); });
        item(5, [](auto& to) {
            to.uint(6), to.text("protocol"), to.text("x"), to.text("1"), to.bytes({});
        });
        item(5, [](auto& to) {
            to.uint(6), to.text("protocol"), to.text("x"), to.text("1");
            to.bytes(Bytes(limits::feed_file_bytes_max + 1, 1));
        });
        item(7, [](auto& to) {  // An echo that ends before it begins.
            to.uint(2), to.uint(0), to.uint(5), to.uint(4), to.integer(0), to.uint(0);
            to.bytes(Bytes(16, 9));
        });
    }

    TEST_CASE("what is newer, or too much, is said to be that") {
        refuse_raw([](RawPage& raw) { raw.version = 2; }, ErrorCode::unsupported,
                   "feed.unsupported");
        refuse_raw(
            [](RawPage& raw) {
                raw.item = RawPage::item_of(2, [](cbor::Writer& to) { to.uint(10), to.uint(0); });
            },
            ErrorCode::unsupported, "feed.unsupported");
        refuse_raw(
            [](RawPage& raw) {
                raw.item_count = limits::feed_items_max + 1;
                raw.behind = Bytes(limits::feed_items_max + 1, 0);
            },
            ErrorCode::too_large, "feed.too_large");
        refuse_raw(
            [](RawPage& raw) {
                raw.device_count = limits::feed_devices_max + 1;
                raw.behind = Bytes(limits::feed_devices_max + 1, 0);
            },
            ErrorCode::too_large, "feed.too_large");
    }
}

}  // namespace egret::sync
