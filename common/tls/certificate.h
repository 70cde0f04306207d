// X.509 certificates (RFC 5280) as this product uses them, by OpenSSL: read, written, compared.
// Pure.
#pragma once

#include <openssl/x509.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/crypto/ed25519.h"
#include "common/crypto/sha256.h"

namespace twinning::tls {

// The name that every server's certificate carries beside its addresses. A client asks for this
// one: its trust is in the authority that it was enrolled with, and an address may change.
inline constexpr std::string_view kServerName = "server.twinning.internal";

// A value: copies share one immutable certificate.
class Certificate {
 public:
  // InvalidArgument when the bytes are not exactly one certificate.
  static absl::StatusOr<Certificate> OfDer(std::string_view der);
  // Takes a reference of its own.
  static Certificate Of(X509* certificate);

  const std::string& der() const { return state_->der; }
  std::string pem() const;
  // SHA-256 over the subject's public key info: stays the same when a certificate is made anew for
  // the same key.
  Hash fingerprint() const;
  // The raw key when it is an Ed25519 one, as a replica's is; empty otherwise.
  std::string ed25519_key() const;
  int64_t valid_from_ms() const;
  int64_t valid_until_ms() const;
  // Whether it names this host, by a DNS name or an IP address.
  bool Names(std::string_view host) const;

  X509* x509() const { return state_->x509.get(); }
  bool operator==(const Certificate& other) const { return der() == other.der(); }

 private:
  struct State {
    std::shared_ptr<X509> x509;
    std::string der;
  };
  explicit Certificate(std::shared_ptr<const State> state) : state_(std::move(state)) {}

  std::shared_ptr<const State> state_;
};

// All certificates of a PEM text, in order; what is between them is passed over. InvalidArgument
// when one is damaged or there are more than eight.
absl::StatusOr<std::vector<Certificate>> CertificatesOfPem(std::string_view pem);
std::string PemOf(const std::vector<Certificate>& certificates);

// A replica's private key as PKCS #8 in PEM, for a TLS library.
std::string PrivateKeyPem(const SigningKey& key);

}  // namespace twinning::tls
