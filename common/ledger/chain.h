// Whether entries follow one another: the ledger's hash chain, every replica's own chain and the
// signature of every frame. What the edits mean is for common/plan. Used by the server before it
// sequences, by a replica as entries arrive, and by whoever verifies a ledger from its first entry.
// Pure; not for two threads at once.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/ledger/change.h"
#include "common/ledger/frame.h"
#include "common/ledger/hashes.h"
#include "common/ledger/lineage.h"
#include "common/ledger/readmission.h"
#include "twinning/v1/change.pb.h"

namespace twinning::ledger {

// Where a replica's own changes have come to in the ledger, refused ones included.
struct Tail {
  std::string key;
  Number number = 0;  // of its last change; 0: none yet
  Hash hash;          // of that change
  Sequence base = 0;  // the greatest base, or fork that one leads back to, up to there
  bool revoked = false;
};

// What a frame that a replica pushes comes to.
struct PushAnswer {
  enum Kind {
    kNext,  // `fresh` are the changes to sequence; may be empty: all known already
    kBadSignature,
    kMalformed,    // not a frame, or another replica's
    kGap,          // begins after the next number
    kClone,        // an old number with other content
    kUnknownBase,  // names an entry that this ledger does not have
    kNotMember,    // never enrolled, or revoked
  } kind = kNext;
  std::string detail;               // one sentence
  std::vector<ParsedChange> fresh;  // in order, without those the ledger has
  std::vector<size_t> places;       // of each of them in frame.changes()
};

class Chain {
 public:
  // The hash of an entry at or before head; none when there is none. Asked for bases only.
  using HashAt = std::function<std::optional<Hash>(Sequence)>;
  // The hash of a replica's change by its number; none when the caller cannot tell. Asked only for
  // changes that come a second time.
  using ChangeHashAt = std::function<std::optional<Hash>(const ReplicaId&, Number)>;

  Chain(HashAt hash_at, ChangeHashAt change_hash_at);

  // Takes the entry after head and returns its hash. DataLoss with a sentence that names the
  // sequence when it does not follow: wrong sequence, number, previous hash, base, key or
  // signature; a first entry that founds nothing; personal values that do not fit.
  // FailedPrecondition when it is of a kind that only a newer program knows. The chain stays as it
  // was then. `change` may give what has been read from a CHANGE entry's body already. Membership
  // entries add and revoke tails; whether they were allowed is for the plan. When `verified` the
  // frame's signature has been checked by the caller (the server, on arrival).
  absl::StatusOr<Hash> Follow(const v1::Entry& entry, const ParsedChange* change = nullptr,
                              bool verified = false);

  // Judges a frame against the head: everything that must hold before any of it is sequenced.
  PushAnswer Judge(const v1::Frame& frame, const ReplicaId& replica) const;

  const LedgerId& ledger() const { return ledger_; }
  const Head& head() const { return head_; }
  const Tail* Find(const ReplicaId& replica) const;
  // What a restore lost and this ledger has taken back.
  const Lineage& lineage() const { return lineage_; }
  // What a lost entry would come to, were it readmitted next. A change or refusal does something
  // when it follows what its replica has in this ledger.
  Returning ReturningOf(const v1::Entry& lost) const;
  // No frame is half taken: what has been followed so far may be made durable.
  bool between_frames() const { return !open_; }

  // For checkpoints, between frames only.
  std::string Encode() const;
  static absl::StatusOr<Chain> Decode(std::string_view bytes, HashAt hash_at,
                                      ChangeHashAt change_hash_at);

 private:
  absl::StatusOr<Hash> FollowBody(const v1::Entry& entry, const ParsedChange* change,
                                  bool verified);
  absl::StatusOr<Hash> FollowChange(const v1::Entry& entry, const ParsedChange& change,
                                    bool verified);
  absl::Status FollowStatement(const v1::Entry& entry, bool verified);
  absl::Status FollowRefusal(const v1::Entry& entry, bool verified);
  absl::Status FollowFounding(const v1::Entry& entry);
  absl::Status FollowReadmission(const v1::Entry& entry, bool verified);
  bool WouldAct(const v1::Entry& lost) const;
  bool WouldEnrol(const v1::Entry& lost) const;
  bool IsHere(const v1::Readmission& readmission) const;
  absl::Status CheckPlace(const v1::Readmission& readmission) const;
  absl::Status FollowLost(const v1::Entry& lost, bool act, bool verified);
  absl::Status FollowLostChange(const v1::Entry& lost, bool act, bool verified);
  absl::Status FollowLostRefusal(const v1::Entry& lost, bool act, bool verified);
  absl::Status FollowMembership(const v1::Entry& entry);
  absl::Status Enrol(const v1::Membership& membership);
  absl::Status CheckInvited(const v1::Membership& membership) const;
  absl::Status Continue(const v1::Membership& membership, Tail& tail) const;
  absl::StatusOr<Tail*> TailOf(const ReplicaId& replica);
  absl::StatusOr<Tail*> TailOfOnce(const ReplicaId& replica);  // revoked since or not
  std::optional<Hash> HashOfEntry(Sequence sequence) const;
  // Where a base leads in this ledger: to itself, or to the fork. None: it is unknown.
  std::optional<Sequence> Resolve(const Head& base) const;
  bool FallsBack(const Head& base, Sequence fork, const Tail& tail) const;
  absl::Status StandsInside() const;
  absl::Status CheckBase(const ParsedChange& change);
  absl::Status TakeFramePart(const v1::Entry& entry, const FrameEnd& end, uint64_t changes,
                             const Tail& tail, bool verified);
  std::optional<PushAnswer> JudgeKnown(const std::vector<ParsedChange>& changes,
                                       const Tail& tail) const;
  PushAnswer JudgeFresh(std::vector<ParsedChange> changes, const Tail& tail) const;

  HashAt hash_at_;
  ChangeHashAt change_hash_at_;
  LedgerId ledger_;
  Head head_;
  std::map<ReplicaId, Tail> tails_;
  Lineage lineage_;
  std::optional<ReplicaId> open_;  // whose frame is half taken
  size_t open_changes_ = 0;        // how much of it
  Head known_base_;                // the base looked up last
  Sequence known_fork_ = 0;        // and where it leads
};

}  // namespace twinning::ledger
