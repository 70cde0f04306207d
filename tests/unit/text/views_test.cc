// Views search from where they searched last; one that has not searched yet finds the same.
#include "common/text/views.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

#include "common/text/history.h"
#include "common/text/item_list.h"

namespace twinning::text {
namespace {

// Somebody writes, in the text with all that he wrote; others see what he had written at some time,
// earlier or later ones in turn.
class Writing {
 public:
  static constexpr size_t kReaders = 3;

  explicit Writing(uint64_t seed) : random_(seed), writer_(pool_.Base()) {
    for (Reader& reader : readers_) reader.view = pool_.Copy(writer_);
  }

  void Step() {
    switch (Below(9)) {
      case 0:
      case 1:
        Insert();
        break;
      case 2:
        Delete();
        break;
      case 3:
        MoveReader(readers_[Below(kReaders)], Below(edits_.size() + 1));
        break;
      case 4:
        Find(writer_, edits_.size());
        break;
      case 5:
        CopyReader(readers_[Below(kReaders)]);
        break;
      case 6:
        Collect();
        break;
      default: {
        const Reader& reader = readers_[Below(kReaders)];
        Find(reader.view, reader.taken);
      }
    }
  }

  void Check() {
    ExpectPieces(writer_, edits_.size());
    for (const Reader& reader : readers_) ExpectPieces(reader.view, reader.taken);
  }

 private:
  struct Edit {
    Op first = 0;
    int32_t length = 0;
    Op target = -1;  // of a deletion
  };
  struct Reader {
    View view;
    size_t taken = 0;  // edits
  };
  // Of the whole list, in its order.
  struct Character {
    Op id = 0;
    size_t inserted = 0;  // by which edit
    size_t deleted = SIZE_MAX;
  };

  size_t Below(size_t n) { return random_() % n; }

  int32_t Visible() const { return writer_.visible - kEndless; }

  // Mostly near where it was last.
  int32_t Position(int32_t end) {
    cursor_ = Below(4) == 0 ? static_cast<int32_t>(Below(end + 1))
                            : cursor_ + static_cast<int32_t>(Below(7)) - 3;
    return cursor_ = std::clamp(cursor_, 0, end);
  }

  void Insert() {
    const auto length = static_cast<int32_t>(1 + Below(5));
    const int32_t position = Position(Visible());
    const auto [left, right] = pool_.Insert(writer_, position, next_, length);
    list_.Insert(history_, next_, length, {left, right, {}});
    const auto at = std::find_if(characters_.begin(), characters_.end(),
                                 [left = left](const Character& c) { return c.id == left; });
    const auto place = left < 0 ? characters_.begin() : at + 1;
    std::vector<Character> fresh;
    for (int32_t k = 0; k < length; ++k) fresh.push_back({next_ + k, edits_.size()});
    characters_.insert(place, fresh.begin(), fresh.end());
    edits_.push_back({next_, length});
    next_ += length;
  }

  void Delete() {
    if (Visible() == 0) return;
    const int32_t position = Position(Visible() - 1);
    const auto most = std::min(static_cast<int32_t>(1 + Below(5)), Visible() - position);
    const auto [target, length] = pool_.Delete(writer_, position, most);
    std::vector<Removal> removals;
    list_.Delete(next_, target, length, removals, {});
    for (Character& c : characters_) {
      if (c.id >= target && c.id < target + length) c.deleted = edits_.size();
    }
    edits_.push_back({next_, length, target});
    next_ += length;
  }

  void MoveReader(Reader& reader, size_t to) {
    for (; reader.taken < to; ++reader.taken) {
      const Edit& edit = edits_[reader.taken];
      if (edit.target < 0) {
        pool_.Add(list_, reader.view, edit.first, edit.length);
      } else {
        pool_.Count(list_, reader.view, edit.target, edit.length, 1);
      }
    }
    while (reader.taken > to) {
      const Edit& edit = edits_[--reader.taken];
      if (edit.target < 0) {
        pool_.Remove(list_, reader.view, edit.first, edit.length);
      } else {
        pool_.Count(list_, reader.view, edit.target, edit.length, -1);
      }
    }
  }

  void CopyReader(Reader& reader) {
    Reader& other = readers_[Below(kReaders)];
    reader = {pool_.Copy(other.view), other.taken};
  }

  void Collect() {
    std::vector<uint32_t> roots = {writer_.root};
    for (const Reader& reader : readers_) roots.push_back(reader.view.root);
    pool_.Collect(roots);
  }

  void Find(const View& view, size_t taken) {
    if (characters_.empty()) return;
    const Character& c = characters_[Below(characters_.size())];
    ViewPool fresh = pool_;  // has not searched yet
    const ViewPool::Place there = fresh.Find(list_, view, c.id);
    const ViewPool::Place found = pool_.Find(list_, view, c.id);
    EXPECT_EQ(found.found, c.inserted < taken);
    EXPECT_EQ(found.found, there.found);
    EXPECT_EQ(found.offset, there.offset);
    EXPECT_EQ(found.piece.id, there.piece.id);
    EXPECT_EQ(found.piece.length, there.piece.length);
    EXPECT_EQ(found.piece.deleted, there.piece.deleted);
    EXPECT_EQ(pool_.VisibleBefore(), fresh.VisibleBefore());
  }

  void ExpectPieces(const View& view, size_t taken) {
    int32_t visible = 0;
    ViewPool::Walk walk(pool_, list_, view, -1);
    for (const Character& c : characters_) {
      if (c.inserted >= taken) continue;
      ASSERT_EQ(walk.character(), c.id);
      ASSERT_EQ(walk.visible(), c.deleted >= taken);
      visible += walk.visible() ? 1 : 0;
      walk.Skip(1);
    }
    EXPECT_EQ(walk.character(), kBaseText);
    EXPECT_EQ(view.visible, kEndless + visible);
  }

  std::mt19937_64 random_;
  History history_;
  ItemList list_{-1};
  ViewPool pool_;
  View writer_;
  Reader readers_[kReaders];
  std::vector<Edit> edits_;
  std::vector<Character> characters_;
  Op next_ = 0;
  int32_t cursor_ = 0;
};

TEST(Views, SearchFromWhereTheySearchedLast) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Writing writing(seed);
    for (int i = 0; i < 1500 && !testing::Test::HasFailure(); ++i) {
      writing.Step();
      if (i % 16 == 0) writing.Check();
    }
    writing.Check();
    ASSERT_FALSE(testing::Test::HasFailure()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace twinning::text
