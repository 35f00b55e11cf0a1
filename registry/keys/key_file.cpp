#include "registry/keys/key_file.h"

#include "registry/base/ensure.h"
#include "registry/base/key_limits.h"
#include "registry/base/limits.h"
#include "registry/base/text.h"
#include "registry/crypto/hash.h"
#include "registry/files/file_lock.h"
#include "registry/files/private_file.h"
#include "registry/keys/detail/contents.h"
#include "registry/keys/pin.h"
#include "registry/keys/typed.h"
#include "registry/vault/key_ring.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <utility>

namespace egret::keys {
namespace {

using detail::Contents;
using detail::SlotKind;
using detail::UserSlot;

// A hundred users are 40 KiB.
constexpr std::size_t file_bytes_max = 256 * 1024;

std::string path_in(const std::string& dir, const std::string& name) {
    return (std::filesystem::path(dir) / name).string();
}

std::string path_of(const std::string& dir) { return path_in(dir, KeyFile::file_name); }

FileLock lock_in(const std::string& dir) {
    return FileLock::wait(path_in(dir, std::string(KeyFile::file_name) + ".lock"));
}

Error changed_behind() { return {ErrorCode::unsupported, "", msg("keys.changed")}; }

Error no_such_user() { return {ErrorCode::not_found, "user", msg("keys.no_user")}; }

std::string minutes_of(std::chrono::milliseconds wait) {
    return std::to_string(std::chrono::ceil<std::chrono::minutes>(wait).count());
}

Error waiting(std::chrono::milliseconds wait) {
    return {ErrorCode::unavailable, "pin", msg("keys.wait", {{"minutes", minutes_of(wait)}})};
}

Error wrong_pin(const Tries& tries) {
    const auto left = tries_left(tries);
    if (left > 0)
        return {ErrorCode::unauthorized, "pin",
                msg("keys.pin_wrong", {{"left", std::to_string(left)}})};
    return {ErrorCode::unauthorized, "pin",
            msg("keys.pin_wrong_wait", {{"minutes", minutes_of(wait_after(tries.failed))}})};
}

Result<Contents> read_contents(const std::string& dir) {
    const auto path = path_of(dir);
    std::optional<Bytes> file;
    try {
        file = read_small_file(path, file_bytes_max);
    } catch (const std::system_error&) {
        return Error{ErrorCode::unavailable, "", msg("keys.blocked", {{"path", path}})};
    }
    if (!file && std::filesystem::exists(path))
        return Error{ErrorCode::unsupported, "", msg("keys.damaged")};
    if (!file) return Error{ErrorCode::not_found, "", msg("keys.absent", {{"path", path}})};
    auto contents = detail::decode(*file);
    if (contents && contents->body.machine)
        return Error{ErrorCode::unsupported, "", msg("keys.damaged")};
    return contents;
}

void write_contents(const std::string& dir, const Contents& contents) {
    replace_private_file(path_of(dir), detail::encode(contents));
}

UserSlot* find_slot(Contents& contents, const UserId& user) {
    auto& users = contents.body.users;
    const auto at = std::find_if(users.begin(), users.end(),
                                 [&](const UserSlot& slot) { return slot.id == user; });
    return at == users.end() ? nullptr : &*at;
}

/// What a user's slot is under. A zero byte tells a long PIN from a PIN and a secret.
crypto::Secret pin_secret(ByteView pin, const DeviceSecret& device) {
    const auto plain = narrowed(pin);
    auto secret = crypto::Secret::of_size(plain.size() + 1 + device.view().size());
    const auto rest = std::copy(plain.view().begin(), plain.view().end(), secret.span().begin());
    std::copy(device.view().begin(), device.view().end(), rest + 1);
    return secret;
}

Result<Done> check_device(const Contents& contents, const DeviceSecret& device) {
    const auto& wanted = contents.body.device;
    if (wanted.kind == device.binding().kind && wanted.check == device.binding().check)
        return Done{};
    return Error{ErrorCode::conflict, "", msg("keys.device_other")};
}

Result<Done> give_pin(Contents& contents, const DataKey& key, const UserId& user,
                      const KeyFile::NewPin& pin, Random& random) {
    if (auto good = check_new_pin(pin.pin); !good) return good;
    if (auto good = check_device(contents, pin.device); !good) return good;
    auto* slot = find_slot(contents, user);
    if (slot == nullptr) return no_such_user();
    slot->wrapping =
        detail::wrap(key, pin_secret(pin.pin, pin.device),
                     {contents.body.registry, SlotKind::user, user.bytes}, pin.cost, random);
    contents.tries.erase(user);
    return Done{};
}

Result<Done> put_user(Contents& contents, const UserId& user, const std::string& name) {
    EGRET_ENSURE(!user.is_nil());
    if (name.empty() || name.size() > limits::name_bytes_max || !is_utf8(name))
        return Error{ErrorCode::invalid_input, "name",
                     msg("keys.name_bad", {{"limit", std::to_string(limits::name_bytes_max)}})};
    for (const auto& other : contents.body.users) {
        if (other.id == user || other.name == name)
            return Error{ErrorCode::conflict, "name", msg("keys.user_there")};
    }
    if (contents.body.users.size() >= limits::registry_users_max)
        return Error{
            ErrorCode::too_large, "",
            msg("keys.users_many", {{"limit", std::to_string(limits::registry_users_max)}})};
    contents.body.users.push_back({user, name, std::nullopt});
    return Done{};
}

}  // namespace

KeyFile::KeyFile(std::string dir, Contents contents)
    : dir_(std::move(dir)), contents_(std::make_unique<Contents>(std::move(contents))) {}

KeyFile::~KeyFile() = default;
KeyFile::KeyFile(KeyFile&&) noexcept = default;
KeyFile& KeyFile::operator=(KeyFile&&) noexcept = default;

Result<KeyFile::Created> KeyFile::create(const std::string& dir, const Start& start,
                                         Random& random) {
    EGRET_ENSURE(!start.registry.is_nil());
    auto key = DataKey::generate(random);
    Contents contents;
    contents.body.registry = start.registry;
    contents.body.key_check = vault::check_of(key.view());
    contents.body.device = start.pin.device.binding();
    if (auto put = put_user(contents, start.user, start.name); !put) return put.error();
    if (auto given = give_pin(contents, key, start.user, start.pin, random); !given)
        return given.error();
    detail::put_recovery(contents, key, start.recovery, random);
    detail::seal_anew(contents, key);

    const auto lock = lock_in(dir);
    const auto path = path_of(dir);
    if (std::filesystem::exists(path))
        return Error{ErrorCode::conflict, "", msg("keys.there_already", {{"path", path}})};
    write_contents(dir, contents);
    return Created{KeyFile(dir, std::move(contents)), std::move(key)};
}

Result<KeyFile> KeyFile::load(const std::string& dir) {
    auto contents = read_contents(dir);
    if (!contents) return contents.error();
    return KeyFile(dir, *std::move(contents));
}

Result<Done> KeyFile::read_again() {
    auto now = read_contents(dir_);
    if (!now) return now.error();
    if (now->body.registry != contents_->body.registry) return changed_behind();
    *contents_ = *std::move(now);
    return Done{};
}

void KeyFile::write(Contents next) {
    write_contents(dir_, next);
    *contents_ = std::move(next);
}

const RegistryId& KeyFile::registry() const noexcept { return contents_->body.registry; }

const DeviceBinding& KeyFile::device() const noexcept { return contents_->body.device; }

std::vector<User> KeyFile::users() const {
    std::vector<User> all;
    for (const auto& slot : contents_->body.users)
        all.push_back({slot.id, slot.name, slot.wrapping.has_value()});
    return all;
}

Tries KeyFile::tries_of(const UserId& user) const {
    const auto at = contents_->tries.find(user);
    return at == contents_->tries.end() ? Tries{} : at->second;
}

std::optional<crypto::SealPublicKey> KeyFile::programme() const {
    if (!contents_->body.programme) return std::nullopt;
    return contents_->body.programme->wrapping.recipient;
}

std::optional<AuditHead> KeyFile::audit_head() const { return contents_->body.audit_head; }

bool KeyFile::is_under(const DataKey& key) const {
    return vault::check_of(key.view()) == contents_->body.key_check;
}

bool KeyFile::has_former() const noexcept { return contents_->body.former.has_value(); }

/// A key that was unwrapped is the registry's; but somebody who had it not may have changed the
/// rest of the file.
Result<DataKey> KeyFile::accept(DataKey key) const {
    const auto check = vault::check_of(key.view());
    const auto seal = detail::seal_of(contents_->body_bytes, key);
    if (check != contents_->body.key_check || !crypto::equal_constant_time(seal, contents_->seal))
        return changed_behind();
    return key;
}

Result<DataKey> KeyFile::unlock_with_pin(const UserId& user, ByteView pin,
                                         const DeviceSecret& device, Instant now) {
    const auto lock = lock_in(dir_);
    if (auto read = read_again(); !read) return read.error();
    const auto* slot = find_slot(*contents_, user);
    if (slot == nullptr) return no_such_user();
    if (!slot->wrapping) return Error{ErrorCode::locked, "user", msg("keys.pin_unset")};
    if (auto good = check_device(*contents_, device); !good) return good.error();

    const auto tries = tries_of(user);
    if (const auto wait = wait_left(tries, now); wait.count() > 0) {
        // A clock that was put back begins the wait anew: from its own time, or a clock that had
        // been years ahead would lock her out for as long.
        if (now < tries.last) {
            auto next = *contents_;
            next.tries[user].last = now;
            write(std::move(next));
        }
        return waiting(wait);
    }
    // Counted before it is tried: a power cut in between must not be worth a try.
    auto counted = *contents_;
    counted.tries[user] = {tries.failed + 1, now};
    write(std::move(counted));

    slot = find_slot(*contents_, user);
    auto key = detail::unwrap(*slot->wrapping, pin_secret(pin, device),
                              {registry(), SlotKind::user, user.bytes});
    if (!key) return wrong_pin(tries_of(user));
    auto forgiven = *contents_;
    forgiven.tries.erase(user);
    write(std::move(forgiven));
    return accept(*std::move(key));
}

Result<DataKey> KeyFile::unlock_with_recovery(const RecoveryCode& code) {
    if (auto read = read_again(); !read) return read.error();
    const auto& slot = contents_->body.recovery;
    auto key =
        detail::unwrap(slot.wrapping, code.secret(), {registry(), SlotKind::recovery, slot.id});
    if (!key) return Error{ErrorCode::unauthorized, "code", msg("keys.code_other")};
    return accept(*std::move(key));
}

Result<DataKey> KeyFile::unlock_as_programme(const crypto::SealKeyPair& programme) {
    if (auto read = read_again(); !read) return read.error();
    const auto& slot = contents_->body.programme;
    if (!slot) return Error{ErrorCode::not_found, "", msg("keys.programme_absent")};
    auto key =
        detail::unwrap(slot->wrapping, programme, {registry(), SlotKind::programme, slot->id});
    if (!key) return Error{ErrorCode::forbidden, "", msg("keys.programme_other")};
    return accept(*std::move(key));
}

Result<Done> KeyFile::change(const DataKey& key, const Edit& edit) {
    return change_under(key, key, edit);
}

Result<Done> KeyFile::change_under(const DataKey& key, const DataKey& sealed_by, const Edit& edit) {
    const auto lock = lock_in(dir_);
    if (auto read = read_again(); !read) return read.error();
    if (!is_under(key)) return Error{ErrorCode::conflict, "", msg("keys.key_other")};
    // What somebody else changed must not get our seal.
    if (!crypto::equal_constant_time(detail::seal_of(contents_->body_bytes, key), contents_->seal))
        return changed_behind();
    auto next = *contents_;
    if (auto edited = edit(next); !edited) return edited.error();
    detail::seal_anew(next, sealed_by);
    write(std::move(next));
    return Done{};
}

Result<Done> KeyFile::add_user(const DataKey& key, const UserId& user, const std::string& name,
                               const NewPin& pin, Random& random) {
    return change(key, [&](Contents& next) -> Result<Done> {
        if (auto put = put_user(next, user, name); !put) return put;
        return give_pin(next, key, user, pin, random);
    });
}

Result<Done> KeyFile::set_pin(const DataKey& key, const UserId& user, const NewPin& pin,
                              Random& random) {
    return change(key, [&](Contents& next) { return give_pin(next, key, user, pin, random); });
}

Result<Done> KeyFile::remove_user(const DataKey& key, const UserId& user) {
    return change(key, [&](Contents& next) -> Result<Done> {
        if (find_slot(next, user) == nullptr) return no_such_user();
        std::erase_if(next.body.users, [&](const UserSlot& slot) { return slot.id == user; });
        const auto& rest = next.body.users;
        if (std::none_of(rest.begin(), rest.end(),
                         [](const UserSlot& slot) { return slot.wrapping.has_value(); }))
            return Error{ErrorCode::conflict, "user", msg("keys.user_last")};
        next.tries.erase(user);
        return Done{};
    });
}

Result<Done> KeyFile::set_recovery(const DataKey& key, const RecoveryCode& code, Random& random) {
    return change(key, [&](Contents& next) -> Result<Done> {
        detail::put_recovery(next, key, code, random);
        return Done{};
    });
}

Result<Done> KeyFile::set_programme(const DataKey& key, const crypto::SealPublicKey& programme,
                                    Random& random) {
    if (!crypto::is_usable(programme))
        return Error{ErrorCode::invalid_input, "", msg("keys.programme_unusable")};
    return change(key, [&](Contents& next) -> Result<Done> {
        detail::ProgrammeSlot slot;
        slot.id = random.bytes<16>();
        slot.wrapping = detail::wrap_to(programme, key,
                                        {next.body.registry, SlotKind::programme, slot.id}, random);
        next.body.programme = slot;
        return Done{};
    });
}

Result<Done> KeyFile::set_device(const DataKey& key, const DeviceSecret& device) {
    return change(key, [&](Contents& next) -> Result<Done> {
        next.body.device = device.binding();
        for (auto& user : next.body.users) user.wrapping.reset();
        next.tries.clear();
        return Done{};
    });
}

Result<Done> KeyFile::set_audit_head(const DataKey& key, const AuditHead& head) {
    return change(key, [&](Contents& next) -> Result<Done> {
        next.body.audit_head = head;
        return Done{};
    });
}

Result<Done> KeyFile::change_key(const DataKey& key, const NewKey& next, Random& random) {
    return change_under(key, next.key, [&](Contents& to) -> Result<Done> {
        auto& body = to.body;
        if (body.former) return Error{ErrorCode::conflict, "", msg("rekey.busy")};
        body.key_check = vault::check_of(next.key.view());
        for (auto& user : body.users) user.wrapping.reset();
        to.tries.clear();
        if (auto given = give_pin(to, next.key, next.user, next.pin, random); !given) return given;
        detail::put_recovery(to, next.key, next.recovery, random);
        if (body.programme) {
            auto& slot = *body.programme;
            const auto recipient = slot.wrapping.recipient;
            slot.id = random.bytes<16>();
            slot.wrapping = detail::wrap_to(recipient, next.key,
                                            {body.registry, SlotKind::programme, slot.id}, random);
        }
        body.former = detail::wrap_former(
            key, next.key, {body.registry, SlotKind::former, body.key_check}, random);
        return Done{};
    });
}

std::optional<DataKey> KeyFile::former_key(const DataKey& key) const {
    const auto& body = contents_->body;
    if (!body.former || !is_under(key)) return std::nullopt;
    return detail::unwrap(*body.former, key, {body.registry, SlotKind::former, body.key_check});
}

Result<Done> KeyFile::forget_former(const DataKey& key) {
    return change(key, [&](Contents& next) -> Result<Done> {
        next.body.former.reset();
        return Done{};
    });
}

}  // namespace egret::keys
