#pragma once

#include "registry/domain/history.h"
#include "registry/store/ingest_table.h"

#include <cstdint>

namespace egret::store {

/// Is told what the projector made of a woman, in the same transaction.
class ProjectionWatcher {
public:
    virtual ~ProjectionWatcher() = default;

    /// `woman_ix` (WomanIndex) stands for her canonical id and `history` is what holds of her since
    /// `ingest`. It is null, if nobody is left under that number: nothing holds of her any more, or
    /// she was joined to another, of whom it is told, too. Comes for each woman whom the ingest
    /// touched, changed or not.
    virtual void projected(const Ingest& ingest, std::int64_t woman_ix, const History* history) = 0;
};

}  // namespace egret::store
