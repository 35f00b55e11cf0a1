#include "registry/codec/fact_codec.h"

#include "registry/codec/cbor.h"
#include "registry/codec/event_codec.h"
#include "registry/codec/fact_json.h"
#include "registry/codec/fact_shape.h"
#include "registry/json/dump.h"
#include "registry/json/parse.h"
#include "tests/support/facts.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

namespace egret {
namespace {

using tests::fact;

Result<Fact> from_json(const char* text) {
    return codec::fact_from_json(json::parse(text)->as_object());
}

Bytes payload_with(const std::function<void(cbor::Writer&)>& write) {
    Bytes out;
    cbor::Writer writer(out);
    write(writer);
    return out;
}

TEST_SUITE("registry/codec/fact_codec") {
    TEST_CASE("a fact comes back from its payload and from its JSON") {
        const char* texts[] = {
            R"({"type":"register","date":"2026-01-10","names":[{"use":"official",)"
            R"("text":"王小丽"}],"birth_date":"1985-03","sex":"female",)"
            R"("identifiers":[{"kind":"passport","value":"E12345678"}],)"
            R"("phones":["13900000000"],"area":"350203","resident":true})",
            R"({"type":"dose","date":"2026-02-01","source":"card_seen","product":"cvx:165",)"
            R"("lot":"A1"})",
            R"({"type":"hpv_test","date":"2019-05-01","reported_on":"2019-05-09",)"
            R"("result":"positive","types":["16","other_hr"],"sample":"self"})",
            R"({"type":"cytology","date":"2019-05","results":[]})",
            R"({"type":"mammogram","date":"2019","left":"4a","right":{"birads":"2",)"
            R"("note_of_lab":"x"},"density":"c"})",
            R"({"type":"treatment","date":"2019-05-01","because":"asked for it",)"
            R"("procedure":"leep","reason":"CIN2"})",
            R"({"type":"correct","target":"00000000000000000000000000000007",)"
            R"("replacement":{"type":"via","date":"2020-01-01","result":"negative"}})",
            R"({"type":"visit","date":"2020-01-01","weight":54.50,"more":{"a":[1,null,true]}})",
        };
        for (const auto* text : texts) {
            CAPTURE(text);
            const auto made = from_json(text);
            REQUIRE(made);
            const auto payload = codec::encode_payload(*made);
            const auto read = codec::decode_payload(type_number(*made), 1, payload);
            REQUIRE(read);
            CHECK(*read == *made);
            CHECK(codec::encode_payload(*read) == payload);
            CHECK(json::dump(codec::to_json(*read)) == text);
        }
    }

    TEST_CASE("a type from a newer version is kept byte for byte") {
        const auto payload = payload_with([](cbor::Writer& to) {
            to.map(2);
            to.uint(1);
            to.integer(20000);
            to.uint(77);
            to.text("kept");
        });
        for (const auto& [type, version] :
             {std::pair<std::uint16_t, std::uint16_t>{4000, 1}, {16, 2}}) {
            const auto read = codec::decode_payload(type, version, payload);
            REQUIRE(read);
            CHECK(std::get<NewerFact>(read->detail).payload == payload);
            CHECK(type_number(*read) == type);
            CHECK(type_name(*read) == "newer");
            CHECK(codec::encode_payload(*read) == payload);
            CHECK(*codec::fact_from_json(codec::to_json(*read).as_object()) == *read);
        }
    }

    TEST_CASE("a member from a newer version keeps its place") {
        const auto payload = payload_with([](cbor::Writer& to) {
            to.map(4);
            to.uint(1);
            to.integer(20000);
            to.uint(12);
            to.array(2);
            to.uint(5);
            to.text("x");
            to.uint(16);
            to.text("cvx:165");
            to.uint(99);
            to.boolean(true);
        });
        const auto read = codec::decode_payload(Dose::type, 1, payload);
        REQUIRE(read);
        CHECK(read->extras.numbered.size() == 2);
        CHECK(codec::encode_payload(*read) == payload);
    }

    TEST_CASE("a payload that is not what its type says is refused, and says where") {
        const auto bad_code = payload_with([](cbor::Writer& to) {
            to.map(1);
            to.uint(16);
            to.text("perhaps");
        });
        const auto refused = codec::decode_payload(HpvTest::type, 1, bad_code);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().field == "result");

        const auto good = codec::encode_payload(fact("2026-02-01", Dose{"cvx:165", true, "L1"}));
        for (std::size_t length = 0; length < good.size(); ++length)
            CHECK_FALSE(codec::decode_payload(Dose::type, 1, ByteView(good).first(length)));
        auto longer = good;
        longer.push_back(0);
        CHECK_FALSE(codec::decode_payload(Dose::type, 1, longer));
    }

