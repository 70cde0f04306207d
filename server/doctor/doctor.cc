#include "server/doctor/doctor.h"

#include <fmt/core.h>

#include <filesystem>

#include "common/base/status.h"
#include "server/doctor/finding.h"
#include "server/ledger/data_folder.h"

namespace twinning::server {

absl::Status Examine(const Patient& patient, const Tell& tell) {
  std::error_code ignored;
  if (!std::filesystem::exists(DataFolder::DatabaseIn(patient.data), ignored)) {
    return NotFound(
        fmt::format("{} is not a server's data directory: there is no server.db", patient.data));
  }
  TWINNING_RETURN_IF_ERROR(ExamineRunning(patient, tell));
  TWINNING_RETURN_IF_ERROR(ExamineStorage(patient, tell));
  return ExamineCertificates(patient, tell);
}

}  // namespace twinning::server
