#pragma once

#include <stdexcept>
#include <string>

namespace egret::crypto {

/// OpenSSL could not do what must always work (no memory, no entropy, a broken installation), or
/// was given a key that can't exist. Never about a message that doesn't open: that is a Result.
class CryptoError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Throws a CryptoError that names `operation` and the library's own reason, and leaves the
/// library's error queue empty: TLS on the same thread reads it.
[[noreturn]] void throw_crypto_error(const char* operation);

/// Throws unless `ok`.
inline void require_crypto(bool ok, const char* operation) {
    if (!ok) throw_crypto_error(operation);
}

}  // namespace egret::crypto
