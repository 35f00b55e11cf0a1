#include "registry/crypto/tls.h"

#include "registry/crypto/crypto_error.h"
#include "registry/crypto/pkey.h"
#include "registry/crypto/x509.h"
#include "registry/crypto/x509_handles.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <exception>

namespace egret::crypto {
namespace {

Error tls_error(std::string_view field, Message message) {
    ERR_clear_error();
    return {ErrorCode::invalid_input, std::string(field), std::move(message)};
}

/// Trusts the certificates in `pem`, and nothing else that may be installed on the machine.
bool trust_only(SSL_CTX* context, std::string_view pem) {
    auto* store = X509_STORE_new();
    require_crypto(store != nullptr, "making a certificate store");
    SSL_CTX_set_cert_store(context, store);  // Owns it from here.
    const auto in = open_pem(pem);
    int count = 0;
    while (const Certificate certificate{
        PEM_read_bio_X509(in.get(), nullptr, refuse_passphrase, nullptr)}) {
        require_crypto(X509_STORE_add_cert(store, certificate.get()) == 1, "trusting an authority");
        ++count;
    }
    ERR_clear_error();  // The end of the text is an error for OpenSSL.
    return count > 0;
}

bool is_expected_key(const ServerCheck& check) {
    if (check.key_hashes.empty()) return true;
    const auto facts = read_certificate(check.certificate_pem);
    return facts && std::find(check.key_hashes.begin(), check.key_hashes.end(), facts->key_hash) !=
                        check.key_hashes.end();
}

bool is_valid_at(const X509* certificate, Instant at) {
    auto seconds = static_cast<std::time_t>(
        std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
    // 0 is for what can't be read; the end itself is within.
    return X509_cmp_time(X509_get0_notBefore(certificate), &seconds) < 0 &&
           X509_cmp_time(X509_get0_notAfter(certificate), &seconds) > 0;
}

/// The clock of a machine may be years off, either way: what else is known of the time is tried.
void choose_time(X509_STORE_CTX* chain, const ServerCheck& check) {
    const auto* certificate = X509_STORE_CTX_get0_cert(chain);
    if (is_valid_at(certificate, check.at)) return;
    for (const auto at : check.or_at) {
        if (!is_valid_at(certificate, at)) continue;
        const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
        X509_STORE_CTX_set_time(chain, 0,
                                static_cast<std::time_t>(seconds.time_since_epoch().count()));
        return;
    }
}

int verify_server(X509_STORE_CTX* chain, void* user) {
    auto& check = *static_cast<ServerCheck*>(user);
    try {
        check.refused = false;
        check.certificate_pem = to_pem(X509_STORE_CTX_get0_cert(chain));
        if (check.accept_any) return 1;
        choose_time(chain, check);
        if (X509_verify_cert(chain) == 1) {
            if (is_expected_key(check)) return 1;
            X509_STORE_CTX_set_error(chain, X509_V_ERR_CERT_REJECTED);
        }
    } catch (const std::exception&) {
        // We are called from C. Whatever can't be examined is refused.
        X509_STORE_CTX_set_error(chain, X509_V_ERR_UNSPECIFIED);
    }
    check.refused = true;
    return 0;
}

}  // namespace

void restrict_tls(ssl_ctx_st* context) {
    require_crypto(SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
                       SSL_CTX_set_num_tickets(context, 0) == 1,
                   "restricting TLS");
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

Result<Done> use_identity(ssl_ctx_st* context, std::string_view certificate_pem,
                          std::string_view key_pem) {
    const auto in = open_pem(certificate_pem);
    const Certificate own(PEM_read_bio_X509(in.get(), nullptr, refuse_passphrase, nullptr));
    const auto key_in = open_pem(key_pem);
    const Pkey key(PEM_read_bio_PrivateKey(key_in.get(), nullptr, refuse_passphrase, nullptr));
    if (!own || !key || SSL_CTX_use_certificate(context, own.get()) != 1 ||
        SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1)
        return tls_error("identity", msg("tls.identity_unusable"));
    SSL_CTX_clear_chain_certs(context);
    while (
        const Certificate next{PEM_read_bio_X509(in.get(), nullptr, refuse_passphrase, nullptr)}) {
        require_crypto(SSL_CTX_add1_chain_cert(context, next.get()) == 1, "building a chain");
    }
    ERR_clear_error();  // The end of the text is an error for OpenSSL.
    return Done{};
}

Result<Done> ask_client_certificate(ssl_ctx_st* context, std::string_view authority_pem) {
    if (!trust_only(context, authority_pem))
        return tls_error("authority", msg("tls.authority_unusable"));
    const auto authority = read_pem_certificate(authority_pem);
    require_crypto(SSL_CTX_add_client_CA(context, authority.get()) == 1 &&
                       X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context),
                                                   X509_V_FLAG_NO_CHECK_TIME) == 1,
                   "asking for client certificates");
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    return Done{};
}

Result<Done> check_server(ssl_ctx_st* context, std::string_view authority_pem, ServerCheck& check) {
    if (!check.accept_any && !trust_only(context, authority_pem))
        return tls_error("authority", msg("tls.authority_unusable"));
    auto* param = SSL_CTX_get0_param(context);
    const auto seconds = std::chrono::floor<std::chrono::seconds>(check.at);
    X509_VERIFY_PARAM_set_time(param, static_cast<std::time_t>(seconds.time_since_epoch().count()));
    X509_VERIFY_PARAM_set_hostflags(
        param, X509_CHECK_FLAG_NO_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    // An address is no name: it must stand in the certificate as an address.
    if (X509_VERIFY_PARAM_set1_ip_asc(param, check.host.c_str()) != 1) {
        require_crypto(!check.host.empty() && X509_VERIFY_PARAM_set1_host(param, check.host.data(),
                                                                          check.host.size()) == 1,
                       "naming the expected host");
    }
    ERR_clear_error();
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(context, verify_server, &check);
    return Done{};
}

}  // namespace egret::crypto
