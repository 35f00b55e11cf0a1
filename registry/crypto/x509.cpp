#include "registry/crypto/x509.h"

#include "registry/crypto/crypto_error.h"
#include "registry/crypto/pkey.h"
#include "registry/crypto/release.h"
#include "registry/crypto/x509_handles.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <memory>

namespace egret::crypto {
namespace {

constexpr std::size_t common_name_chars_max = 64;  // The bound that X.520 sets.
constexpr std::size_t hosts_max = 64;

using SigningRequest = std::unique_ptr<X509_REQ, Release<X509_REQ_free>>;
using Number = std::unique_ptr<BIGNUM, Release<BN_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Release<X509_EXTENSION_free>>;
using AlternativeNames = std::unique_ptr<GENERAL_NAMES, Release<GENERAL_NAMES_free>>;
using AlternativeName = std::unique_ptr<GENERAL_NAME, Release<GENERAL_NAME_free>>;
using Octets = std::unique_ptr<ASN1_OCTET_STRING, Release<ASN1_OCTET_STRING_free>>;
using DnsText = std::unique_ptr<ASN1_IA5STRING, Release<ASN1_IA5STRING_free>>;

Error x509_error(std::string_view field, Message message) {
    // What OpenSSL says of somebody else's text is no news: TLS on this thread must not find it.
    ERR_clear_error();
    return {ErrorCode::invalid_input, std::string(field), std::move(message)};
}

Pkey read_private_key(std::string_view pem) {
    const auto in = open_pem(pem);
    return Pkey(PEM_read_bio_PrivateKey(in.get(), nullptr, refuse_passphrase, nullptr));
}

SigningRequest read_signing_request(std::string_view pem) {
    const auto in = open_pem(pem);
    return SigningRequest(PEM_read_bio_X509_REQ(in.get(), nullptr, refuse_passphrase, nullptr));
}

bool is_p256(const EVP_PKEY* key) {
    char group[64] = {};
    std::size_t length = 0;
    return EVP_PKEY_is_a(key, "EC") &&
           EVP_PKEY_get_group_name(key, group, sizeof group, &length) == 1 &&
           std::string_view(group, length) == SN_X9_62_prime256v1;
}

/// The request, if it is ours to certify: well-formed, signed with its own key, P-256.
Result<SigningRequest> verified_request(std::string_view pem) {
    auto request = read_signing_request(pem);
    if (!request) return x509_error("csr", msg("tls.csr_malformed"));
    auto* key = X509_REQ_get0_pubkey(request.get());
    if (key == nullptr || !is_p256(key)) return x509_error("csr", msg("tls.csr_key_kind"));
    if (X509_REQ_verify(request.get(), key) != 1)
        return x509_error("csr", msg("tls.csr_signature"));
    return request;
}

Hash hash_of_key(EVP_PKEY* key) {
    unsigned char* der = nullptr;
    const int length = i2d_PUBKEY(key, &der);
    require_crypto(length > 0, "encoding a public key");
    Hash hash{};
    unsigned int size = 0;
    const int done = EVP_Digest(der, static_cast<std::size_t>(length), hash.data(), &size,
                                EVP_sha256(), nullptr);
    OPENSSL_free(der);
    require_crypto(done == 1 && size == hash.size(), "SHA-256");
    return hash;
}

bool set_time(ASN1_TIME* to, Instant at) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
    return ASN1_TIME_set(to, static_cast<std::time_t>(seconds.time_since_epoch().count())) !=
           nullptr;
}

Result<Instant> instant_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1)
        return x509_error("certificate", msg("tls.certificate_malformed"));
    const auto day = std::chrono::year{parts.tm_year + 1900} / (parts.tm_mon + 1) / parts.tm_mday;
    return Instant{std::chrono::sys_days{day} + std::chrono::hours{parts.tm_hour} +
                   std::chrono::minutes{parts.tm_min} + std::chrono::seconds{parts.tm_sec}};
}

bool set_common_name(X509* certificate, std::string_view name) {
    auto* subject = X509_get_subject_name(certificate);
    return X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8,
                                      reinterpret_cast<const unsigned char*>(name.data()),
                                      static_cast<int>(name.size()), -1, 0) == 1;
}

std::string common_name_of(const X509* certificate) {
    const auto* subject = X509_get_subject_name(certificate);
    const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (at < 0) return {};
    unsigned char* text = nullptr;
    const int length =
        ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    if (length < 0) return {};
    std::string name(reinterpret_cast<const char*>(text), static_cast<std::size_t>(length));
    OPENSSL_free(text);
    return name;
}

