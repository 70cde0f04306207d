// All partnerships of this server, each with its half of the protocol, over one ledger. What
// happens between two calls of Commit goes into one transaction, for all partnerships together. No
// thread of its own: see committer.h.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "absl/status/statusor.h"
#include "common/sync/server_partnership.h"
#include "server/ledger/ledger.h"
#include "server/ledger/ledger_past.h"
#include "server/sequencer/measures.h"
#include "server/sequencer/outlet.h"

namespace twinning::server {

// What to do when the disk is full: give up a reserve, and take it back; false: there is no room
// for it yet.
struct Room {
  std::function<void()> give_up = [] {};
  std::function<bool()> take_back = [] { return true; };
};

class Sequencer {
 public:
  using Clock = std::function<int64_t()>;  // milliseconds since 1970
  using Then = std::function<void(const absl::Status&)>;

  // `ledger` and `measures` must outlive it; without measures nothing is counted.
  Sequencer(Ledger& ledger, Clock now_ms, const sync::ServerLimits& limits = {}, Room room = {},
            Measures* measures = nullptr);
  ~Sequencer();

  // --- Sessions. Unknown ids are ignored: a session may have ended meanwhile. -------------------

  void Connected(sync::SessionId id, std::shared_ptr<Outlet> outlet);
  void Received(sync::SessionId id, const v1::ClientMessage& message);
  void Written(sync::SessionId id);
  void Disconnected(sync::SessionId id);

  // --- Operators --------------------------------------------------------------------------------

  absl::StatusOr<std::vector<Partnership>> Partnerships() { return ledger_.Partnerships(); }
  // Makes its plan from the ledger when it is first asked for. NotFound; DataLoss when the ledger
  // is damaged. What is then sequenced in it is durable after the next Commit.
  absl::StatusOr<sync::ServerPartnership*> Find(const LedgerId& ledger);
  absl::Status Found(const LedgerId& ledger, std::string_view name);
  // As ServerPartnership says; what they begin or end is durable when they return, but for the
  // entry that ends a recovery, which is after the next Commit.
  absl::Status BeginRecovery(const LedgerId& ledger);
  absl::Status FinishRecovery(const LedgerId& ledger);
  // As ServerPartnership::SetArchived, told to everybody and durable when it returns; 0: taken
  // back.
  absl::Status SetArchived(const LedgerId& ledger, int64_t since_ms);
  // Ends its sessions, which may come back, and makes its plan again when it is next asked for.
  void Reopen(const LedgerId& ledger);
  // Calls `opened` whenever a plan has been made, before its first session.
  using Opened = std::function<void(const LedgerId&, sync::ServerPartnership&)>;
  void WhenOpened(Opened opened) { opened_ = std::move(opened); }
  // Calls `dismissed` for every replica that its town shuts out, once that is durable.
  using Dismissed =
      std::function<void(const LedgerId&, const sync::ServerPartnership&, const ReplicaId&)>;
  void WhenDismissed(Dismissed dismissed) { dismissed_ = std::move(dismissed); }
  // Those whose plan has been made.
  void ForEach(
      const std::function<void(const LedgerId&, const sync::ServerPartnership&)>& see) const;
  // Up to `entries_max` durable entries after `after`.
  absl::StatusOr<std::vector<v1::Entry>> Read(const LedgerId& ledger, Sequence after,
                                              size_t entries_max);
  // Calls `then` once when the partnership's durable head is at or beyond `sequence`, or with why
  // it will not be. Maybe at once.
  void WhenDurable(const LedgerId& ledger, Sequence sequence, Then then);
  int64_t now_ms() const { return now_ms_(); }

  // --- The end of a round -----------------------------------------------------------------------

  // Makes durable what has been sequenced, then tells everybody. An error is final: nothing was
  // told to anybody, and the process has to start again from what the ledger holds. A full disk is
  // none: what has been sequenced waits, connections stay, nothing is acknowledged, and who has
  // pushed is not listened to before there is room. Then call it again now and then.
  absl::Status Commit();
  bool full() const { return full_; }
  // Says SHUTTING_DOWN to every session and Unavailable to whoever waits.
  void End();

 private:
  struct Seat {
    std::shared_ptr<Outlet> outlet;
    LedgerId ledger;  // empty before the hello
    int64_t since_us = 0;
    std::optional<int64_t> durable_us;  // of the first entry in the message that is under way
  };
  struct Waiting {
    Sequence sequence = 0;
    Then then;
  };
  struct Hall {
    explicit Hall(Ledger& ledger, const LedgerId& id, const sync::ServerLimits& limits)
        : past(ledger, id), partnership(past, limits) {}
    LedgerPast past;
    sync::ServerPartnership partnership;
    std::vector<Waiting> waiting;
    RecentCommits recent;
  };

  absl::StatusOr<std::unique_ptr<Hall>> Open(const LedgerId& ledger);
  absl::Status RestoreClaims(const LedgerId& ledger, sync::ServerPartnership& partnership);
  absl::Status ResumeRecovery(const LedgerId& ledger, sync::ServerPartnership& partnership);
  Hall* HallOf(sync::SessionId id);
  Hall* Admit(sync::SessionId id, const v1::ClientMessage& message);
  void Carry(const LedgerId& ledger, Hall& hall, sync::ServerActions actions);
  sync::ServerActions Carry(const LedgerId& ledger, Hall& hall, sync::ServerAction& action);
  sync::ServerActions ReadFor(const LedgerId& ledger, Hall& hall, const sync::ReadEntries& read);
  void Close(sync::SessionId id, v1::CloseReason reason, const std::string& detail,
             int64_t wait_ms = 0);
  void DropFailed(const LedgerId& ledger);
  void Drop(const LedgerId& ledger, const absl::Status& why);
  void HeadMoved(const Partnership& partnership);
  void Listen(sync::SessionId id);
  absl::Status Append(const std::vector<Batch>& batches);
  void Measure(const std::vector<Batch>& batches, int64_t began_us);
  void NoteSent(const Hall& hall, Seat& seat, const v1::ServerMessage& message) const;
  int64_t ticks() const { return measures_ == nullptr ? 0 : measures_->ticks(); }
  void NoteFull(const std::vector<Batch>& batches);
  void NoteRoom();
  std::vector<Batch> TakeBatches();
  void Tell(const std::vector<Batch>& batches);

  Ledger& ledger_;
  const Clock now_ms_;
  const sync::ServerLimits limits_;
  const Room room_;
  Measures* const measures_;
  Opened opened_;
  Dismissed dismissed_;
  std::map<sync::SessionId, Seat> seats_;
  std::map<LedgerId, std::unique_ptr<Hall>> halls_;
  std::set<LedgerId> touched_;      // since the last commit
  std::vector<Partnership> moved_;  // heads that the ledger reported
  bool full_ = false;
  std::set<sync::SessionId> unheard_;  // pushed while the disk was full
  absl::Status failure_;
};

}  // namespace twinning::server
