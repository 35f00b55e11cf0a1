#include "registry/service/rekey.h"

#include "embedded/clinic_schema.h"
#include "registry/crypto/random_bytes.h"
#include "registry/files/file_lock.h"
#include "registry/files/private_file.h"
#include "registry/service/detail/clinic_settings.h"
#include "registry/service/users.h"
#include "registry/sqlite/backup.h"
#include "registry/store/open.h"
#include "registry/vault/key_ring.h"
#include "registry/vault/mount.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <system_error>

namespace egret::service {
namespace {

namespace fs = std::filesystem;

std::string copy_path(const std::string& dir) { return registry_path(dir) + ".rekeyed"; }

/// Only one program at a time changes the key of a registry, or takes up what is left of it.
Result<FileLock> lock_rekeying(const std::string& dir) {
    auto lock = FileLock::take((fs::path(dir) / "rekey.lock").string());
    if (lock) return *std::move(lock);
    return Error{ErrorCode::conflict, "", msg("rekey.busy")};
}

void remove_copy(const std::string& dir) {
    for (const auto* suffix : {"", "-journal", "-wal"}) {
        std::error_code ignored;
        fs::remove(copy_path(dir) + suffix, ignored);
    }
}

/// The registry once more, under another key.
Result<Done> copy_under(sqlite::Database& db, const std::string& dir, const keys::DataKey& key) {
    remove_copy(dir);
    crypto::SystemRandom chance;
    const vault::Mount mount(key.view(), chance);
    // Read again from the disk: the old file will be gone.
    return sqlite::backup_to(db, copy_path(dir), mount.vfs_name(),
                             [&] { sync_and_let_go(copy_path(dir)); });
}

/// From here on nobody who still has the key before writes into a file that is to be replaced.
void close_to(sqlite::Database& db, const keys::DataKey& former) {
    store::Settings settings(db);
    sqlite::WriteTransaction tx(db);
    settings.save(closed_key_setting, to_hex(vault::check_of(former.view())), tx);
    tx.commit();
    // No journal stays beside it that would be taken for the new file's.
    db.checkpoint_truncate();
}

/// While the old file is open: who closes it afterwards, SQLite sees that it was moved, and leaves
/// the journal of that name to the new one.
void put_in_place(const std::string& dir) {
    if (std::rename(copy_path(dir).c_str(), registry_path(dir).c_str()) != 0)
        throw std::system_error(errno, std::generic_category(), "put a registry in place");
    sync_folder(dir);
}

bool is_under(const std::string& path, const keys::DataKey& key) {
    vault::FileId id{};
    const auto length = read_file_into(id, path);
    crypto::SystemRandom chance;
    return length == id.size() && vault::KeyRing(key.view(), chance).owns(id);
}

/// The registry was still under the key before: whatever came into it since its copy was made is
/// taken along, since it is made again.
Result<Done> replace_former(const std::string& dir, const keys::DataKey& former,
                            const keys::DataKey& key, const World& world) {
    crypto::SystemRandom chance;
    const vault::Mount mount(former.view(), chance);
    store::FileOptions options;
    options.path = registry_path(dir);
    options.vfs_name = mount.vfs_name();
    options.synchronous = world.synchronous;
    options.busy_timeout_ms = world.busy_timeout_ms;
    auto db = store::open_file(options, embedded::clinic_schema());
    if (!db) return std::move(db).error();
    close_to(**db, former);
    if (auto copied = copy_under(**db, dir, key); !copied) return copied;
    put_in_place(dir);
    return Done{};
}

/// A copy that nobody needs any more, or never did: its key is nowhere.
void forget_copy(const std::string& dir) {
    std::error_code failure;
    if (!fs::exists(copy_path(dir), failure)) return;
    if (const auto lock = lock_rekeying(dir)) remove_copy(dir);
}

/// What is on the disk by now.
bool holds(const std::string& dir, const keys::DataKey& key) {
    const auto file = keys::KeyFile::load(dir);
    return file && file->is_under(key);
}

}  // namespace

Result<Done> rekey(std::unique_ptr<Clinic> clinic, const std::string& dir,
                   const NewKeyOwner& owner) {
    const auto lock = lock_rekeying(dir);
    if (!lock) return lock.error();
    auto file = keys::KeyFile::load(dir);
    if (!file) return std::move(file).error();
    crypto::SystemRandom chance;
    const auto fresh = keys::DataKey::generate(chance);
    clinic->note(clinic->caller().with(Purpose::maintenance), {audit::Action::rekey_begun});
    if (auto noted = Users(*clinic, dir).note_wrong_pins(); !noted) return noted;
    if (auto removed = Users(*clinic, dir).remove_left_over(); !removed) return removed;
    // First, so that neither a full disk nor a damaged page is found when it is too late.
    if (auto copied = copy_under(clinic->database(), dir, fresh); !copied) return copied;
    try {
        auto changed = file->change_key(
            clinic->key(), {fresh, owner.user, owner.pin, owner.recovery}, clinic->random());
        if (!changed) {
            remove_copy(dir);
            return changed;
        }
    } catch (const std::system_error&) {
        // The file may have been replaced, and only its folder not have come to the disk.
        if (holds(dir, fresh)) owner.in_force();
        throw;
    }
    // From here on there is a way to the new key alone; the key before is sealed under it.
    owner.in_force();
    close_to(clinic->database(), clinic->key());
    put_in_place(dir);
    clinic.reset();
    return file->forget_former(fresh);
}

Result<Done> finish_rekey(const std::string& dir, const keys::DataKey& key, const World& world) {
    if (const auto file = keys::KeyFile::load(dir); !file || !file->has_former()) {
        forget_copy(dir);
        // What is wrong with the keys is for others to say.
        if (!file || file->is_under(key)) return Done{};
        return Error{ErrorCode::conflict, "", msg("rekey.replaced")};
    }
    const auto lock = lock_rekeying(dir);
    if (!lock) return lock.error();
    auto file = keys::KeyFile::load(dir);
    if (!file) return std::move(file).error();
    if (!file->is_under(key)) return Error{ErrorCode::conflict, "", msg("rekey.replaced")};
    const auto former = file->former_key(key);
    if (!former) return Done{};
    if (!is_under(registry_path(dir), key)) {
        if (auto replaced = replace_former(dir, *former, key, world); !replaced) return replaced;
    }
    remove_copy(dir);
    // The file's name is on the disk, be it that it was put in place before this began.
    sync_folder(dir);
    return file->forget_former(key);
}

Result<std::unique_ptr<Clinic>> open_registry(const std::string& dir, Unlocked unlocked,
                                              const World& world, store::StaleProjections stale) {
    if (auto done = finish_rekey(dir, unlocked.key, world); !done) return std::move(done).error();
    return Clinic::open(dir, std::move(unlocked), world, stale);
}

}  // namespace egret::service
