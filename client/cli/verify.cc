// twinning verify
#include <fmt/core.h>

#include <charconv>
#include <memory>
#include <vector>

#include "client/cli/all_commands.h"
#include "client/cli/context.h"
#include "client/desk/exit_codes.h"
#include "common/base/status.h"
#include "common/crypto/spoken.h"
#include "common/ledger/chain.h"
#include "common/plan/plan.h"

namespace twinning::cli {
namespace {

// A head that somebody else told: "137 lusab babad ...".
struct Expected {
  Sequence sequence = 0;
  std::string words;
};

absl::StatusOr<Expected> ParseExpected(const std::string& text) {
  Expected expected;
  const char* end = text.data() + text.size();
  auto parsed = std::from_chars(text.data(), end, expected.sequence);
  expected.words.assign(parsed.ptr, end);
  if (parsed.ec != std::errc() || !BytesOfSpoken(expected.words)) {
    return BadInput("--expect takes a sequence and eight words, as twinning verify prints them.");
  }
  return expected;
}

// Follows every entry held from the first on, as if it came from a stranger.
class Verification {
 public:
  explicit Verification(const client::Replica& replica)
      : replica_(replica),
        chain_([this](Sequence sequence) { return HashAt(sequence); },
               [](const ReplicaId&, Number) { return std::nullopt; }),
        plan_(replica.entries()) {}

  absl::Status Run() {
    return replica_.entries().Read(0, replica_.head().sequence, [this](const v1::Entry& entry) {
      TWINNING_ASSIGN_OR_RETURN(Hash hash, chain_.Follow(entry));
      hashes_.push_back(hash);
      TWINNING_ASSIGN_OR_RETURN(plan::Applied applied, plan_.Apply(entry, hash));
      if (applied.ignored) wrong_.emplace_back(entry.sequence(), applied.ignored->detail);
      return absl::OkStatus();
    });
  }

  // Entries that no honest server takes, and why; no replica lets them into its plan.
  const std::vector<std::pair<Sequence, std::string>>& wrong() const { return wrong_; }

  const ledger::Head& head() const { return chain_.head(); }
  std::optional<Hash> HashAt(Sequence sequence) const {
    if (sequence == 0 || sequence > hashes_.size()) return std::nullopt;
    return hashes_[sequence - 1];
  }

 private:
  const client::Replica& replica_;
  ledger::Chain chain_;
  std::vector<Hash> hashes_;
  plan::Plan plan_;
  std::vector<std::pair<Sequence, std::string>> wrong_;
};

absl::Status CheckNothingWrong(const Verification& verification) {
  if (verification.wrong().empty()) return absl::OkStatus();
  std::string message =
      "The server took what nobody had a right to say. It is in no plan, but tell the other town "
      "and "
      "the operator:";
  for (const auto& [sequence, why] : verification.wrong()) {
    message += fmt::format("\n  entry {}: {}", sequence, why);
  }
  return Refused(message);
}

absl::Status Compare(const Verification& verification, const Expected& expected) {
  std::optional<Hash> here = verification.HashAt(expected.sequence);
  if (!here) {
    return Refused(fmt::format(
        "The ledger here ends at {}; {} was told: entries are missing, or not synced yet.",
        verification.head().sequence, expected.sequence));
  }
  if (SpokenMatches(expected.words, *here)) return absl::OkStatus();
  return Refused(fmt::format(
      "Entry {} here is {}: not what was told. Two histories are being shown; tell the other town "
      "and the operator, and agree to nothing until it is explained.",
      expected.sequence, SpokenForm(*here)));
}

absl::Status Verify(Context& context, const std::optional<std::string>& expect) {
  std::optional<Expected> expected;
  if (expect) {
    TWINNING_ASSIGN_OR_RETURN(expected, ParseExpected(*expect));
  }
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  Verification verification(*replica);
  if (absl::Status status = verification.Run(); !status.ok()) {
    return Answered(ExitCode::kReplica, status);
  }
  const ledger::Head& head = verification.head();
  if (head != replica->head()) {
    return Answered(
        ExitCode::kReplica,
        DataLoss(fmt::format("Entry {} is not the one that this replica took.", head.sequence)));
  }
  TWINNING_RETURN_IF_ERROR(CheckNothingWrong(verification));
  if (expected) TWINNING_RETURN_IF_ERROR(Compare(verification, *expected));
  if (context.json()) {
    context.Answer({{"verified", true},
                    {"sequence", head.sequence},
                    {"hash", HexOf(head.hash.bytes())},
                    {"words", SpokenForm(head.hash)},
                    {"expected", expected.has_value()}});
    return absl::OkStatus();
  }
  context.Say(
      fmt::format("Every entry from 1 to {} follows from the one before it, and every change is "
                  "signed by the replica that made it, who had a right to.",
                  head.sequence));
  context.Say(fmt::format("{}  {}", head.sequence, SpokenForm(head.hash)));
  if (expected) context.Say("That is the history that the other side has, too.");
  return absl::OkStatus();
}

}  // namespace

void AddVerify(CommandLine& line) {
  Command& command = line.Add("verify", "Checks the whole ledger, offline, from its first entry");
  auto expect = std::make_shared<std::optional<std::string>>();
  command.Option("--expect", "HEAD", *expect,
                 "What another replica printed: a sequence and eight words");
  command.Example("twinning verify", "prints the head, for comparing by telephone");
  command.Example(
      "twinning verify --expect \"137 lusab babad gutih tugad mudof sakat hidur kanib\"",
      "whether the other town was shown the same history");
  command.Run([expect](Context& context) { return Verify(context, *expect); });
}

}  // namespace twinning::cli
