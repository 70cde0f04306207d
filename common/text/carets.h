// Where authors left off. Who has seen nothing since, and goes on typing there, or takes back what
// he typed, needs no view of the text: what is left and right of his caret is known.
#ifndef TWINNING_COMMON_TEXT_CARETS_H_
#define TWINNING_COMMON_TEXT_CARETS_H_

#include <cstdint>
#include <vector>

#include "common/text/item_list.h"

namespace twinning::text {

class Carets {
 public:
  struct Caret {
    Op at = -1;            // his last operation, the only head of what he has seen; -1: no caret
    int32_t position = 0;  // in his text; less than 0: what is left of it is not known
    int32_t growth = 0;    // of his text since the base
    Op left = -1;          // characters beside it in his text, deleted ones too on the right; -1: none
    Op right = -1;
    Op since = 0;  // nothing but the caret moved since this operation of his
  };

  void Restart() { carets_.clear(); }

  // Whether an author has a caret, and exactly what he had seen there.
  bool Has(Author author, const Version& version) const {
    return version.size() == 1 && author < carets_.size() && carets_[author].at == version[0];
  }
  const Caret& Of(Author author) const { return carets_[author]; }
  void Set(Author author, const Caret& caret) {
    if (author >= carets_.size()) carets_.resize(size_t{author} + 1);
    carets_[author] = caret;
  }
  void Forget(Author author) {
    if (author < carets_.size()) carets_[author].at = -1;
  }

  // Whether what an author does who has a caret is done at it; and that it was.
  bool IsInsertedAt(Author author, int32_t position) const {
    return carets_[author].position == position;
  }
  bool IsDeletedAt(Author author, int32_t position, int32_t length) const {
    const Caret& caret = carets_[author];
    return length == 1 && position == caret.position - 1;
  }
  void Inserted(Author author, Op first, int32_t length) {
    if (author >= carets_.size()) return;
    Caret& caret = carets_[author];
    caret.at = caret.left = first + length - 1;
    caret.position += length;
    caret.growth += length;
  }
  // The character left of it; `left` stood left of that when it was inserted. Nobody has come
  // between them if the author inserted it since.
  void Deleted(Author author, Op deletion, Op left) {
    Caret& caret = carets_[author];
    const bool own = caret.left >= caret.since && caret.left < kBaseText;
    caret.at = deletion;
    caret.right = caret.left;
    caret.left = left;
    caret.position = own ? caret.position - 1 : -1;
    --caret.growth;
  }

 private:
  std::vector<Caret> carets_;  // of authors
};

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_CARETS_H_