void add_extension(X509* certificate, X509* issuer, int kind, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
    require_crypto(extension && X509_add_ext(certificate, extension.get(), -1) == 1,
                   "adding a certificate's extension");
}

/// A certificate with everything but what it may be used for.
Result<Certificate> draft_certificate(EVP_PKEY* key, const Validity& validity) {
    if (validity.to <= validity.from) return x509_error("validity", msg("tls.validity_empty"));
    Certificate certificate(X509_new());
    require_crypto(certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1,
                   "making a certificate");

    unsigned char serial[16];
    require_crypto(RAND_bytes(serial, sizeof serial) == 1, "drawing a serial number");
    serial[0] = static_cast<unsigned char>((serial[0] & 0x7f) | 0x40);  // Positive, never short.
    const Number number(BN_bin2bn(serial, sizeof serial, nullptr));
    require_crypto(number &&
                       BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get())) &&
                       set_time(X509_getm_notBefore(certificate.get()), validity.from) &&
                       set_time(X509_getm_notAfter(certificate.get()), validity.to) &&
                       X509_set_pubkey(certificate.get(), key) == 1,
                   "filling a certificate");
    return certificate;
}

std::string signed_pem(X509* certificate, EVP_PKEY* key) {
    require_crypto(X509_sign(certificate, key, EVP_sha256()) > 0, "signing a certificate");
    return to_pem(certificate);
}

struct Issuer {
    Certificate certificate;
    Pkey key;
};

Result<Issuer> read_authority(const Authority& authority) {
    Issuer issuer{read_pem_certificate(authority.certificate_pem),
                  read_private_key(authority.key_pem)};
    if (!issuer.certificate || !issuer.key ||
        X509_check_private_key(issuer.certificate.get(), issuer.key.get()) != 1)
        return x509_error("authority", msg("tls.authority_unusable"));
    return issuer;
}

Result<Certificate> draft_for(const Issuer& issuer, std::string_view request_pem,
                              std::string_view common_name, const Validity& validity) {
    const auto request = verified_request(request_pem);
    if (!request) return request.error();
    auto certificate = draft_certificate(X509_REQ_get0_pubkey(request->get()), validity);
    if (!certificate) return certificate;

    auto* made = certificate->get();
    if (!common_name.empty() && !set_common_name(made, common_name))
        return x509_error("name", msg("tls.name_unfit"));
    auto* from = issuer.certificate.get();
    require_crypto(X509_set_issuer_name(made, X509_get_subject_name(from)) == 1,
                   "naming the issuer");
    add_extension(made, from, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(made, from, NID_key_usage, "critical,digitalSignature");
    add_extension(made, from, NID_subject_key_identifier, "hash");
    add_extension(made, from, NID_authority_key_identifier, "keyid:always");
    return certificate;
}

bool is_dns_name(std::string_view host) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '.';
    };
    return !host.empty() && host.size() <= 253 && host.front() != '.' && host.front() != '-' &&
           host.find("..") == std::string_view::npos &&
           std::all_of(host.begin(), host.end(), allowed);
}

/// Null if `host` is neither an address nor a name.
AlternativeName alternative_name(const std::string& host) {
    AlternativeName name(GENERAL_NAME_new());
    if (Octets address(a2i_IPADDRESS(host.c_str())); address) {
        GENERAL_NAME_set0_value(name.get(), GEN_IPADD, address.release());
        return name;
    }
    if (!is_dns_name(host)) return nullptr;
    DnsText text(ASN1_IA5STRING_new());
    require_crypto(
        text && ASN1_STRING_set(text.get(), host.data(), static_cast<int>(host.size())) == 1,
        "writing a host name");
    GENERAL_NAME_set0_value(name.get(), GEN_DNS, text.release());
    return name;
}

Result<AlternativeNames> alternative_names(const std::vector<std::string>& hosts) {
    if (hosts.empty() || hosts.size() > hosts_max)
        return x509_error("hosts", msg("tls.host_unfit"));
    AlternativeNames names(GENERAL_NAMES_new());
    for (const auto& host : hosts) {
        auto name = alternative_name(host);
        if (!name) return x509_error("hosts", msg("tls.host_unfit"));
        require_crypto(sk_GENERAL_NAME_push(names.get(), name.get()) > 0, "listing a host name");
        static_cast<void>(name.release());
    }
    return names;
}

}  // namespace

