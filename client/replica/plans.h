// The two plans of a replica in memory, and how they follow its store:
//
//   confirmed = f(entries 1..head)
//   view      = f(entries 1..head, outbox)
//
// The entries are the truth; a checkpoint only saves reading them all again. Functions that read
// the store are called inside its Read or Write. For one thread.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <set>

#include "absl/status/statusor.h"
#include "client/replica/store.h"
#include "common/plan/plan.h"

namespace twinning::client {

class Plans {
 public:
  // `store` must outlive it. Holds nothing before Load.
  explicit Plans(Store& store);

  // Everything anew. A checkpoint that is damaged is passed over when the entries are all there.
  absl::Status Load();
  // What the store holds beyond what is here: entries, and the outbox at either end. After an error
  // only Load helps.
  absl::Status TakeNew();

  const plan::Plan& confirmed() const { return *confirmed_; }
  // For an entry after head: what it changed, as Plan::Apply says.
  absl::StatusOr<plan::Applied> Apply(const v1::Entry& entry, const Hash& hash,
                                      const plan::Change* change);
  // Another plan takes the place of the confirmed one; every record counts as touched.
  void Replace(std::unique_ptr<plan::Plan> confirmed);

  // Makes the view if there is none. Error: the past cannot be read; the view lacks changes then.
  absl::Status MakeView();
  const plan::Plan& view() const { return *view_; }
  void DropView() { view_.reset(); }

  // Puts a change on top of the view and into the outbox here; the store gets it from the caller.
  absl::StatusOr<std::optional<plan::Refusal>> Add(const plan::Change& change,
                                                   const v1::AuthoredChange& authored);
  // Takes back the last one: it did not become durable.
  void RemoveLast();
  // Changes up to `number` have left the outbox.
  void Drop(Number number);
  size_t outbox() const { return outbox_.size(); }
  Number outbox_last() const { return outbox_.empty() ? 0 : outbox_.back().change.authored.number; }
  Hash outbox_hash() const { return outbox_.back().change.authored.hash; }

  // Writes what the entries since the last checkpoint touched, inside Write. The caller says
  // Checkpointed once that is durable.
  void WriteCheckpoint() const;
  void Checkpointed();
  Sequence checkpoint() const { return checkpoint_; }

 private:
  struct Pending {
    plan::Change change;
    v1::AuthoredChange authored;  // only its personal values
  };

  absl::StatusOr<std::unique_ptr<plan::Plan>> LoadCheckpoint();
  absl::Status TakeEntries();
  absl::Status TakeOutbox();

  Store& store_;
  std::unique_ptr<plan::Plan> confirmed_;
  std::optional<plan::Plan> view_;
  size_t in_view_ = 0;  // how many of `outbox_` the view holds
  std::deque<Pending> outbox_;
  std::set<RecordId> touched_;  // since the checkpoint
  bool touched_all_ = false;
  Sequence checkpoint_ = 0;
};

// Which rows of `meta` a checkpoint is.
inline constexpr const char* kMetaCheckpoint = "checkpoint";  // sequence
inline constexpr const char* kMetaFacts = "checkpoint_facts";
inline constexpr const char* kMetaChain = "checkpoint_chain";
inline constexpr const char* kMetaIncomplete =
    replica_file::kHistoryIncomplete;  // a snapshot without history
// Grows when something else than additions happened: whoever has read the store reads it all again.
inline constexpr const char* kMetaGeneration = "generation";

// The plan that the entries up to `up_to` make, from the first one.
absl::StatusOr<std::unique_ptr<plan::Plan>> PlanOfEntries(const Store& store, Sequence up_to);

}  // namespace twinning::client
