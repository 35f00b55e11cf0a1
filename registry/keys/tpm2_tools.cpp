#include "registry/keys/tpm2_tools.h"

#include "registry/base/ensure.h"
#include "registry/codec/cbor.h"
#include "registry/files/private_file.h"
#include "registry/keys/run_program.h"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <vector>

namespace egret::keys {
namespace {

namespace fs = std::filesystem;

// Of the two parts that the chip gives: about 50 and 200 bytes.
constexpr std::size_t part_bytes_max = 1024;
constexpr std::size_t sealed_secret_bytes_max = 64;

Error chip_refuses() { return {ErrorCode::unavailable, "", msg("keys.chip_refuses")}; }

/// A folder for what the programs hand to each other. Nothing of it is secret.
class HandOver {
public:
    HandOver() : path_((fs::temp_directory_path() / "egret_tpm_XXXXXX").string()) {
        if (::mkdtemp(path_.data()) == nullptr)
            throw std::system_error(errno, std::generic_category(), "make a folder");
    }

    ~HandOver() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }

    HandOver(const HandOver&) = delete;
    HandOver& operator=(const HandOver&) = delete;

    std::string file(const char* name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

/// The programs, one after the other; after the first that fails none is run.
class Chip {
public:
    explicit Chip(const std::string& programs) : programs_(programs) {}

    bool run(const char* program, std::vector<std::string> words, ByteView input = {}) {
        return run_for(program, std::move(words), {input, part_bytes_max}).has_value();
    }

    std::optional<crypto::Secret> run_for(const char* program, std::vector<std::string> words,
                                          const ProgramRun& how) {
        words.insert(words.begin(), programs_ + "/" + program);
        return run_program(words, how);
    }

    /// The key under which the chip seals: always the same, made anew from the chip's own seed.
    bool make_parent(const std::string& context) {
        return run("tpm2_createprimary",
                   {"-Q", "-C", "o", "-g", "sha256", "-G", "ecc", "-c", context}) &&
               forget_loaded();
    }

    /// A chip that is reached without a resource manager keeps what was loaded, and is full soon.
    bool forget_loaded() { return run("tpm2_flushcontext", {"-Q", "-t"}); }

private:
    const std::string& programs_;
};

}  // namespace

Result<Bytes> Tpm2Tools::seal(ByteView secret) {
    EGRET_ENSURE(secret.size() <= sealed_secret_bytes_max);
    const HandOver folder;
    Chip chip(programs_);
    const auto parent = folder.file("parent");
    const auto public_path = folder.file("public");
    const auto private_path = folder.file("private");
    const bool is_sealed = chip.make_parent(parent) &&
                           chip.run("tpm2_create",
                                    {"-Q", "-C", parent, "-g", "sha256", "-a",
                                     "fixedtpm|fixedparent|noda|userwithauth", "-u", public_path,
                                     "-r", private_path, "-i", "-"},
                                    secret) &&
                           chip.forget_loaded();
    if (!is_sealed) return chip_refuses();
    const auto public_part = read_small_file(public_path, part_bytes_max);
    const auto private_part = read_small_file(private_path, part_bytes_max);
    if (!public_part || !private_part) return chip_refuses();
    Bytes sealed;
    cbor::Writer to(sealed);
    to.array(2);
    to.bytes(*public_part);
    to.bytes(*private_part);
    return sealed;
}

Result<crypto::Secret> Tpm2Tools::unseal(ByteView sealed) {
    cbor::Reader from(sealed);
    const auto count = from.array();
    const auto public_part = from.bytes();
    const auto private_part = from.bytes();
    if (!from.ok() || !from.at_end() || count != 2) return chip_refuses();
    const HandOver folder;
    Chip chip(programs_);
    const auto parent = folder.file("parent");
    const auto object = folder.file("object");
    create_private_file(folder.file("public"), public_part);
    create_private_file(folder.file("private"), private_part);
    const bool is_loaded = chip.make_parent(parent) &&
                           chip.run("tpm2_load", {"-Q", "-C", parent, "-u", folder.file("public"),
                                                  "-r", folder.file("private"), "-c", object}) &&
                           chip.forget_loaded();
    if (!is_loaded) return chip_refuses();
    auto secret = chip.run_for("tpm2_unseal", {"-Q", "-c", object}, {{}, sealed_secret_bytes_max});
    if (!secret || !chip.forget_loaded()) return chip_refuses();
    return *std::move(secret);
}

}  // namespace egret::keys
