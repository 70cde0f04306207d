// What a plan comes to, as text, but for what depends on who synced first: which candidate is
// shown.
#pragma once

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "common/plan/conflicts.h"
#include "common/plan/plan.h"

namespace twinning::plan {

// As it reads; digests in hex.
inline std::string Hex(const std::string& value) {
  bool plain = std::all_of(value.begin(), value.end(), [](char c) { return c >= ' '; });
  return plain ? value : HexOf(value).substr(0, 24);
}

inline std::string Sorted(std::vector<std::string> values) {
  std::sort(values.begin(), values.end());
  std::string text = ":";
  for (const std::string& value : values) text += " [" + value + "]";
  return text + "\n";
}

inline std::vector<std::string> Named(const std::vector<Candidate>& candidates) {
  std::vector<std::string> named;
  for (const Candidate& one : candidates) {
    named.push_back(one.author + std::to_string(one.number) + " " + Hex(one.value));
  }
  return named;
}

inline std::string Named(const Plan& plan, const merge::Candidate& candidate) {
  const std::vector<Member>& members = plan.members();
  const size_t who = candidate.stamp.replica;
  return (who < members.size() ? members[who].name : "ledger") +
         std::to_string(candidate.stamp.number) + " " + Hex(candidate.value);
}

inline void TellFields(const Plan& plan, const merge::Kind& kind, const merge::Record& record,
                       std::ostringstream& told) {
  for (const merge::Field& field : kind.fields) {
    auto reg = record.registers.find(field.number);
    if (reg == record.registers.end() || field.rule == v1::QUIET_REGISTER) continue;
    std::vector<std::string> values;
    for (const merge::Candidate& one : reg->second.candidates) values.push_back(Named(plan, one));
    told << "  " << field.name << Sorted(values);
  }
  for (const auto& [field, set] : record.sets) {
    for (const auto& [value, adds] : set.adds) told << "  + " << value << "\n";
  }
  for (const auto& [key, text] : record.texts) told << "  " << text.document.text() << "\n";
}

inline void TellConflicts(const Plan& plan, const merge::Record& record, std::ostringstream& told) {
  std::vector<std::string> all;
  for (const Conflict& conflict : ConflictsOf(plan, record, false)) {
    std::vector<std::string> candidates;
    // How much of its surroundings a version of a passage takes in, and which of two equal ones
    // is named, may depend on which side came first.
    if (conflict.kind != merge::ConflictKind::kPassage) candidates = Named(conflict.candidates);
    all.push_back("conflict " + std::to_string(conflict.field) + Sorted(candidates));
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  for (const std::string& one : all) told << "  " << one;
}

inline std::string Tell(const Plan& plan) {
  std::ostringstream told;
  plan.records().ForEach([&](const merge::Record& record) {
    const merge::Kind* kind = plan.KindOf(record);
    told << kind->name << " " << record.id.hex().substr(0, 8)
         << (record.existence.deleted() ? " deleted" : "")
         << (plan.Visible(record) ? "\n" : " hidden\n");
    if (!record.diverged) TellFields(plan, *kind, record, told);
    TellConflicts(plan, record, told);
  });
  return told.str();
}

}  // namespace twinning::plan
