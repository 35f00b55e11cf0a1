#include "registry/service/clinic.h"

#include "embedded/clinic_schema.h"
#include "registry/base/limits.h"
#include "registry/base/text.h"
#include "registry/codec/event_codec.h"
#include "registry/coverage/indicator.h"
#include "registry/crypto/random_bytes.h"
#include "registry/domain/area.h"
#include "registry/domain/facility_id.h"
#include "registry/domain/plain_text.h"
#include "registry/service/detail/clinic_settings.h"
#include "registry/sqlite/file.h"
#include "registry/store/log_check.h"
#include "registry/store/open.h"
#include "registry/vault/mount.h"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <system_error>

namespace egret::service {
namespace {

namespace fs = std::filesystem;

// What waits in the journal before it goes into the file, so that few commits are slow ones: 16
// MiB, or some 200 recorded facts.
constexpr int journal_pages_max = 4000;

Error no_folder() { return {ErrorCode::unavailable, "dir", msg("clinic.no_folder")}; }

Error registry_exists(const std::string& path) {
    return {ErrorCode::conflict, "", msg("store.file_exists", {{"path", path}})};
}

/// A database that has not got its name yet: gone with its companions, unless it got one.
class FileInMaking {
public:
    FileInMaking(std::string path, std::string vfs_name)
        : path_(std::move(path)), vfs_name_(std::move(vfs_name)) {}

    ~FileInMaking() { sqlite::remove_files(path_, vfs_name_); }

    FileInMaking(const FileInMaking&) = delete;
    FileInMaking& operator=(const FileInMaking&) = delete;

    const std::string& path() const noexcept { return path_; }

private:
    std::string path_;
    std::string vfs_name_;
};

/// What can't be looked at, making the file tells of.
bool is_taken(files::Disk& disk, const std::string& path) {
    try {
        return disk.is_there(path);
    } catch (const std::system_error&) {
        return false;
    }
}

bool has_folder(files::Disk& disk, const std::string& dir) {
    try {
        disk.make_folder(dir);
        return disk.is_folder(dir);
    } catch (const std::system_error&) {
        return false;
    }
}

Result<Done> check_name(const std::string& name, const char* field) {
    if (name.empty()) return Error{ErrorCode::invalid_input, field, msg("fact.missing")};
    if (name.size() > limits::name_bytes_max) {
        return Error{
            ErrorCode::invalid_input, field,
            msg("fact.text_too_long", {{"limit", std::to_string(limits::name_bytes_max)}})};
    }
    if (auto plain = check_plain_text(name, Lines::one); !plain)
        return std::move(plain).error().within(field);
    return Done{};
}

std::string provisional_code(Random& random) {
    return std::string(provisional_prefix) + to_crockford(random.bytes<5>());
}

Error damaged_file(const std::string& path) {
    return {ErrorCode::unsupported, "", msg("store.damaged", {{"path", path}})};
}

/// A registry is its device's from the moment on in which it is made.
bool is_anybodys(sqlite::Database& db) {
    sqlite::Statement devices(db, "SELECT count(*) FROM device");
    return devices.start().single().int64(0) > 0;
}

/// What this clinic does is known by whose log it stands in: its own code, which may become
/// another, is left out. Of a dose seen on a card, or told, nothing else says where it was given.
void leave_out_code(Fact& fact, const std::string& own) {
    if (auto* correct = std::get_if<Correct>(&fact.detail)) {
        for (auto& replacement : correct->replacement) leave_out_code(replacement, own);
    }
    const bool is_here = std::holds_alternative<Dose>(fact.detail)
                             ? fact.at.source.value_or(Source::given_here) == Source::given_here
                             : true;
    if (fact.at.facility == own && is_here) fact.at.facility.clear();
}

/// Whoever typed it or brought the file doesn't say as what she recorded it.
void say_role(Fact& fact, std::optional<MakerRole> role) {
    if (auto* correct = std::get_if<Correct>(&fact.detail)) {
        for (auto& replacement : correct->replacement) say_role(replacement, std::nullopt);
    }
    fact.at.role = role;
}

}  // namespace

std::string registry_path(const std::string& dir) {
    return (fs::path(dir) / "registry.db").string();
}

struct Clinic::Vault {
    Vault(Unlocked opened, const World& world)
        : unlocked(std::move(opened)),
          mount(unlocked.key.view(), world.seal_chance ? *world.seal_chance : chance,
                world.base_vfs) {}

