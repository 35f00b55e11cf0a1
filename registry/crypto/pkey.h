#pragma once

#include <memory>

struct evp_pkey_st;

namespace egret::crypto {

struct PkeyFree {
    void operator()(evp_pkey_st* key) const noexcept;
};

/// OpenSSL's form of a key, made once and kept beside the key's bytes. Overwritten when freed.
using Pkey = std::unique_ptr<evp_pkey_st, PkeyFree>;

}  // namespace egret::crypto
