// What twinningctl prints of how the server is.
#pragma once

#include <string>
#include <vector>

#include "server/ctl/rates.h"
#include "twinning/v1/admin.pb.h"

namespace twinning::ctl {

std::string FindingText(const v1::Finding& finding);
std::string FindingsJson(const std::vector<v1::Finding>& all);

// A screen of lines, and one line.
std::string TopText(const v1::Measurement& measured, const Rates& rates);
std::string TopJson(const v1::Measurement& measured, const Rates& rates);

}  // namespace twinning::ctl
