#include "tests/simulation/sync/centre.h"

#include "registry/crypto/hash.h"
#include "registry/sqlite/backup.h"
#include "registry/sqlite/error.h"
#include "registry/sqlite/statement.h"
#include "registry/store/read_id.h"
#include "sync/central/backup.h"
#include "sync/central/enrolment_service.h"
#include "sync/http/problem.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace egret::sync_world {
namespace {

using tests::DiskFault;

constexpr int broken_status = 500;
constexpr std::uint64_t away_ms_max = 30 * 60'000;
constexpr auto copy_path = "/centre/copy.db";

}  // namespace

SimCentre::SimCentre(const Surroundings& world, const central::CentreKeys& keys,
                     const tests::CrashDisk::Files& image, std::uint64_t seed)
    : world_(world),
      keys_(keys),
      disk_(seed),
      clock_(world.queue),
      random_(seed + 1),
      seal_chance_(seed + 2),
      mount_(centre_key, seal_chance_, disk_.vfs_name()) {
    disk_.set_files(image);
    start();
}

void SimCentre::say(const std::string& line) {
    world_.trace.add(std::to_string(unix_ms(world_.queue.now())) + " centre " + line);
}

void SimCentre::start() {
    central::StoreOptions options;
    options.vfs_name = mount_.vfs_name();
    options.base_vfs = disk_.vfs_name();
    options.is_exclusive = true;
    options.indicators = world_.indicators;
    options.synchronous = world_.synchronous;
    NoProgress quiet;
    try {
        auto opened = central::SqliteStore::open(path, quiet, options);
        if (opened) {
            store_ = *std::move(opened);
        } else if (!disk_.has_failed()) {
            world_.findings.add("The centre doesn't open: " + opened.error().message.id);
        }
    } catch (const sqlite::SqliteError& error) {
        if (!disk_.has_failed())
            world_.findings.add(std::string("The centre doesn't open: ") + error.what());
    }
    if (!store_) {
        lose_power();
        return;
    }
    server_ = std::make_unique<server::CentreServer>(
        server::CentreServices{*store_, keys_, zone_, clock_, random_, translate_, log_});
    check_promises();
    say("is up");
}

void SimCentre::shut() {
    server_.reset();
    store_.reset();
}

void SimCentre::lose_power() {
    shut();
    const bool was_cut = disk_.is_cut();
    if (was_cut) {
        ++cuts_;
        disk_.crash();
    } else {
        disk_.mend();
    }
    say(was_cut ? "loses its power" : "ends");
    world_.queue.after(Milliseconds(1 + random_.below(away_ms_max)), [this] {
        if (!store_) start();
    });
}

/// What was acknowledged before is there, whatever happened since.
void SimCentre::check_promises() {
    for (const auto& promise : promised_) {
        const auto head = this->head(promise.first);
        const bool is_kept = head.seq > promise.second.seq ||
                             (head.seq == promise.second.seq && head.hash == promise.second.hash);
        if (!is_kept) {
            world_.findings.add("The centre acknowledged " + std::to_string(promise.second.seq) +
                                " facts of a device and has " + std::to_string(head.seq));
        }
    }
}

std::optional<http::Response> SimCentre::handle(const http::Request& request,
                                                const DeviceId& sender) {
    if (!is_up()) return std::nullopt;
    ++requests_;
    const auto found = server_->routes().find(request.method, request.path);
    http::Response response = http::Response::json("{}", broken_status);
    std::string thrown;
    try {
        auto answer = found.handler->handle(request);
        response = answer ? *std::move(answer)
                          : http::Response::json("{}", http::status_of(answer.error().code));
    } catch (const std::exception& error) {
        thrown = error.what();
    }
    const bool has_failed = disk_.has_failed();
    if (!has_failed && !thrown.empty()) world_.findings.add("An endpoint threw: " + thrown);
    if (disk_.is_cut()) {
        lose_power();
        return std::nullopt;
    }
    if (has_failed) disk_.mend();
    if (response.status == 200 || response.status == 409) {
        const tests::CrashDisk::Watch watch(disk_);
        promised_[sender] = store_->head(sender);
        auto& safe = safe_told_[sender];
        safe = std::max(safe, store_->safe_seq(sender));
    }
    say(request.method + " " + request.path + " " + std::to_string(response.status));
    return response;
}

void SimCentre::fail_at(std::uint64_t n, DiskFault fault) {
    if (disk_.has_failed() || !is_up()) return;
    if (n > 0) {
        disk_.fail_at(n, fault, fault != DiskFault::power_cut);
        return;
    }
    disk_.cut_power();
    lose_power();
}

