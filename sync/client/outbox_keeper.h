#pragma once

#include "registry/base/result.h"
#include "registry/service/clinic.h"
#include "sync/client/link_keys.h"
#include "sync/client/outbox_folder.h"
#include "sync/core/key_bundle.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace egret::client {

/// Keeps the outbox what the open registry says: every fact that the centre hasn't acknowledged is
/// in it, once settled, and nothing is removed from it that isn't acknowledged, by an answer that
/// was checked and is written down in the registry.
///
/// What the centre's feeds brought while the registry was locked is taken in by the way
/// (inbox_keeper.h).
///
/// Files are merged as they become as many as those before them, so that there are few, and no fact
/// is sealed more than a few times.
class OutboxKeeper {
    struct Private {};  // Only find() makes one.

public:
    OutboxKeeper(Private, service::Clinic& clinic, const std::string& dir, LinkKeys keys,
                 sync::KeyBundle bundle);

    /// Nothing, if the clinic has no centre, or its keys can't be read: then there is nobody to
    /// seal to. The clinic outlives the keeper.
    static std::unique_ptr<OutboxKeeper> find(service::Clinic& clinic, const std::string& dir);

    /// Applies what the centre answered meanwhile, looks through all files, and seals what is
    /// missing or damaged.
    /// Throws std::system_error or sqlite::SqliteError if the disk fails or is full; what was not
    /// done then, the next call does.
    void settle();

    /// Facts of others that the inbox held, and that were new here; of all calls.
    std::uint64_t received() const noexcept { return received_; }

    /// Seals what was recorded since settle().
    /// Throws as settle() does.
    void seal_new();

    /// An older copy of the registry was put back: the outbox holds facts that it doesn't know, and
    /// nothing of its own is sealed under their numbers or later ones. The next sync with the
    /// registry open puts both together.
    bool waits_for_repair() const noexcept { return !strangers_.empty(); }

private:
    bool read_keys();
    void apply_receipt();
    std::uint64_t acked_seq();
    std::uint64_t last_to_seal();
    std::vector<OutboxItem> sort_out(std::uint64_t acked);
    void seal(std::uint64_t first, std::uint64_t last);
    void seal_beside(std::vector<OutboxItem> known, std::uint64_t acked);
    OutboxOwner owner() const;
    Instant trusted_now() const;

    service::Clinic& clinic_;
    std::string dir_;
    OutboxFolder folder_;
    LinkKeys keys_;
    sync::KeyBundle bundle_;
    std::optional<Bytes> read_;      // The file that these are from.
    std::vector<OutboxItem> items_;  // Those that count, without overlaps.
    std::vector<OutboxItem> strangers_;
    std::uint64_t sealed_to_ = 0;
    std::uint64_t received_ = 0;
    Hash sealed_hash_{};  // Of the log there.
};

}  // namespace egret::client
