// Short ways to make the error values that every interface here returns. Knows nothing of the domain.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace twinning {

absl::Status InvalidArgument(std::string_view message);     // the caller's input is at fault
absl::Status NotFound(std::string_view message);
absl::Status AlreadyExists(std::string_view message);
absl::Status FailedPrecondition(std::string_view message);  // right input, wrong moment
absl::Status DataLoss(std::string_view message);            // stored or received bytes are not what was written
absl::Status Unavailable(std::string_view message);         // disk, network: may work later
absl::Status Internal(std::string_view message);

// "what: message" with the same code.
absl::Status Within(std::string_view what, const absl::Status& status);

std::string MessageOf(const absl::Status& status);

}  // namespace twinning

#define TWINNING_RETURN_IF_ERROR(expression)                        \
  do {                                                              \
    if (absl::Status twinning_status = (expression); !twinning_status.ok()) return twinning_status; \
  } while (false)

#define TWINNING_CONCAT_INNER(a, b) a##b
#define TWINNING_CONCAT(a, b) TWINNING_CONCAT_INNER(a, b)

// TWINNING_ASSIGN_OR_RETURN(auto value, Compute());
#define TWINNING_ASSIGN_OR_RETURN(target, expression) \
  TWINNING_ASSIGN_OR_RETURN_INNER(TWINNING_CONCAT(twinning_or_, __LINE__), target, expression)
#define TWINNING_ASSIGN_OR_RETURN_INNER(temporary, target, expression) \
  auto temporary = (expression);                                       \
  if (!temporary.ok()) return temporary.status();                      \
  target = *std::move(temporary)
