#pragma once

#include "registry/base/bytes.h"
#include "registry/base/ids.h"
#include "registry/crypto/sign.h"
#include "registry/files/disk.h"
#include "sync/core/protocol.h"
#include "sync/core/upload_piece.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What was recorded, sealed to the centre, beside the registry: so that it can be handed over
/// while the registry is locked.
///
///   outbox/<first>-<last>-<hash>   an envelope of kind 1 (sync/core/envelope.h) with the facts of
///                                  these numbers; first the 16 hexadecimal digits of the hash that
///                                  the log had at the last one when it was sealed
///   outbox/aside/<the same>        envelopes of an earlier state of the registry that don't go on
///                                  from what the centre has: kept, and used for nothing
///   outbox/receipts/latest         the centre's last signed answer, until the registry is opened:
///                                  a line "upload" or "head", then the answer
///                                  (sync/core/protocol.h)
///
/// Numbers have twelve digits. Facts may be in several files after a crash; the centre knows them
/// by their numbers and hashes.
namespace egret::client {

/// What whoever hands over the outbox holds, or replaces the keys that this is done with.
std::string outbox_lock_path(const std::string& dir);

/// One file of sealed facts, by its name.
struct OutboxItem {
    std::uint64_t first_seq = 0;
    std::uint64_t last_seq = 0;
    std::string hash;  // Of the log at last_seq, its beginning.

    std::string name() const;

    std::uint64_t fact_count() const noexcept { return last_seq - first_seq + 1; }

    bool covers(std::uint64_t seq) const noexcept { return first_seq <= seq && seq <= last_seq; }

    friend bool operator==(const OutboxItem&, const OutboxItem&) = default;
};

/// How a hash stands in a name.
std::string name_part(const Hash& hash);

/// Whose envelopes they must be, and to which key of the centre.
struct OutboxOwner {
    DeviceId device;
    crypto::VerifyKey key{};
    sync::KeyId recipient{};
};

/// What is wrong with a file.
enum class OutboxFlaw : std::uint8_t {
    none,
    damaged,       // Not what was sealed, or not under its name.
    other_device,  // Of this registry's name before it joined anew.
    old_key,       // The centre has another key by now.
};

/// The centre's answer, not yet applied.
struct KeptReceipt {
    bool is_head = false;
    std::string body;
};

class OutboxFolder {
public:
    /// `dir` is the registry's folder; nothing is made before there is something to keep. `disk`
    /// outlives this.
    explicit OutboxFolder(const std::string& dir, files::Disk& disk = files::system_disk());

    /// By their first numbers, then their last ones. Files of other names are left alone.
    std::vector<OutboxItem> items() const;

    /// The sealed facts; nothing, if the file is gone or too large.
    std::optional<Bytes> read(const OutboxItem& item) const;

    /// The envelope, if it is whole; else what is wrong.
    OutboxFlaw inspect(const OutboxItem& item, const OutboxOwner& owner, Bytes* envelope) const;

    /// On the disk, under its name, when this returns.
    /// Throws std::system_error if the disk fails or is full.
    OutboxItem add(const sync::Outbox& piece) const;
    void remove(const OutboxItem& item) const;
    /// Out of the way, and kept. Throws as add() does.
    void set_aside(const OutboxItem& item) const;

    /// What a crash left of files that were being written.
    void remove_drafts() const;

    /// In place of the one before. Throws as add() does.
    void keep_receipt(const KeptReceipt& receipt) const;
    std::optional<KeptReceipt> find_receipt() const;
    void remove_receipt() const;

private:
    std::string path_of(const OutboxItem& item) const;

    files::Disk& disk_;
    std::string folder_;
    std::string receipt_;
};

/// The file to send after `seq`: one that goes on from there, and of these the one that goes
/// furthest; null if there is none.
const OutboxItem* find_next(const std::vector<OutboxItem>& items, std::uint64_t seq);

}  // namespace egret::client
