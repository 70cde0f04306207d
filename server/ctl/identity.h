// An operator's key and certificate, in a folder that is carried to the machine they work at. Its
// owner's only, as everything that twinningctl writes:
//
//   key               the private key: 64 hex digits
//   name              whose it is
//   certificate.pem   which the server gave for it
//   authorities.pem   whom to trust as that server
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/crypto/ed25519.h"
#include "common/tls/certificate.h"
#include "twinning/v1/admin.pb.h"

namespace twinning::ctl {

struct Identity {
  std::string name;
  SigningKey key;
  tls::Certificate certificate;
  std::vector<tls::Certificate> authorities;

  // NotFound when there is none; DataLoss when it is not whole or does not belong together.
  static absl::StatusOr<Identity> Read(const std::string& folder);
  // FailedPrecondition when the certificate has ended, with what to do.
  absl::Status CheckTime(int64_t now_ms) const;
};

// A key for a new folder, kept there already. AlreadyExists when there is an identity.
absl::StatusOr<SigningKey> MakeIdentityKey(const std::string& folder, const std::string& name);
// Puts what the server gave beside the key.
absl::Status KeepCertificate(const std::string& folder, const v1::AddOperatorResponse& given);

}  // namespace twinning::ctl
