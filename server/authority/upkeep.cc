#include "server/authority/upkeep.h"

#include <fmt/core.h>

#include <chrono>

#include "common/base/date.h"
#include "common/base/status.h"
#include "server/log/log.h"

namespace twinning::server {
namespace {

constexpr std::chrono::hours kInterval{1};
constexpr int64_t kWarnBefore_ms = 30 * kDay_ms;

}  // namespace

Upkeep::~Upkeep() { Stop(); }

void Upkeep::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

absl::Status Upkeep::Take(std::string what, ServerCertificate certificate) {
  TWINNING_RETURN_IF_ERROR(certificate.Refresh(authority_, now_ms_()).status());
  certificates_.emplace_back(std::move(what), std::move(certificate));
  return absl::OkStatus();
}

void Upkeep::Begin(std::function<void()> also) {
  also_ = std::move(also);
  thread_ = std::thread([this] { Run(); });
}

void Upkeep::Run() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, kInterval, [this] { return stopping_; })) {
    lock.unlock();
    Look();
    also_();
    lock.lock();
  }
}

void Upkeep::Look() {
  absl::StatusOr<bool> rolled = authority_.RollIfDue(now_ms_());
  if (!rolled.ok()) LogError("no new authority: " + MessageOf(rolled.status()));
  if (rolled.value_or(false)) {
    LogInfo("a new certificate authority takes over; the one before stays trusted until it ends");
  }
  for (auto& [what, certificate] : certificates_) {
    absl::StatusOr<bool> made = certificate.Refresh(authority_, now_ms_());
    if (made.value_or(false)) LogInfo(fmt::format("a new certificate for {}", what));
    if (!made.ok()) WarnOf(what, made.status());
  }
}

// What works still for months is no error yet.
void Upkeep::WarnOf(const std::string& what, const absl::Status& failed) const {
  std::string sentence = fmt::format("no new certificate for {}: {}", what, MessageOf(failed));
  for (const CertificateReport& report : Report()) {
    if (report.what != what) continue;
    const int64_t until_ms = report.certificate.valid_until_ms();
    if (now_ms_() < until_ms - kWarnBefore_ms) return LogWarning(sentence);
    sentence += fmt::format("; from {} UTC on nobody can connect", FormatTime(until_ms));
  }
  LogError(sentence);
}

std::vector<CertificateReport> Upkeep::Report() const {
  std::vector<CertificateReport> all;
  for (const tls::Certificate& authority : authority_.trusted()) {
    all.push_back({fmt::format("authority {}", all.size() + 1), authority});
  }
  for (const auto& [what, certificate] : certificates_) {
    absl::StatusOr<tls::Certificate> current = certificate.Current();
    if (current.ok()) all.push_back({what, *current});
  }
  return all;
}

}  // namespace twinning::server
