// A backup from whatever stick: registry, keys and the two lengths, under the sum that belongs to
// them, or nothing but the sum would be read. The first byte says whether they are, and whether the
// lengths are those of the parts, which begin at the byte that the second says.

#include "registry/base/ensure.h"
#include "registry/crypto/hash.h"
#include "registry/crypto/random_bytes.h"
#include "registry/files/private_file.h"
#include "registry/service/backup.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <unistd.h>

namespace {

using egret::Bytes;
using egret::ByteView;

/// A folder for one input alone, of files in memory if there are such.
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

void append_length(Bytes& bytes, std::uint64_t length) {
    for (int shift = 56; shift >= 0; shift -= 8)
        bytes.push_back(static_cast<std::uint8_t>(length >> shift));
}

Bytes backup_of(ByteView parts, std::uint8_t form, std::size_t split) {
    Bytes backup(parts.begin(), parts.end());
    if ((form & 1) != 0) {
        append_length(backup, split);
        append_length(backup, parts.size() - split);
    }
    if ((form & 2) != 0) {
        for (const auto byte : egret::crypto::sha256(backup)) backup.push_back(byte);
        for (const char letter : std::string("EgrBkp01"))
            backup.push_back(static_cast<std::uint8_t>(letter));
    }
    return backup;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

/// Whatever it is, the folder holds both files afterwards, or is as it was.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const auto parts = ByteView(data, size).subspan(2);
    const Folder folder;
    const auto path = folder.path() + "/stick";
    egret::create_private_file(path,
                               backup_of(parts, data[0], std::min<std::size_t>(data[1], size - 2)));
    egret::crypto::SystemRandom random;
    const auto dir = folder.path() + "/registry";
    const auto restored = egret::service::restore_backup(path, dir, random);
    EGRET_ENSURE(bool(restored) == std::filesystem::exists(dir + "/registry.db"));
    EGRET_ENSURE(bool(restored) == std::filesystem::exists(dir + "/registry.keys"));
    return 0;
}
