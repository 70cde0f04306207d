// When the server's own certificates end, read from the files themselves.
#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

#include "common/base/date.h"
#include "common/base/status.h"
#include "common/files/durable.h"
#include "common/tls/certificate.h"
#include "server/doctor/finding.h"
#include "server/ledger/data_folder.h"

namespace twinning::server {
namespace {

constexpr int64_t kWarnDays = 30;
constexpr size_t kMaxFile = 64 * 1024;

struct File {
  std::string what;
  std::string path;
};

void AddEach(const std::string& folder, const std::string& prefix, const std::string& rest,
             std::vector<File>& files) {
  std::error_code ignored;
  std::vector<File> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const std::string path = entry.path().string() + rest;
    if (std::filesystem::exists(path, ignored)) {
      found.push_back({prefix + entry.path().filename().string(), path});
    }
  }
  std::sort(found.begin(), found.end(),
            [](const File& a, const File& b) { return a.what < b.what; });
  files.insert(files.end(), found.begin(), found.end());
}

v1::Finding FindingOf(const File& file, int64_t now_ms) {
  const std::string what = "certificate " + file.what;
  absl::StatusOr<std::string> pem = files::Read(file.path, kMaxFile);
  absl::StatusOr<std::vector<tls::Certificate>> all =
      pem.ok() ? tls::CertificatesOfPem(*pem) : pem.status();
  if (!all.ok() || all->empty()) {
    return Failure(what, fmt::format("{} cannot be read", file.path),
                   "restore the directory \"authority\" from its copy; what is in \"tls\" is made "
                   "anew when the server starts");
  }
  const int64_t until_ms = all->front().valid_until_ms();
  const int64_t days = (until_ms - now_ms) / kDay_ms;
  if (until_ms < now_ms) {
    return Failure(what, fmt::format("ended at {} UTC", FormatTime(until_ms)),
                   "start the server again and look at its log; if the clock is wrong, set it");
  }
  if (days < kWarnDays) {
    return Warning(what, fmt::format("{} days left; the server should have made a new one", days),
                   "look at the server's log for \"no new certificate\"");
  }
  return Fine(what, fmt::format("{} days left", days));
}

}  // namespace

absl::Status ExamineCertificates(const Patient& patient, const Tell& tell) {
  std::vector<File> files;
  AddEach(DataFolder::AuthorityIn(patient.data), "authority ", "/certificate.pem", files);
  if (files.empty()) {
    return tell(Failure("authority", "there is no certificate authority",
                        "restore the directory \"authority\" from its copy: replicas trust no "
                        "other"));
  }
  // Of the authorities only the newest issues; older ones end while both are trusted.
  files.erase(files.begin(), files.end() - 1);
  AddEach(patient.data + "/tls", "", "/current/chain.pem", files);
  for (const File& file : files) TWINNING_RETURN_IF_ERROR(tell(FindingOf(file, patient.now_ms)));
  return absl::OkStatus();
}

}  // namespace twinning::server
