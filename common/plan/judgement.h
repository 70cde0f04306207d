// Whether a change may be taken, judged against the state at the sequence that it would get: shape,
// rights, and what its author knew. The same code answers in server, replica and before typing.
// Internal to this folder; callers use Plan::Judge.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "common/plan/conflicts.h"
#include "common/plan/plan.h"
#include "common/plan/standing.h"

namespace twinning::plan {

class Judgement {
 public:
  Judgement(const Plan& plan, const Change& change);

  std::optional<Refusal> Answer();  // none: it may

 private:
  using Verdict = std::optional<Refusal>;

  // A record that this change creates.
  struct Created {
    const merge::Kind* kind = nullptr;
    std::map<uint32_t, merge::Value> written;
    bool again = false;  // made by a rule, and there already
  };
  // What an edit is about, found once.
  struct Subject {
    RecordId id;                            // after routing
    const merge::Record* record = nullptr;  // null: created by this change
    Created* created = nullptr;
    const merge::Kind* kind = nullptr;
  };

  // The branch as it would be with what this author had seen.
  const merge::Record* Admitted(const RecordId& named, const RecordId& routed);
  Verdict JudgeMember();
  Verdict JudgeShape() const;
  Verdict JudgeRefusedBefore() const;
  Verdict JudgeEdit(const v1::Edit& edit);
  Verdict JudgeCreate(const RecordId& id, const v1::Create& create);
  Verdict JudgeOperation(const Subject& subject, const v1::Edit& edit);
  Verdict JudgeWrite(const Subject& subject, const v1::Write& write);
  Verdict JudgeSplice(const Subject& subject, uint32_t field, const std::string& language,
                      const google::protobuf::RepeatedPtrField<v1::Splice>& splices);
  Verdict JudgeElement(const Subject& subject, uint32_t field, const std::string& value, bool add);
  Verdict JudgeIncrement(const Subject& subject, const v1::Increment& increment) const;
  Verdict JudgeDelete(const Subject& subject) const;
  Verdict JudgeRestore(const Subject& subject) const;
  Verdict JudgeAgree(const Subject& subject, const v1::Agree& agree) const;
  Verdict JudgeConsenting(const Subject& subject) const;
  Verdict JudgeSettle(const Subject& subject, const v1::Settle& settle);
  Verdict JudgeSettled(const Subject& subject, const v1::Settle& settle) const;
  Verdict JudgeDiverge(const Subject& subject, const v1::Settle& settle) const;
  Verdict JudgeReopen(const Subject& subject, const v1::Reopen& reopen) const;
  Verdict JudgeConfirm(const Subject& subject, const v1::ConfirmText& confirm) const;

  // What is said in the town's name, and of its members.
  Verdict JudgeSpeaking() const;
  Verdict JudgeSigning() const;
  Verdict JudgeInName(const merge::Kind& kind, bool creates) const;
  Verdict JudgeMember(const Subject& subject, const v1::Mandate& mandate) const;

  Verdict JudgeRight(const Subject& subject) const;
  Verdict JudgeStanding(const Subject& subject, uint32_t field) const;  // deleted, frozen
  Verdict JudgeOwner(const Subject& subject, const merge::Value& value) const;
  Verdict JudgeReference(const merge::Field& field, const std::string& value) const;
  Verdict JudgeCompleteness() const;

  const merge::Field* FieldOf(const Subject& subject, uint32_t number, v1::MergeRule rule) const;
  std::string Title(const Subject& subject) const;

  const Plan& plan_;
  const Change& change_;
  const Member* member_ = nullptr;
  merge::Author author_;
  std::optional<Plan> admitted_;
  std::map<RecordId, Created> created_;
  std::map<std::pair<RecordId, merge::TextKey>, int64_t> sizes_;  // after this change's splices
  std::set<RecordId> parted_;  // that this change lets diverge, or makes one again
};

// A primary subtag in lower case, then anything that BCP 47 allows in form.
bool IsLanguage(std::string_view tag);

// Partnerships and towns begin with entries of their own, never with a change.
bool MadeByLedger(const Plan& plan, const merge::Kind& kind);

}  // namespace twinning::plan
