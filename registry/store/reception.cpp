#include "registry/store/reception.h"

#include "registry/crypto/hash.h"
#include "registry/domain/authority.h"

#include <algorithm>
#include <map>
#include <utility>
#include <variant>

namespace egret::store {
namespace {

// More than any batch has; a range that says more is cut there.
constexpr std::uint64_t judged_at_once_max = 100'000;

/// The clock by which most facts of the page are judged.
ClockCorrection usual_clock(const std::vector<ReceivedItem>& items) {
    std::map<std::pair<std::int64_t, std::uint64_t>, std::size_t> counts;
    for (const auto& item : items) {
        if (const auto* fact = std::get_if<ReceivedFact>(&item))
            ++counts[{fact->clock.offset_ms, fact->clock.ceiling.value}];
    }
    if (counts.empty()) return {};
    const auto most =
        std::ranges::max_element(counts, {}, [](const auto& counted) { return counted.second; });
    return {most->first.first, Hlc{most->first.second}};
}

}  // namespace

Reception::Reception(EventLog& log, sqlite::Database& db, const DeviceId& own)
    : log_(log),
      own_(own),
      statements_(db),
      foreign_(log, statements_, db),
      components_(log, db),
      places_(db),
      files_(db) {}

ReceptionWork Reception::take(const Received& received, Arrival arrival,
                              sqlite::WriteTransaction& tx) {
    work_ = {};
    tx_ = &tx;
    arrival_ = arrival;
    arrival_.clock = usual_clock(received.items);
    safe_seq_ = received.safe_seq;
    for (const auto& device : received.devices) name_device(device);
    for (const auto& item : received.items)
        std::visit([&](const auto& one) { take_item(one); }, item);
    places_.save(received.place, tx);
    tx_ = nullptr;
    return std::move(work_);
}

const Ingest& Reception::ingest() {
    if (!work_.ingest) work_.ingest = log_.begin_ingest(arrival_, *tx_);
    return *work_.ingest;
}

void Reception::name_device(const DeviceName& name) {
    const auto head = log_.find_head(name.id);
    if (!head && name.id != own_) log_.add_foreign_device(name, *tx_);
    if (!head || head->clinic == name.clinic) return;
    log_.rename_device(name.id, name, *tx_);
    if (name.id == own_) work_.own_code = name.clinic;
    // Whose a fact is decides what it may say, and where it happened.
    if (head->seq > 0) work_.change.needs_rebuild = true;
}

void Reception::take_item(const ReceivedMove& move) { name_device({move.device, move.clinic}); }

void Reception::take_item(const ReceivedFact& received) {
    const auto restated = work_.change.restated.size();
    const auto header = codec::decode_header(received.event.header);
    auto fact = received;
    // Whatever way it took: of who was erased nothing comes back.
    if (header && header->type != Erase::type && log_.is_erased(header->subject)) {
        fact.event.is_erased = true;
        fact.event.salt = {};
        fact.event.payload.clear();
    }
    const auto taken =
        foreign_.take([this]() -> const Ingest& { return ingest(); }, fact, work_.change, *tx_);
    work_.outcome.rejudged += work_.change.restated.size() - restated;
    switch (taken) {
        case ForeignLog::Taken::brought_new: ++work_.outcome.new_facts; break;
        case ForeignLog::Taken::already_there: break;
        case ForeignLog::Taken::not_ours: ++work_.outcome.own_unknown; return;
    }
    if (!header) return;
    work_.seen = std::max(work_.seen, fact.clock.effective(header->hlc));
    if (header->type == Erase::type && taken == ForeignLog::Taken::brought_new)
        erase(fact, *header);
}

/// Also what this machine recorded itself and the centre may lose: she asked for that.
void Reception::erase(const ReceivedFact& order, const codec::EventHeader& header) {
    const auto event = codec::decode_event(order.event);
    const auto head = log_.find_head(order.device);
    if (!event || !head || !is_erasure({*event, {}, head->clinic})) return;
    const auto woman_ix = log_.women().find(header.subject);
    if (!woman_ix) return;
    for (const auto& line : foreign_.lines_with_payload(*woman_ix)) {
        if (foreign_.drop_payload(ingest(), line.position, erased_content, *tx_))
            ++work_.outcome.forgotten;
    }
    work_.change.needs_rebuild = true;
    work_.erased.push_back({header.subject, header.uid});
}

void Reception::take_item(const ReceivedJudgement& judgement) {
    if (!log_.find_head(judgement.device)) return;
    // Of the own log the numbers stand for what the centre has, here or not yet; of another's
    // only what is here, for each fact that comes brings its judgement along.
    const auto last = std::min(judgement.last_seq, judgement.first_seq + judged_at_once_max - 1);
    for (auto seq = judgement.first_seq; seq != 0 && seq <= last; ++seq) judge(judgement, seq);
}

void Reception::judge(const ReceivedJudgement& judgement, std::uint64_t seq) {
    const bool is_of_own = judgement.device == own_;
    if (is_of_own && !is_own(judgement, seq)) ++work_.outcome.own_unknown;
    if (!is_of_own && !log_.hash_at(judgement.device, seq)) return;
    const ClockJudgement said{judgement.clock, judgement.order_device};
    if (statements_.find_judgement(judgement.device, seq) == said) return;
    const auto judged = statements_.judge(ingest(), judgement.device, seq, said, *tx_);
    work_.outcome.rejudged += judged.facts.size();
    restate(judged);
}

/// Whether the centre means the fact that is here under that number, as far as it says.
bool Reception::is_own(const ReceivedJudgement& judgement, std::uint64_t seq) {
    if (!judgement.header_hash) return log_.hash_at(own_, seq).has_value();
    const auto lines = log_.entries(own_, seq, 1, 1);
    return !lines.empty() && lines.front().seq == seq &&
           crypto::sha256(lines.front().event.header) == *judgement.header_hash;
}

void Reception::take_item(const ReceivedRuling& ruling) {
    const Ruling said{ruling.uid, ruling.holds, ruling.reason};
    // Also of what was never refused: it may be a void that its maker has no say in.
    if (statements_.find_ruling(ruling.uid) == said) return;
    ++work_.outcome.ruled;
    restate(statements_.rule(ingest(), said, *tx_));
}

void Reception::restate(const Restated& restated) {
    auto& all = work_.change.restated;
    all.insert(all.end(), restated.facts.begin(), restated.facts.end());
}

void Reception::take_item(const ReceivedDrop& drop) {
    for (const auto& member : components_.read_woman(drop.woman).members) {
        const auto woman_ix = log_.women().find(member);
        if (!woman_ix) continue;
        for (const auto& line : foreign_.lines_with_payload(*woman_ix)) drop_line(line);
    }
}

/// What this machine recorded itself stays, until the centre can't lose it any more.
void Reception::drop_line(const ForeignLog::Line& line) {
    if (line.device == own_ && line.seq > safe_seq_) {
        ++work_.outcome.kept;
        return;
    }
    if (!foreign_.drop_payload(ingest(), line.position, dropped_content, *tx_)) return;
    ++work_.outcome.forgotten;
    work_.change.needs_rebuild = true;
}

void Reception::take_item(const ReceivedFile& file) {
    files_.save({file.kind, file.name, file.version, file.frame}, *tx_);
}

}  // namespace egret::store
