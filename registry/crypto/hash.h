#pragma once

#include "registry/base/bytes.h"

#include <memory>

struct evp_md_ctx_st;

namespace egret::crypto {

Hash sha256(ByteView data);

/// SHA-256 of what comes in pieces. One hash per object; not thread-safe.
class Sha256 {
public:
    Sha256();

    Sha256& update(ByteView data);
    /// The hash of all pieces. The object is empty afterwards and may be used for another.
    Hash finish();

private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const noexcept;
    };

    std::unique_ptr<evp_md_ctx_st, Free> context_;
};

Hash hmac_sha256(ByteView key, ByteView data);

/// Compares without telling by its duration where the first difference is. Different lengths are
/// unequal at once: a length is no secret.
bool equal_constant_time(ByteView a, ByteView b) noexcept;

}  // namespace egret::crypto
