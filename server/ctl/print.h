// What twinningctl prints: lines for people, or one JSON value (a log: one a line).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "twinning/v1/admin.pb.h"

namespace twinning::ctl {

std::string CreatedText(const v1::PartnershipInfo& info);
std::string ListText(const v1::ListPartnershipsResponse& list);
std::string InvitationText(const v1::InviteRequest& request, const v1::InviteResponse& response);
std::string LogText(const v1::LogLine& line);

std::string InfoJson(const v1::PartnershipInfo& info);
std::string ListJson(const v1::ListPartnershipsResponse& list);
std::string InvitationJson(const v1::InviteRequest& request, const v1::InviteResponse& response);
std::string LogJson(const v1::LogLine& line);

// "1 replica", "3 replicas"
std::string Counted(uint64_t count, std::string_view noun);
// The eight words of a hash.
std::string SpokenHash(const std::string& hash);
// An enum's name as people type it: REPRESENTATIVE -> representative.
std::string Lower(std::string name);

std::string ErrorJson(const std::string& message);

// Writes to standard output at once: what is followed is read as it comes.
void Print(const std::string& text);

// One line; what is no UTF-8 is replaced.
std::string Dump(const nlohmann::ordered_json& json);

}  // namespace twinning::ctl
