#include "server/ctl/identity.h"

#include <fmt/core.h>
#include <sys/random.h>

#include <filesystem>

#include "common/base/ids.h"
#include "common/base/status.h"
#include "common/files/durable.h"
#include "common/tls/trust.h"

namespace twinning::ctl {
namespace {

constexpr size_t kMaxFile = 64 * 1024;

std::string KeyIn(const std::string& folder) { return folder + "/key"; }
std::string NameIn(const std::string& folder) { return folder + "/name"; }
std::string CertificateIn(const std::string& folder) { return folder + "/certificate.pem"; }
std::string AuthoritiesIn(const std::string& folder) { return folder + "/authorities.pem"; }

absl::StatusOr<std::string> ReadLine(const std::string& path) {
  TWINNING_ASSIGN_OR_RETURN(std::string text, files::Read(path, kMaxFile));
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

absl::StatusOr<std::vector<tls::Certificate>> ReadCertificates(const std::string& path) {
  TWINNING_ASSIGN_OR_RETURN(std::string pem, files::Read(path, kMaxFile));
  TWINNING_ASSIGN_OR_RETURN(std::vector<tls::Certificate> all, tls::CertificatesOfPem(pem));
  if (all.empty()) return DataLoss(path + " holds no certificate");
  return all;
}

absl::StatusOr<SigningKey> ReadKey(const std::string& folder) {
  TWINNING_ASSIGN_OR_RETURN(std::string hex, ReadLine(KeyIn(folder)));
  std::optional<std::string> seed = BytesOfHex(hex);
  std::optional<SigningKey> key = seed ? SigningKey::OfSeed(*seed) : std::nullopt;
  if (!key) return DataLoss(KeyIn(folder) + " is not a key");
  return *key;
}

}  // namespace

absl::StatusOr<Identity> Identity::Read(const std::string& folder) {
  if (!std::filesystem::exists(CertificateIn(folder))) {
    return NotFound(
        fmt::format("{} holds no operator's certificate: have one made at the server, by "
                    "\"twinningctl operator "
                    "add NAME --identity DIR\", and bring the directory here",
                    folder));
  }
  TWINNING_ASSIGN_OR_RETURN(SigningKey key, ReadKey(folder));
  TWINNING_ASSIGN_OR_RETURN(std::string name, ReadLine(NameIn(folder)));
  TWINNING_ASSIGN_OR_RETURN(std::vector<tls::Certificate> own,
                            ReadCertificates(CertificateIn(folder)));
  TWINNING_ASSIGN_OR_RETURN(std::vector<tls::Certificate> authorities,
                            ReadCertificates(AuthoritiesIn(folder)));
  if (own.front().ed25519_key() != key.public_key()) {
    return DataLoss(fmt::format("in {} key and certificate do not belong together", folder));
  }
  return Identity{std::move(name), std::move(key), own.front(), std::move(authorities)};
}

absl::Status Identity::CheckTime(int64_t now_ms) const {
  absl::Status time = tls::CheckTime(certificate, "the operator's certificate", now_ms, 0);
  if (time.ok()) return time;
  return FailedPrecondition(MessageOf(time) +
                            "; a new one is made at the server, by \"twinningctl operator add\"");
}

absl::StatusOr<SigningKey> MakeIdentityKey(const std::string& folder, const std::string& name) {
  std::string seed(kSeedSize, '\0');
  if (getrandom(seed.data(), seed.size(), 0) != static_cast<ssize_t>(seed.size())) {
    return Unavailable("this machine gives no random numbers");
  }
  TWINNING_RETURN_IF_ERROR(files::MakeDirectory(folder));
  TWINNING_RETURN_IF_ERROR(files::WriteNew(KeyIn(folder), HexOf(seed) + "\n"));
  TWINNING_RETURN_IF_ERROR(files::Write(NameIn(folder), name + "\n"));
  return *SigningKey::OfSeed(seed);
}

absl::Status KeepCertificate(const std::string& folder, const v1::AddOperatorResponse& given) {
  TWINNING_ASSIGN_OR_RETURN(tls::Certificate own, tls::Certificate::OfDer(given.certificate()));
  std::vector<tls::Certificate> authorities;
  for (const std::string& der : given.authorities()) {
    TWINNING_ASSIGN_OR_RETURN(tls::Certificate authority, tls::Certificate::OfDer(der));
    authorities.push_back(std::move(authority));
  }
  TWINNING_RETURN_IF_ERROR(files::Write(AuthoritiesIn(folder), tls::PemOf(authorities)));
  return files::Write(CertificateIn(folder), own.pem());
}

}  // namespace twinning::ctl
