// From a command as an officer types it to the edits that it makes. What its words mean is said by
// the libraries of the command line; only records and conflicts are called by name here, because
// their ids are not known before a run. Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/replica/replica.h"
#include "common/crypto/ed25519.h"
#include "common/plan/plan.h"
#include "tests/support/record_names.h"

namespace twinning::scenarios {

// Who types, and what they have before them.
struct Typist {
  const plan::Plan& view;
  ledger::Head confirmed;
  TownId town;
  const SigningKey& key;
  Number last_number = 0;
  std::function<absl::StatusOr<plan::Change>(Number)> own_change;
};

struct Typed {
  client::Replica::Draft draft;
  std::string name;  // of a record that it makes
  RecordId made;
  std::vector<std::string> left_alone;  // by an undo
};

// An error is what the person is told: there is nothing to be written then.
absl::StatusOr<Typed> Type(const Typist& typist, const testing::RecordNames& names,
                           const std::function<std::string(size_t)>& random,
                           const std::vector<std::string>& words);

}  // namespace twinning::scenarios
