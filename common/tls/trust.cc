#include "common/tls/trust.h"

#include <fmt/core.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "common/base/date.h"
#include "common/base/status.h"

namespace twinning::tls {
namespace {

struct FreeStore {
  void operator()(X509_STORE* store) const { X509_STORE_free(store); }
};
struct FreeContext {
  void operator()(X509_STORE_CTX* context) const { X509_STORE_CTX_free(context); }
};
// Of certificates that somebody else owns.
struct FreeStack {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};

absl::Status Denied(std::string_view why) {
  return absl::PermissionDeniedError({why.data(), why.size()});
}

std::string ErrorOf(X509_STORE_CTX* context) {
  return X509_verify_cert_error_string(X509_STORE_CTX_get_error(context));
}

}  // namespace

absl::Status CheckChain(const std::vector<Certificate>& chain,
                        const std::vector<Certificate>& authorities, Use use) {
  if (chain.empty()) return Denied("there is no certificate");
  std::unique_ptr<X509_STORE, FreeStore> store(X509_STORE_new());
  for (const Certificate& authority : authorities) {
    X509_STORE_add_cert(store.get(), authority.x509());
  }
  std::unique_ptr<STACK_OF(X509), FreeStack> others(sk_X509_new_null());
  for (size_t i = 1; i < chain.size(); ++i) sk_X509_push(others.get(), chain[i].x509());
  std::unique_ptr<X509_STORE_CTX, FreeContext> context(X509_STORE_CTX_new());
  if (X509_STORE_CTX_init(context.get(), store.get(), chain.front().x509(), others.get()) != 1) {
    return Denied("the certificate cannot be checked");
  }
  X509_VERIFY_PARAM* how = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_purpose(
      how, use == Use::kServer ? X509_PURPOSE_SSL_SERVER : X509_PURPOSE_SSL_CLIENT);
  X509_VERIFY_PARAM_set_flags(
      how, X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_X509_STRICT);
  X509_VERIFY_PARAM_set_time(how, static_cast<time_t>(chain.front().valid_until_ms() / 1000 - 1));
  if (X509_verify_cert(context.get()) != 1) return Denied(ErrorOf(context.get()));
  if (use == Use::kServer && !chain.front().Names(kServerName)) {
    return Denied("the certificate is not a server's");
  }
  return absl::OkStatus();
}

absl::Status CheckTime(const Certificate& certificate, const std::string& whose, int64_t now_ms,
                       int64_t grace_ms) {
  const int64_t from_ms = certificate.valid_from_ms();
  const int64_t until_ms = certificate.valid_until_ms();
  if (now_ms < from_ms) {
    return FailedPrecondition(fmt::format("{} is valid from {} UTC, and your clock says {} UTC",
                                          whose, FormatTime(from_ms), FormatTime(now_ms)));
  }
  if (now_ms <= until_ms + grace_ms) return absl::OkStatus();
  return FailedPrecondition(fmt::format("{} ended at {} UTC, and your clock says {} UTC", whose,
                                        FormatTime(until_ms), FormatTime(now_ms)));
}

std::vector<Certificate> WithFingerprint(const std::vector<Certificate>& chain,
                                         const Hash& fingerprint) {
  std::vector<Certificate> found;
  for (const Certificate& certificate : chain) {
    if (certificate.fingerprint() == fingerprint) found.push_back(certificate);
  }
  return found;
}

}  // namespace twinning::tls
