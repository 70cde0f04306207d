// The server's own certificate authority, in a folder of the data directory. It vouches for the
// server to its replicas and lets replicas in; who a replica is, and what it may do, is in the
// membership of its ledger under the same key, never in a certificate.
//
//   authority/N/certificate.pem   the N-th authority, signed by itself
//   authority/N/cross.pem         and by the one before: whoever trusts only that one follows
//   authority/N/key.pem           of the newest only
//   authority/revoked             see revoked_list.h
//
// When two thirds of an authority's life are over a new one takes its place by itself. Both are
// trusted until the older ends, and every replica learns of the new one when it next renews.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/date.h"
#include "common/tls/certificate.h"
#include "server/authority/issue.h"

namespace twinning::server {

inline constexpr int64_t kAuthorityLife_ms = 3650 * kDay_ms;
inline constexpr int64_t kCertificateLife_ms = 365 * kDay_ms;
// A certificate is valid a day before it is made: clocks differ.
inline constexpr int64_t kBackdated_ms = kDay_ms;
// So long a replica's certificate still lets it in, to be renewed, after its end.
inline constexpr int64_t kGrace_ms = 30 * kDay_ms;

// Safe from any thread.
class Authority {
 public:
  // Makes folder and first authority when there is none. DataLoss, and nothing is changed, when
  // what is there is damaged or key and certificate do not belong together.
  static absl::StatusOr<std::unique_ptr<Authority>> Open(const std::string& folder, int64_t now_ms);

  // Those to be trusted, oldest first: never empty.
  std::vector<tls::Certificate> trusted() const;
  // What a server sends after its own certificate, so that whoever trusts or was told of any of
  // `trusted` can follow.
  std::vector<tls::Certificate> chain() const;
  // Of the newest: what an invitation code names.
  Hash fingerprint() const;

  absl::StatusOr<tls::Certificate> CertifyReplica(std::string_view ed25519_key,
                                                  int64_t now_ms) const;
  // Who an operator is stands in the operators' list under the key; the name is for people who
  // look.
  absl::StatusOr<tls::Certificate> CertifyOperator(const std::string& name,
                                                   std::string_view ed25519_key,
                                                   int64_t now_ms) const;
  absl::StatusOr<tls::Certificate> CertifyServer(const AuthorityKey& key,
                                                 const std::vector<std::string>& hosts,
                                                 int64_t now_ms) const;

  // Makes a new authority when it is time; true when it did.
  absl::StatusOr<bool> RollIfDue(int64_t now_ms);

 private:
  struct Generation {
    tls::Certificate certificate;
    std::vector<tls::Certificate> cross;  // one, or none for the first
  };
  Authority(std::string folder, std::vector<Generation> generations, AuthorityKey key)
      : folder_(std::move(folder)), generations_(std::move(generations)), key_(std::move(key)) {}

  static absl::StatusOr<Generation> ReadGeneration(const std::string& folder);
  static absl::StatusOr<AuthorityKey> ReadKey(const std::string& folder, const Generation& newest);
  static absl::Status Make(const std::string& folder, size_t number, const Generation* before,
                           const AuthorityKey* key_before, int64_t now_ms);
  Issuer IssuerNow() const;

  const std::string folder_;
  mutable std::mutex mutex_;  // over all below
  std::vector<Generation> generations_;
  AuthorityKey key_;
};

// Whether so much of its life is over that it is to be made anew.
bool TwoThirdsOver(const tls::Certificate& certificate, int64_t now_ms);

}  // namespace twinning::server
