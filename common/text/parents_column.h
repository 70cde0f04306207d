// What authors had seen when they began an entry, as numbers: mostly all they had made themselves
// and all that had arrived up to some operation, which is one number however many parents that
// makes. TEXT.md has the format.
#ifndef TWINNING_COMMON_TEXT_PARENTS_COLUMN_H_
#define TWINNING_COMMON_TEXT_PARENTS_COLUMN_H_

#include <array>
#include <cstddef>
#include <optional>

#include "common/text/coder.h"
#include "common/text/history.h"

namespace twinning::text {

// Everything learnt while coding; encoder and decoder go through the same states.
struct ParentsModels {
  std::array<Bit, 2> alone;     // the author's last operation is the only parent
  std::array<Bit, 2> foreseen;  // that and everything up to one operation
  // By whether everything up to the operation is meant, and for the others one by one.
  struct Place {
    Bit entry_end;
    Number entries_back;
    Number distance;
  };
  std::array<Place, 3> places;
  std::array<Bit, 2> own;
  Number count;
  size_t before = 0;  // whether the last entry's was foreseen
};

// Of entry `index`, whose author's last operation before it was `own`; -1: none.
void PutParents(const History& history, size_t index, Op own, ParentsModels& models, Encoder& out);

// Of the entry after those that `history` has; none when it has no such version. `seen` is what it
// has.
std::optional<Version> TakeParents(const History& history, Op own, ParentsModels& models,
                                   Decoder& in, Seen& seen);

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_PARENTS_COLUMN_H_
