// Keeps the server's own certificates good by itself: a new authority when the old one ages, a new
// certificate before the last one ends, a warning while that does not work.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "server/authority/authority.h"
#include "server/authority/server_certificate.h"

namespace twinning::server {

// What is certified, for operators.
struct CertificateReport {
  std::string what;  // "authority 1", "sync"
  tls::Certificate certificate;
};

class Upkeep {
 public:
  using Clock = std::function<int64_t()>;  // milliseconds since 1970

  // `authority` must outlive it.
  Upkeep(Authority& authority, Clock now_ms) : authority_(authority), now_ms_(std::move(now_ms)) {}
  ~Upkeep();

  // Makes the certificate good now, and looks after it from then on. Before Begin.
  absl::Status Take(std::string what, ServerCertificate certificate);
  // Looks after them every hour on a thread of its own, and calls `also` then.
  void Begin(std::function<void()> also);
  // Looks no more; `also` is not called any more.
  void Stop();

  // One round; what Begin does every hour.
  void Look();

  // Safe from any thread.
  std::vector<CertificateReport> Report() const;

 private:
  void Run();
  void WarnOf(const std::string& what, const absl::Status& failed) const;

  Authority& authority_;
  const Clock now_ms_;
  std::vector<std::pair<std::string, ServerCertificate>> certificates_;
  std::function<void()> also_;

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace twinning::server
