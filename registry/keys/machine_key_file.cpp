#include "registry/keys/machine_key_file.h"

#include "registry/base/ensure.h"
#include "registry/crypto/hash.h"
#include "registry/files/file_lock.h"
#include "registry/files/private_file.h"
#include "registry/keys/detail/contents.h"
#include "registry/vault/key_ring.h"

#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

namespace egret::keys {
namespace {

using detail::Contents;
using detail::SlotKind;

constexpr std::size_t machine_file_bytes_max = 16 * 1024;
constexpr std::string_view machine_use = "egret/centre/machine";

std::string machine_path(const std::string& dir) {
    return (std::filesystem::path(dir) / MachineKeyFile::file_name).string();
}

FileLock lock_machine_file(const std::string& dir) {
    return FileLock::wait(machine_path(dir) + ".lock");
}

Error about(ErrorCode code, const char* message, const std::string& dir) {
    return {code, "", msg(message, {{"path", machine_path(dir)}})};
}

Result<Contents> read_machine_file(const std::string& dir) {
    std::optional<Bytes> file;
    try {
        file = read_small_file(machine_path(dir), machine_file_bytes_max);
    } catch (const std::system_error&) {
        return about(ErrorCode::unavailable, "centre_keys.blocked", dir);
    }
    std::error_code failure;
    if (!file && !std::filesystem::exists(machine_path(dir), failure))
        return about(ErrorCode::not_found, "centre_keys.absent", dir);
    auto contents = file ? detail::decode(*file)
                         : Result<Contents>(about(ErrorCode::unsupported, "keys.damaged", dir));
    if (!contents && contents.error().message.id == "keys.newer")
        return about(ErrorCode::unsupported, "centre_keys.newer", dir);
    if (!contents || !contents->body.machine)
        return about(ErrorCode::unsupported, "centre_keys.damaged", dir);
    return contents;
}

void put_machine(Contents& contents, const DataKey& key, const DeviceSecret& device,
                 Random& random) {
    EGRET_ENSURE(!device.view().empty());
    detail::MachineSlot slot;
    slot.id = random.bytes<16>();
    slot.wrapping =
        detail::wrap_for_machine(key, device.key_for(machine_use),
                                 {contents.body.registry, SlotKind::machine, slot.id}, random);
    contents.body.device = device.binding();
    contents.body.machine = slot;
}

bool is_sealed_by(const Contents& contents, const DataKey& key) {
    return crypto::equal_constant_time(detail::seal_of(contents.body_bytes, key), contents.seal);
}

}  // namespace

MachineKeyFile::MachineKeyFile(std::string dir, Contents contents)
    : dir_(std::move(dir)), contents_(std::make_unique<Contents>(std::move(contents))) {}

MachineKeyFile::~MachineKeyFile() = default;
MachineKeyFile::MachineKeyFile(MachineKeyFile&&) noexcept = default;
MachineKeyFile& MachineKeyFile::operator=(MachineKeyFile&&) noexcept = default;

Result<MachineKeyFile::Created> MachineKeyFile::create(const std::string& dir,
                                                       const DeviceSecret& device,
                                                       const RecoveryCode* recovery,
                                                       Random& random) {
    auto key = DataKey::generate(random);
    Contents contents;
    contents.body.registry = make_random_id<RegistryTag>(random);
    contents.body.key_check = vault::check_of(key.view());
    put_machine(contents, key, device, random);
    if (recovery != nullptr) detail::put_recovery(contents, key, *recovery, random);
    detail::seal_anew(contents, key);

    const auto lock = lock_machine_file(dir);
    if (std::filesystem::exists(machine_path(dir)))
        return about(ErrorCode::conflict, "keys.there_already", dir);
    replace_private_file(machine_path(dir), detail::encode(contents));
    return Created{MachineKeyFile(dir, std::move(contents)), std::move(key)};
}

Result<MachineKeyFile> MachineKeyFile::load(const std::string& dir) {
    auto contents = read_machine_file(dir);
    if (!contents) return std::move(contents).error();
    return MachineKeyFile(dir, *std::move(contents));
}

const RegistryId& MachineKeyFile::id() const noexcept { return contents_->body.registry; }

const DeviceBinding& MachineKeyFile::device() const noexcept { return contents_->body.device; }

bool MachineKeyFile::has_recovery() const noexcept { return contents_->body.recovery.is_there(); }

bool MachineKeyFile::is_under(const DataKey& key) const {
    return vault::check_of(key.view()) == contents_->body.key_check;
}

/// A key that was unwrapped is the centre's; but somebody who had it not may have changed the rest
/// of the file.
Result<DataKey> MachineKeyFile::accept(DataKey key) const {
    if (!is_under(key) || !is_sealed_by(*contents_, key))
        return about(ErrorCode::unsupported, "centre_keys.changed", dir_);
    return key;
}

Result<DataKey> MachineKeyFile::unlock(const DeviceSecret& device) const {
    const auto& slot = *contents_->body.machine;
    if (device.view().empty()) return about(ErrorCode::conflict, "centre_keys.device_other", dir_);
    auto key = detail::unwrap(slot.wrapping, device.key_for(machine_use),
                              {id(), SlotKind::machine, slot.id});
    if (!key) return about(ErrorCode::conflict, "centre_keys.device_other", dir_);
    return accept(*std::move(key));
}

Result<DataKey> MachineKeyFile::unlock_with_recovery(const RecoveryCode& code) const {
    const auto& slot = contents_->body.recovery;
    std::optional<DataKey> key;
    if (slot.is_there())
        key = detail::unwrap(slot.wrapping, code.secret(), {id(), SlotKind::recovery, slot.id});
    if (!key) return Error{ErrorCode::unauthorized, "code", msg("centre_keys.code_other")};
    return accept(*std::move(key));
}

Result<Done> MachineKeyFile::change(const DataKey& key, const Edit& edit) {
    const auto lock = lock_machine_file(dir_);
    auto next = read_machine_file(dir_);
    if (!next) return std::move(next).error();
    // What somebody else changed must not get our seal.
    if (next->body.registry != id() || !is_sealed_by(*next, key))
        return about(ErrorCode::conflict, "centre_keys.changed", dir_);
    edit(*next);
    detail::seal_anew(*next, key);
    replace_private_file(machine_path(dir_), detail::encode(*next));
    *contents_ = *std::move(next);
    return Done{};
}

Result<Done> MachineKeyFile::set_device(const DataKey& key, const DeviceSecret& device,
                                        Random& random) {
    return change(key, [&](Contents& next) { put_machine(next, key, device, random); });
}

Result<Done> MachineKeyFile::set_recovery(const DataKey& key, const RecoveryCode& code,
                                          Random& random) {
    return change(key, [&](Contents& next) { detail::put_recovery(next, key, code, random); });
}

}  // namespace egret::keys
