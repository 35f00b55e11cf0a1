#pragma once

#include "registry/base/bytes.h"
#include "registry/base/ids.h"
#include "registry/base/random.h"
#include "registry/base/result.h"
#include "sync/core/envelope.h"
#include "sync/core/protocol.h"

#include <cstdint>
#include <string>
#include <variant>

/// A receipt: the answer to an upload that came on a stick or through a relay, to be carried back.
/// An envelope of kind 3 that holds the same signed JSON that HTTPS would bring (protocol.h). Its
/// sender is the centre's device, it is signed with the receipt key and sealed to the device, and
/// its first_seq and last_seq are the head's number.
namespace egret::sync {

struct ReceiptSeal {
    DeviceId centre;  // The centre's device: KeyBundle::centre_device.
    std::uint32_t epoch = 1;
    EnvelopeSuite suite = EnvelopeSuite::aes_256_gcm;
    crypto::SealPublicKey device_key{};
};

Bytes seal_receipt(const UploadReply& reply, const ReceiptSeal& seal,
                   const crypto::SigningKey& receipt_key, Random& random);
Bytes seal_receipt(const HeadReply& reply, const ReceiptSeal& seal,
                   const crypto::SigningKey& receipt_key, Random& random);

struct Receipt {
    std::string body;  // As it came, to be kept.
    std::variant<UploadReply, HeadReply> reply;

    const Standing& standing() const {
        return std::visit([](const auto& some) -> const Standing& { return some.standing; }, reply);
    }
};

/// Errors: those of verify_envelope, open_envelope, decode_upload_reply and decode_head_reply;
/// invalid_input, if it is no receipt.
Result<Receipt> open_receipt(ByteView envelope, const ReplyTrust& trust,
                             const crypto::SealKeyPair& device_key);

}  // namespace egret::sync
