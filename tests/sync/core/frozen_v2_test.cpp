// What was added since the first program, as it was first sent. See frozen_sync.h.

#include "registry/crypto/hash.h"
#include "sync/core/call.h"
#include "sync/core/lookup.h"
#include "sync/core/own_log.h"
#include "sync/core/receipt.h"
#include "sync/core/renewal.h"
#include "tests/support/key_bundle.h"
#include "tests/sync/core/frozen_sync.h"
#include "tests/sync/core/random_page.h"

namespace egret::sync {
namespace {

template <std::size_t N>
Fixed<N> all_of(std::uint8_t value) {
    Fixed<N> out;
    out.fill(value);
    return out;
}

const DeviceId device{all_of<16>(0xd1)};
const DeviceId centre_device{all_of<16>(0xce)};

struct FrozenKeys2 {
    crypto::SigningKey sender = crypto::SigningKey::from_seed(all_of<32>(1));
    crypto::SealKeyPair centre = crypto::SealKeyPair::from_private(all_of<32>(2));
    crypto::SigningKey receipt = crypto::SigningKey::from_seed(all_of<32>(3));
    crypto::SigningKey root = crypto::SigningKey::from_seed(all_of<32>(4));
    crypto::SealKeyPair own = crypto::SealKeyPair::from_private(all_of<32>(6));
    crypto::SigningKey renewed = crypto::SigningKey::from_seed(all_of<32>(7));
    SeededRandom random{2};

