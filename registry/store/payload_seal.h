#pragma once

#include "registry/base/bytes.h"
#include "registry/codec/event_codec.h"

#include <cstdint>
#include <optional>

namespace egret::store {

/// What a fact says, with its salt: as it came, or as it stands in the table of payloads.
struct StoredContent {
    Bytes salt;
    Bytes payload;
};

/// Seals what each fact says under a key of its subject, so that it can be read nowhere any more,
/// in no copy of the file either, once that key is gone. A centre's EventLog has one; a clinic's
/// has none, and stores facts as they came.
///
/// Belongs to the thread of the EventLog that has it, and outlives that. Any member throws
/// sqlite::SqliteError when the disk fails.
class PayloadSeal {
public:
    virtual ~PayloadSeal() = default;

    /// `woman_ix`: whose fact it is (WomanIndex). `header` commits to salt and payload.
    virtual StoredContent seal(std::int64_t woman_ix, const codec::EventHeader& header,
                               ByteView salt, ByteView payload) = 0;

    /// Nothing, if this isn't what was sealed for that fact, or its subject's key is gone.
    virtual std::optional<StoredContent> open(std::int64_t woman_ix,
                                              const codec::EventHeader& header, ByteView salt,
                                              ByteView payload) = 0;
};

/// A row of the table of payloads, opened if it was sealed. `seal` is null where nothing is, and
/// `header` where that can't be read: such a fact stands as it came. What is given outlives it.
class OpenedContent {
public:
    OpenedContent(PayloadSeal* seal, std::int64_t woman_ix, const codec::EventHeader* header,
                  ByteView salt, ByteView payload);

    /// False, if it is not what was sealed there, or its key is gone.
    explicit operator bool() const noexcept { return is_open_; }

    /// As they stand there, if they couldn't be opened.
    ByteView salt() const noexcept { return opened_ ? ByteView(opened_->salt) : salt_; }

    ByteView payload() const noexcept { return opened_ ? ByteView(opened_->payload) : payload_; }

private:
    std::optional<StoredContent> opened_;
    ByteView salt_;
    ByteView payload_;
    bool is_open_ = true;
};

}  // namespace egret::store
