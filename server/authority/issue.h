// Making certificates: keys and signatures over X.509 (RFC 5280), by OpenSSL. No files, no clock;
// the randomness is the operating system's.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/tls/certificate.h"

namespace twinning::server {

// A private key on P-256 (every TLS library has it), as authorities and servers have. A value.
class AuthorityKey {
 public:
  static AuthorityKey Generate();
  // DataLoss when it is no such key.
  static absl::StatusOr<AuthorityKey> OfPem(const std::string& pem);

  std::string pem() const;  // PKCS #8, not encrypted
  EVP_PKEY* evp() const { return key_.get(); }
  // Whether the certificate is one for this key.
  bool Fits(const tls::Certificate& certificate) const;

 private:
  explicit AuthorityKey(std::shared_ptr<EVP_PKEY> key) : key_(std::move(key)) {}

  std::shared_ptr<EVP_PKEY> key_;
};

// What a certificate is to say.
struct Template {
  enum Kind { kAuthority, kServer, kReplica } kind = kServer;
  std::string name;                // common name, for people who look at it
  std::vector<std::string> hosts;  // DNS names and IP addresses
  std::string uri;                 // empty: none
  int64_t from_ms = 0;
  int64_t until_ms = 0;
};

// An authority's certificate, signed by itself.
absl::StatusOr<tls::Certificate> IssueRoot(const Template& what, const AuthorityKey& key);

struct Issuer {
  tls::Certificate certificate;
  AuthorityKey key;
};
// A certificate for `subject` (an EVP key or a raw Ed25519 one), which ends no later than the
// issuer's. InvalidArgument when a host is neither a DNS name nor an address.
absl::StatusOr<tls::Certificate> Issue(const Template& what, EVP_PKEY* subject,
                                       const Issuer& issuer);
absl::StatusOr<tls::Certificate> Issue(const Template& what, std::string_view ed25519_key,
                                       const Issuer& issuer);

}  // namespace twinning::server
