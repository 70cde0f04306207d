#include "server/front/shown.h"

#include <grpc/grpc_security_constants.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <vector>

namespace twinning::server {

std::shared_ptr<grpc::ServerCredentials> CredentialsShowing(const FrontPair& shown) {
  namespace grpc_tls = grpc::experimental;
  grpc_tls::TlsServerCredentialsOptions options(
      std::make_shared<grpc_tls::StaticDataCertificateProvider>(
          std::vector<grpc_tls::IdentityKeyCertPair>{{shown.key, shown.chain}}));
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  return grpc_tls::TlsServerCredentials(options);
}

}  // namespace twinning::server
