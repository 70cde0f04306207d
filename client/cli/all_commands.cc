#include "client/cli/all_commands.h"

namespace twinning::cli {

void AddAll(CommandLine& line) {
  AddJoin(line);
  AddStatus(line);
  AddList(line);
  AddShow(line);
  AddSearch(line);
  AddAdd(line);
  AddSet(line);
  AddEdit(line);
  AddDelete(line);
  AddRestore(line);
  AddUndo(line);
  AddPosition(line);
  AddAgree(line);
  AddWithdraw(line);
  AddCan(line);
  AddConfirm(line);
  AddConflicts(line);
  AddSettle(line);
  AddAttention(line);
  AddLog(line);
  AddDiff(line);
  AddSync(line);
  AddDigest(line);
  AddApp(line);
  AddOutbox(line);
  AddRefused(line);
  AddMembers(line);
  AddInvite(line);
  AddRehome(line);
  AddVerify(line);
  AddProof(line);
  AddVerifyProof(line);
}

}  // namespace twinning::cli