    Unlocked unlocked;
    crypto::SystemRandom chance;  // Seals are never drawn from what may be drawn again.
    vault::Mount mount;
};

namespace {

std::span<const coverage::Indicator> indicators_of(const World& world) {
    if (world.indicators.empty()) return coverage::known_indicators();
    return world.indicators;
}

files::Disk& disk_of(const World& world) noexcept {
    return world.disk ? *world.disk : files::system_disk();
}

}  // namespace

Clinic::Clinic(Private, std::unique_ptr<Vault> vault, std::unique_ptr<sqlite::Database> db,
               icu::TimeZone zone, const World& world)
    : world_(world),
      vault_(std::move(vault)),
      db_(std::move(db)),
      log_(*db_),
      settings_(*db_),
      users_(*db_),
      audit_(*db_),
      projector_(log_, *db_, {indicators_of(world), true}),
      components_(log_, *db_),
      women_(*db_),
      lots_(*db_),
      stock_books_(log_, lots_),
      search_(*db_),
      feed_places_(*db_),
      time_zone_(std::move(zone)) {}

Clinic::~Clinic() {
    if (!at_end_) return;
    try {
        at_end_->run();
    } catch (const std::exception&) {
        // The next opening does it.
        return;
    }
}

files::Disk& Clinic::disk() noexcept { return disk_of(world_); }

ByteView Clinic::link_key() const noexcept { return vault_->unlocked.link_key; }

const keys::DataKey& Clinic::key() const noexcept { return vault_->unlocked.key; }

namespace {

Result<std::unique_ptr<sqlite::Database>> open_database(const std::string& path,
                                                        const vault::Mount& mount,
                                                        const World& world, bool create) {
    store::FileOptions options;
    options.path = path;
    options.vfs_name = mount.vfs_name();
    options.base_vfs = world.base_vfs;
    options.create = create;
    options.synchronous = world.synchronous;
    options.busy_timeout_ms = world.busy_timeout_ms;
    options.checkpoint_pages = journal_pages_max;
    return store::open_file(options, embedded::clinic_schema());
}

}  // namespace

Result<Done> Clinic::check_new(const NewClinic& clinic) {
    if (auto name = check_name(clinic.name, "clinic"); !name) return name;
    if (auto name = check_name(clinic.user_name, "user"); !name) return name;
    if (auto area = AreaCode::parse_known(clinic.area); !area)
        return std::move(area).error().within("area");
    if (auto zone = icu::TimeZone::parse(clinic.time_zone); !zone)
        return std::move(zone).error().within("time_zone");
    return Done{};
}

Result<std::unique_ptr<Clinic>> Clinic::create(const std::string& dir, const NewClinic& clinic,
                                               Unlocked unlocked, const World& world) {
    if (auto checked = check_new(clinic); !checked) return std::move(checked).error();
    auto& disk = disk_of(world);
    if (!has_folder(disk, dir)) return no_folder();
    const auto path = registry_path(dir);
    // A log beside a file that is gone may hold all that is left of it.
    if (is_taken(disk, path) || is_taken(disk, path + "-wal")) return registry_exists(path);
    const FileInMaking making(path + ".new-" + to_hex(world.random.bytes<4>()), world.base_vfs);
    {
        auto vault = std::make_unique<Vault>(unlocked.again(), world);
        auto db = open_database(making.path(), vault->mount, world, true);
        if (!db) return std::move(db).error();
        Clinic made(Private{}, std::move(vault), *std::move(db),
                    *icu::TimeZone::parse(clinic.time_zone), world);
        made.begin(clinic);
    }
    if (!disk.place_new(making.path(), path)) return registry_exists(path);
    return open(dir, std::move(unlocked), world);
}

void Clinic::begin(const NewClinic& clinic) {
    sqlite::WriteTransaction tx(*db_);
    identity_ = {provisional_code(world_.random), clinic.name,
                 AreaCode::parse_known(clinic.area)->text(),
                 make_random_id<DeviceTag>(world_.random), clinic.time_zone};
    settings_.save_clinic(identity_, tx);
    users_.save(
        {vault_->unlocked.user, clinic.user_name, std::string(egret::to_string(Role::lead))}, tx);
    const auto registry =
        clinic.registry.is_nil() ? world_.random.bytes<16>() : clinic.registry.bytes;
    settings_.save(registry_id_setting, to_hex(registry), tx);
    log_.add_device(device(), identity_.code, tx);
    note(caller().with(Purpose::maintenance), {audit::Action::created}, tx);
    tx.commit();
    // All of it in the one file that gets its name now.
    db_->checkpoint_truncate();
}

Result<std::unique_ptr<Clinic>> Clinic::open(const std::string& dir, Unlocked unlocked,
                                             const World& world, store::StaleProjections stale) {
    auto vault = std::make_unique<Vault>(std::move(unlocked), world);
    auto db = open_database(registry_path(dir), vault->mount, world, false);
    if (!db) return std::move(db).error();
    const auto identity = store::Settings(**db).find_clinic();
    if (!identity) {
        // Made, but cut short before it became anybody's; or somebody's, and no longer legible.
        if (is_anybodys(**db)) return damaged_file(registry_path(dir));
        return Error{ErrorCode::not_found, "dir", msg("clinic.unfinished")};
    }
    auto zone = icu::TimeZone::parse(identity->time_zone);
    if (!zone) return damaged_file(registry_path(dir));
    auto opened = std::make_unique<Clinic>(Private{}, std::move(vault), *std::move(db),
                                           *std::move(zone), world);
    if (opened->settings_.find(closed_key_setting) == to_hex(opened->vault_->mount.key_check()))
        return Error{ErrorCode::conflict, "", msg("rekey.replaced")};
    opened->identity_ = *identity;
    // A key file of before may have her slot still.
    if (const auto row = opened->users_.find(opened->vault_->unlocked.user);
        row && row->role == gone_role)
        return Error{ErrorCode::forbidden, "", msg("clinic.user_gone")};
    // Whoever checks the registry is told which.
    if (stale == store::StaleProjections::rebuild && opened->has_damaged_settings())
        return damaged_file(registry_path(dir));
    const auto wrong_pins = opened->vault_->unlocked.wrong_pins;
    if (wrong_pins > 0 && !opened->has_damaged_settings())
        opened->note_wrong_pins(opened->vault_->unlocked.user, wrong_pins);
    const auto scope = opened->settings_.find(scope_setting);
    opened->scope_ = static_cast<std::uint64_t>(number_of(scope));
    if (stale == store::StaleProjections::rebuild && opened->projector_.needs_rebuild()) {
        NoProgress quiet;
        if (auto whole = store::require_whole_logs(*opened->db_, quiet); !whole)
            return std::move(whole).error();
        opened->projector_.rebuild(quiet);
    }
    return opened;
}

Caller Clinic::caller() { return caller_of(vault_->unlocked.user); }

Caller Clinic::caller_of(const UserId& id) {
    const auto row = users_.find(id);
    const auto role = row ? find_code<Role>(row->role) : std::nullopt;
    return {id, role.value_or(Role::read_only)};
}

std::string Clinic::user_name(const UserId& user) {
    const auto row = users_.find(user);
    return row ? row->name : user.to_string();
}

Result<UserId> Clinic::find_user(std::string_view name_or_id) {
    const auto wanted = trim(name_or_id);
    std::string known;
    std::optional<UserId> gone;
    for (const auto& row : users_.all()) {
        const bool has_left = row.role == gone_role;
        if (row.name == wanted && !has_left) return row.id;
        if (row.name == wanted) gone = row.id;
        if (!has_left) known += (known.empty() ? "" : ", ") + row.name;
    }
    if (gone) return *gone;
    if (const auto id = UserId::parse(wanted); id && !id->is_nil()) return *id;
    return Error{ErrorCode::not_found, "", msg("clinic.unknown_user", {{"known", known}})};
}

std::string Clinic::registry_id() { return settings_.find(registry_id_setting).value_or(""); }

std::optional<History> Clinic::load_history(const WomanId& id) {
    auto component = components_.read_woman(id);
    if (component.members.empty()) return std::nullopt;
    auto history = store::history_of(std::move(component));
    if (history.facts.empty() && history.erased.size() == history.members.size())
        return std::nullopt;
    lots_.mark_spoilt(history);
    return history;
}

Error Clinic::no_woman(const WomanId& id, const char* field) {
    return {ErrorCode::not_found, field,
            log_.is_erased(id) ? msg("woman.erased") : msg("woman.unknown")};
}

void Clinic::for_each_history(const std::function<void(const History&)>& take) {
    components_.for_each(
        std::numeric_limits<std::int64_t>::max(),
        [&](const store::Component& component) {
            auto history = store::history_of(component);
            lots_.mark_spoilt(history);
            take(history);
        },
        true);
}

std::vector<WomanId> Clinic::members_of(const WomanId& id) {
    return components_.read_woman(id).members;
}

Result<std::vector<EventUid>> Clinic::append(const Caller& caller, std::vector<Draft> drafts,
                                             sqlite::WriteTransaction& tx, const Besides& besides) {
    auto access = access_of(drafts, besides);
    std::vector<codec::EncodedEvent> encoded;
    std::vector<EventUid> uids;
    encoded.reserve(drafts.size());
    const auto today = recording_day();
    if (!today) return today.error();
    const bool is_suspect = is_clock_suspect();
    auto clock = settings_.clock();
    for (auto& draft : drafts) {
        if (log_.is_erased(draft.subject)) return no_woman(draft.subject, "woman");
        if (is_suspect) draft.fact.at.clock_suspect = true;
        leave_out_code(draft.fact, identity_.code);
        say_role(draft.fact, caller.recorded_role());
        clock = clock.next(now());
        Event event;
        event.uid = draft.uid ? *draft.uid : make_random_id<EventTag>(world_.random);
        event.hlc = clock;
        event.subject = draft.subject;
        event.scope = scope_;
        event.author = caller.user;
        event.supersedes = std::move(draft.supersedes);
        event.fact = std::move(draft.fact);
        auto one = codec::encode_event(event, world_.random);
        if (!one) return std::move(one).error();
        encoded.push_back(*std::move(one));
        uids.push_back(event.uid);
    }
    const auto head = log_.find_head(device());
    store::NewEvents added;
    added.device = device();
    added.first_seq = head ? head->seq + 1 : 1;
    added.previous = head ? head->hash : codec::chain_start;
    added.events = encoded;
    const auto ingest = log_.begin_ingest({now(), *today}, tx);
    auto appended = log_.append(ingest, added, tx);
    if (!appended) return std::move(appended).error();
    projector_.apply(ingest, *appended, tx);
    settings_.save_clock(clock, tx);
    access.events = uids;
    note(caller, access, tx);
    return uids;
}

Result<Done> Clinic::adopt(const Adoption& adoption, Progress& progress) {
    // Before the device is renamed: what tells of damage to its name is written anew by that.
    if (auto whole = store::require_whole_logs(*db_, progress); !whole) return whole;
    auto renamed = identity_;
    renamed.device = adoption.device;
    renamed.code = adoption.code;
    sqlite::WriteTransaction tx(*db_);
    log_.rename_device(device(), {adoption.device, adoption.code}, tx);
    settings_.save_clinic(renamed, tx);
    settings_.save_centre_url(adoption.centre_url, tx);
    settings_.save(scope_setting, std::to_string(adoption.scope), tx);
    // Where facts happened is told by the clinic's code, which is another one now: both or neither.
    projector_.rebuild(progress, tx);
    note(caller().with(Purpose::maintenance), {audit::Action::enrolled}, tx);
    tx.commit();
    identity_ = std::move(renamed);
    scope_ = adoption.scope;
    return Done{};
}

void Clinic::note_standing(bool is_accepted) {
    if (is_accepted != is_shut_out()) return;
    sqlite::WriteTransaction tx(*db_);
    if (is_accepted)
        settings_.remove(shut_out_setting, tx);
    else
        settings_.save(shut_out_setting, device().to_string(), tx);
    tx.commit();
}

bool Clinic::has_joined() const { return !identity_.code.starts_with(provisional_prefix); }

bool Clinic::is_shut_out() { return settings_.find(shut_out_setting) == device().to_string(); }

const rules::Programme* Clinic::programme_on(Date day) const {
    return rules::programme_at(identity_.area, day);
}

}  // namespace egret::service
