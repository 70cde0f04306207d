#include "server/authority/authority.h"

#include <fmt/core.h>
#include <unistd.h>

#include <filesystem>

#include "common/base/status.h"
#include "common/files/durable.h"
#include "common/tls/trust.h"
#include "server/log/log.h"

namespace twinning::server {
namespace {

constexpr size_t kMaxFile = 64 * 1024;

std::string FolderOf(const std::string& folder, size_t number) {
  return fmt::format("{}/{}", folder, number);
}
std::string CertificateIn(const std::string& folder) { return folder + "/certificate.pem"; }
std::string CrossIn(const std::string& folder) { return folder + "/cross.pem"; }
std::string KeyIn(const std::string& folder) { return folder + "/key.pem"; }

absl::Status Damaged(const std::string& path, std::string_view why) {
  return DataLoss(fmt::format(
      "{} is damaged ({}): restore the authority's folder from a backup. Replicas trust no other; "
      "nothing was changed",
      path, why));
}

absl::StatusOr<std::vector<tls::Certificate>> ReadCertificates(const std::string& path) {
  TWINNING_ASSIGN_OR_RETURN(std::string pem, files::Read(path, kMaxFile));
  absl::StatusOr<std::vector<tls::Certificate>> read = tls::CertificatesOfPem(pem);
  if (!read.ok() || read->size() != 1) return Damaged(path, "it holds no single certificate");
  return read;
}

Template AuthorityTemplate(size_t number, int64_t now_ms) {
  Template what;
  what.kind = Template::kAuthority;
  what.name = fmt::format("Twinning authority {}", number);
  what.from_ms = now_ms - kBackdated_ms;
  what.until_ms = now_ms + kAuthorityLife_ms;
  return what;
}

// Whose key is gone cannot issue any more, even when somebody finds an old disk.
void ForgetOldKeys(const std::string& folder, size_t newest) {
  for (size_t number = 1; number < newest; ++number) {
    unlink(KeyIn(FolderOf(folder, number)).c_str());
  }
}

}  // namespace

bool TwoThirdsOver(const tls::Certificate& certificate, int64_t now_ms) {
  const int64_t life_ms = certificate.valid_until_ms() - certificate.valid_from_ms();
  return now_ms > certificate.valid_from_ms() + life_ms / 3 * 2;
}

absl::StatusOr<Authority::Generation> Authority::ReadGeneration(const std::string& folder) {
  TWINNING_ASSIGN_OR_RETURN(std::vector<tls::Certificate> own,
                            ReadCertificates(CertificateIn(folder)));
  Generation generation{own.front(), {}};
  if (access(CrossIn(folder).c_str(), F_OK) == 0) {
    TWINNING_ASSIGN_OR_RETURN(generation.cross, ReadCertificates(CrossIn(folder)));
  }
  return generation;
}

absl::StatusOr<AuthorityKey> Authority::ReadKey(const std::string& folder,
                                                const Generation& newest) {
  TWINNING_ASSIGN_OR_RETURN(std::string pem, files::Read(KeyIn(folder), kMaxFile));
  absl::StatusOr<AuthorityKey> key = AuthorityKey::OfPem(pem);
  if (!key.ok()) return Damaged(KeyIn(folder), MessageOf(key.status()));
  if (!key->Fits(newest.certificate)) {
    return Damaged(KeyIn(folder), "it is not the key of the certificate beside it");
  }
  return key;
}

// Aside first: an authority is there whole or not at all.
absl::Status Authority::Make(const std::string& folder, size_t number, const Generation* before,
                             const AuthorityKey* key_before, int64_t now_ms) {
  const Template what = AuthorityTemplate(number, now_ms);
  AuthorityKey key = AuthorityKey::Generate();
  TWINNING_ASSIGN_OR_RETURN(tls::Certificate root, IssueRoot(what, key));
  const std::string aside = folder + "/making";
  std::error_code ignored;
  std::filesystem::remove_all(aside, ignored);
  TWINNING_RETURN_IF_ERROR(files::MakeDirectory(aside));
  TWINNING_RETURN_IF_ERROR(files::Write(KeyIn(aside), key.pem()));
  TWINNING_RETURN_IF_ERROR(files::Write(CertificateIn(aside), root.pem()));
  if (before != nullptr) {
    TWINNING_ASSIGN_OR_RETURN(tls::Certificate cross,
                              Issue(what, key.evp(), {before->certificate, *key_before}));
    TWINNING_RETURN_IF_ERROR(files::Write(CrossIn(aside), cross.pem()));
  }
  return files::MoveDirectory(aside, FolderOf(folder, number));
}

absl::StatusOr<std::unique_ptr<Authority>> Authority::Open(const std::string& folder,
                                                           int64_t now_ms) {
  TWINNING_RETURN_IF_ERROR(files::MakeDirectory(folder));
  if (access(FolderOf(folder, 1).c_str(), F_OK) != 0) {
    TWINNING_RETURN_IF_ERROR(Make(folder, 1, nullptr, nullptr, now_ms));
    LogInfo(fmt::format("made a certificate authority in {}", folder));
  }
  std::vector<Generation> generations;
  while (access(FolderOf(folder, generations.size() + 1).c_str(), F_OK) == 0) {
    TWINNING_ASSIGN_OR_RETURN(Generation generation,
                              ReadGeneration(FolderOf(folder, generations.size() + 1)));
    generations.push_back(std::move(generation));
  }
  TWINNING_ASSIGN_OR_RETURN(AuthorityKey key,
                            ReadKey(FolderOf(folder, generations.size()), generations.back()));
  ForgetOldKeys(folder, generations.size());
  return std::unique_ptr<Authority>(new Authority(folder, std::move(generations), std::move(key)));
}

std::vector<tls::Certificate> Authority::trusted() const {
  std::lock_guard lock(mutex_);
  std::vector<tls::Certificate> trusted;
  for (const Generation& generation : generations_) trusted.push_back(generation.certificate);
  return trusted;
}

std::vector<tls::Certificate> Authority::chain() const {
  std::lock_guard lock(mutex_);
  std::vector<tls::Certificate> chain;
  for (auto generation = generations_.rbegin(); generation != generations_.rend(); ++generation) {
    chain.insert(chain.end(), generation->cross.begin(), generation->cross.end());
    chain.push_back(generation->certificate);
  }
  return chain;
}

Hash Authority::fingerprint() const {
  std::lock_guard lock(mutex_);
  return generations_.back().certificate.fingerprint();
}

Issuer Authority::IssuerNow() const {
  std::lock_guard lock(mutex_);
  return {generations_.back().certificate, key_};
}

absl::StatusOr<tls::Certificate> Authority::CertifyReplica(std::string_view ed25519_key,
                                                           int64_t now_ms) const {
  Template what;
  what.kind = Template::kReplica;
  what.name = "replica " + ReplicaOfKey(ed25519_key).hex();
  what.uri = "urn:twinning:replica:" + ReplicaOfKey(ed25519_key).hex();
  what.from_ms = now_ms - kBackdated_ms;
  what.until_ms = now_ms + kCertificateLife_ms;
  return Issue(what, ed25519_key, IssuerNow());
}

absl::StatusOr<tls::Certificate> Authority::CertifyOperator(const std::string& name,
                                                            std::string_view ed25519_key,
                                                            int64_t now_ms) const {
  Template what;
  what.kind = Template::kReplica;  // as TLS knows them: a client
  what.name = "operator " + name;
  what.uri = "urn:twinning:operator:" + HexOf(ed25519_key);
  what.from_ms = now_ms - kBackdated_ms;
  what.until_ms = now_ms + kCertificateLife_ms;
  return Issue(what, ed25519_key, IssuerNow());
}

absl::StatusOr<tls::Certificate> Authority::CertifyServer(const AuthorityKey& key,
                                                          const std::vector<std::string>& hosts,
                                                          int64_t now_ms) const {
  Template what;
  what.kind = Template::kServer;
  what.name = tls::kServerName;
  what.hosts = {std::string(tls::kServerName)};
  what.hosts.insert(what.hosts.end(), hosts.begin(), hosts.end());
  what.from_ms = now_ms - kBackdated_ms;
  what.until_ms = now_ms + kCertificateLife_ms;
  return Issue(what, key.evp(), IssuerNow());
}

absl::StatusOr<bool> Authority::RollIfDue(int64_t now_ms) {
  std::lock_guard lock(mutex_);
  if (!TwoThirdsOver(generations_.back().certificate, now_ms)) return false;
  const size_t number = generations_.size() + 1;
  const std::string folder = FolderOf(folder_, number);
  TWINNING_RETURN_IF_ERROR(Make(folder_, number, &generations_.back(), &key_, now_ms));
  TWINNING_ASSIGN_OR_RETURN(Generation generation, ReadGeneration(folder));
  TWINNING_ASSIGN_OR_RETURN(key_, ReadKey(folder, generation));
  generations_.push_back(std::move(generation));
  ForgetOldKeys(folder_, number);
  return true;
}

}  // namespace twinning::server
