// Ids as people write and read them: eight hex digits, or as many as it takes to tell them apart,
// like git's. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/plan/conflicts.h"
#include "common/plan/plan.h"

namespace twinning::desk {

inline constexpr size_t kFewestDigits = 4;
inline constexpr size_t kShortDigits = 8;

// Four to 32 hex digits (64 for a conflict), in either case.
bool LooksLikeId(std::string_view text);

// The records whose ids begin so, deleted ones too, ascending; none when it does not look like an
// id.
std::vector<const merge::Record*> RecordsBeginning(const plan::Plan& plan, std::string_view text);

// A kind by its name or plural; a failure lists the kinds there are.
absl::StatusOr<const merge::Kind*> FindKind(const plan::Plan& plan, std::string_view name);

// The visible records whose title is exactly this, accents and case aside; deleted ones when there
// is no visible one.
std::vector<const merge::Record*> RecordsTitled(const plan::Plan& plan, std::string_view title);

// The record that an abbreviation, or else a title, means. A failure is a sentence; an ambiguous
// one lists what it fits.
absl::StatusOr<const merge::Record*> FindRecord(const plan::Plan& plan, std::string_view text);
// The same for a conflict, open or over.
absl::StatusOr<plan::Conflict> FindConflict(const plan::Plan& plan, std::string_view text);
// The open conflict about one field of a record, by the field's name, or "deletion".
absl::StatusOr<plan::Conflict> FindConflictAbout(const plan::Plan& plan, std::string_view record,
                                                 std::string_view field);

// The beginnings that tell the records of one plan apart, and its conflicts. Reads every id once:
// make one for a whole listing. The plan must outlive it.
class ShortIds {
 public:
  explicit ShortIds(const plan::Plan& plan);

  std::string Of(const RecordId& id) const;
  std::string OfConflict(const Hash& id) const;

 private:
  const plan::Plan& plan_;
  std::vector<RecordId> records_;                       // ascending
  mutable std::optional<std::vector<Hash>> conflicts_;  // read when first asked for
};

}  // namespace twinning::desk
