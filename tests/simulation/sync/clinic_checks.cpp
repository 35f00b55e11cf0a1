// What must hold of a machine.

#include "registry/base/text.h"
#include "registry/store/log_check.h"
#include "sync/client/inbox_folder.h"
#include "sync/client/link_check.h"
#include "sync/client/outbox_folder.h"
#include "sync/client/upload_store.h"
#include "tests/simulation/sync/clinic.h"

#include <string>

namespace egret::sync_world {

std::uint64_t SimClinic::acked() {
    const auto state =
        client::UploadStore(registry_->database()).load(client::upload_bounds(*registry_));
    if (state.is_lost) find("forgot how far the centre is");
    if (state.safe_seq > state.acked_seq) find("holds for safe what isn't acknowledged");
    if (state.safe_seq > centre_.safe_told(device_)) find("holds for safe what nobody called so");
    return state.acked_seq;
}

void SimClinic::look() {
    if (is_gone_ || !registry_ || is_busy() || !has_power_) return;
    const tests::CrashDisk::Watch watch(disk_);
    const auto taken = acked();
    const auto known = known_.size();
    // What was taken over waits to be learnt until the sync is over.
    if (may_be_rewritten()) return;
    if (taken > known) find("holds more for acknowledged than it has");
    if (registry_->log().hash_at(device_, known) != known_hash(known)) find("its log has changed");
    if (!centre_.is_up()) return;
    const auto head = centre_.head(device_);
    // One that was restored since had it.
    if (taken > head.seq && !centre_.was_put_back())
        find("holds for acknowledged what the centre hasn't");
    if (head.seq > known) return find("the centre has more than was committed here");
    if (head.hash != known_hash(head.seq)) find("the centre has another log");
}

/// Of its own facts it forgets none but what was called safe.
void SimClinic::look_for_payloads() {
    const auto safe = centre_.safe_told(device_);
    for (const auto& line : registry_->log().entries(device_, 1, INT64_MAX, SIZE_MAX)) {
        if (!line.has_payload && line.seq > safe) find("forgot a fact that nobody called safe");
    }
}

void SimClinic::look_at_end() {
    run("look", [&] {
        if (!open()) return;
        if (keeper_) keeper_->settle();
    });
    if (!registry_) return find("isn't open at the end");
    look();
    const auto head = centre_.head(device_);
    if (head.seq != known_.size()) {
        find("the centre has " + std::to_string(head.seq) + " of " + std::to_string(known_.size()) +
             " facts at the end");
    } else if (head.hash != known_hash(head.seq)) {
        find("the centre has another log at the end");
    }
    if (acked() != known_.size()) find("hasn't heard that the centre has all");
    look_for_payloads();
    if (!client::OutboxFolder(home, disk_).items().empty())
        find("its outbox isn't empty at the end");
    if (!client::InboxFolder(home, disk_).items().empty()) find("its inbox isn't empty at the end");
    for (const auto& fault : client::check_link(*registry_, home))
        find("the check of its link: " + fault.kind);
    NoProgress quiet;
    for (const auto& fault : registry_->check(quiet)) find("the check of its file: " + fault.kind);
}

}  // namespace egret::sync_world
