// What twinningctl prints of invitations, revocations, audit and certificates.
#pragma once

#include <string>

#include "twinning/v1/admin.pb.h"

namespace twinning::ctl {

std::string InvitationsText(const v1::ListInvitationsResponse& all);
std::string WithdrawnText(const v1::InvitationInfo& info);
std::string RehomeCodeText(const v1::RehomeCodeResponse& response);
std::string RevokedText(const v1::RevokeResponse& response);
std::string AuditText(const v1::AuditResponse& response);
std::string CertificatesText(const v1::CertificatesResponse& response);

std::string InvitationsJson(const v1::ListInvitationsResponse& all);
std::string WithdrawnJson(const v1::InvitationInfo& info);
std::string RehomeCodeJson(const v1::RehomeCodeResponse& response);
std::string RevokedJson(const v1::RevokeResponse& response);
std::string AuditJson(const v1::AuditResponse& response);
std::string CertificatesJson(const v1::CertificatesResponse& response);

}  // namespace twinning::ctl
