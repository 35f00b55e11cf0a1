#include "registry/store/payload_seal.h"

namespace egret::store {

OpenedContent::OpenedContent(PayloadSeal* seal, std::int64_t woman_ix,
                             const codec::EventHeader* header, ByteView salt, ByteView payload)
    : salt_(salt), payload_(payload) {
    if (seal == nullptr || header == nullptr) return;
    opened_ = seal->open(woman_ix, *header, salt, payload);
    is_open_ = opened_.has_value();
}

}  // namespace egret::store
