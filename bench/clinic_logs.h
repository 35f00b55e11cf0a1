#pragma once

#include "cli/world/plain_world.h"
#include "registry/base/clock.h"
#include "registry/base/ids.h"
#include "registry/codec/event_codec.h"
#include "registry/crypto/hpke.h"
#include "registry/crypto/sign.h"
#include "sync/core/batch.h"

#include <cstdint>
#include <vector>

/// The work of invented clinics, as their devices would send it.
namespace egret::bench {

struct Sender {
    DeviceId id;
    crypto::SigningKey sign;
    crypto::SealKeyPair seal;
};

/// One batch that is ready to be sent.
struct Parcel {
    std::size_t clinic = 0;
    Instant sent;
    sync::Batch batch;
};

struct SealedParcel {
    std::size_t clinic = 0;
    Instant sent;
    std::size_t facts = 0;
    Bytes envelope;
};

/// All facts of a world in the order of its days, each encoded, in one log for each clinic. A visit
/// makes several facts of one woman on one day; a woman comes back over the years.
class ClinicLogs {
public:
    /// Stops after whole persons, when there are at least that many facts.
    ClinicLogs(std::uint64_t facts, std::size_t clinics, std::uint64_t seed);

    std::uint64_t fact_count() const noexcept { return lines_.size(); }

    std::uint64_t register_count() const noexcept { return registers_; }

    const std::vector<world::WorldClinic>& clinics() const noexcept { return clinics_; }

    const std::vector<Sender>& senders() const noexcept { return senders_; }

    /// Each clinic sends whenever it has that many facts, and at the end what is left.
    std::vector<Parcel> parcels(std::size_t facts_a_batch) const;
    std::vector<SealedParcel> sealed(std::size_t facts_a_batch, const crypto::SealPublicKey& centre,
                                     Random& random) const;

private:
    struct Line {
        std::int32_t day = 0;
        std::uint32_t clinic = 0;
        std::uint32_t place = 0;  // In the order in which lives were made.
        codec::EncodedEvent event;
    };

    void add(const world::Life& life, Random& random);
    Parcel parcel(std::size_t clinic, const std::vector<const Line*>& lines) const;

    std::vector<world::WorldClinic> clinics_;
    std::vector<Sender> senders_;
    std::vector<Line> lines_;
    std::uint64_t registers_ = 0;
};

}  // namespace egret::bench
