#include "registry/crypto/crypto_error.h"

#include <openssl/err.h>

namespace egret::crypto {

void throw_crypto_error(const char* operation) {
    std::string text = std::string("crypto: ") + operation + " failed";
    if (const auto code = ERR_get_error(); code != 0) {
        char reason[256];
        ERR_error_string_n(code, reason, sizeof reason);
        text.append(": ").append(reason);
    }
    ERR_clear_error();
    throw CryptoError(text);
}

}  // namespace egret::crypto
