#include "common/text/reaches.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace twinning::text {
namespace {

using Plain = std::map<uint32_t, Op>;

void ExpectHas(const Reaches& reaches, Reaches::Map map, const Plain& plain) {
  for (uint32_t chain = 0; chain < 5000; ++chain) {
    const auto found = plain.find(chain);
    ASSERT_EQ(reaches.Find(map, chain), found == plain.end() ? Reaches::kNone : found->second);
  }
}

class ReachesTest : public testing::Test {
 protected:
  struct Both {
    Reaches::Map map = 0;
    Plain plain;
  };

  // Near each other, or far.
  uint32_t AnyChain() { return random_() % (random_() % 2 == 0 ? 20 : 5000); }

  void Change(Both& both) {
    const uint32_t chain = AnyChain();
    const Op end = random_() % 4 == 0 ? Reaches::kNone : static_cast<Op>(random_() % 100);
    both.map = reaches_.Set(both.map, chain, end);
    if (end == Reaches::kNone) {
      both.plain.erase(chain);
    } else {
      both.plain[chain] = end;
    }
  }

  std::vector<Both> Family() {
    std::vector<Both> family(1);
    for (int i = 0; i < 60; ++i) {
      Both next = family[random_() % family.size()];
      for (unsigned n = random_() % 4; n > 0; --n) Change(next);
      family.push_back(next);
    }
    return family;
  }

  std::mt19937 random_{7};
  Reaches reaches_;
};

TEST_F(ReachesTest, HaveWhatWasSetWhateverIsSetInCopies) {
  for (const Both& both : Family()) ExpectHas(reaches_, both.map, both.plain);
}

TEST_F(ReachesTest, UniteWhatEitherHas) {
  const std::vector<Both> family = Family();
  for (int i = 0; i < 200; ++i) {
    const Both& a = family[random_() % family.size()];
    const Both& b = family[random_() % family.size()];
    Plain farther = a.plain;
    for (const auto& [chain, end] : b.plain) {
      farther[chain] = std::max(farther.try_emplace(chain, end).first->second, end);
    }
    const Reaches::Map united =
        reaches_.Unite(a.map, b.map, [](uint32_t, Op x, Op y) { return std::max(x, y); });
    ExpectHas(reaches_, united, farther);
  }
}

TEST_F(ReachesTest, CompareTellsEveryDifference) {
  const std::vector<Both> family = Family();
  for (int i = 0; i < 200; ++i) {
    const Both& a = family[random_() % family.size()];
    const Both& b = family[random_() % family.size()];
    Plain changed = a.plain;
    reaches_.Compare(a.map, b.map, [&](uint32_t chain, Op in_a, Op in_b) {
      EXPECT_EQ(in_a, a.plain.contains(chain) ? a.plain.at(chain) : Reaches::kNone);
      changed.erase(chain);
      if (in_b != Reaches::kNone) changed[chain] = in_b;
      return true;
    });
    ASSERT_EQ(changed, b.plain);
  }
}

TEST_F(ReachesTest, ADraftChangesNoOtherMap) {
  std::vector<Both> family = Family();
  for (int i = 0; i < 60; ++i) {
    Both draft = family[random_() % family.size()];
    const Both& other = family[random_() % family.size()];
    reaches_.BeginDraft();
    for (int n = 0; n < 5; ++n) Change(draft);
    draft.map =
        reaches_.Unite(draft.map, other.map, [](uint32_t, Op x, Op y) { return std::max(x, y); });
    for (const auto& [chain, end] : other.plain) {
      Op& farther = draft.plain.try_emplace(chain, end).first->second;
      farther = std::max(farther, end);
    }
    for (int n = 0; n < 5; ++n) Change(draft);
    draft.map = reaches_.EndDraft(draft.map);
    family.push_back(draft);
  }
  for (const Both& both : family) ExpectHas(reaches_, both.map, both.plain);
}

TEST_F(ReachesTest, ADraftLeavesNothingBehindThatItsMapDoesNotNeed) {
  const Reaches::Map one = reaches_.Set(0, 7, 1);
  const size_t before = reaches_.nodes();
  reaches_.BeginDraft();
  Reaches::Map map = one;
  for (uint32_t chain = 0; chain < 1000; ++chain) map = reaches_.Set(map, chain, 2);
  for (uint32_t chain = 0; chain < 1000; ++chain) map = reaches_.Set(map, chain, Reaches::kNone);
  map = reaches_.Set(map, 3, 4);
  map = reaches_.EndDraft(map);
  EXPECT_LE(reaches_.nodes(), before + 4);
  ExpectHas(reaches_, map, {{3, 4}});
  ExpectHas(reaches_, one, {{7, 1}});
}

TEST_F(ReachesTest, CopiesKeepWhatIsAskedFor) {
  const std::vector<Both> family = Family();
  Reaches fresh;
  std::vector<Reaches::Map> copied;
  for (size_t i = 0; i < family.size(); i += 7) {
    ExpectHas(fresh, fresh.Copy(reaches_, family[i].map, copied), family[i].plain);
  }
  EXPECT_LT(fresh.nodes(), reaches_.nodes());
}

}  // namespace
}  // namespace twinning::text
