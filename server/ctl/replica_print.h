// What twinningctl prints of replicas and roles.
#pragma once

#include <string>

#include "twinning/v1/admin.pb.h"

namespace twinning::ctl {

std::string ReplicasText(const v1::ReplicasResponse& all);
std::string RolesText(const v1::ReplicasResponse& all);
std::string RoleChangedText(const v1::ChangeRoleResponse& changed);

std::string ReplicasJson(const v1::ReplicasResponse& all);
std::string RolesJson(const v1::ReplicasResponse& all);
std::string RoleChangedJson(const v1::ChangeRoleResponse& changed);

}  // namespace twinning::ctl
