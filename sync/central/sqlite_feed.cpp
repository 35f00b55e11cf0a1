#include "registry/domain/area.h"
#include "sync/central/sqlite_store.h"
#include "sync/core/wire_limits.h"

#include <algorithm>
#include <chrono>

namespace egret::central {
namespace {

// From then on a snapshot has what the feed said: a clinic that was away longer begins with one.
constexpr std::chrono::days items_kept{400};

// Saved once everybody who was in the log then is entered into the scopes.
constexpr auto begun_setting = "feeds";

Error no_reader() { return {ErrorCode::forbidden, "scope", msg("central.not_your_scope")}; }

}  // namespace

/// A centre that an older program made holds facts of women whom no scope is told of yet.
void SqliteStore::begin_feeds() {
    const std::lock_guard lock(mutex_);
    if (settings_.find(begun_setting)) return;
    sqlite::WriteTransaction tx(*db_);
    const auto last = log_.last_ingest();
    if (last) feed_writer_.enter_all({}, last->received, tx);
    settings_.save(begun_setting, "1", tx);
    tx.commit();
}

bool SqliteStore::is_reader(const DeviceId& device, std::uint64_t scope) {
    const auto scopes = scopes_.scopes_of(device);
    return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
}

Result<FeedReply> SqliteStore::feed_page(const DeviceId& device, const sync::FeedCursor& asked,
                                         Instant now) {
    const std::lock_guard lock(mutex_);
    sqlite::WriteTransaction tx(*db_);
    if (!is_reader(device, asked.scope)) return no_reader();
    auto reply = feed_reader_.page(device, asked);
    if (reply.answer == sync::FeedAnswer::page)
        scopes_.note_told(device, asked.scope, asked.pos, now, tx);
    tx.commit();
    return reply;
}

Result<FeedReply> SqliteStore::later_page(const DeviceId& device, const sync::FeedCursor& asked) {
    const std::lock_guard lock(mutex_);
    const sqlite::ReadTransaction one_state(*db_);
    if (!is_reader(device, asked.scope)) return no_reader();
    return feed_reader_.page(device, asked);
}

Result<FeedReply> SqliteStore::snapshot_page(const DeviceId& device, std::uint64_t scope,
                                             ByteView asked, Instant) {
    const std::lock_guard lock(mutex_);
    const sqlite::ReadTransaction one_state(*db_);
    if (!is_reader(device, scope)) return no_reader();
    return feed_reader_.snapshot(device, scope, asked);
}

std::vector<FeedStanding> SqliteStore::feed_standings() {
    const std::lock_guard lock(mutex_);
    const sqlite::ReadTransaction one_state(*db_);
    std::vector<FeedStanding> all;
    for (const auto& device : scopes_.devices()) {
        for (const auto scope : scopes_.scopes_of(device)) {
            auto standing = scopes_.find_told(device, scope).value_or(FeedStanding{device, scope});
            standing.head_pos = feed_.end(scope).pos;
            all.push_back(standing);
        }
    }
    return all;
}

Result<AreaScope> SqliteStore::give_area(const DeviceId& device, std::string_view area) {
    const std::lock_guard lock(mutex_);
    sqlite::WriteTransaction tx(*db_);
    const auto code = AreaCode::parse_known(area);
    if (!code) return Error{code.error()}.within("area");
    const auto scopes = scopes_.scopes_of(device);
    if (scopes.empty()) return Error{ErrorCode::not_found, "device", msg("central.unknown_device")};
    if (scopes.size() >= limits::feed_scopes_max)
        return Error{ErrorCode::conflict, "area", msg("central.too_many_areas")};
    const auto found = scopes_.add_area(code->text(), tx);
    const auto last = log_.last_ingest();
    if (found.is_new && last) feed_writer_.enter_all(found.area.scope, last->received, tx);
    scopes_.give(device, found.area.scope, tx);
    tx.commit();
    return found.area;
}

bool SqliteStore::take_area(const DeviceId& device, std::string_view area) {
    const std::lock_guard lock(mutex_);
    sqlite::WriteTransaction tx(*db_);
    bool is_taken = false;
    const auto code = AreaCode::parse_known(area);
    for (const auto& known : scopes_.areas()) {
        if (code && known.area == code->text()) is_taken = scopes_.take(device, known.scope, tx);
    }
    tx.commit();
    return is_taken;
}

std::vector<AreaScope> SqliteStore::areas_of(const DeviceId& device) {
    const std::lock_guard lock(mutex_);
    return scopes_.areas_of(device);
}

Swept SqliteStore::sweep_feeds(Instant now) {
    const std::lock_guard lock(mutex_);
    sqlite::WriteTransaction tx(*db_);
    Swept swept;
    swept.dropped = feed_writer_.sweep(now, tx);
    swept.compacted = feed_.compact(now - items_kept, tx);
    spool_.sweep(now - spool_kept, tx);
    tx.commit();
    return swept;
}

}  // namespace egret::central
