#include "registry/keys/tpm2_tools.h"

#include "registry/base/random.h"
#include "registry/keys/device_secret.h"
#include "registry/keys/run_program.h"
#include "tests/registry/keys/key_fixture.h"
#include "tests/support/temp_dir.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace egret::keys {
namespace {

namespace fs = std::filesystem;

/// Programs under the names of tpm2-tools that seal by keeping. They write down how they were
/// called, and what they are given is what they give back.
class PretendedTools {
public:
    PretendedTools() {
        program("tpm2_createprimary", "echo parent > \"$9\"");
        program("tpm2_create", "echo public > \"${9}\"; cat > \"${11}\"");
        program("tpm2_load", "grep -q parent \"$3\" && grep -q public \"$5\" && cp \"$7\" \"$9\"");
        program("tpm2_unseal", "cat \"$3\"");
        program("tpm2_flushcontext", ":");
    }

    void program(const std::string& name, const std::string& does) const {
        const auto path = dir_.file(name);
        // A new file: one that is still being run can't be written.
        fs::remove(path);
        std::ofstream(path) << "#!/bin/sh\necho \"" << name << " $*\" >> '" << dir_.file("calls")
                            << "'\n"
                            << does << "\n";
        fs::permissions(path, fs::perms::owner_all);
    }

    std::string calls() const {
        std::ostringstream text;
        text << std::ifstream(dir_.file("calls")).rdbuf();
        return text.str();
    }

    const std::string& folder() const { return dir_.path(); }

private:
    tests::TempDir dir_;
};

std::size_t hand_overs() {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(fs::temp_directory_path())) {
        if (entry.path().filename().string().starts_with("egret_tpm_")) ++count;
    }
    return count;
}

Bytes a_secret() {
    SeededRandom random(5);
    return copy_of(random.bytes<32>());
}

TEST_SUITE("registry/keys/tpm2_tools") {
    TEST_CASE("what the programs seal they give back, and nothing is left behind") {
        const PretendedTools tools;
        Tpm2Tools chip(tools.folder());
        const auto before = hand_overs();
        const auto sealed = chip.seal(a_secret());
        REQUIRE(sealed);
        const auto again = chip.unseal(*sealed);
        REQUIRE(again);
        CHECK(copy_of(*again) == a_secret());
        CHECK(hand_overs() == before);
    }

    TEST_CASE("the programs are called as tpm2-tools takes it, and the secret is in no argument") {
        const PretendedTools tools;
        Tpm2Tools chip(tools.folder());
        const Bytes secret(32, 'S');
        const auto sealed = chip.seal(secret);
        REQUIRE(sealed);
        REQUIRE(chip.unseal(*sealed));
        const auto calls = tools.calls();
        CHECK(calls.find("SSSS") == std::string::npos);
        CHECK(calls.find("tpm2_createprimary -Q -C o -g sha256 -G ecc -c ") == 0);
        CHECK(calls.find(" -a fixedtpm|fixedparent|noda|userwithauth -u ") != std::string::npos);
        CHECK(calls.find(" -i -\n") != std::string::npos);
        CHECK(calls.find("tpm2_flushcontext -Q -t\n") != std::string::npos);
    }

    TEST_CASE("a chip that doesn't do it, or programs that aren't there, are said") {
        const auto refused = [](auto&& result) {
            REQUIRE_FALSE(result);
            CHECK(result.error().code == ErrorCode::unavailable);
            CHECK(result.error().message.id == "keys.chip_refuses");
        };
        const PretendedTools whole;
        const auto sealed = *Tpm2Tools(whole.folder()).seal(a_secret());
        for (const auto* name :
             {"tpm2_createprimary", "tpm2_load", "tpm2_unseal", "tpm2_flushcontext"}) {
            CAPTURE(name);
            const PretendedTools tools;
            Tpm2Tools chip(tools.folder());
            tools.program(name, "echo whatever; exit 1");
            refused(chip.unseal(sealed));
            fs::remove(tools.folder() + "/" + name);
            refused(chip.unseal(sealed));
        }
        const PretendedTools tools;
        Tpm2Tools chip(tools.folder());
        tools.program("tpm2_create", "exit 1");
        refused(chip.seal(a_secret()));
        tools.program("tpm2_create", "exit 0");  // And made no files.
        refused(chip.seal(a_secret()));
        tools.program("tpm2_unseal", "head -c 100000 /dev/zero");
        refused(chip.unseal(sealed));
        refused(chip.unseal(Bytes{}));
        refused(chip.unseal(Bytes(40, 0x41)));
        refused(Tpm2Tools(tools.folder() + "/none").seal(a_secret()));
    }

    TEST_CASE("a program that says nothing any more is ended") {
        const PretendedTools tools;
        tools.program("stuck", "exec sleep 1000");
        CHECK_FALSE(run_program({tools.folder() + "/stuck"}, {{}, 10, 50}));
        tools.program("deaf", "exec 0<&-; echo well");
        const auto ran = run_program({tools.folder() + "/deaf"}, {Bytes(4096, 1), 10});
        REQUIRE(ran);
        CHECK(text_of(*ran) == "well\n");
    }

    TEST_CASE("a chip seals a machine's secret") {
        // With swtpm, or the machine's own: TPM2TOOLS_TCTI says which, and the first run of the
        // programs whether there is one.
        const char* programs = std::getenv("EGRET_TPM2_PROGRAMS");
        if (programs == nullptr) {
            MESSAGE("no chip was tried: EGRET_TPM2_PROGRAMS names no folder of tpm2-tools");
            return;
        }
        Tpm2Tools chip(programs);
        SeededRandom random(1);
        for (int i = 0; i < 5; ++i) {
            const auto made = DeviceSecret::make_sealed(chip, random);
            REQUIRE(made);
            const auto found = DeviceSecret::load(made->binding(), {"", "", {}, &chip});
            REQUIRE(found);
            CHECK(text_of(found->view()) == text_of(made->view()));
            auto damaged = made->binding();
            damaged.data.back() ^= 1;
            CHECK(tests::refusal(DeviceSecret::load(damaged, {"", "", {}, &chip})) ==
                  "keys.chip_refuses");
        }
    }
}

}  // namespace
}  // namespace egret::keys
