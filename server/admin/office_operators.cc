// Who may administer this server from another machine.
#include "common/base/ids.h"
#include "common/base/status.h"
#include "server/admin/office.h"

namespace twinning::server {

absl::StatusOr<v1::AddOperatorResponse> Office::AddOperator(const v1::AddOperatorRequest& request,
                                                            const std::string& by, int64_t now_ms) {
  TWINNING_RETURN_IF_ERROR(records_.operators.Add(request.name(), request.key(), now_ms));
  TWINNING_ASSIGN_OR_RETURN(
      tls::Certificate certificate,
      records_.authority.CertifyOperator(request.name(), request.key(), now_ms));
  records_.audit.Note("operator certified",
                      {{"by", by}, {"operator", request.name()}, {"key", HexOf(request.key())}});
  v1::AddOperatorResponse response;
  response.set_certificate(certificate.der());
  for (const tls::Certificate& authority : records_.authority.trusted()) {
    response.add_authorities(authority.der());
  }
  response.set_address(addresses_.administration);
  response.set_until_ms(certificate.valid_until_ms());
  return response;
}

v1::ListOperatorsResponse Office::Operators() const {
  v1::ListOperatorsResponse response;
  for (const Operator& known : records_.operators.all()) {
    v1::OperatorInfo& one = *response.add_operators();
    one.set_name(known.name);
    one.set_key(known.key);
    one.set_added_ms(known.added_ms);
    one.set_withdrawn_ms(known.withdrawn_ms);
  }
  return response;
}

absl::StatusOr<v1::OperatorInfo> Office::WithdrawOperator(const std::string& name,
                                                          const std::string& by, int64_t now_ms) {
  TWINNING_ASSIGN_OR_RETURN(Operator withdrawn, records_.operators.Withdraw(name, now_ms));
  records_.audit.Note("operator withdrawn", {{"by", by}, {"operator", name}});
  v1::OperatorInfo info;
  info.set_name(withdrawn.name);
  info.set_key(withdrawn.key);
  info.set_added_ms(withdrawn.added_ms);
  info.set_withdrawn_ms(withdrawn.withdrawn_ms);
  return info;
}

}  // namespace twinning::server
