#include "server/door/callers.h"

#include <fmt/core.h>
#include <google/protobuf/descriptor.h>

#include "common/base/status.h"

namespace twinning::server {

absl::Status CheckCallers(const std::string& service, v1::Callers callers) {
  const google::protobuf::ServiceDescriptor* found =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(service);
  if (found == nullptr) return Internal(fmt::format("there is no service {}", service));
  for (int i = 0; i < found->method_count(); ++i) {
    v1::Callers declared = found->method(i)->options().GetExtension(v1::callers);
    if (declared != callers || callers == v1::CALLERS_UNSPECIFIED) {
      return Internal(fmt::format("{} is for {}, not for {}", found->method(i)->full_name(),
                                  v1::Callers_Name(declared), v1::Callers_Name(callers)));
    }
  }
  return absl::OkStatus();
}

}  // namespace twinning::server
