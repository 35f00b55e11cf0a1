#pragma once

#include "registry/crypto/hash.h"
#include "registry/domain/authority.h"
#include "registry/store/ingest_table.h"
#include "registry/store/read_id.h"
#include "sync/central/feed_table.h"

namespace egret::central {

/// Of a row that begins with a fact's position, device, number, header, offset and ceiling, and its
/// device's clinic.
inline FeedLine read_feed_line(const sqlite::Statement::Run& row) {
    FeedLine line;
    line.position = row.int64(0);
    line.device = store::read_id<DeviceId>(row, 1);
    line.seq = static_cast<std::uint64_t>(row.int64(2));
    line.header_hash = crypto::sha256(row.blob_view(3));
    line.judgement = {row.int64(4), store::hlc_of(row.int64(5))};
    line.is_officers = row.text_view(6) == centre_clinic;
    return line;
}

}  // namespace egret::central
