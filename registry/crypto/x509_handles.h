#pragma once

#include <memory>
#include <string>
#include <string_view>

struct bio_st;
struct x509_st;

/// OpenSSL's certificates and their PEM text, for the .cpp files of this folder.
namespace egret::crypto {

struct PemFree {
    void operator()(bio_st* text) const noexcept;
};

struct CertificateFree {
    void operator()(x509_st* certificate) const noexcept;
};

using Pem = std::unique_ptr<bio_st, PemFree>;
using Certificate = std::unique_ptr<x509_st, CertificateFree>;

/// For reading. Not a copy: `text` must outlive it.
Pem open_pem(std::string_view text);
/// All that was written.
std::string text_of_pem(const Pem& out);

/// The first certificate; null if there is none.
Certificate read_pem_certificate(std::string_view text);
std::string to_pem(x509_st* certificate);

/// OpenSSL's callback for keys under a passphrase: ours have none, and nobody is to be asked.
int refuse_passphrase(char* buffer, int size, int writing, void* user) noexcept;

}  // namespace egret::crypto
