// Where a record stands between the towns: agreements, positions, "in the plan", signed. All
// derived from the plan, never stored.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/plan/plan.h"
#include "twinning/v1/plan.pb.h"

namespace twinning::plan {

enum class Consenting {
  kNone,    // has not agreed
  kAgrees,  // to exactly the terms shown
  kLapsed,  // to other terms than those shown
  kWithdrawn,
};

struct TownConsent {
  TownId town;
  Consenting state = Consenting::kNone;
  std::optional<merge::Consent> consent;  // the one that the state speaks of
};

struct Agreement {
  bool applies = false;            // whether this kind is agreed at all
  bool agreed = false;             // by every participating town, to the terms shown
  bool conflict = false;           // a term has an open conflict: nobody can agree
  std::vector<TownConsent> towns;  // the participants, by admission
};
Agreement AgreementOf(const Plan& plan, const merge::Record& record);

// What a town says of a record. `current` is false when the words have changed since: to be
// confirmed again. A town whose own people contradict each other supports nothing until that is
// settled.
struct TownPosition {
  TownId town;
  RecordId position;  // the position record's id, whether it exists or not
  v1::StanceKind stance = v1::STANCE_UNSPECIFIED;
  bool current = false;
  bool conflict = false;
};

struct Standing {
  bool applies = false;                 // whether towns take positions on this kind
  bool in_the_plan = false;             // broad agreement on its current words
  std::vector<TownPosition> positions;  // the participants, by admission
};
Standing StandingOf(const Plan& plan, const merge::Record& record);
// One town's part of that; none where it takes no position. Cheap where it has not taken one.
std::optional<TownPosition> PositionOf(const Plan& plan, const merge::Record& record,
                                       const TownId& town);

// A charter on whose exact terms every participating town has ratified, without an open conflict in
// them and with every pair of its languages confirmed. Then it is frozen.
bool Signed(const Plan& plan, const merge::Record& record);

// Whether `town` may write `record` as things stand; a sentence when not.
std::optional<std::string> MayNotWrite(const Plan& plan, const merge::Record& record,
                                       const TownId& town);

// Pairs of languages of a text whose counterpart has changed since they were confirmed to say the
// same, or never were. Only of term texts with two languages or more.
struct StalePair {
  merge::TextKey text;
  std::string counterpart;
};
std::vector<StalePair> StalePairs(const Plan& plan, const merge::Record& record);

}  // namespace twinning::plan
