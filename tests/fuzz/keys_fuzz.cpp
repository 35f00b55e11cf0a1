// What of the vault is read before anybody proved anything: a key file, what is typed as a recovery
// code, and what comes over an agent's socket. The first byte says which.

#include "cli/agent/request.h"
#include "registry/base/ensure.h"
#include "registry/crypto/hash.h"
#include "registry/keys/key_file.h"
#include "registry/keys/recovery_code.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <system_error>
#include <unistd.h>

namespace {

using egret::Bytes;
using egret::ByteView;

constexpr std::size_t sum_bytes = 32;
constexpr std::size_t sum_item_bytes = sum_bytes + 3;

/// A folder for this process alone, of files in memory if there are such.
class Folder {
public:
    Folder() { EGRET_ENSURE(::mkdtemp(path_.data()) != nullptr); }

    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    const std::string& path() const noexcept { return path_; }

private:
    std::string path_ =
        std::string(::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp") + "/egret-fuzz-XXXXXX";
};

const std::string& folder() {
    static const Folder made;
    return made.path();
}

/// With the sum that belongs to it, or nothing but the sum would be read.
void read_key_file(ByteView bytes) {
    Bytes content(bytes.begin(), bytes.end());
    if (content.size() >= sum_item_bytes) {
        const auto sum =
            egret::crypto::sha256(ByteView(content).first(content.size() - sum_item_bytes));
        std::copy(sum.begin(), sum.end(), content.end() - sum_bytes);
    }
    const auto path = folder() + "/" + egret::keys::KeyFile::file_name;
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    EGRET_ENSURE(::write(file, content.data(), content.size()) ==
                 static_cast<ssize_t>(content.size()));
    ::close(file);
    const auto loaded = egret::keys::KeyFile::load(folder());
    if (!loaded) return;
    for (const auto& user : loaded->users()) loaded->tries_of(user.id);
    // Nobody can have made its seal.
    const egret::keys::DataKey key(Bytes(32, 1));
    EGRET_ENSURE(!loaded->is_under(key) || !loaded->former_key(key));
}

void read_request(ByteView bytes) {
    const auto request = egret::agent::decode(bytes);
    if (!request) return;
    const auto written = egret::agent::encode(*request);
    const auto again =
        egret::agent::decode(ByteView(written).subspan(egret::agent::request_front_bytes));
    EGRET_ENSURE(again && egret::agent::encode(*again) == written);
}

void read_code(ByteView bytes) {
    const auto code = egret::keys::RecoveryCode::parse(egret::text_of(bytes));
    if (!code) return;
    const auto again = egret::keys::RecoveryCode::parse(code->text());
    EGRET_ENSURE(again && std::ranges::equal(again->secret(), code->secret()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto rest = ByteView(data, size).subspan(1);
    switch (data[0] % 3) {
        case 0: read_key_file(rest); break;
        case 1: read_request(rest); break;
        default: read_code(rest); break;
    }
    return 0;
}
