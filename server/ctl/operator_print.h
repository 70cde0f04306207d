// What twinningctl prints of operators.
#pragma once

#include <string>

#include "twinning/v1/admin.pb.h"

namespace twinning::ctl {

std::string OperatorAddedText(const std::string& name, const std::string& folder,
                              const v1::AddOperatorResponse& given);
std::string OperatorsText(const v1::ListOperatorsResponse& all);
std::string OperatorWithdrawnText(const v1::OperatorInfo& info);

std::string OperatorAddedJson(const std::string& name, const std::string& folder,
                              const v1::AddOperatorResponse& given);
std::string OperatorsJson(const v1::ListOperatorsResponse& all);
std::string OperatorWithdrawnJson(const v1::OperatorInfo& info);

}  // namespace twinning::ctl