std::string make_tls_key() {
    const Pkey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", SN_X9_62_prime256v1));
    require_crypto(key != nullptr, "drawing a TLS key");
    const Pem out(BIO_new(BIO_s_secmem()));
    require_crypto(out && PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr, nullptr, 0,
                                                        nullptr, nullptr) == 1,
                   "writing a TLS key");
    return text_of_pem(out);
}

Result<std::string> make_authority(std::string_view key_pem, std::string_view name,
                                   const Validity& validity) {
    const auto key = read_private_key(key_pem);
    if (!key) return x509_error("key", msg("tls.key_unreadable"));
    auto certificate = draft_certificate(key.get(), validity);
    if (!certificate) return std::move(certificate).error();

    auto* made = certificate->get();
    if (name.empty() || !set_common_name(made, name))
        return x509_error("name", msg("tls.name_unfit"));
    require_crypto(X509_set_issuer_name(made, X509_get_subject_name(made)) == 1,
                   "naming the issuer");
    add_extension(made, made, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    add_extension(made, made, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(made, made, NID_subject_key_identifier, "hash");
    return signed_pem(made, key.get());
}

Result<std::string> make_signing_request(std::string_view key_pem) {
    const auto key = read_private_key(key_pem);
    if (!key) return x509_error("key", msg("tls.key_unreadable"));
    const SigningRequest request(X509_REQ_new());
    const Pem out(BIO_new(BIO_s_mem()));
    require_crypto(request && out && X509_REQ_set_version(request.get(), 0) == 1 &&
                       X509_REQ_set_pubkey(request.get(), key.get()) == 1 &&
                       X509_REQ_sign(request.get(), key.get(), EVP_sha256()) > 0 &&
                       PEM_write_bio_X509_REQ(out.get(), request.get()) == 1,
                   "making a signing request");
    return text_of_pem(out);
}

Result<Hash> check_signing_request(std::string_view request_pem) {
    const auto request = verified_request(request_pem);
    if (!request) return request.error();
    return hash_of_key(X509_REQ_get0_pubkey(request->get()));
}

Result<std::string> issue_client_certificate(const Authority& authority,
                                             std::string_view request_pem,
                                             std::string_view common_name,
                                             const Validity& validity) {
    const auto issuer = read_authority(authority);
    if (!issuer) return issuer.error();
    if (common_name.empty() || common_name.size() > common_name_chars_max)
        return x509_error("name", msg("tls.name_unfit"));
    const auto certificate = draft_for(*issuer, request_pem, common_name, validity);
    if (!certificate) return certificate.error();
    add_extension(certificate->get(), issuer->certificate.get(), NID_ext_key_usage, "clientAuth");
    return signed_pem(certificate->get(), issuer->key.get());
}

Result<std::string> issue_server_certificate(const Authority& authority,
                                             std::string_view request_pem,
                                             const std::vector<std::string>& hosts,
                                             const Validity& validity) {
    const auto issuer = read_authority(authority);
    if (!issuer) return issuer.error();
    const auto names = alternative_names(hosts);
    if (!names) return names.error();
    // The names stand in the extension alone: it has no bound of 64 characters.
    const auto certificate = draft_for(*issuer, request_pem, "", validity);
    if (!certificate) return certificate.error();
    auto* made = certificate->get();
    // Critical, as RFC 5280 wants it of a certificate whose subject is empty.
    require_crypto(X509_add1_ext_i2d(made, NID_subject_alt_name, names->get(), 1, 0) == 1,
                   "adding the host names");
    add_extension(made, issuer->certificate.get(), NID_ext_key_usage, "serverAuth");
    return signed_pem(made, issuer->key.get());
}

Result<CertificateFacts> read_certificate(std::string_view certificate_pem) {
    const auto certificate = read_pem_certificate(certificate_pem);
    auto* key = certificate ? X509_get0_pubkey(certificate.get()) : nullptr;
    if (key == nullptr) return x509_error("certificate", msg("tls.certificate_malformed"));
    const auto from = instant_of(X509_get0_notBefore(certificate.get()));
    if (!from) return from.error();
    const auto to = instant_of(X509_get0_notAfter(certificate.get()));
    if (!to) return to.error();
    return CertificateFacts{common_name_of(certificate.get()), hash_of_key(key), {*from, *to}};
}

}  // namespace egret::crypto
