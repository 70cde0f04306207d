// Whether a town may say this of a member or an invitation.
#include <fmt/core.h>

#include <algorithm>

#include "common/plan/mandate.h"

namespace twinning::plan {
namespace {

using Verdict = std::optional<Refusal>;

constexpr size_t kMaxInvites = 1000;  // of one town, used and withdrawn ones too

bool IsRole(v1::Role role) { return role >= v1::VIEWER && role <= v1::COORDINATOR; }

// A town is not left without a coordinator by its own word.
Verdict JudgeLast(const Roster& roster, const Member& member) {
  auto coordinates = [&](const Member& one) {
    return one.town == member.town && Speaks(one) && one.role == v1::COORDINATOR;
  };
  const std::vector<Member>& all = roster.members();
  if (!coordinates(member) || std::count_if(all.begin(), all.end(), coordinates) > 1) {
    return std::nullopt;
  }
  return No(v1::NO_RIGHT,
            fmt::format("{} is the last coordinator of {}: make somebody else one first",
                        member.name, roster.TownName(member.town)));
}

Verdict FindMeant(const Roster& roster, const TownId& town, const v1::MandateStatement& said,
                  const Member*& meant) {
  meant = roster.FindKey(said.key());
  if (meant == nullptr || meant->town != town) {
    return No(v1::UNKNOWN_RECORD,
              fmt::format("{} has no member with this key", roster.TownName(town)));
  }
  if (meant->revoked == 0) return std::nullopt;
  return No(v1::ALREADY_SETTLED, fmt::format("{}'s replica has been revoked", meant->name));
}

Verdict JudgeAppoint(const MandateCase& where, const v1::MandateStatement& said) {
  const Member* meant = nullptr;
  if (Verdict no = FindMeant(where.roster, where.author.town, said, meant)) return no;
  if (!IsRole(said.role())) return No(v1::MALFORMED, "there is no such role");
  return said.role() == v1::COORDINATOR ? std::nullopt : JudgeLast(where.roster, *meant);
}

Verdict JudgeDismiss(const MandateCase& where, const v1::MandateStatement& said) {
  const Member* meant = nullptr;
  if (Verdict no = FindMeant(where.roster, where.author.town, said, meant)) return no;
  return JudgeLast(where.roster, *meant);
}

Verdict JudgeInvite(const MandateCase& where, const v1::MandateStatement& said) {
  if (!IsRole(said.role())) return No(v1::MALFORMED, "there is no such role");
  if (where.roster.FindTown(where.author.town)->invites.size() >= kMaxInvites) {
    return No(v1::MALFORMED, "the town has made more invitations than a ledger keeps");
  }
  for (const Town& town : where.roster.towns()) {
    for (const Invite& known : town.invites) {
      if (known.key == said.key()) {
        return No(v1::ALREADY_EXISTS, "this invitation is there already");
      }
    }
  }
  return std::nullopt;
}

Verdict JudgeWithdrawInvite(const MandateCase& where, const v1::MandateStatement& said) {
  for (const Invite& invite : where.roster.FindTown(where.author.town)->invites) {
    if (invite.key != said.key()) continue;
    if (invite.used_by.empty() && invite.withdrawn == 0) return std::nullopt;
    return No(v1::ALREADY_SETTLED, "this invitation was used or withdrawn before");
  }
  return No(v1::UNKNOWN_RECORD, "there is no such invitation");
}

// Between towns: people compared a key by its eight words.
Verdict JudgeVouch(const MandateCase& where, const v1::MandateStatement& said) {
  const Member& author = where.author;
  const std::string town = where.roster.TownName(author.town);
  if (where.record == author.town) {
    return No(v1::NO_RIGHT, "a town does not vouch for its own coordinator");
  }
  if (!Speaks(author)) {
    return No(author.confirmed() ? v1::NO_RIGHT : v1::NOT_CONFIRMED,
              fmt::format("{} does not speak for {}", author.name, town));
  }
  const Member* meant = nullptr;
  if (Verdict no = FindMeant(where.roster, where.record, said, meant)) return no;
  if (meant->role == v1::COORDINATOR) return std::nullopt;
  return No(v1::NO_RIGHT, fmt::format("{} is no coordinator of {}: its own coordinator confirms it",
                                      meant->name, where.roster.TownName(meant->town)));
}

Verdict JudgeDecision(const MandateCase& where, const v1::MandateStatement& said) {
  if (said.decision() == v1::MandateStatement::VOUCH) return JudgeVouch(where, said);
  if (where.record != where.author.town) {
    return No(v1::NO_RIGHT, fmt::format("only {} itself decides on its members",
                                        where.roster.TownName(where.record)));
  }
  if (std::optional<std::string> why = MayNotCoordinate(where.roster, where.author)) {
    return No(where.author.confirmed() ? v1::NO_RIGHT : v1::NOT_CONFIRMED, *why);
  }
  switch (said.decision()) {
    case v1::MandateStatement::APPOINT:
      return JudgeAppoint(where, said);
    case v1::MandateStatement::DISMISS:
      return JudgeDismiss(where, said);
    case v1::MandateStatement::INVITE:
      return JudgeInvite(where, said);
    case v1::MandateStatement::WITHDRAW_INVITE:
      return JudgeWithdrawInvite(where, said);
    default:
      return No(v1::MALFORMED, "a town decides something that this version does not know");
  }
}

}  // namespace

std::optional<Refusal> JudgeMandate(const MandateCase& where, const v1::Mandate& mandate) {
  v1::MandateStatement said;
  bool fits = said.ParseFromString(mandate.statement()) && said.ledger() == where.ledger.bytes() &&
              said.town() == where.author.town.bytes() && said.key().size() == kPublicKeySize &&
              where.roster.FindTown(where.record) != nullptr &&
              said.base().sequence() <= where.base;
  if (!fits) return No(v1::MALFORMED, "what is said of a member is not said of this town's");
  if (VerifySignature(where.author.key, SignedMandate(mandate.statement()), mandate.signature())) {
    return JudgeDecision(where, said);
  }
  return No(v1::MALFORMED, "what is said of a member is not signed by this replica");
}

}  // namespace twinning::plan
