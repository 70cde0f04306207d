// One partnership: how it stands, whether it takes changes, what its towns must decide.
#include <fmt/core.h>

#include <map>

#include "common/base/status.h"
#include "common/plan/conflicts.h"
#include "common/plan/titles.h"
#include "common/words/conflicts.h"
#include "server/admin/office.h"

namespace twinning::server {
namespace {

constexpr size_t kMostConflicts = 1000;

void AddTowns(const sync::ServerPartnership& partnership, v1::PartnershipDetails& details) {
  const plan::Plan& plan = partnership.plan();
  for (const plan::Town& town : plan.towns()) {
    v1::PartnershipDetails::Town& one = *details.add_towns();
    one.set_name(town.name);
    one.set_admitted(town.admitted);
    std::set<std::string> people;
    for (const plan::Member& member : plan.members()) {
      if (member.town != town.id || member.revoked != 0) continue;
      people.insert(member.name);
      one.set_replicas(one.replicas() + 1);
      one.set_connected(one.connected() + (partnership.Connected(member.replica) ? 1 : 0));
    }
    one.set_members(static_cast<uint32_t>(people.size()));
  }
}

absl::StatusOr<int64_t> TimeOf(Sequencer& sequencer, const LedgerId& ledger, Sequence sequence) {
  TWINNING_ASSIGN_OR_RETURN(std::vector<v1::Entry> entries,
                            sequencer.Read(ledger, sequence - 1, 1));
  return entries.empty() ? 0 : entries.front().time_ms();
}

v1::ConflictInfo InfoOf(const plan::Plan& plan, const plan::Conflict& conflict) {
  v1::ConflictInfo info;
  info.set_id(std::string(conflict.id.bytes()));
  info.set_record(std::string(conflict.record.bytes()));
  info.set_subject(words::ConflictSubject(plan, conflict));
  info.set_opened(conflict.opened);
  for (const plan::Candidate& candidate : conflict.candidates) {
    v1::ConflictInfo::Candidate& one = *info.add_candidates();
    one.set_words(words::CandidateInWords(plan, conflict, candidate));
    one.set_author(candidate.author);
    one.set_town(plan::TownName(plan, candidate.town));
    one.set_time_ms(candidate.time_ms);
    one.set_shown(candidate.shown);
  }
  return info;
}

}  // namespace

absl::StatusOr<v1::PartnershipDetails> Office::Show(Sequencer& sequencer,
                                                    const std::string& partnership) {
  TWINNING_ASSIGN_OR_RETURN(LedgerId ledger, Resolve(sequencer, partnership));
  TWINNING_ASSIGN_OR_RETURN(sync::ServerPartnership * found, sequencer.Find(ledger));
  const plan::Plan& plan = found->plan();
  v1::PartnershipDetails details;
  *details.mutable_info() = server::InfoOf(*found);
  AddTowns(*found, details);
  TWINNING_ASSIGN_OR_RETURN(int64_t founded_ms, TimeOf(sequencer, ledger, 1));
  TWINNING_ASSIGN_OR_RETURN(int64_t last_ms, TimeOf(sequencer, ledger, found->durable().sequence));
  details.set_founded_ms(founded_ms);
  details.set_last_entry_ms(last_ms);
  details.set_hash(std::string(found->durable().hash.bytes()));
  details.set_digest(std::string(plan.Digest().bytes()));
  details.set_epoch(plan.epoch());
  details.set_recovering(found->recovery().has_value());
  details.set_records(plan.records().size());
  details.set_open_conflicts(plan::Conflicts(plan, false).size());
  details.set_ignored(plan.ignored().size());
  return details;
}

absl::StatusOr<v1::PartnershipInfo> Office::Archive(Sequencer& sequencer,
                                                    const v1::ArchiveRequest& request,
                                                    const std::string& by) {
  TWINNING_ASSIGN_OR_RETURN(LedgerId ledger, Resolve(sequencer, request.partnership()));
  TWINNING_ASSIGN_OR_RETURN(sync::ServerPartnership * found, sequencer.Find(ledger));
  if (found->archived() == request.take_back()) {
    TWINNING_RETURN_IF_ERROR(
        sequencer.SetArchived(ledger, request.take_back() ? 0 : sequencer.now_ms()));
    records_.audit.Note(request.take_back() ? "partnership taken back" : "partnership archived",
                        {{"by", by}, {"partnership", found->plan().name()}});
  }
  return server::InfoOf(*found);
}

absl::StatusOr<v1::ConflictsResponse> Office::Conflicts(Sequencer& sequencer,
                                                        const std::string& partnership,
                                                        const std::string& by) {
  TWINNING_ASSIGN_OR_RETURN(LedgerId ledger, Resolve(sequencer, partnership));
  TWINNING_ASSIGN_OR_RETURN(sync::ServerPartnership * found, sequencer.Find(ledger));
  records_.audit.Note("conflicts read", {{"by", by}, {"partnership", found->plan().name()}});
  v1::ConflictsResponse response;
  for (const plan::Conflict& conflict : plan::Conflicts(found->plan(), false)) {
    *response.add_conflicts() = InfoOf(found->plan(), conflict);
    if (static_cast<size_t>(response.conflicts_size()) == kMostConflicts) break;
  }
  return response;
}

void Office::NoteReading(Sequencer& sequencer, const LedgerId& ledger, const std::string& by) {
  absl::StatusOr<sync::ServerPartnership*> found = sequencer.Find(ledger);
  if (!found.ok()) return;
  records_.audit.Note("log read", {{"by", by}, {"partnership", (*found)->plan().name()}});
}

}  // namespace twinning::server