    TEST_CASE("bad JSON of a fact is refused with the member's path") {
        const std::pair<const char*, const char*> cases[] = {
            {R"({"date":"2020-01-01"})", "type"},
            {R"({"type":"dosis"})", "type"},
            {R"({"type":"dose","date":"2020-02-30"})", "date"},
            {R"({"type":"dose","date":20200201})", "date"},
            {R"({"type":"hpv_test","date":"2020-01-01"})", "result"},
            {R"({"type":"hpv_test","result":"maybe"})", "result"},
            {R"({"type":"hpv_test","result":"positive","types":["16","17"]})", "types[1]"},
            {R"({"type":"register","names":[{"use":"official"}]})", "names[0].text"},
            {R"({"type":"colposcopy","adequate":"yes"})", "adequate"},
            {R"({"type":"colposcopy","tz_type":1.5})", "tz_type"},
            {R"({"type":"void","target":"xyz"})", "target"},
            {R"({"type":"correct","target":"00000000000000000000000000000007",)"
             R"("replacement":{"type":"via"}})",
             "replacement.result"},
        };
        for (const auto& wrong : cases) {
            CAPTURE(wrong.first);
            const auto refused = from_json(wrong.first);
            REQUIRE_FALSE(refused);
            CHECK(refused.error().field == wrong.second);
        }
    }

    TEST_CASE("the shape of a type tells its members and their codes") {
        const auto shape = codec::fact_shape("hpv_test");
        REQUIRE(shape);
        CHECK(shape->front().name == "date");
        const auto types = std::find_if(shape->begin(), shape->end(),
                                        [](const auto& member) { return member.name == "types"; });
        REQUIRE(types != shape->end());
        CHECK(types->is_list);
        CHECK(types->codes.size() == 15);
        CHECK_FALSE(codec::fact_shape("nothing"));
        CHECK(codec::fact_type_names().size() ==
              std::variant_size_v<Detail> - 1);  // All but NewerFact.
    }
}

TEST_SUITE("registry/codec/event_codec") {
    TEST_CASE("an event comes back, and one flipped bit anywhere is refused") {
        SeededRandom random(3);
        Event event;
        event.uid = make_random_id<EventTag>(random);
        event.hlc = Hlc{}.next(instant_from_unix_ms(1'767'225'600'000));
        event.subject = make_random_id<WomanTag>(random);
        event.scope = 350203;
        event.author = make_random_id<UserTag>(random);
        event.supersedes = {make_random_id<EventTag>(random)};
        event.fact = fact("2026-02-01", Dose{"cvx:165", {}, "L1"});
        const auto encoded = *codec::encode_event(event, random);
        const auto decoded = codec::decode_event(encoded);
        REQUIRE(decoded);
        CHECK(*decoded == event);

        const auto header = *codec::decode_header(encoded.header);
        CHECK(codec::with_commitment(codec::without_commitment(encoded.header),
                                     header.commitment) == encoded.header);

        for (std::size_t bit = 0; bit < encoded.payload.size() * 8; ++bit) {
            auto changed = encoded;
            changed.payload[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
            CHECK_FALSE(codec::decode_event(changed));
        }
        const auto hash = codec::hash_event(codec::chain_start, encoded.header);
        for (std::size_t bit = 0; bit < encoded.header.size() * 8; ++bit) {
            auto changed = encoded.header;
            changed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
            CHECK(codec::hash_event(codec::chain_start, changed) != hash);
        }
    }
}

}  // namespace
}  // namespace egret
