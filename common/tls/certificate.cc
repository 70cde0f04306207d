#include "common/tls/certificate.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <ctime>

#include "common/base/status.h"

namespace twinning::tls {
namespace {

constexpr size_t kMostCertificates = 8;

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};
struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string ContentsOf(BIO* bio) {
  char* data = nullptr;
  auto size = BIO_get_mem_data(bio, &data);
  return std::string(data, static_cast<size_t>(size));
}

// `encode` as OpenSSL's i2d functions are: writes DER into what it allocates.
template <typename Encode>
std::string Der(Encode encode) {
  unsigned char* bytes = nullptr;
  int size = encode(&bytes);
  if (size < 0) std::abort();  // only without memory
  std::string der(reinterpret_cast<char*>(bytes), static_cast<size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

int64_t MillisecondsOf(const ASN1_TIME* time) {
  std::tm calendar{};
  if (ASN1_TIME_to_tm(time, &calendar) != 1) return 0;
  return static_cast<int64_t>(timegm(&calendar)) * 1000;
}

}  // namespace

Certificate Certificate::Of(X509* certificate) {
  X509_up_ref(certificate);
  auto state = std::make_shared<State>();
  state->x509.reset(certificate, X509_free);
  state->der = Der([&](unsigned char** out) { return i2d_X509(certificate, out); });
  return Certificate(std::move(state));
}

absl::StatusOr<Certificate> Certificate::OfDer(std::string_view der) {
  const unsigned char* at = Bytes(der);
  std::unique_ptr<X509, decltype(&X509_free)> read(
      d2i_X509(nullptr, &at, static_cast<long>(der.size())), X509_free);
  if (!read || at != Bytes(der) + der.size()) {
    return InvalidArgument("these bytes are not a certificate");
  }
  return Of(read.get());
}

std::string Certificate::pem() const {
  Bio bio(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_X509(bio.get(), x509()) != 1) std::abort();  // only without memory
  return ContentsOf(bio.get());
}

Hash Certificate::fingerprint() const {
  X509_PUBKEY* key = X509_get_X509_PUBKEY(x509());
  return Sha256(Der([&](unsigned char** out) { return i2d_X509_PUBKEY(key, out); }));
}

std::string Certificate::ed25519_key() const {
  EVP_PKEY* key = X509_get0_pubkey(x509());
  if (key == nullptr || EVP_PKEY_get_base_id(key) != EVP_PKEY_ED25519) return "";
  std::string raw(kPublicKeySize, '\0');
  size_t size = raw.size();
  if (EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(raw.data()), &size) != 1) {
    return "";
  }
  return raw;
}

int64_t Certificate::valid_from_ms() const { return MillisecondsOf(X509_get0_notBefore(x509())); }

int64_t Certificate::valid_until_ms() const { return MillisecondsOf(X509_get0_notAfter(x509())); }

bool Certificate::Names(std::string_view host) const {
  std::string name(host);
  return X509_check_ip_asc(x509(), name.c_str(), 0) == 1 ||
         X509_check_host(x509(), name.c_str(), name.size(), X509_CHECK_FLAG_NEVER_CHECK_SUBJECT,
                         nullptr) == 1;
}

absl::StatusOr<std::vector<Certificate>> CertificatesOfPem(std::string_view pem) {
  constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
  std::vector<Certificate> certificates;
  size_t at = 0;
  while ((at = pem.find(kBegin, at)) != pem.npos) {
    std::string_view rest = pem.substr(at);
    Bio bio(BIO_new_mem_buf(rest.data(), static_cast<int>(rest.size())));
    std::unique_ptr<X509, decltype(&X509_free)> read(
        PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free);
    if (!read) return InvalidArgument("this text holds a certificate that is damaged");
    if (certificates.size() == kMostCertificates) {
      return InvalidArgument("this text holds too many certificates");
    }
    certificates.push_back(Certificate::Of(read.get()));
    at += kBegin.size();
  }
  return certificates;
}

std::string PemOf(const std::vector<Certificate>& certificates) {
  std::string pem;
  for (const Certificate& certificate : certificates) pem += certificate.pem();
  return pem;
}

std::string PrivateKeyPem(const SigningKey& key) {
  std::unique_ptr<EVP_PKEY, FreeKey> private_key(EVP_PKEY_new_raw_private_key(
      EVP_PKEY_ED25519, nullptr, Bytes(key.seed()), key.seed().size()));
  Bio bio(BIO_new(BIO_s_mem()));
  if (!private_key || PEM_write_bio_PKCS8PrivateKey(bio.get(), private_key.get(), nullptr, nullptr,
                                                    0, nullptr, nullptr) != 1) {
    std::abort();  // only without memory
  }
  return ContentsOf(bio.get());
}

}  // namespace twinning::tls
