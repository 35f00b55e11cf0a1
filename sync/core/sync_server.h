#pragma once

#include "sync/core/batch.h"
#include "sync/core/chain.h"
#include "sync/core/protocol.h"

#include <cstddef>
#include <cstdint>

namespace egret::sync {

/// What the centre is to do with a batch. The same batch against the same log always gives the
/// same; one that was applied gives already_known.
struct UploadDecision {
    enum class Kind : std::uint8_t {
        append,         // Store the events from `append_from` on, in one transaction.
        already_known,  // Nothing to do: all of it is there.
        gap,
        fork,
        bad_chain,
    };

    Kind kind = Kind::already_known;
    std::size_t append_from = 0;  // An index into the batch's events.

    /// What the device is told, after COMMIT.
    UploadCode code() const noexcept;

    friend bool operator==(const UploadDecision&, const UploadDecision&) = default;
};

/// Looks where `batch`, from open_batch, belongs in what the centre has of its sender's log.
///
/// Numbers alone decide nothing: a device that was restored from a backup, or copied, uses them
/// again for other facts. What is stored is never replaced.
/// Throws std::runtime_error if `stored` doesn't know a hash up to its own head.
UploadDecision decide_upload(const ChainView& stored, const Batch& batch);

}  // namespace egret::sync
