// What a ledger entry says, and who says it.
#include <fmt/core.h>

#include <optional>

#include "common/ledger/change.h"
#include "common/ledger/readmission.h"
#include "common/plan/change.h"
#include "common/words/phrases.h"
#include "common/words/words.h"

namespace twinning::words {
namespace {

void Sign(const plan::Plan& plan, const ReplicaId& replica, Account& account) {
  const plan::Member* member = plan.FindMember(replica);
  account.who = member == nullptr ? NameAuthor(plan, replica) : OneLine(member->name);
  const plan::Town* town = member == nullptr ? nullptr : plan.FindTown(member->town);
  if (town != nullptr) account.town = OneLine(town->name);
}

Account OfChange(const plan::Plan& plan, const v1::Entry& entry) {
  Account account;
  absl::StatusOr<ledger::ParsedChange> parsed = ledger::ParseChange(entry.body());
  if (!parsed.ok()) {
    account.what.push_back("made a change that cannot be read");
    return account;
  }
  Sign(plan, parsed->replica, account);
  plan::Change change = plan::ReadChange(*std::move(parsed));
  account.what = DescribeEdits(plan, change.edits);
  if (account.what.empty()) account.what.push_back("made a change without edits");
  return account;
}

Account OfRefusal(const plan::Plan& plan, const v1::Entry& entry) {
  Account account;
  v1::Refusal refusal;
  if (!refusal.ParseFromString(entry.body())) {
    account.what.push_back("had a change refused");
    return account;
  }
  Sign(plan, ReplicaId::Of(refusal.replica()).value_or(ReplicaId()), account);
  std::string which = refusal.first() == refusal.last()
                          ? fmt::format("change {}", refusal.first())
                          : fmt::format("changes {} to {}", refusal.first(), refusal.last());
  std::string detail = refusal.detail().empty() ? "" : " (" + OneLine(refusal.detail()) + ")";
  account.what.push_back(
      fmt::format("had {} refused: {}{}", which, Reason(refusal.reason()), detail));
  return account;
}

std::string TownName(const plan::Plan& plan, const v1::Membership& membership) {
  if (!membership.town_name().empty()) return OneLine(membership.town_name());
  std::optional<TownId> id = TownId::Of(membership.town());
  const plan::Town* town = id ? plan.FindTown(*id) : nullptr;
  return town == nullptr ? "a town" : OneLine(town->name);
}

std::string MemberName(const plan::Plan& plan, const v1::Membership& membership) {
  if (!membership.member().empty()) return OneLine(membership.member());
  return NameAuthor(plan, ReplicaId::Of(membership.replica()).value_or(ReplicaId()));
}

std::string OfMembership(const plan::Plan& plan, const v1::Membership& membership) {
  std::string town = TownName(plan, membership);
  switch (membership.action()) {
    case v1::Membership::ADMIT_TOWN:
      return town + " joined the partnership";
    case v1::Membership::ENROL:
      if (!membership.continues().empty()) {
        return fmt::format("a second copy of {}'s replica became one of its own",
                           MemberName(plan, membership));
      }
      return fmt::format("{} joined for {} as {}{}", MemberName(plan, membership), town,
                         RoleName(membership.role()),
                         membership.invitation().empty() ? "" : ", invited by the town");
    case v1::Membership::CHANGE_ROLE:
      return fmt::format("{} is now {}", MemberName(plan, membership), RoleName(membership.role()));
    case v1::Membership::REVOKE:
      return fmt::format("{} is no longer a member", MemberName(plan, membership));
    default:
      return "the membership changed in a way that only a newer program knows";
  }
}

std::string OfFounding(const v1::Entry& entry) {
  v1::Founding founding;
  if (!founding.ParseFromString(entry.body())) return "the partnership was founded";
  return fmt::format("the partnership {} was founded", Quoted(founding.name()));
}

std::string OfStatement(const plan::Plan& plan, const v1::Entry& entry) {
  v1::Membership membership;
  v1::Recovery recovery;
  switch (entry.kind()) {
    case v1::FOUNDING:
      return OfFounding(entry);
    case v1::MEMBERSHIP:
      if (membership.ParseFromString(entry.body())) return OfMembership(plan, membership);
      return "the membership changed";
    case v1::SCHEMA:
      return "the plan's schema grew";
    case v1::RECOVERY:
      recovery.ParseFromString(entry.body());
      return recovery.finished() ? "the recovery after a restore ended"
                                 : "the server was restored: recovery began";
    case v1::READMISSION:
      return "something that a restore had lost came back and was here already";
    case v1::ERASURE:
      return "personal data was erased";
    default:
      return "an entry that only a newer program knows";
  }
}

}  // namespace

namespace {

Account OfReadmission(const plan::Plan& plan, const v1::Entry& entry) {
  v1::Entry kept;
  const v1::Entry& lost = ledger::EffectOf(entry, kept);
  if (lost.kind() == v1::ENTRY_KIND_UNSPECIFIED) return {"", "", {OfStatement(plan, entry)}};
  Account account = AccountOf(plan, lost);
  for (std::string& what : account.what) what += " (lost in a restore, and back)";
  return account;
}

}  // namespace

Account AccountOf(const plan::Plan& plan, const v1::Entry& entry) {
  if (entry.kind() == v1::READMISSION) return OfReadmission(plan, entry);
  if (entry.kind() == v1::CHANGE) return OfChange(plan, entry);
  if (entry.kind() == v1::REFUSAL) return OfRefusal(plan, entry);
  return {"", "", {OfStatement(plan, entry)}};
}

std::vector<std::string> Describe(const plan::Plan& plan, const v1::Entry& entry) {
  Account account = AccountOf(plan, entry);
  std::string who = account.who;
  if (!account.town.empty()) who += fmt::format(" ({})", account.town);
  std::vector<std::string> sentences;
  for (const std::string& what : account.what) {
    sentences.push_back(who.empty() ? what : who + " " + what);
  }
  return sentences;
}

}  // namespace twinning::words
