#include "server/authority/server_certificate.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

#include "common/base/status.h"
#include "common/files/durable.h"
#include "common/tls/trust.h"

namespace twinning::server {
namespace {

constexpr size_t kMaxPem = 64 * 1024;

absl::StatusOr<std::vector<tls::Certificate>> ReadChain(const std::string& path) {
  TWINNING_ASSIGN_OR_RETURN(std::string pem, files::Read(path, kMaxPem));
  TWINNING_ASSIGN_OR_RETURN(std::vector<tls::Certificate> chain, tls::CertificatesOfPem(pem));
  if (chain.empty()) return DataLoss(path + " holds no certificate");
  return chain;
}

bool Fits(const std::string& key_file, const tls::Certificate& certificate) {
  absl::StatusOr<std::string> pem = files::Read(key_file, kMaxPem);
  if (!pem.ok()) return false;
  absl::StatusOr<AuthorityKey> key = AuthorityKey::OfPem(*pem);
  return key.ok() && key->Fits(certificate);
}

}  // namespace

absl::StatusOr<tls::Certificate> ServerCertificate::Current() const {
  TWINNING_ASSIGN_OR_RETURN(std::vector<tls::Certificate> chain, ReadChain(chain_file()));
  return chain.front();
}

absl::StatusOr<KeyAndChain> ServerCertificate::Read() const {
  std::error_code error;
  const std::filesystem::path name = std::filesystem::read_symlink(folder_ + "/current", error);
  if (error) return NotFound(fmt::format("there is no certificate in {}", folder_));
  const std::string folder = folder_ + "/" + name.string();
  KeyAndChain pair;
  TWINNING_ASSIGN_OR_RETURN(pair.key_pem, files::Read(folder + "/key.pem", kMaxPem));
  TWINNING_ASSIGN_OR_RETURN(pair.chain_pem, files::Read(folder + "/chain.pem", kMaxPem));
  return pair;
}

bool ServerCertificate::Good(const Authority& authority, int64_t now_ms) const {
  absl::StatusOr<std::vector<tls::Certificate>> chain = ReadChain(chain_file());
  if (!chain.ok() || !Read().ok()) return false;
  const tls::Certificate& own = chain->front();
  auto named = [&](const std::string& host) { return own.Names(host); };
  return Fits(key_file(), own) && now_ms >= own.valid_from_ms() && !TwoThirdsOver(own, now_ms) &&
         std::all_of(hosts_.begin(), hosts_.end(), named) &&
         tls::CheckChain({own}, {authority.trusted().back()}, tls::Use::kServer).ok();
}

std::string ServerCertificate::NextName() const {
  int last = 0;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, ignored)) {
    last = std::max(last, std::atoi(entry.path().filename().c_str()));
  }
  return std::to_string(last + 1);
}

void ServerCertificate::RemoveOthers(const std::string& kept) const {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, ignored)) {
    std::string name = entry.path().filename();
    if (name != kept && name != "current") std::filesystem::remove_all(entry.path(), ignored);
  }
}

absl::Status ServerCertificate::MakePair(const Authority& authority, int64_t now_ms) const {
  AuthorityKey key = AuthorityKey::Generate();
  TWINNING_ASSIGN_OR_RETURN(tls::Certificate own, authority.CertifyServer(key, hosts_, now_ms));
  std::vector<tls::Certificate> chain = authority.chain();
  chain.insert(chain.begin(), own);
  const std::string name = NextName();
  const std::string folder = folder_ + "/" + name;
  TWINNING_RETURN_IF_ERROR(files::MakeDirectory(folder));
  TWINNING_RETURN_IF_ERROR(files::Write(folder + "/key.pem", key.pem()));
  TWINNING_RETURN_IF_ERROR(files::Write(folder + "/chain.pem", tls::PemOf(chain)));
  // A copy of the data that followed links has a folder in the link's place.
  const std::string current = folder_ + "/current";
  std::error_code ignored;
  if (!std::filesystem::is_symlink(current, ignored)) std::filesystem::remove_all(current, ignored);
  TWINNING_RETURN_IF_ERROR(files::PointLink(current, name));
  RemoveOthers(name);
  return absl::OkStatus();
}

absl::StatusOr<bool> ServerCertificate::Refresh(const Authority& authority, int64_t now_ms) {
  TWINNING_RETURN_IF_ERROR(files::MakeDirectory(folder_));
  if (Good(authority, now_ms)) return false;
  TWINNING_RETURN_IF_ERROR(MakePair(authority, now_ms));
  if (!Good(authority, now_ms)) {
    return Internal(fmt::format("the certificate just made in {} does not hold", folder_));
  }
  return true;
}

}  // namespace twinning::server
