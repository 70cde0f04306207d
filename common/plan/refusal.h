// Why something cannot be taken: a domain answer, not an error.
#pragma once

#include <string>
#include <utility>

#include "twinning/v1/change.pb.h"

namespace twinning::plan {

// `detail` is one sentence for people that names the thing and the next step.
struct Refusal {
  v1::RefusalReason reason = v1::REFUSAL_REASON_UNSPECIFIED;
  std::string detail;
};

inline Refusal No(v1::RefusalReason reason, std::string detail) {
  return {reason, std::move(detail)};
}

}  // namespace twinning::plan
