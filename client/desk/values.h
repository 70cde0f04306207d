// From what a person types to a field's canonical value, and nothing but values: which edits they
// become is for record_draft.h. Every failure is one sentence that says what was expected. Pure.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/merge/schema.h"
#include "common/plan/plan.h"

namespace twinning::desk {

class ValueReader {
 public:
  // `town` is the town of who types: its currency and time zone are taken where none is said.
  ValueReader(const plan::Plan& plan, const TownId& town) : plan_(plan), town_(town) {}

  // The canonical value of `field` (one element, for a set), of a personal field the value that
  // goes beside. Empty text clears. `shown` is what the field holds now; money without a currency
  // keeps the shown one.
  //
  //   yes no                       booleans
  //   at_risk, "at risk", at-r     enums, by any unambiguous beginning
  //   2031-03-28                   dates
  //   3f2a1b2c, "Exchange visit"   references, by id or exact title (accents and case aside)
  //   2031-03-03..2031-03-21       windows; either end may be left out
  //   620.00 EUR                   money
  //   2031-10-10 14:30 Europe/Paris  times of day
  absl::StatusOr<merge::Value> Read(const merge::Field& field, std::string_view text,
                                    const merge::Value& shown) const;

  // One part of a pair, put into what it shows: "window.to". Parts are named as in the schema; of
  // money also "amount".
  absl::StatusOr<merge::Value> ReadPart(const merge::Field& field, std::string_view part,
                                        std::string_view text, const merge::Value& shown) const;

  // A whole number within 64 bits.
  static absl::StatusOr<int64_t> ReadInteger(std::string_view label, std::string_view text);
  static absl::StatusOr<Days> ReadDate(std::string_view label, std::string_view text);

 private:
  absl::StatusOr<merge::Value> ReadPlain(const merge::Field& field, std::string_view text,
                                         const merge::Value& shown) const;
  absl::StatusOr<merge::Value> ReadReference(const merge::Field& field,
                                             std::string_view text) const;
  absl::StatusOr<merge::Value> ReadPair(const merge::Field& field, std::string_view text,
                                        const merge::Value& shown) const;
  absl::StatusOr<merge::Value> ReadMoney(const merge::Field& field, std::string_view text,
                                         const merge::Value& shown) const;
  absl::StatusOr<merge::Value> ReadLocalTime(const merge::Field& field, std::string_view text,
                                             const merge::Value& shown) const;
  // A text register of one's own town's record; empty when there is none.
  std::string OfTown(std::string_view field) const;

  const plan::Plan& plan_;
  TownId town_;
};

}  // namespace twinning::desk
