#pragma once

#include "registry/base/random.h"
#include "registry/base/result.h"
#include "registry/crypto/aead.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "registry/store/open.h"
#include "registry/store/payload_seal.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>

namespace egret::central {

/// The keys of all women of a centre, 32 bytes each, in the file keys.db beside centre.db. What is
/// known of a woman is stored under hers; when that is destroyed, no copy of centre.db tells it.
///
/// Salt ‖ content of a fact is sealed by AES-256-GCM under the key of the woman whom its header
/// names, with the first 12 bytes of the header's commitment for a nonce: which is the hash of just
/// that, so that a nonce comes again only with the same content. An erasure itself is sealed under
/// key 0, which is nobody's.
///
/// Keys are drawn in blocks ahead of the women, and are on the disk before anything is sealed under
/// one: so a batch with new women waits for no second file. The file may be read and written by
/// several processes.
///
/// For one thread at a time. Any member throws SqliteError when the file or the disk fails.
class WomanKeys final : public store::PayloadSeal {
public:
    static constexpr const char* file_name = "keys.db";

    /// Makes the file that `options` names, or opens it; kind is what it will.
    /// Errors: those of store::open_file.
    static Result<std::unique_ptr<WomanKeys>> open(store::FileOptions options);

    explicit WomanKeys(std::unique_ptr<sqlite::Database> db);

    store::StoredContent seal(std::int64_t woman_ix, const codec::EventHeader& header,
                              ByteView salt, ByteView payload) override;
    std::optional<store::StoredContent> open(std::int64_t woman_ix,
                                             const codec::EventHeader& header, ByteView salt,
                                             ByteView payload) override;

    /// Up to that number keys were drawn.
    std::int64_t last_drawn();
    bool has(std::int64_t woman_ix);
    /// Those up to `last` that were destroyed.
    std::vector<std::int64_t> destroyed(std::int64_t last);

    /// Afterwards they are nowhere in the file, nor in what lies beside it.
    /// Throws SqliteError: busy, while somebody reads an older state of it; the keys are destroyed
    /// then, and the next call takes what is left of them off the disk.
    void destroy(std::span<const std::int64_t> women);
    /// All behind that number, for they were of other women. They are drawn anew.
    void forget_after(std::int64_t woman_ix);

    sqlite::Database& database() noexcept { return *db_; }

private:
    crypto::AeadKey* find_key(std::int64_t woman_ix);
    void draw_up_to(std::int64_t woman_ix);

    std::unique_ptr<sqlite::Database> db_;
    sqlite::Statement select_key_;
    sqlite::Statement select_last_;
    sqlite::Statement insert_key_;
    sqlite::Statement update_last_;
    sqlite::Statement delete_key_;
    sqlite::Statement delete_after_;
    std::unordered_map<std::int64_t, crypto::AeadKey> keyed_;  // Those that were used last.
};

}  // namespace egret::central
