// What has once been written must be readable for ever. tests/wire/facts.txt holds an example of
// every kind of fact, as payload and as JSON, with the hash of a header; schemas/events/ holds the
// JSON schemas. With EGRET_REWRITE=1 in the environment both are written anew: for a kind that is
// new, never to make a failure go away.

#include "registry/codec/event_codec.h"
#include "registry/codec/fact_codec.h"
#include "registry/codec/fact_json.h"
#include "registry/codec/fact_schema.h"
#include "registry/codec/fact_shape.h"
#include "registry/json/dump.h"
#include "registry/json/parse.h"
#include "tests/support/facts.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace egret {
namespace {

namespace fs = std::filesystem;

const fs::path source_dir = EGRET_SOURCE_DIR;

bool is_rewriting() { return std::getenv("EGRET_REWRITE") != nullptr; }

std::string read_file(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

/// One line of tests/wire/facts.txt: type number, version, payload in hex, JSON.
struct FrozenFact {
    std::uint16_t type = 0;
    std::uint16_t version = 0;
    Bytes payload;
    std::string json;
};

/// Fills in the payloads of new examples, which stand as "-".
void complete_frozen() {
    std::istringstream lines(read_file(source_dir / "tests/wire/facts.txt"));
    std::ostringstream out;
    for (std::string line; std::getline(lines, line);) {
        const auto dash = line.find(" - ");
        if (line.starts_with("#") || dash == std::string::npos) {
            out << line << '\n';
            continue;
        }
        const auto json = line.substr(dash + 3);
        const auto fact = codec::fact_from_json(json::parse(json)->as_object());
        REQUIRE(fact);
        out << type_number(*fact) << " 1 " << to_hex(codec::encode_payload(*fact)) << ' ' << json
            << '\n';
    }
    std::ofstream(source_dir / "tests/wire/facts.txt", std::ios::binary) << out.str();
}

std::vector<FrozenFact> read_frozen() {
    std::vector<FrozenFact> frozen;
    std::ifstream in(source_dir / "tests/wire/facts.txt");
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line[0] == '#') continue;
        std::istringstream words(line);
        FrozenFact fact;
        std::string hex;
        words >> fact.type >> fact.version >> hex;
        fact.payload = *from_hex(hex);
        std::getline(words >> std::ws, fact.json);
        frozen.push_back(std::move(fact));
    }
    return frozen;
}

TEST_SUITE("tests/wire") {
    TEST_CASE("every frozen fact is read, says what it said, and is written as it was") {
        if (is_rewriting()) complete_frozen();
        std::set<std::string> kinds;
        const auto frozen = read_frozen();
        REQUIRE(frozen.size() > 24);
        for (const auto& example : frozen) {
            CAPTURE(example.json);
            const auto fact = codec::decode_payload(example.type, example.version, example.payload);
            REQUIRE(fact);
            CHECK(json::dump(codec::to_json(*fact)) == example.json);
            CHECK(codec::encode_payload(*fact) == example.payload);
            const auto read = codec::fact_from_json(json::parse(example.json)->as_object());
            REQUIRE(read);
            if (fact->extras.numbered.empty()) CHECK(*read == *fact);
            kinds.insert(std::string(type_name(*fact)));
        }
        for (const auto& name : codec::fact_type_names()) {
            CAPTURE(name);
            CHECK(kinds.contains(name));
        }
        CHECK(kinds.contains("newer"));
    }

    TEST_CASE("the frozen header has its frozen hash") {
        std::istringstream lines(read_file(source_dir / "tests/wire/header.txt"));
        std::string header_hex;
        std::string hash_hex;
        std::getline(lines, header_hex);
        std::getline(lines, hash_hex);
        const auto header = *from_hex(header_hex);
        REQUIRE(codec::decode_header(header));
        CHECK(to_hex(codec::hash_event(codec::chain_start, header)) == hash_hex);
    }

    TEST_CASE("the JSON schemas are those of the members that are read and written") {
        const auto hold = [](const fs::path& path, const json::Value& schema) {
            const auto text = json::dump_pretty(schema);
            if (is_rewriting()) std::ofstream(source_dir / path, std::ios::binary) << text;
            CAPTURE(path.string());
            CHECK(read_file(source_dir / path) == text);
        };
        for (const auto& name : codec::fact_type_names())
            hold("schemas/events/" + name + ".schema.json", codec::fact_schema(name));
        hold("schemas/person.schema.json", codec::person_schema());
    }
}

}  // namespace
}  // namespace egret
