#pragma once

#include "registry/base/clock.h"
#include "registry/base/random.h"
#include "registry/base/result.h"
#include "sync/central/centre_keys.h"
#include "sync/central/ingest.h"
#include "sync/central/spool_store.h"
#include "sync/central/store.h"
#include "sync/core/call.h"
#include "sync/core/relay.h"

#include <cstdint>
#include <optional>

namespace egret::central {

/// What somebody who isn't its maker brings to the centre works with. All outlive it.
struct CourierServices {
    CentralStore& store;
    Ingester& ingester;
    const CentreKeys& keys;
    const Clock& clock;
    Random& random;
};

/// What became of an upload that was brought.
struct BroughtUpload {
    Device device;
    sync::UploadReply reply;
    std::uint64_t added = 0;  // Facts that are new here, with those that had waited for them.
    bool waits = false;       // It is kept for when the piece before it comes.
};

struct BroughtCall {
    Device device;
    std::optional<sync::Call> call;  // None, if it is sealed to a key that isn't here any more.
};

/// Takes in what comes on a stick or by a relay, in any order and as often as it likes, and makes
/// what is carried back. Who carries it is of no account: the signature says whose it is.
class Courier {
public:
    explicit Courier(const CourierServices& services) noexcept : with_(services) {}

    /// As Ingester::ingest; one that comes before the piece that it follows waits for that, and
    /// what waited is taken in with the piece that it follows. The machine that was shut out is
    /// told so, in its answer.
    /// Errors: those of Ingester::ingest, but for a machine that was shut out.
    Result<BroughtUpload> take(ByteView envelope);

    /// Errors: those of sync::open_call; unauthorized, if nobody knows the device. Of a device that
    /// was shut out none is taken: forbidden.
    Result<BroughtCall> open_call(ByteView envelope);

    /// For the stick.
    sync::RelayFile receipt(const Device& device, const sync::UploadReply& reply);
    /// The same without an upload: where the device stands.
    sync::RelayFile receipt(const Device& device);
    sync::RelayFile bundle() const;

    const CourierServices& services() const noexcept { return with_; }

    /// Takes in what waited and follows by now: the piece before it may have come over a line. The
    /// last word on it; nothing, if there was none.
    std::optional<sync::UploadReply> take_waiting(const Device& device);

private:
    sync::Standing standing(const Device& device);
    sync::ReplyNews news(const Device& device);
    Result<sync::UploadReply> answer(const Device& device, ByteView envelope);

    CourierServices with_;
};

}  // namespace egret::central
