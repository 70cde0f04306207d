// A self-contained proof of an agreement: the words, every town's signed statement about exactly
// these words, the memberships and mandates that say whose keys signed and that their town stood
// behind them, and the chain of entry hashes that holds it all. Whoever checks it needs nothing
// else, but for comparing the ledger's head with a partner (eight words): a chain proves order and
// wholeness, not that there is only one of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/ledger/hashes.h"
#include "common/plan/plan.h"
#include "twinning/v1/proof.pb.h"

namespace twinning::plan {

inline constexpr uint32_t kProofVersion = 1;
inline constexpr size_t kMaxProofBytes = 256 * 1024 * 1024;

// FailedPrecondition with a sentence when the record is not agreed by every town as it reads at
// `plan`'s head. `plan` is confirmed.
absl::StatusOr<v1::Proof> MakeProof(const Plan& plan, const merge::Record& record);

// As a file: "TWPROOF1", the SHA-256 of the message, the message. The hash finds damage; what was
// made to deceive it is found by everything else.
std::string SealProof(const v1::Proof& proof);

// One town's agreement as the proof shows it.
struct ProvenAgreement {
  std::string town;
  std::string member;
  ReplicaId replica;
  Sequence sequence = 0;
  int64_t time_ms = 0;
  std::vector<std::string> languages;
  // On whose key it rests that the member speaks for the town: its first coordinator's, or, of a
  // town that had lost all its people, whom another town vouched for. For comparing by telephone.
  std::string root;
  std::string root_town;  // the town that vouched; empty: none had to
  std::string root_key;
};

// One term as it was agreed, for people.
struct ProvenTerm {
  std::string label;
  std::string language;                 // of a text
  std::vector<merge::Value> values;     // canonical; one, or a set's; of a text its words
  const merge::Field* field = nullptr;  // of `schema` below
};

struct Proven {
  std::shared_ptr<const merge::Schema> schema;
  std::string partnership;
  LedgerId ledger;
  RecordId record;
  std::string kind;
  std::vector<ProvenAgreement> agreements;  // one a participating town
  std::vector<ProvenTerm> terms;            // in all languages covered
  ledger::Head head;                        // of the chain in the proof
};

// DataLoss with a sentence that names the entry or town when anything of it does not hold: a hash,
// a key, a signature, a digest, a town that is missing or whose member it had not confirmed.
absl::StatusOr<Proven> CheckProof(std::string_view bytes);

}  // namespace twinning::plan
