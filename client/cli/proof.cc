// twinning proof, twinning verify-proof
#include "common/plan/proof.h"

#include <fmt/core.h>

#include <fstream>
#include <iterator>
#include <memory>

#include "client/cli/all_commands.h"
#include "client/cli/context.h"
#include "client/desk/exit_codes.h"
#include "client/desk/ids.h"
#include "client/desk/phrases.h"
#include "client/desk/proving.h"
#include "common/base/status.h"
#include "common/crypto/spoken.h"
#include "common/plan/titles.h"
#include "common/words/words.h"

namespace twinning::cli {
namespace {

struct ProofArguments {
  std::string id;
  std::optional<std::string> output;
};

absl::Status Prove(Context& context, const ProofArguments& arguments) {
  TWINNING_ASSIGN_OR_RETURN(client::Replica * replica, context.Open());
  TWINNING_ASSIGN_OR_RETURN(SealedProof proof, ProofOf(*replica, arguments.id));
  const std::string path = arguments.output.value_or(proof.name);
  std::ofstream file(path, std::ios::binary);
  file << proof.bytes;
  file.close();
  if (!file) {
    return Answered(ExitCode::kDisk, Unavailable(fmt::format("{} could not be written.", path)));
  }
  if (context.json()) {
    context.Answer({{"file", path}, {"record", proof.record.hex()}});
  } else {
    context.Say(fmt::format("The proof that every town agreed to {} as it reads is in {}.",
                            proof.title, path));
    context.Say(fmt::format("Anybody can check it with: twinning verify-proof {}", path));
  }
  return absl::OkStatus();
}

// Values of a proof have no plan around them: what they name is shown by its id.
class NoEntries final : public ledger::EntrySource {
 public:
  absl::Status Read(Sequence, Sequence,
                    const std::function<absl::Status(const v1::Entry&)>&) const override {
    return absl::OkStatus();
  }
};

std::vector<std::string> ValuesOf(const plan::ProvenTerm& term) {
  if (term.field->type == merge::Type::kText) return {term.values.front()};
  NoEntries none;
  plan::Plan empty(none);
  std::vector<std::string> lines;
  for (const merge::Value& value : term.values) {
    lines.push_back(words::FormatValue(empty, *term.field, value));
  }
  return lines;
}

Json ProvenJson(const plan::Proven& proven) {
  Json json = {{"proven", true},
               {"partnership", proven.partnership},
               {"record", proven.record.hex()},
               {"kind", proven.kind},
               {"sequence", proven.head.sequence},
               {"words", SpokenForm(proven.head.hash)},
               {"agreements", Json::array()},
               {"terms", Json::array()}};
  for (const plan::ProvenAgreement& agreement : proven.agreements) {
    json["agreements"].push_back(
        {{"town", agreement.town},
         {"member", agreement.member},
         {"replica", agreement.replica.hex()},
         {"sequence", agreement.sequence},
         {"time", TimeJson(agreement.time_ms)},
         {"languages", agreement.languages},
         {"confirmed", true},
         {"coordinator", agreement.root},
         {"coordinator_words", SpokenForm(Sha256(agreement.root_key))},
         {"vouched_by", agreement.root_town.empty() ? Json(nullptr) : Json(agreement.root_town)}});
  }
  for (const plan::ProvenTerm& term : proven.terms) {
    json["terms"].push_back(
        {{"field", term.field->name}, {"language", term.language}, {"values", ValuesOf(term)}});
  }
  return json;
}

void SayProof(Context& context, const plan::Proven& proven) {
  context.Say(
      fmt::format("{}: {} {}", proven.partnership, proven.kind, plan::ShortId(proven.record)));
  for (const plan::ProvenTerm& term : proven.terms) {
    std::string language = term.language.empty() ? "" : fmt::format(" ({})", term.language);
    context.Say(fmt::format("  {}{}", term.label, language));
    for (const std::string& line : ValuesOf(term)) context.Say(Indented(line, 6));
  }
  context.Say("Agreed, word for word, by");
  for (const plan::ProvenAgreement& agreement : proven.agreements) {
    context.Say(fmt::format("  {}: {}, on {}, entry {}", agreement.town, agreement.member,
                            InWords(agreement.time_ms), agreement.sequence));
  }
  context.Say("Each of them was confirmed by the town, which rests on the key of");
  for (const plan::ProvenAgreement& agreement : proven.agreements) {
    std::string vouched = agreement.root_town.empty() ? "its first coordinator"
                                                      : "vouched for by " + agreement.root_town;
    context.Say(fmt::format("  {}: {}, {}: {}", agreement.town, agreement.root, vouched,
                            SpokenForm(Sha256(agreement.root_key))));
  }
  context.Say("Every signature, digest and hash in the file holds. Compare the ledger's head with");
  context.Say(fmt::format("a town's own (twinning verify): {}  {}", proven.head.sequence,
                          SpokenForm(proven.head.hash)));
}

absl::Status VerifyProof(Context& context, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return BadInput(fmt::format("There is no file {} to read.", path));
  std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  absl::StatusOr<plan::Proven> proven = plan::CheckProof(bytes);
  if (!proven.ok()) return Refused(Sentence(Capitalised(MessageOf(proven.status()))));
  if (context.json()) {
    context.Answer(ProvenJson(*proven));
  } else {
    SayProof(context, *proven);
  }
  return absl::OkStatus();
}

}  // namespace

void AddProof(CommandLine& line) {
  Command& command =
      line.Add("proof", "Writes a file that proves to anybody what the towns agreed to");
  auto arguments = std::make_shared<ProofArguments>();
  command.Word("ID", arguments->id, "The record's id, its beginning, or its exact title");
  command.Option("--output", "FILE", arguments->output, "Where to; without it ID.proof");
  command.Example("twinning proof 3f2a1b2c --output charter.proof",
                  "words, agreements, signatures and the chain that holds them");
  command.Run([arguments](Context& context) { return Prove(context, *arguments); });
}

void AddVerifyProof(CommandLine& line) {
  Command& command =
      line.Add("verify-proof", "Checks such a file; needs neither replica nor network");
  auto path = std::make_shared<std::string>();
  command.Word("FILE", *path, "What twinning proof wrote");
  command.Example("twinning verify-proof charter.proof", "the words, and who agreed to them");
  command.Run([path](Context& context) { return VerifyProof(context, *path); });
}

}  // namespace twinning::cli
