#pragma once

#include "registry/service/recorder.h"
#include "registry/service/registrar.h"
#include "registry/sqlite/backup.h"
#include "registry/store/log_check.h"
#include "registry/store/read_id.h"
#include "sync/client/inbox_folder.h"
#include "sync/client/link_check.h"
#include "sync/client/outbox_keeper.h"
#include "sync/client/outbox_sync.h"
#include "tests/sync/client/link_fixture.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace egret::tests {

/// All uids in a registry's or a centre's file.
inline std::multiset<EventUid> uids_in(sqlite::Database& db) {
    std::multiset<EventUid> uids;
    sqlite::Statement select(db, "SELECT uid FROM event");
    auto row = select.start();
    while (row.next()) uids.insert(store::read_id<EventUid>(row, 0));
    return uids;
}

/// A machine with a registry's folder, which may be a copy of another's.
class Machine {
public:
    Machine(LinkFixture& world, std::string home, std::uint64_t seed)
        : world_(world), home_(std::move(home)), random_(seed) {}

    const std::string& home() const noexcept { return home_; }

    service::Clinic& open() {
        if (!clinic_) {
            auto opened = service::Clinic::open(
                home_, world_.unlocked(),
                {world_.clock, random_, world_.build_day, sqlite::Synchronous::off});
            REQUIRE(opened);
            clinic_ = *std::move(opened);
            keeper_ = client::OutboxKeeper::find(*clinic_, home_);
            REQUIRE(keeper_);
            keeper_->settle();
        }
        return *clinic_;
    }

    /// Before it has joined.
    service::Clinic& open_unlinked() {
        auto opened = service::Clinic::open(
            home_, world_.unlocked(),
            {world_.clock, random_, world_.build_day, sqlite::Synchronous::off});
        REQUIRE(opened);
        clinic_ = *std::move(opened);
        return *clinic_;
    }

    /// The program ends.
    void close() {
        if (keeper_) keeper_->seal_new();
        keeper_.reset();
        clinic_.reset();
    }

    /// So many women, with a visit each.
    void record(int count) {
        auto& clinic = open();
        auto nurse = clinic.caller();
        nurse.role = service::Role::nurse;
        for (int i = 0; i < count; ++i) {
            const auto name = "王小丽" + std::to_string(world_.added++);
            const auto added =
                service::Registrar(clinic).add(nurse, ClinicFixture::somebody(name.c_str()));
            REQUIRE(added);
            REQUIRE(
                service::Recorder(clinic).record(nurse, added->woman, fact("2026-04-30", Visit{})));
        }
        keeper_->seal_new();
        for (const auto& uid : uids_in(clinic.database())) recorded_.insert(uid);
    }

    EventUid record_of(const WomanId& woman, Fact fact) {
        auto nurse = open().caller();
        nurse.role = service::Role::nurse;
        const auto made = service::Recorder(*clinic_).record(nurse, woman, std::move(fact));
        REQUIRE(made);
        keeper_->seal_new();
        return made->event;
    }

    client::SyncOutcome sync() {
        auto outcome = client::ClinicLink(open(), home_, world_.way()).sync("", world_.quiet);
        REQUIRE(outcome);
        keeper_->seal_new();
        return *std::move(outcome);
    }

    client::SyncOutcome locked_sync() {
        close();
        const auto keys = client::LinkKeys::load(home_);
        REQUIRE(keys);
        client::OutboxSync sync({**keys, world_.clock, random_, instant_from_unix_ms(0)}, home_,
                                world_.way());
        auto outcome = sync.sync("", world_.quiet);
        REQUIRE(outcome);
        return *std::move(outcome);
    }

    Result<client::LinkMembership> enrol(const std::string& code) {
        return client::ClinicLink(open(), home_, world_.way())
            .enrol("https://centre:8443", code, world_.quiet);
    }

    /// As somebody copies a folder, with the program shut.
    void copy_to(const std::string& path) {
        close();
        std::filesystem::copy(home_, path, std::filesystem::copy_options::recursive);
    }

    /// What was kept of the registry's file alone, or of the whole folder, is put back.
    void put_back_file(const std::string& kept) {
        close();
        std::filesystem::remove(home_ + "/registry.db-wal");
        std::filesystem::copy_file(kept + "/registry.db", home_ + "/registry.db",
                                   std::filesystem::copy_options::overwrite_existing);
    }

    void put_back_folder(const std::string& kept) {
        close();
        std::filesystem::remove_all(home_);
        std::filesystem::copy(kept, home_, std::filesystem::copy_options::recursive);
    }

    /// All that was ever recorded here.
    const std::set<EventUid>& recorded() const noexcept { return recorded_; }

    store::Head head() { return *open().log().find_head(open().device()); }

    client::OutboxFolder outbox() const { return client::OutboxFolder(home_); }

    /// The registry is sound, and holds each of these once.
    void check_holds(const std::set<EventUid>& facts) {
        auto& clinic = open();
        const auto held = uids_in(clinic.database());
        CHECK(held.size() == facts.size());
        for (const auto& uid : facts) CHECK(held.count(uid) == 1);
        CHECK(clinic.check(world_.quiet).empty());
        CHECK(client::check_link(clinic, home_).empty());
    }

private:
    LinkFixture& world_;
    std::string home_;
    SeededRandom random_;
    std::unique_ptr<service::Clinic> clinic_;
    std::unique_ptr<client::OutboxKeeper> keeper_;
    std::set<EventUid> recorded_;
};

/// A clinic that has joined, and its centre.
struct MachinesFixture : LinkFixture {
    MachinesFixture() {
        REQUIRE(enrol(first_code()));
        clinic.reset();
    }

    std::string path(const char* name) const { return dir.file(name); }

    std::multiset<EventUid> at_centre() {
        sqlite::OpenOptions options;
        options.path = centre.db_path();
        options.read_only = true;
        sqlite::Database db(options);
        return uids_in(db);
    }

    /// The centre holds each of these, once, and its figures follow from them.
    void check_centre_holds(const std::set<EventUid>& facts) {
        const auto held = at_centre();
        CHECK(held.size() == facts.size());
        for (const auto& uid : facts) CHECK(held.count(uid) == 1);
        CHECK(centre.count("SELECT count(*) FROM quarantine") == 0);
        CHECK(centre.store->verify(centre.folder.file("copy"), *Date::parse("2026-05-01"), quiet)
                  .empty());
    }

    /// A copy of the centre's file, and the centre back at it.
    void keep_centre(const std::string& to) {
        sqlite::OpenOptions options;
        options.path = centre.db_path();
        sqlite::Database db(options);
        REQUIRE(sqlite::backup_to(db, to));
    }

    void restore_centre(const std::string& from) {
        serving = nullptr;
        restored.reset();
        centre.ingester.reset();
        centre.store.reset();
        for (const auto* suffix : {"", "-wal", "-shm"})
            std::filesystem::remove(centre.db_path() + suffix);
        std::filesystem::copy_file(from, centre.db_path());
        centre.reopen();
        restored = std::make_unique<server::CentreServer>(server::CentreServices{
            *centre.store, *centre.keys, centre.zone, centre.clock, centre.random, translate, log});
        serving = restored.get();
    }

    std::unique_ptr<server::CentreServer> restored;  // In the place of the first one.
    Machine machine{*this, dir.file("clinic"), 1};
};

inline std::set<EventUid> all_of(const std::set<EventUid>& some, const std::set<EventUid>& more) {
    auto all = some;
    all.insert(more.begin(), more.end());
    return all;
}

}  // namespace egret::tests