template <class Work>
void SimCentre::do_there(const char* name, const Work& work) {
    if (!is_up()) return;
    std::string thrown;
    try {
        work();
    } catch (const sqlite::SqliteError& error) {
        thrown = error.what();
    }
    if (!thrown.empty() && !disk_.has_failed())
        world_.findings.add(std::string("The centre's ") + name + " threw: " + thrown);
    if (disk_.is_cut()) return lose_power();
    if (disk_.has_failed()) disk_.mend();
    say(name);
}

void SimCentre::back_up(bool is_tried) {
    do_there("back_up", [&] {
        disk_.remove(copy_path);
        const auto backup = store_->back_up(
            [&](sqlite::Database& db) -> Result<Hash> {
                if (auto copied = sqlite::backup_to(db, copy_path); !copied)
                    return std::move(copied).error();
                return crypto::sha256(disk_.files().at(copy_path));
            },
            clock_.now());
        if (!backup) return world_.findings.add("No backup: " + backup.error().message.id);
        kept_ = Kept{disk_.files().at(copy_path), backup->number};
        disk_.remove(copy_path);
        if (is_tried) try_backup(*kept_);
    });
}

/// What egretd does with the file of a backup (central::try_backup), with one on a disk of its own.
void SimCentre::try_backup(const Kept& kept) {
    tests::SimDisk other(random_.next());
    other.set_files({{path, kept.file}});
    const vault::Mount mount(centre_key, seal_chance_, other.vfs_name());
    central::StoreOptions options;
    options.vfs_name = mount.vfs_name();
    options.base_vfs = other.vfs_name();
    options.is_exclusive = true;
    options.indicators = world_.indicators;
    NoProgress quiet;
    auto opened = central::SqliteStore::open(path, quiet, options);
    if (!opened) return world_.findings.add("A backup can't be opened");
    for (const auto& fault : (*opened)->verify(copy_path, zone_.local_day(clock_.now()), quiet))
        world_.findings.add("The check of a backup: " + fault.kind);
    for (const auto& head : (*opened)->heads()) {
        if (store_->hash_at(head.device, head.seq) != head.hash)
            world_.findings.add("A log in a backup isn't the centre's");
    }
    store_->note_verified(kept.number, clock_.now(), "elsewhere");
}

bool SimCentre::put_back() {
    if (!kept_) return false;
    shut();
    disk_.mend();
    disk_.set_files({{path, kept_->file}});
    // Only what is in a verified backup is promised for ever.
    promised_.clear();
    was_put_back_ = true;
    start();
    if (!is_up()) return true;
    do_there("go_on_restored", [&] { store_->go_on_restored(central::codes_skipped); });
    if (!is_up()) return true;
    for (const auto& told : safe_told_) {
        if (head(told.first).seq < told.second)
            world_.findings.add("What was said to be safe was not in the backup");
    }
    return true;
}

void SimCentre::sweep() {
    do_there("sweep", [&] { store_->feeds().sweep_feeds(clock_.now()); });
}

void SimCentre::revoke(const DeviceId& device) {
    do_there("revoke", [&] { store_->revoke_device(device, clock_.now()); });
}

void SimCentre::give_area(const DeviceId& device, std::string_view area) {
    do_there("give_area", [&] {
        const auto given = store_->feeds().give_area(device, area);
        if (!given && lets_in(device)) world_.findings.add("No area: " + given.error().message.id);
    });
}

std::optional<std::string> SimCentre::invite(const std::string& clinic) {
    std::optional<std::string> code;
    do_there("invite", [&] {
        auto invited = central::EnrolmentService(*store_, keys_, clock_, random_).invite(clinic);
        if (!invited) return world_.findings.add("No code: " + invited.error().message.id);
        code = std::move(invited->code);
    });
    return code;
}

bool SimCentre::lets_in(const DeviceId& device) {
    const tests::CrashDisk::Watch watch(disk_);
    const auto known = store_->find_device(device);
    return known && !known->revoked;
}

std::set<EventUid> SimCentre::uids() {
    std::set<EventUid> found;
    const tests::CrashDisk::Watch watch(disk_);
    look_into_file([&](sqlite::Database& db) {
        sqlite::Statement select(db, "SELECT uid FROM event");
        auto row = select.start();
        while (row.next()) found.insert(store::read_id<EventUid>(row, 0));
    });
    return found;
}

std::uint64_t SimCentre::safe_told(const DeviceId& device) const {
    const auto found = safe_told_.find(device);
    return found == safe_told_.end() ? 0 : found->second;
}

void SimCentre::mend() {
    disk_.mend();
    if (!store_) start();
}

}  // namespace egret::sync_world
