#include "sync/central/backup.h"

#include "registry/base/text.h"
#include "registry/codec/cbor.h"
#include "registry/files/private_file.h"
#include "registry/store/backup_file.h"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace egret::central {
namespace {

namespace fs = std::filesystem;

constexpr store::BackupForm centre_backup{"EgrCbk01", "egretd backup", 3};
constexpr store::BackupForm keys_backup{"EgrCwk01", "egretd backup", 1};
constexpr std::size_t small_file_bytes_max = 64 * 1024;
constexpr std::size_t key_files_max = 256;
constexpr std::size_t key_name_bytes_max = 64;
enum Part : std::size_t { at_database, at_key_file, at_keys };

/// Keys that belong into a safe are in no backup, wherever they lie.
bool is_for_the_safe(std::string_view name) { return name == "root.key" || name == "recovery.key"; }

bool is_key_name(std::string_view name) {
    return !name.empty() && name.size() <= key_name_bytes_max && name.front() != '.' &&
           name.find('/') == std::string_view::npos && name.find('\0') == std::string_view::npos &&
           !is_for_the_safe(name);
}

Error not_readable(const std::string& path) {
    return {ErrorCode::not_found, "", msg("central.no_key_file", {{"path", path}})};
}

/// The files in keys/, by name.
Result<Bytes> pack_keys(const std::string& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) {
        const auto name = entry.path().filename().string();
        if (entry.is_regular_file() && is_key_name(name)) names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    Bytes packed;
    cbor::Writer to(packed);
    to.array(names.size());
    for (const auto& name : names) {
        const auto content = read_small_file(folder + "/" + name, small_file_bytes_max);
        if (!content) return not_readable(folder + "/" + name);
        to.array(2);
        to.text(name);
        to.bytes(*content);
    }
    return packed;
}

/// False, if these are no such files.
bool unpack_keys(ByteView packed, const std::string& folder) {
    fs::create_directory(folder);
    fs::permissions(folder, fs::perms::owner_all);
    cbor::Reader from(packed);
    const auto count = from.array();
    if (count > key_files_max) return false;
    for (std::uint64_t i = 0; i < count; ++i) {
        if (from.array() != 2) from.fail();
        const auto name = std::string(from.text());
        const auto content = from.bytes();
        if (!from.ok() || !is_key_name(name) || fs::exists(folder + "/" + name)) return false;
        create_private_file(folder + "/" + name, content);
    }
    sync_folder(folder);
    return from.ok() && from.at_end();
}

Result<Done> unpack_woman_keys(const std::string& path, const std::string& folder) {
    const auto file = store::BackupFile::open(path, keys_backup);
    if (!file && file.error().code == ErrorCode::not_found)
        return Error{ErrorCode::not_found, "", msg("central.backup_keys_lost", {{"path", path}})};
    if (!file) return file.error();
    file->write_part(at_database, folder + "/" + WomanKeys::file_name);
    return Done{};
}

Result<Done> unpack(const store::BackupFile& file, const BackupPlace& place,
                    const std::string& folder) {
    const auto& path = place.path;
    if (auto unpacked = unpack_woman_keys(place.keys_path, folder); !unpacked) return unpacked;
    file.write_part(at_database, folder + "/centre.db");
    file.write_part(at_key_file, folder + "/" + keys::MachineKeyFile::file_name);
    if (!unpack_keys(file.read_part(at_keys), folder + "/keys"))
        return store::no_backup(path, centre_backup);
    if (const auto keys = keys::MachineKeyFile::load(folder); !keys) return keys.error();
    // Whoever goes on with it begins as after a restore.
    create_private_file(folder + "/" + restored_mark, {});
    return Done{};
}

/// A folder that isn't there, on the same disk as the centre's own.
std::string beside(const std::string& folder) {
    auto place = fs::absolute(folder).lexically_normal();
    if (!place.has_filename()) place = place.parent_path();  // It ended with a slash.
    return place.string() + ".drill";
}

/// Goes away, unless it shall be kept.
class NewFile {
public:
    explicit NewFile(std::string path) : path_(std::move(path)) {}

