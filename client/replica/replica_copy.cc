// A copy of a replica: noticed by what it claimed, and made a replica of its own.
#include <limits>
#include <utility>

#include "client/replica/state.h"
#include "common/base/status.h"
#include "common/ledger/joining.h"
#include "common/ledger/limits.h"
#include "common/plan/change.h"
#include "common/plan/terms.h"

namespace twinning::client {
namespace {

// What names its author inside a change: candidates of one's own, and signed agreements.
class Resigner {
 public:
  Resigner(const ReplicaId& before, Number up_to, const SigningKey& key)
      : before_(before), up_to_(up_to), key_(key), now_(ReplicaOfKey(key.public_key())) {}

  // The same change under the new name, after `previous`.
  ledger::ParsedChange Resign(ledger::ParsedChange change, const Hash& previous) const {
    change.replica = now_;
    change.previous = previous;
    v1::Edits edits;
    if (change.encoding != v1::EDITS || !edits.ParseFromString(change.payload)) return change;
    for (v1::Edit& edit : *edits.mutable_edits()) Rewrite(edit);
    change.payload = edits.SerializeAsString();
    return change;
  }

 private:
  void Rewrite(v1::Edit& edit) const {
    if (edit.has_agree()) {
      edit.mutable_agree()->set_signature(
          key_.Sign(plan::SignedStatement(edit.agree().statement())));
    }
    if (!edit.has_settle()) return;
    for (v1::CandidateName& name : *edit.mutable_settle()->mutable_candidates()) {
      bool own = name.replica() == before_.bytes() && name.number() > up_to_;
      if (own) name.set_replica(std::string(now_.bytes()));
    }
  }

  const ReplicaId before_;
  const Number up_to_;
  const SigningKey& key_;
  const ReplicaId now_;
};

}  // namespace

absl::StatusOr<std::optional<std::string>> Replica::Claim(std::string_view claimed,
                                                          std::string fresh) {
  State& state = *state_;
  TWINNING_RETURN_IF_ERROR(state.Reopen());
  bool known = false;
  TWINNING_RETURN_IF_ERROR(state.store->database().Write([&] {
    known = claimed.empty() || state.store->HasClaim(claimed);
    if (known) state.store->PutClaim(fresh);
    return absl::OkStatus();
  }));
  return known ? std::optional<std::string>(std::move(fresh)) : std::nullopt;
}

absl::StatusOr<SigningKey> Replica::KeyForCopy(const SigningKey& fresh) {
  State& state = *state_;
  TWINNING_RETURN_IF_ERROR(state.Reopen());
  SigningKey key = fresh;
  TWINNING_RETURN_IF_ERROR(state.store->database().Write([&] {
    key = state.OfferedKey().value_or(fresh);
    state.WriteOfferedKey(key);
    return absl::OkStatus();
  }));
  return key;
}

absl::StatusOr<v1::ContinueRequest> Replica::CopyRequest(const SigningKey& fresh) const {
  const State& state = *state_;
  const LedgerId& ledger = state.identity.ledger;
  v1::ContinueRequest request;
  request.set_ledger(std::string(ledger.bytes()));
  request.set_key(fresh.public_key());
  request.set_signature(ledger::SignContinuing(state.key, ledger, fresh.public_key()));
  request.set_proof(ledger::SignContinuing(fresh, ledger, fresh.public_key()));
  request.set_first(std::max<Number>(state.own.number, 1));
  if (state.own.number > 0) request.add_hashes(std::string(state.own.hash.bytes()));
  // Beyond so many nothing is likely to be alike, and what is alike all the same is taken once.
  TWINNING_RETURN_IF_ERROR(state.store->database().Run([&] {
    for (const OutboxRow& row : state.store->Outbox(0, ledger::kMaxCopiedChanges)) {
      request.add_hashes(std::string(ledger::ChangeHash(row.change.change()).bytes()));
    }
    return absl::OkStatus();
  }));
  return request;
}

absl::StatusOr<size_t> Replica::BecomeOwn(const SigningKey& fresh,
                                          const v1::ContinueResponse& answer) {
  State& state = *state_;
  TWINNING_RETURN_IF_ERROR(state.Reopen());
  size_t signed_anew = 0;
  absl::Status status = state.store->database().Write([&]() -> absl::Status {
    TWINNING_RETURN_IF_ERROR(state.TakeIn());
    if (answer.number() < state.own.number || answer.number() > last_number()) {
      return DataLoss("The server's answer does not fit this copy's changes: nothing was changed.");
    }
    TWINNING_ASSIGN_OR_RETURN(signed_anew, state.BecomeInside(fresh, answer));
    return absl::OkStatus();
  });
  state.Distrust();
  if (!status.ok()) return status;
  TWINNING_RETURN_IF_ERROR(state.KeepNewKey());
  TWINNING_RETURN_IF_ERROR(TakeWrites());
  return signed_anew;
}

absl::StatusOr<size_t> Replica::State::BecomeInside(const SigningKey& fresh,
                                                    const v1::ContinueResponse& answer) {
  const Resigner resigner(identity.replica, answer.number(), fresh);
  Hash previous = Hash::Of(answer.hash()).value_or(Hash());
  size_t signed_anew = 0;
  for (OutboxRow& row : store->Outbox(answer.number(), std::numeric_limits<int64_t>::max())) {
    TWINNING_ASSIGN_OR_RETURN(ledger::ParsedChange change,
                              ledger::ParseChange(row.change.change()));
    row.change.set_change(ledger::EncodeChange(resigner.Resign(std::move(change), previous)));
    previous = ledger::ChangeHash(row.change.change());
    store->ReplaceOutbox(row);
    ++signed_anew;
  }
  store->PutFormer(identity.replica, answer.number());
  if (!answer.certification().certificate().empty()) {
    identity.certification = answer.certification();
    identity.server = answer.certification().server();
  }
  WriteIdentity();
  WriteNewKey(fresh);
  store->SetNumber(kMetaGeneration, store->Number64(kMetaGeneration) + 1);
  return signed_anew;
}

}  // namespace twinning::client
