// Judging what is said in a town's name, and what a town says of its members.
#include <fmt/core.h>

#include "common/plan/judgement.h"
#include "common/plan/mandate.h"
#include "common/plan/titles.h"

namespace twinning::plan {

// What an operator adds alone may read and edit; a town appears to say only what its own people
// say.
Judgement::Verdict Judgement::JudgeSpeaking() const {
  if (member_->confirmed()) return std::nullopt;
  const std::string town = TownName(plan_, member_->town);
  return No(v1::NOT_CONFIRMED,
            fmt::format("{} is not confirmed by {}, so it says nothing in the town's name; a "
                        "coordinator of {} confirms it (twinning members confirm)",
                        member_->name, town, town));
}

// A ratification is the town's signature.
Judgement::Verdict Judgement::JudgeSigning() const {
  if (Speaks(*member_) || !member_->confirmed()) return JudgeSpeaking();
  return No(v1::NO_RIGHT,
            fmt::format("{} may not sign for {}", member_->name, TownName(plan_, member_->town)));
}

Judgement::Verdict Judgement::JudgeInName(const merge::Kind& kind, bool creates) const {
  if (&kind == plan_.schema().KindByName("position")) return JudgeSpeaking();
  if (creates && &kind == plan_.schema().KindByName("ratification")) return JudgeSigning();
  return std::nullopt;
}

Judgement::Verdict Judgement::JudgeMember(const Subject& subject,
                                          const v1::Mandate& mandate) const {
  return JudgeMandate(
      {plan_.roster(), plan_.ledger(), *member_, subject.id, change_.authored.base.sequence},
      mandate);
}

}  // namespace twinning::plan