    KeyBundle bundle() const {
        KeyBundle made;
        made.number = 12;
        made.not_before_ms = 1'767'225'600'000;
        made.programme = "厦门两癌筛查";
        made.seal_epoch = 3;
        made.seal_key = centre.public_key();
        made.receipt_key = receipt.public_key();
        made.recovery_key = crypto::SealKeyPair::from_private(all_of<32>(5)).public_key();
        made.ca_certificate_pem = tests::certificate_text;
        made.tls_pins = {all_of<32>(0x11), all_of<32>(0x22)};
        made.version = 3;
        made.next_seal_keys = {{4, own.public_key(), made.not_before_ms + 7'776'000'000}};
        made.former_receipt_keys = {renewed.public_key()};
        made.protocol_max = 2;
        made.centre_device = centre_device;
        return made;
    }

    Standing standing() const { return {device, 10, all_of<32>(0xab), 7, 1'767'225'600'123}; }

    ReplyNews news() const { return {12, {{17, 400}, {350'203, 9}}, true}; }

    static Batch batch(Random& random) {
        tests::FactMaker facts(random);
        tests::MemoryLog log;
        for (int i = 0; i < 11; ++i) log.record(facts.next());
        log.erase(9);
        auto made = tests::batch_of(log, 8, 3);
        made.version = 2;
        made.bundle_number = 12;
        made.cursors = {{17, 400, all_of<8>(0x44)}, {350'203, 9, all_of<8>(0x55)}};
        return made;
    }
};

}  // namespace

TEST_SUITE("tests/wire") {
    TEST_CASE_FIXTURE(FrozenKeys2, "a batch of version 2 is read, and written as it was") {
        tests::FrozenSync frozen;
        const auto plain = frozen.bytes("batch2", encode_batch(batch(random)));
        const auto read = decode_batch(plain, 8, 10);
        REQUIRE(read);
        CHECK(read->version == 2);
        CHECK(read->bundle_number == 12);
        CHECK(read->cursors.size() == 2);
        CHECK(read->cursors[1] == CursorMark{350'203, 9, all_of<8>(0x55)});
        CHECK(read->events.back().hash == read->last_hash);
        CHECK(encode_batch(*read) == plain);
        const UploadSeal seal{device, 1, EnvelopeSuite::aes_256_gcm, centre.public_key()};
        const auto envelope =
            frozen.bytes("upload2", seal_batch(batch(random), seal, sender, random));
        CHECK(open_batch(envelope, {device, sender.public_key()}, centre));
    }

    TEST_CASE_FIXTURE(FrozenKeys2, "replies of protocol 2 are taken, and made as they were") {
        tests::FrozenSync frozen;
        const ReplyTrust trust{device, receipt.public_key()};
        for (const auto code : {UploadCode::applied, UploadCode::stale_key}) {
            const UploadReply made{code, standing(), news()};
            const auto body =
                frozen.text(code == UploadCode::applied ? "reply2_applied" : "reply2_stale_key",
                            encode_upload_reply(made, receipt));
            const auto reply = decode_upload_reply(body, trust);
            REQUIRE(reply);
            CHECK(*reply == made);
            CHECK(encode_upload_reply(*reply, receipt) == body);
        }
        const HeadReply made{standing(), 1, 2, news()};
        const auto body = frozen.text("head2", encode_head_reply(made, receipt));
        const auto head = decode_head_reply(body, trust);
        REQUIRE(head);
        CHECK(*head == made);
        CHECK(encode_head_reply(*head, receipt) == body);
        const ReceiptSeal seal{centre_device, 1, EnvelopeSuite::aes_256_gcm, own.public_key()};
        const auto envelope = frozen.bytes("receipt1", seal_receipt(made, seal, receipt, random));
        const auto opened = open_receipt(envelope, trust, own);
        REQUIRE(opened);
        CHECK(std::get<HeadReply>(opened->reply) == made);
    }

    TEST_CASE_FIXTURE(FrozenKeys2, "a bundle of version 3 opens, and is signed as it was") {
        tests::FrozenSync frozen;
        const auto bytes = frozen.bytes("bundle3", sign_bundle(bundle(), root));
        const auto opened = open_bundle(bytes, root.public_key(), 12);
        REQUIRE(opened);
        CHECK(*opened == bundle());
        CHECK(sign_bundle(*opened, root) == bytes);
    }

    TEST_CASE_FIXTURE(FrozenKeys2, "pages of a feed and of a snapshot are read, and written so") {
        tests::FrozenSync frozen;
        tests::PageMaker maker(2);
        const FeedCursor start{17, 0, feed_start};
        struct Case {
            const char* name;
            FeedPage made;
        };
        const Case cases[] = {
            {"page1_feed", maker.page(start, 36, 3)},
            {"page1_snapshot", maker.snapshot({17, 90, all_of<32>(8)}, 4, Bytes(20, 1))}};
        for (const auto& some : cases) {
            CAPTURE(some.name);
            const auto plain = frozen.bytes(some.name, encode_page(some.made));
            const auto page = decode_page(plain);
            REQUIRE(page);
            CHECK(page->scope == 17);
            CHECK(page->devices.size() == 3);
            CHECK(encode_page(*page) == plain);
        }
        const auto page = *decode_page(frozen.bytes("page1_feed", {}));
        CHECK(page.end().pos == 36);
        CHECK(page.head_pos == 39);
        std::vector<bool> kinds(std::variant_size_v<FeedItem>);
        for (const auto& item : page.items) kinds[item.index()] = true;
        CHECK(std::count(kinds.begin(), kinds.end(), true) == std::variant_size_v<FeedItem>);
        const PageSeal seal{centre_device, 1, EnvelopeSuite::aes_256_gcm, own.public_key()};
        const auto envelope = frozen.bytes("feed1", seal_page(page, seal, receipt, random));
        const auto opened = open_page(envelope, {centre_device, {receipt.public_key()}, 17}, own);
        REQUIRE(opened);
        CHECK(*opened == page);
    }

    TEST_CASE_FIXTURE(FrozenKeys2, "a device's own log, and its call, open") {
        tests::FrozenSync frozen;
        const OwnLogSeal seal{device, 1, EnvelopeSuite::aes_256_gcm, own.public_key()};
        const auto piece =
            frozen.bytes("own_log1", seal_own_log(batch(random), seal, receipt, random));
        const auto opened = open_own_log(piece, {device, {receipt.public_key()}}, own);
        REQUIRE(opened);
        CHECK(opened->first_seq == 8);
        CHECK(opened->events.size() == 3);

        Call call{10, 12, 2, "0.1.0", 1'767'225'600'123, {{17, 400, all_of<32>(0x44)}}, {}};
        call.users = {{{all_of<16>(0xa1)}, "陈玉兰", "nurse"},
                      {{all_of<16>(0xa2)}, "林敏", "lead"}};
        const auto plain = frozen.bytes("call1", encode_call(call));
        const auto read = decode_call(plain);
        REQUIRE(read);
        CHECK(*read == call);
        CHECK(encode_call(*read) == plain);
    }

    TEST_CASE_FIXTURE(FrozenKeys2, "a renewal and a lookup are read, and answered") {
        tests::FrozenSync frozen;
        const RenewalRequest asked{
            2,
            "-----BEGIN CERTIFICATE REQUEST-----\nMIHs\n-----END CERTIFICATE REQUEST-----\n",
            renewed.public_key(),
            own.public_key(),
            std::nullopt,
            JoinedProof{"{}", sender.public_key()}};
        const auto request = frozen.text("renew1", encode_renewal_request(asked, device, renewed));
        CHECK(*decode_renewal_request(request, device) == asked);
        const RenewalReply made{device,
                                "XM-0017",
                                17,
                                2,
                                std::string(tests::certificate_text),
                                sign_bundle(bundle(), root)};
        const auto answer =
            frozen.text("renewed1", encode_renewal_reply(made, renewed.public_key(), receipt));
        const auto reply =
            decode_renewal_reply(answer, {device, 2, root.public_key(), 12, renewed.public_key()});
        REQUIRE(reply);
        CHECK(reply->reply == made);

        const LookupRequest wanted{"cn_resident", "11010519491231002X",
                                   Date::from_ymd(1949, 12, 31), UserId{all_of<16>(0xa1)}, "care"};
        const auto body = frozen.text("lookup1", encode_lookup_request(wanted));
        CHECK(*decode_lookup_request(body) == wanted);
        const LookupAsked question{device, crypto::sha256(bytes_of(body))};
        const LookupReply found{WomanId{all_of<16>(0xf1)}, 1'782'777'600'000, 17};
        const auto told = frozen.text("found1", encode_lookup_reply(found, question, receipt));
        CHECK(*decode_lookup_reply(told, question, {receipt.public_key()}) == found);
    }
}

}  // namespace egret::sync
