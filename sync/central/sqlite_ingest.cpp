#include "registry/base/limits.h"
#include "sync/central/detail/ceiling.h"
#include "sync/central/sqlite_store.h"
#include "sync/core/sync_server.h"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <utility>

namespace egret::central {
namespace {

// About 60 KiB sealed: a poor line of 32 kbit/s carries that in fifteen seconds.
constexpr std::size_t own_log_bytes = 192 * 1024;

/// A device's log as far as it is here.
class StoredChain final : public sync::ChainView {
public:
    StoredChain(store::EventLog& log, const DeviceId& device) : log_(log), device_(device) {
        if (const auto stored = log_.find_head(device)) head_ = {stored->seq, stored->hash};
    }

    sync::ChainHead head() const override { return head_; }

    std::optional<Hash> find_hash(std::uint64_t seq) const override {
        return log_.hash_at(device_, seq);
    }

private:
    store::EventLog& log_;
    DeviceId device_;
    sync::ChainHead head_;
};

}  // namespace

sync::ChainHead SqliteStore::head(const DeviceId& id) {
    const std::lock_guard lock(mutex_);
    return StoredChain(log_, id).head();
}

Result<sync::Batch> SqliteStore::own_log(const DeviceId& id, std::uint64_t from) {
    const std::lock_guard lock(mutex_);
    const sqlite::ReadTransaction one_state(*db_);
    const auto head = StoredChain(log_, id).head();
    if (from > head.seq) return Error{ErrorCode::not_found, "from", msg("central.log_ends")};
    sync::Batch batch;
    batch.first_seq = from;
    batch.prev_hash = log_.hash_at(id, from - 1).value();
    batch.top_seq = head.seq;
    for (auto& line : log_.entries(id, from, limits::batch_facts_max, own_log_bytes)) {
        sync::LogEntry entry{std::move(line.event.header), {}, line.hash};
        if (line.has_payload) entry.content = {line.event.salt, std::move(line.event.payload)};
        batch.events.push_back(std::move(entry));
    }
    if (batch.events.empty())
        throw sqlite::SqliteError(sqlite::damaged_code, "a log has no event at its head", "");
    batch.last_hash = batch.events.back().hash;
    return batch;
}

sync::ReplyNews SqliteStore::news(const DeviceId& id, Instant now) {
    const std::lock_guard lock(mutex_);
    return read_news(id, now);
}

sync::ReplyNews SqliteStore::read_news(const DeviceId& id, Instant now) {
    sync::ReplyNews news;
    news.must_rejoin = tell_of_copies(forks_.of(id), now);
    for (const auto scope : scopes_.scopes_of(id))
        news.feed.push_back({scope, feed_.end(scope).pos});
    return news;
}

/// What the device says of how far it is in its feeds, as far as that is so.
void SqliteStore::note_cursors(const Upload& upload, sqlite::WriteTransaction& tx) {
    for (const auto& mark : upload.batch.cursors) {
        const auto known = feed_.known(mark.scope, mark.pos);
        const bool is_so =
            known.hash && std::equal(mark.hash.begin(), mark.hash.end(), known.hash->begin());
        if (is_so && is_reader(upload.device, mark.scope))
            scopes_.note_told(upload.device, mark.scope, mark.pos, upload.received, tx);
    }
}

Result<Ingested> SqliteStore::ingest(Upload upload) {
    return ingest_queue_.pass(std::move(upload),
                              [this](IngestQueue::Group group) { ingest_group(group); });
}

void SqliteStore::ingest_group(IngestQueue::Group group) {
    const std::lock_guard lock(mutex_);
    if (group.size() > 1 && take_in_together(group)) return;
    for (auto* one : group) take_in_alone(*one);
}

/// All, or nothing: what one of them does to the store must not be the others' fault. Then each is
/// tried alone, and has the outcome that it has alone.
bool SqliteStore::take_in_together(IngestQueue::Group group) {
    try {
        sqlite::WriteTransaction tx(*db_);
        std::vector<Result<Ingested>> outcomes;
        for (auto* one : group) outcomes.push_back(take_in(*one, tx));
        before_commit_();
        tx.commit();
        for (std::size_t i = 0; i < group.size(); ++i) group[i]->outcome = std::move(outcomes[i]);
        return true;
    } catch (const std::exception&) {
        return false;
    }
}

void SqliteStore::take_in_alone(WaitingUpload& one) {
    try {
        sqlite::WriteTransaction tx(*db_);
        auto outcome = take_in(one, tx);
        before_commit_();
        tx.commit();
        one.outcome = std::move(outcome);
    } catch (...) {
        one.failure = std::current_exception();
    }
}

Result<Ingested> SqliteStore::take_in(WaitingUpload& one, sqlite::WriteTransaction& tx) {
    const auto& upload = one.upload;
    const auto device = devices_.find(upload.device);
    if (!device || device->revoked || device->is_damaged)
        return Error{ErrorCode::forbidden, "device", msg("central.revoked_device")};

    const StoredChain stored(log_, upload.device);
    const auto decision = sync::decide_upload(stored, upload.batch);
    Ingested ingested;
    ingested.code = decision.code();
    ingested.head = stored.head();
    devices_.note_batch(upload, tx);
    note_cursors(upload, tx);
    if (decision.kind == sync::UploadDecision::Kind::fork) {
        devices_.note_fork(upload.device, upload.received, tx);
        forks_.note(upload.device, {ingested.head.seq, upload.received}, tx);
    }
    if (decision.kind == sync::UploadDecision::Kind::append) {
        ingested.head = {upload.batch.last_seq(), upload.batch.last_hash};
        ingested.added = upload.batch.events.size() - decision.append_from;
        append(one, decision.append_from, tx);
    }
    ingested.safe_seq = backups_.safe_seq(upload.device);
    ingested.news = read_news(upload.device, upload.received);
    return ingested;
}

void SqliteStore::append(WaitingUpload& one, std::size_t from, sqlite::WriteTransaction& tx) {
    take_out_erased(one, from);
    const auto& upload = one.upload;
    const auto added = std::span(one.events).subspan(from);
    const auto head = log_.find_head(upload.device);
    // At the centre, whose clock is kept right, a day that was is not taken back.
    auto known_day = upload.known_day;
    if (const auto last = log_.last_ingest()) known_day = std::max(known_day, last->known_day);
    const auto ingest = log_.begin_ingest(
        {upload.received, known_day, {upload.clock_offset_ms, ceiling_at(upload.received)}}, tx);
    const auto first_seq = upload.batch.first_seq + from;
    const auto appended = log_.append(ingest, {upload.device, first_seq, head->hash, added}, tx);
    // The decision was made on this very state: anything else is our bug, and changes nothing.
    if (!appended) throw std::logic_error("a batch that fits was not taken into the log");
    for (std::size_t i = 0; i < appended->size(); ++i) {
        const auto why = upload.verdicts[from + i].refused_because;
        if (!why.empty()) log_.quarantine((*appended)[i].position, std::string(why), tx);
    }
    const FedBatch fed{ingest, {upload.device, head->clinic},           first_seq, *appended,
                       added,  std::span(upload.verdicts).subspan(from)};
    const auto watch = feed_writer_.watch(fed);
    projector_.apply(ingest, *appended, tx);
    feed_writer_.write(fed, tx);
    devices_.add_upload(ingest.id, upload, first_seq, tx);
}

}  // namespace egret::central
