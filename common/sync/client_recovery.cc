// The client's part in a server's recovery: it shows what it holds, offers what the server lost,
// and takes the server's history where that went another way.
#include <algorithm>
#include <utility>

#include "common/ledger/limits.h"
#include "common/sync/client_session.h"

namespace twinning::sync {

void ClientSession::TakeOfRecovery(v1::ServerMessage& message) {
  switch (message.message_case()) {
    case v1::ServerMessage::kCompare:
      return TakeCompare(message.compare());
    case v1::ServerMessage::kWanted:
      return TakeWanted(message.wanted());
    case v1::ServerMessage::kRejoin:
      return TakeRejoin(message.rejoin());
    case v1::ServerMessage::kRecovery:
      return TakeRecoveryState(message.recovery());
    default:
      return;  // from a newer program: not for us
  }
}

void ClientSession::TakeCompare(const v1::Compare& compare) {
  auto beyond = [&](Sequence sequence) { return sequence == 0 || sequence > head_.sequence; };
  bool fits = comparing_ && !compare.sequences().empty() &&
              static_cast<size_t>(compare.sequences_size()) <= ledger::kMaxCompared &&
              std::none_of(compare.sequences().begin(), compare.sequences().end(), beyond);
  if (!fits) return EndWith(EndedByViolation("a question about entries that are not here"));
  actions_.push_back(LookUpHashes{{compare.sequences().begin(), compare.sequences().end()}});
}

ClientActions ClientSession::HashesLookedUp(const std::vector<ledger::Head>& at) {
  if (phase_ != Phase::kOpen) return {};
  v1::ClientMessage message;
  for (const ledger::Head& head : at) *message.mutable_hashes()->add_at() = ledger::BaseOf(head);
  answers_.push_back(std::move(message));
  return Flush();
}

void ClientSession::TakeWanted(const v1::Wanted& wanted) {
  if (!comparing_ || wanted.after() >= head_.sequence) {
    return EndWith(EndedByViolation("a wish for entries that are not here"));
  }
  actions_.push_back(ReadHeld{wanted.after()});
}

ClientActions ClientSession::HeldRead(v1::Entries entries) {
  if (phase_ != Phase::kOpen) return {};
  v1::ClientMessage message;
  message.mutable_lost()->mutable_entries()->Swap(entries.mutable_entries());
  answers_.push_back(std::move(message));
  return Flush();
}

void ClientSession::TakeRejoin(const v1::Rejoin& rejoin) {
  std::optional<ledger::Head> common = ledger::HeadOf(rejoin.common());
  bool fits = comparing_ && common && common->sequence <= head_.sequence &&
              (common->sequence < head_.sequence || *common == head_);
  if (!fits) return EndWith(EndedByViolation("a common history that is not here"));
  comparing_ = false;
  progress_due_ = true;
  if (*common == head_) return Learn(head_.sequence);
  replacing_ = std::max(rejoin.complete(), common->sequence + 1);
  Learn(*replacing_);
  actions_.push_back(BeginReplacement{*common});
}

ClientActions ClientSession::KeptApart(Sequence sequence) {
  if (phase_ == Phase::kOpen && replacing_ && sequence >= *replacing_) {
    actions_.push_back(Replace{});
  }
  return Flush();
}

void ClientSession::TakeRecoveryState(const v1::RecoveryState& state) {
  collecting_ = state.collecting();
  actions_.push_back(TellRecovery{state});
}

}  // namespace twinning::sync
