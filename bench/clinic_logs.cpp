#include "bench/clinic_logs.h"

#include "registry/base/random.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <tuple>

namespace egret::bench {
namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t morning_ms = 8 * 3'600'000;
constexpr std::int64_t evening_ms = 18 * 3'600'000;

Instant at(std::int32_t day, std::int64_t of_day_ms) {
    return instant_from_unix_ms(day * day_ms + of_day_ms);
}

}  // namespace

ClinicLogs::ClinicLogs(std::uint64_t facts, std::size_t clinics, std::uint64_t seed) {
    world::WorldPlan plan;
    plan.persons = facts;  // More than are ever made.
    plan.clinics = clinics;
    plan.seed = seed;
    const world::PlainWorld world(plan);
    clinics_ = world.clinics();
    SeededRandom random(seed);
    for (std::size_t i = 0; i < clinics; ++i) {
        senders_.push_back({make_random_id<DeviceTag>(random), crypto::SigningKey::generate(random),
                            crypto::SealKeyPair::generate(random)});
    }
    for (std::uint64_t person = 0; lines_.size() < facts; ++person) add(world.life(person), random);
    std::sort(lines_.begin(), lines_.end(), [](const Line& a, const Line& b) {
        return std::tie(a.day, a.clinic, a.place) < std::tie(b.day, b.clinic, b.place);
    });
}

void ClinicLogs::add(const world::Life& life, Random& random) {
    for (const auto& entry : life.entries) {
        const auto place = static_cast<std::uint32_t>(lines_.size());
        Event event;
        event.uid = entry.uid;
        event.hlc = Hlc{}.next(at(entry.day.days(), morning_ms + place % 30'000'000));
        event.subject = entry.subject;
        event.scope = entry.clinic + 1;
        event.author.bytes.fill(static_cast<std::uint8_t>(entry.clinic + 1));
        event.supersedes = entry.supersedes;
        event.fact = entry.fact;
        if (std::holds_alternative<Register>(event.fact.detail)) ++registers_;
        auto encoded = codec::encode_event(event, random);
        if (!encoded) throw std::runtime_error("a fact of the world can't be encoded");
        lines_.push_back({entry.day.days(), static_cast<std::uint32_t>(entry.clinic), place,
                          *std::move(encoded)});
    }
}

Parcel ClinicLogs::parcel(std::size_t clinic, const std::vector<const Line*>& lines) const {
    Parcel parcel{clinic, at(lines.back()->day, evening_ms), {}};
    parcel.batch.app_version = "0.1.0";
    parcel.batch.schema_version = 1;
    parcel.batch.clock_ms = unix_ms(parcel.sent);
    parcel.batch.events.reserve(lines.size());
    for (const auto* line : lines) {
        sync::LogEntry entry;
        entry.header = line->event.header;
        entry.content = sync::SaltedPayload{line->event.salt, line->event.payload};
        parcel.batch.events.push_back(std::move(entry));
    }
    return parcel;
}

std::vector<Parcel> ClinicLogs::parcels(std::size_t facts_a_batch) const {
    std::vector<std::vector<const Line*>> waiting(clinics_.size());
    std::vector<sync::ChainHead> heads(clinics_.size());
    std::vector<Parcel> parcels;
    const auto send = [&](std::size_t clinic) {
        auto made = parcel(clinic, waiting[clinic]);
        auto& head = heads[clinic];
        made.batch.first_seq = head.seq + 1;
        made.batch.prev_hash = head.hash;
        for (auto& entry : made.batch.events)
            head = {head.seq + 1, entry.hash = codec::hash_event(head.hash, entry.header)};
        made.batch.last_hash = head.hash;
        made.batch.top_seq = head.seq;
        parcels.push_back(std::move(made));
        waiting[clinic].clear();
    };
    for (const auto& line : lines_) {
        waiting[line.clinic].push_back(&line);
        if (waiting[line.clinic].size() == facts_a_batch) send(line.clinic);
    }
    for (std::size_t clinic = 0; clinic < waiting.size(); ++clinic) {
        if (!waiting[clinic].empty()) send(clinic);
    }
    return parcels;
}

std::vector<SealedParcel> ClinicLogs::sealed(std::size_t facts_a_batch,
                                             const crypto::SealPublicKey& centre,
                                             Random& random) const {
    std::vector<SealedParcel> all;
    for (const auto& parcel : parcels(facts_a_batch)) {
        const auto& sender = senders_[parcel.clinic];
        all.push_back({parcel.clinic, parcel.sent, parcel.batch.events.size(),
                       sync::seal_batch(parcel.batch,
                                        {sender.id, 1, sync::EnvelopeSuite::aes_256_gcm, centre},
                                        sender.sign, random)});
    }
    return all;
}

}  // namespace egret::bench
