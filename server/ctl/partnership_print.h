// What twinningctl prints of one partnership.
#pragma once

#include <string>

#include "twinning/v1/admin.pb.h"

namespace twinning::ctl {

std::string DetailsText(const v1::PartnershipDetails& details);
std::string ArchivedText(const v1::PartnershipInfo& info);
std::string ExportedText(const std::string& file, const v1::BackupInfo& info);
std::string ImportedText(const v1::ImportReport& report);
std::string ConflictsText(const v1::ConflictsResponse& all);

std::string DetailsJson(const v1::PartnershipDetails& details);
std::string ImportedJson(const v1::ImportReport& report);
std::string ConflictsJson(const v1::ConflictsResponse& all);

}  // namespace twinning::ctl
