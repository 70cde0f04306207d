// A copy of a replica becomes a replica of its own.
#include <utility>

#include "common/base/status.h"
#include "common/ledger/joining.h"
#include "common/ledger/limits.h"
#include "server/enrolment/enrolment.h"

namespace twinning::server {
namespace {

absl::StatusOr<sync::Copy> CopyIn(const v1::ContinueRequest& request, const std::string& key) {
  sync::Copy copy{ReplicaOfKey(key), request.key(), request.signature(), request.first(), {}};
  bool few = static_cast<size_t>(request.hashes_size()) <= ledger::kMaxCopiedChanges + 1;
  if (!few || copy.first == 0) return InvalidArgument("a copy that does not show its changes");
  for (const std::string& bytes : request.hashes()) {
    std::optional<Hash> hash = Hash::Of(bytes);
    if (!hash) return InvalidArgument("a copy that shows a change by no hash");
    copy.hashes.push_back(*hash);
  }
  return copy;
}

}  // namespace

absl::StatusOr<v1::ContinueResponse> Enrolment::SequenceCopy(Sequencer& sequencer,
                                                             const v1::ContinueRequest& request,
                                                             const std::string& key) {
  std::optional<LedgerId> ledger = LedgerId::Of(request.ledger());
  if (!ledger) return NoMember();
  TWINNING_RETURN_IF_ERROR(CheckMember(sequencer, *ledger, key));
  if (!ledger::VerifyContinuing(request.key(), *ledger, request.key(), request.proof())) {
    return InvalidArgument("the request is not signed by the key that the copy is to have");
  }
  TWINNING_ASSIGN_OR_RETURN(sync::Copy copy, CopyIn(request, key));
  TWINNING_ASSIGN_OR_RETURN(sync::ServerPartnership * partnership, sequencer.Find(*ledger));
  TWINNING_ASSIGN_OR_RETURN(sync::Parted parted, partnership->Continue(copy, sequencer.now_ms()));
  v1::ContinueResponse response;
  response.set_number(parted.number);
  if (parted.number > 0) response.set_hash(std::string(parted.hash.bytes()));
  response.set_sequence(parted.sequence);
  TWINNING_ASSIGN_OR_RETURN(*response.mutable_certification(),
                            Certify(copy.key, sequencer.now_ms()));
  records_.audit.Note("copy of a replica enrolled", {{"partnership", partnership->plan().name()},
                                                     {"replica", ReplicaOfKey(copy.key).hex()},
                                                     {"copy_of", copy.original.hex()}});
  return response;
}

void Enrolment::Continue(Sequencer& sequencer, const v1::ContinueRequest& request,
                         const std::string& key, Done<v1::ContinueResponse> done) {
  absl::StatusOr<v1::ContinueResponse> response = SequenceCopy(sequencer, request, key);
  if (!response.ok()) return done(response.status());
  sequencer.WhenDurable(*LedgerId::Of(request.ledger()), response->sequence(),
                        [response, done = std::move(done)](const absl::Status& durable) {
                          done(durable.ok() ? response : durable);
                        });
}

}  // namespace twinning::server
