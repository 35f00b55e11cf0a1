#include "sync/central/woman_keys.h"

#include "embedded/woman_key_schema.h"
#include "registry/crypto/random_bytes.h"
#include "registry/crypto/wipe.h"

#include <algorithm>
#include <utility>

namespace egret::central {
namespace {

// About 50 KiB in one write: a thousand women need no other.
constexpr std::int64_t drawn_at_once = 1024;
// Each holds its cipher's tables: about a kilobyte.
constexpr std::size_t keyed_max = 2048;
constexpr std::size_t salt_length = sizeof(codec::Salt);
constexpr std::size_t tag_length = sizeof(crypto::Tag);

constexpr auto insert_woman_key_sql = R"sql(
    INSERT INTO woman_key (woman_ix, key) VALUES (?1, ?2)
)sql";

/// What is sealed under nobody's key, since it stays when she is erased.
bool is_of_nobody(const codec::EventHeader& header) { return header.type == Erase::type; }

crypto::Nonce nonce_of(const codec::EventHeader& header) {
    crypto::Nonce nonce{};
    std::copy_n(header.commitment.begin(), nonce.size(), nonce.begin());
    return nonce;
}

}  // namespace

Result<std::unique_ptr<WomanKeys>> WomanKeys::open(store::FileOptions options) {
    options.kind = store::FileKind::woman_keys;
    auto db = store::open_file(options, embedded::woman_key_schema());
    if (!db) return std::move(db).error();
    return std::make_unique<WomanKeys>(*std::move(db));
}

WomanKeys::WomanKeys(std::unique_ptr<sqlite::Database> db)
    : db_(std::move(db)),
      select_key_(*db_, "SELECT key FROM woman_key WHERE woman_ix = ?1"),
      select_last_(*db_, "SELECT last FROM drawn"),
      insert_key_(*db_, insert_woman_key_sql),
      update_last_(*db_, "UPDATE drawn SET last = ?1"),
      delete_key_(*db_, "DELETE FROM woman_key WHERE woman_ix = ?1"),
      delete_after_(*db_, "DELETE FROM woman_key WHERE woman_ix > ?1") {}

store::StoredContent WomanKeys::seal(std::int64_t woman_ix, const codec::EventHeader& header,
                                     ByteView salt, ByteView payload) {
    auto* key = find_key(is_of_nobody(header) ? 0 : woman_ix);
    // Of who was erased nothing is stored: whoever asks for that has forgotten to look.
    if (key == nullptr) throw sqlite::SqliteError(sqlite::damaged_code, "a key is gone", "");
    auto content = copy_of(salt);
    append(content, payload);
    const auto tag = key->seal_to(nonce_of(header), {}, content, content);
    store::StoredContent sealed;
    const auto rest = content.begin() + static_cast<std::ptrdiff_t>(salt.size());
    sealed.salt.assign(content.begin(), rest);
    sealed.payload.assign(rest, content.end());
    append(sealed.payload, tag);
    return sealed;
}

std::optional<store::StoredContent> WomanKeys::open(std::int64_t woman_ix,
                                                    const codec::EventHeader& header, ByteView salt,
                                                    ByteView payload) {
    if (salt.size() != salt_length || payload.size() < tag_length) return std::nullopt;
    auto* key = find_key(is_of_nobody(header) ? 0 : woman_ix);
    if (key == nullptr) return std::nullopt;
    auto content = copy_of(salt);
    append(content, payload.first(payload.size() - tag_length));
    crypto::Tag tag{};
    std::copy(payload.end() - static_cast<std::ptrdiff_t>(tag_length), payload.end(), tag.begin());
    if (!key->open_to(nonce_of(header), {}, content, content, tag)) return std::nullopt;
    const auto rest = content.begin() + static_cast<std::ptrdiff_t>(salt_length);
    return store::StoredContent{Bytes(content.begin(), rest), Bytes(rest, content.end())};
}

/// Null, if it was destroyed.
crypto::AeadKey* WomanKeys::find_key(std::int64_t woman_ix) {
    if (const auto known = keyed_.find(woman_ix); known != keyed_.end()) return &known->second;
    if (woman_ix > last_drawn()) draw_up_to(woman_ix);
    auto run = select_key_.start();
    run.bind_all(woman_ix);
    if (!run.next()) return nullptr;
    if (keyed_.size() >= keyed_max) keyed_.clear();
    return &keyed_.emplace(woman_ix, crypto::AeadKey(crypto::Aead::aes_256_gcm, run.blob_view(0)))
                .first->second;
}

void WomanKeys::draw_up_to(std::int64_t woman_ix) {
    crypto::SystemRandom chance;
    sqlite::WriteTransaction tx(*db_);
    // Another process may have drawn them meanwhile.
    const auto last = last_drawn();
    if (woman_ix <= last) return;
    const auto end = std::max(woman_ix, last + drawn_at_once);
    auto key = crypto::Secret::of_size(crypto::key_bytes(crypto::Aead::aes_256_gcm));
    for (auto ix = last + 1; ix <= end; ++ix) {
        chance.fill(key.span());
        insert_key_.start().bind(1, ix).bind_view(2, key.view()).finish();
    }
    update_last_.start().bind_all(end).finish();
    tx.commit();
}

std::int64_t WomanKeys::last_drawn() { return select_last_.start().single().int64(0); }

bool WomanKeys::has(std::int64_t woman_ix) {
    auto run = select_key_.start();
    run.bind_all(woman_ix);
    return run.next();
}

std::vector<std::int64_t> WomanKeys::destroyed(std::int64_t last) {
    std::vector<std::int64_t> gone;
    sqlite::Statement select(*db_, "SELECT woman_ix FROM woman_key ORDER BY woman_ix");
    auto run = select.start();
    std::int64_t next = 0;
    const auto end = std::min(last, last_drawn());
    while (run.next() && run.int64(0) <= end) {
        for (; next < run.int64(0); ++next) gone.push_back(next);
        ++next;
    }
    for (; next <= end; ++next) gone.push_back(next);
    return gone;
}

void WomanKeys::destroy(std::span<const std::int64_t> women) {
    {
        sqlite::WriteTransaction tx(*db_);
        for (const auto woman_ix : women) {
            if (woman_ix <= 0) continue;
            delete_key_.start().bind_all(woman_ix).finish();
            keyed_.erase(woman_ix);
        }
        tx.commit();
    }
    db_->checkpoint_truncate();
}

void WomanKeys::forget_after(std::int64_t woman_ix) {
    {
        sqlite::WriteTransaction tx(*db_);
        if (last_drawn() <= woman_ix) return;
        delete_after_.start().bind_all(std::max<std::int64_t>(woman_ix, 0)).finish();
        update_last_.start().bind_all(std::max<std::int64_t>(woman_ix, 0)).finish();
        tx.commit();
        keyed_.clear();
    }
    db_->checkpoint_truncate();
}

}  // namespace egret::central