    ~NewFile() {
        std::error_code ignored;
        if (!path_.empty()) fs::remove(path_, ignored);
    }

    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;

    void keep() noexcept { path_.clear(); }

private:
    std::string path_;
};

std::vector<store::Head> heads_in(const std::string& folder, const keys::DataKey& key,
                                  Progress& progress) {
    crypto::SystemRandom chance;
    const vault::Mount mount(key.view(), chance);
    StoreOptions options;
    options.vfs_name = mount.vfs_name();
    options.stale = store::StaleProjections::leave;
    const auto store = SqliteStore::open(folder + "/centre.db", progress, options);
    return store ? (*store)->heads() : std::vector<store::Head>();
}

}  // namespace

std::string keys_beside(const std::string& path) { return path + ".keys"; }

Result<Backup> write_backup(Centre& centre, const std::string& path, Instant now, Random& random) {
    // Without keys that open it a copy is none.
    const auto key_file = centre.file(keys::MachineKeyFile::file_name);
    const auto known = keys::MachineKeyFile::load(centre.folder());
    if (!known) return known.error();
    const auto content = read_small_file(key_file, small_file_bytes_max);
    if (!content) return not_readable(key_file);
    const auto packed = pack_keys(centre.file("keys"));
    if (!packed) return packed.error();
    auto written = centre.store().back_up(
        [&](sqlite::Database& db) {
            return store::write_backup_file(db, {*content, *packed}, centre_backup, path, random);
        },
        now);
    if (!written) return written;
    // After it, so that whoever is in it has a key.
    NewFile made(path);
    const auto keys = centre.store().back_up_keys([&](sqlite::Database& db) {
        return store::write_backup_file(db, {}, keys_backup, keys_beside(path), random);
    });
    if (!keys) return keys.error();
    made.keep();
    return written;
}

Result<Drill> try_backup(Centre& centre, const BackupPlace& place, const std::string& kept,
                         Instant now, Random& random, Progress& progress) {
    const auto file = store::BackupFile::open(place.path, centre_backup);
    if (!file) return file.error();
    // Never finished: it goes away with all that is in it.
    const auto making = CentreInMaking::start(beside(centre.folder()));
    if (!making) return making.error();
    const auto& folder = making->path();
    if (auto unpacked = unpack(*file, place, folder); !unpacked) return std::move(unpacked).error();
    const auto keys = keys::MachineKeyFile::load(folder);
    if (!keys) return keys.error();
    if (!keys->is_under(centre.key()))
        return Error{ErrorCode::unsupported, "FILE",
                     msg("central.backup_other", {{"path", place.path}})};
    // As for whoever goes on with it: who was erased since is taken out first.
    if (auto gone_on = Centre::go_on_restored(folder, centre.key(), progress); !gone_on)
        return std::move(gone_on).error();
    auto found = Centre::check(folder, centre.key(), now, random, progress);
    if (!found) return std::move(found).error();
    Drill drill;
    drill.faults = *std::move(found);
    if (!drill.faults.empty()) return drill;
    const auto heads = heads_in(folder, centre.key(), progress);
    for (const auto& head : heads) {
        ++drill.machines;
        drill.facts += head.seq;
        if (centre.store().hash_at(head.device, head.seq) != head.hash)
            drill.faults.push_back({head.device, head.seq, "backup_head"});
    }
    if (!drill.faults.empty()) return drill;
    const auto known = centre.store().backups();
    const auto noted = std::find_if(known.begin(), known.end(), [&](const Backup& backup) {
        return backup.sum == file->sum();
    });
    drill.backup =
        noted != known.end() ? *noted : centre.store().note_backup(file->sum(), heads, now);
    centre.store().note_verified(drill.backup.number, now, kept);
    drill.backup.verified = now;
    drill.backup.kept = kept;
    return drill;
}

Result<Done> restore_backup(const BackupPlace& place, const std::string& dir) {
    const auto file = store::BackupFile::open(place.path, centre_backup);
    if (!file) return file.error();
    auto making = CentreInMaking::start(dir);
    if (!making) return std::move(making).error();
    if (auto unpacked = unpack(*file, place, making->path()); !unpacked) return unpacked;
    return making->finish();
}

}  // namespace egret::central
