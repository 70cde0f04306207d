// What twinningctl prints of backups, verified ledgers and recoveries.
#pragma once

#include <string>
#include <vector>

#include "server/backup/restore.h"
#include "twinning/v1/admin.pb.h"

namespace twinning::ctl {

std::string BackupText(const std::string& file, const v1::BackupInfo& info);
std::string VerifiedText(const v1::Verified& verified);
std::string RestoredText(const std::string& data, const server::Restored& restored);
std::string RebuiltText(const v1::Verified& verified);
std::string RecoveryText(const v1::RecoveryReport& report);

std::string BackupJson(const std::string& file, const v1::BackupInfo& info);
std::string VerifiedJson(const std::vector<v1::Verified>& all);
std::string RestoredJson(const server::Restored& restored);
std::string RecoveryJson(const v1::RecoveryReport& report);

}  // namespace twinning::ctl
