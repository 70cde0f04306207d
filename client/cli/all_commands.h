// Every command, one function each in a file of its own name. A new command is a file, a line here
// and one in all_commands.cc.
#pragma once

#include "client/cli/command_line.h"

namespace twinning::cli {

void AddJoin(CommandLine& line);
void AddStatus(CommandLine& line);
void AddList(CommandLine& line);
void AddShow(CommandLine& line);
void AddSearch(CommandLine& line);
void AddAdd(CommandLine& line);
void AddSet(CommandLine& line);
void AddEdit(CommandLine& line);
void AddDelete(CommandLine& line);
void AddRestore(CommandLine& line);
void AddUndo(CommandLine& line);
void AddPosition(CommandLine& line);
void AddAgree(CommandLine& line);
void AddWithdraw(CommandLine& line);
void AddCan(CommandLine& line);
void AddConfirm(CommandLine& line);
void AddConflicts(CommandLine& line);
void AddSettle(CommandLine& line);
void AddAttention(CommandLine& line);
void AddLog(CommandLine& line);
void AddDiff(CommandLine& line);
void AddSync(CommandLine& line);
void AddDigest(CommandLine& line);
void AddApp(CommandLine& line);
void AddOutbox(CommandLine& line);
void AddMembers(CommandLine& line);
void AddInvite(CommandLine& line);
void AddRefused(CommandLine& line);
void AddRehome(CommandLine& line);
void AddVerify(CommandLine& line);
void AddProof(CommandLine& line);
void AddVerifyProof(CommandLine& line);

void AddAll(CommandLine& line);

}  // namespace twinning::cli
