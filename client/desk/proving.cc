#include "client/desk/proving.h"

#include "client/desk/earlier.h"
#include "client/desk/exit_codes.h"
#include "client/desk/ids.h"
#include "client/desk/phrases.h"
#include "common/base/status.h"
#include "common/plan/proof.h"
#include "common/plan/titles.h"

namespace twinning::desk {

absl::StatusOr<SealedProof> ProofOf(const client::Replica& replica, std::string_view id) {
  TWINNING_RETURN_IF_ERROR(CheckHistory(replica));
  const plan::Plan& confirmed = replica.confirmed();
  TWINNING_ASSIGN_OR_RETURN(const merge::Record* record, FindRecord(confirmed, std::string(id)));
  absl::StatusOr<v1::Proof> proof = plan::MakeProof(confirmed, *record);
  if (!proof.ok()) return Refused(Sentence(Capitalised(MessageOf(proof.status()))));
  return SealedProof{record->id, plan::ShortId(record->id) + ".proof",
                     plan::NameOf(confirmed, *record), plan::SealProof(*proof)};
}

}  // namespace twinning::desk
