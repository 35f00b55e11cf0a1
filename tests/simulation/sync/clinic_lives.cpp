// What becomes of a machine: copied, put back, gone, let in anew.

#include "sync/client/clinic_link.h"
#include "sync/client/outbox_folder.h"
#include "tests/simulation/sync/clinic.h"

#include <utility>

namespace egret::sync_world {

void SimClinic::back_up() {
    run("back_up", [&] {
        if (!open() || may_be_rewritten()) return;
        shut();
        backup_ = Backup{disk_.files(), known_, hashes_};
    });
}

void SimClinic::put_back(bool is_registry_only) {
    // What the centre has by now comes back; what only the lost disk had doesn't.
    if (!backup_ || !centre_.is_up() || may_be_rewritten()) return;
    run("put_back", [&] {
        // A device that joined meanwhile isn't the one of the backup.
        if (!open() || !backup_) return;
        shut();
        auto left = centre_.head(device_).seq;
        if (is_registry_only && !is_old_) {
            // Nor what waits sealed beside it.
            for (const auto& item : client::OutboxFolder(home, disk_).items())
                left = std::max(left, item.last_seq);
        }
        for (std::size_t i = 0; i < known_.size() && i < left; ++i) owed_.insert(known_[i]);
        for (const auto& uid : backup_->known) owed_.erase(uid);
        auto files = backup_->disk;
        if (is_registry_only) {
            const auto is_registry = [](const std::string& name) {
                return name.find("/registry.db") != std::string::npos;
            };
            files = disk_.files();
            std::erase_if(files, [&](const auto& file) { return is_registry(file.first); });
            for (const auto& file : backup_->disk) {
                if (is_registry(file.first)) files.insert(file);
            }
        }
        disk_.set_files(files);
        known_ = backup_->known;
        hashes_ = backup_->hashes;
        is_put_back_ = true;
    });
}

std::unique_ptr<SimClinic> SimClinic::copy(std::string name, std::uint64_t seed) {
    std::unique_ptr<SimClinic> made;
    run("copy", [&] {
        if (!open() || is_put_back_) return;
        shut();
        made = std::make_unique<SimClinic>(
            world_, centre_, rates_, Made{made_.founded, made_.clinics, std::move(name), is_old_},
            seed);
        made->disk_.set_files(disk_.files());
        made->device_ = device_;
        made->known_ = known_;
        made->hashes_ = hashes_;
        made->has_right_clock_ = has_right_clock_;
        made->is_shared_ = is_shared_ = true;
    });
    return made;
}

void SimClinic::destroy() {
    if (is_gone_ || is_working_) return;
    shut();
    disk_.mend();
    is_gone_ = true;
    say("is gone");
}

void SimClinic::join_anew(bool is_needed) {
    if (!is_needed && !must_join_) return;
    run("join_anew", [&] {
        if (!open() || !centre_.is_up()) return;
        const auto code = centre_.invite(made_.founded.code);
        if (!code) return;
        NoProgress quiet;
        const auto joined = client::ClinicLink(*registry_, home, line_.direct(device_))
                                .enrol("https://centre:8443", *code, quiet);
        if (!joined) {
            const auto& error = joined.error();
            say("can't join: " + error.message.id);
            // It was let in again, since the centre is an earlier one.
            const bool is_member = error.message.id == "link.enrolled_already";
            if (is_member) must_join_ = false;
            if (!is_member && error.code != ErrorCode::unavailable && !disk_.has_failed())
                find("can't join: " + error.message.id);
        }
        // With other keys the outbox is another.
        shut();
        open();
    });
}

void SimClinic::heed_restored_centre(const std::set<EventUid>& left) {
    std::erase_if(owed_, [&](const EventUid& uid) { return !left.contains(uid); });
}

}  // namespace egret::sync_world
