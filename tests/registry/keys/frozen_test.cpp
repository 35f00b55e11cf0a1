// A key file that was once written must open for ever: tests/wire/keys.txt holds one, with all that
// opens it. It was opened, too, by another implementation from the description in docs/vault.md.

#include "registry/base/text.h"
#include "tests/registry/keys/key_fixture.h"

#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <string>

namespace egret::keys {
namespace {

using tests::user_id;

/// "name value", a line each.
std::map<std::string, std::string> read_frozen() {
    std::map<std::string, std::string> found;
    std::ifstream in(EGRET_SOURCE_DIR "/tests/wire/keys.txt");
    for (std::string name, value; in >> name >> value;) found[name] = value;
    return found;
}

void put(const std::string& path, const std::string& hex) {
    std::ofstream(path, std::ios::binary) << text_of(*from_hex(hex));
}

TEST_SUITE("tests/wire") {
    TEST_CASE("the frozen key file opens by all that ever opened it") {
        auto frozen = read_frozen();
        REQUIRE(frozen.size() == 7);
        const tests::TempDir dir;
        put(dir.file(KeyFile::file_name), frozen["file"]);
        put(dir.file("device.key"), frozen["device_key"]);
        auto file = KeyFile::load(dir.path());
        REQUIRE(file);
        CHECK(to_hex(file->registry().bytes) == frozen["registry"]);
        CHECK(file->audit_head()->entries == 70'000);
        CHECK(file->tries_of(user_id(2)) == Tries{3, tests::at_minute(0)});
        REQUIRE(file->users().size() == 3);
        CHECK(file->users()[1].name == "陈玉兰");
        CHECK(file->users()[1].has_pin);

        const auto device = DeviceSecret::load(file->device(), {dir.path(), "", {}, nullptr});
        REQUIRE(device);
        const auto is_key = [&](const Result<DataKey>& key) {
            return key && to_hex(key->view()) == frozen["data_key"];
        };
        CHECK(is_key(file->unlock_with_pin(user_id(2), bytes_of(frozen["pin"]), *device, {})));
        CHECK(is_key(file->unlock_with_recovery(*RecoveryCode::parse(frozen["code"]))));
        CHECK(is_key(file->unlock_as_programme(
            crypto::SealKeyPair::from_private(*from_hex(frozen["programme_key"])))));
    }
}

}  // namespace
}  // namespace egret::keys
