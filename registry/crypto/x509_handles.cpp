#include "registry/crypto/x509_handles.h"

#include "registry/crypto/crypto_error.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace egret::crypto {

void PemFree::operator()(bio_st* text) const noexcept { BIO_free_all(text); }

void CertificateFree::operator()(x509_st* certificate) const noexcept { X509_free(certificate); }

Pem open_pem(std::string_view text) {
    Pem in(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    require_crypto(in != nullptr, "opening a text");
    return in;
}

std::string text_of_pem(const Pem& out) {
    char* begin = nullptr;
    const long length = BIO_get_mem_data(out.get(), &begin);
    require_crypto(length > 0, "writing a text");
    return {begin, static_cast<std::size_t>(length)};
}

Certificate read_pem_certificate(std::string_view text) {
    const auto in = open_pem(text);
    return Certificate(PEM_read_bio_X509(in.get(), nullptr, refuse_passphrase, nullptr));
}

std::string to_pem(x509_st* certificate) {
    const Pem out(BIO_new(BIO_s_mem()));
    require_crypto(out && PEM_write_bio_X509(out.get(), certificate) == 1, "writing a certificate");
    return text_of_pem(out);
}

int refuse_passphrase(char*, int, int, void*) noexcept { return -1; }

}  // namespace egret::crypto
