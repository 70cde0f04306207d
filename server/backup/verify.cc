#include "server/backup/verify.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "common/base/status.h"
#include "common/ledger/chain.h"
#include "common/plan/plan.h"
#include "server/ledger/data_folder.h"
#include "server/ledger/ledger_past.h"
#include "server/ledger/sqlite_ledger.h"

namespace twinning::server {
namespace {

constexpr Sequence kVerifiedAtOnce = 5000;

class Verification {
 public:
  Verification(Ledger& ledger, const Partnership& partnership)
      : partnership_(partnership),
        past_(ledger, partnership.ledger),
        chain_([this](Sequence sequence) { return HashAt(sequence); },
               [](const ReplicaId&, Number) { return std::nullopt; }),
        plan_(past_) {}

  absl::Status Take(const sync::ChainedEntry& stored) {
    TWINNING_ASSIGN_OR_RETURN(Hash hash, chain_.Follow(stored.entry));
    if (hash != stored.hash) {
      return DataLoss(
          fmt::format("entry {} is not what it was when it was stored", stored.entry.sequence()));
    }
    hashes_.push_back(hash);
    return plan_.Apply(stored.entry, hash).status();
  }

  absl::StatusOr<v1::Verified> Finish() const {
    if (!chain_.between_frames()) return DataLoss("the ledger ends within a frame");
    if (chain_.head() != partnership_.head || chain_.ledger() != partnership_.ledger) {
      return DataLoss("the entries are not those that its head names");
    }
    v1::Verified verified;
    verified.set_ledger(std::string(chain_.ledger().bytes()));
    verified.set_name(plan_.name());
    verified.set_sequence(chain_.head().sequence);
    verified.set_hash(std::string(chain_.head().hash.bytes()));
    verified.set_epoch(plan_.epoch());
    verified.set_digest(std::string(plan_.Digest().bytes()));
    verified.set_ignored(plan_.ignored().size());
    return verified;
  }

 private:
  std::optional<Hash> HashAt(Sequence sequence) const {
    if (sequence == 0 || sequence > hashes_.size()) return std::nullopt;
    return hashes_[sequence - 1];
  }

  const Partnership& partnership_;
  LedgerPast past_;
  std::vector<Hash> hashes_;
  ledger::Chain chain_;
  plan::Plan plan_;
};

}  // namespace

absl::StatusOr<v1::Verified> VerifyPartnership(Ledger& ledger, const Partnership& partnership) {
  Verification verification(ledger, partnership);
  absl::Status read;
  // So much at a time: an open reading keeps the log of a server that writes from being moved away.
  for (Sequence after = 0; read.ok() && after < partnership.head.sequence;
       after += kVerifiedAtOnce) {
    Sequence up_to = std::min(after + kVerifiedAtOnce, partnership.head.sequence);
    read = ledger.Read(partnership.ledger, after, up_to,
                       [&](sync::ChainedEntry&& stored) -> absl::StatusOr<bool> {
                         TWINNING_RETURN_IF_ERROR(verification.Take(stored));
                         return true;
                       });
  }
  absl::StatusOr<v1::Verified> verified = read.ok() ? verification.Finish() : read;
  if (verified.ok()) return verified;
  return Within(fmt::format("partnership {}", partnership.ledger.hex().substr(0, 8)),
                verified.status());
}

absl::Status VerifyAll(Ledger& ledger,
                       const std::function<absl::Status(const v1::Verified&)>& seen) {
  TWINNING_ASSIGN_OR_RETURN(std::vector<Partnership> all, ledger.Partnerships());
  for (const Partnership& one : all) {
    TWINNING_ASSIGN_OR_RETURN(v1::Verified verified, VerifyPartnership(ledger, one));
    TWINNING_RETURN_IF_ERROR(seen(verified));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::Verified>> VerifyFile(const std::string& path) {
  sqlite::Options options;
  options.as_it_is = true;
  TWINNING_ASSIGN_OR_RETURN(std::unique_ptr<sqlite::Database> database,
                            sqlite::Database::Open(path, ServerFormat(), options));
  TWINNING_RETURN_IF_ERROR(database->CheckIntegrity());
  std::vector<v1::Verified> all;
  absl::Status status = database->Run([&] {
    SqliteLedger ledger(*database);
    return VerifyAll(ledger, [&](const v1::Verified& verified) {
      all.push_back(verified);
      return absl::OkStatus();
    });
  });
  if (!status.ok()) return Within(path, status);
  return all;
}

}  // namespace twinning::server
