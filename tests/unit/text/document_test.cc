#include "common/text/document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "common/text/checksum.h"

namespace twinning::text {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class DocumentTest : public testing::Test {
 protected:
  std::vector<Splice> Edit(Author author, const Version& parents, std::vector<Splice> splices) {
    auto merged = document.Append(author, parents, splices);
    EXPECT_TRUE(merged.ok()) << merged.status();
    return merged.ok() ? *merged : std::vector<Splice>();
  }

  Document document;
  Author ana = document.AddAuthor("ana");
  Author ben = document.AddAuthor("ben");
  Author cleo = document.AddAuthor("cleo");
};

TEST_F(DocumentTest, StartsEmpty) {
  EXPECT_EQ(document.text(), "");
  EXPECT_EQ(document.size(), 0);
  EXPECT_THAT(document.version(), IsEmpty());
}

TEST_F(DocumentTest, SameIdIsTheSameAuthor) { EXPECT_EQ(document.AddAuthor("ben"), ben); }

TEST_F(DocumentTest, SequentialSplicesApplyAsTheyAre) {
  EXPECT_THAT(Edit(ana, {}, {{0, 0, "Wörld"}, {0, 0, "Hello "}, {6, 5, "you"}}),
              ElementsAre(Splice{0, 0, "Wörld"}, Splice{0, 0, "Hello "}, Splice{6, 5, "you"}));
  EXPECT_EQ(document.text(), "Hello you");
  EXPECT_EQ(document.operations(), 19);
  EXPECT_THAT(document.version(), ElementsAre(18));
}

TEST_F(DocumentTest, ConcurrentEditsAtDifferentPlacesBothApply) {
  Edit(ana, {}, {{0, 0, "one two three"}});
  const Version base = document.version();
  EXPECT_THAT(Edit(ana, base, {{0, 3, "1"}}), ElementsAre(Splice{0, 3, "1"}));
  EXPECT_THAT(Edit(ben, base, {{8, 5, "3"}}), ElementsAre(Splice{6, 5, "3"}));
  EXPECT_EQ(document.text(), "1 two 3");
  EXPECT_THAT(document.version(), ElementsAre(16, 22));
}

TEST_F(DocumentTest, DeletingTheSameTwiceDeletesOnce) {
  Edit(ana, {}, {{0, 0, "abcdef"}});
  const Version base = document.version();
  Edit(ana, base, {{1, 3, ""}});
  EXPECT_THAT(Edit(ben, base, {{2, 3, ""}}), ElementsAre(Splice{1, 1, ""}));
  EXPECT_EQ(document.text(), "af");
}

TEST_F(DocumentTest, TextTypedIntoADeletedPlaceStays) {
  Edit(ana, {}, {{0, 0, "abcdef"}});
  const Version base = document.version();
  Edit(ana, base, {{0, 6, ""}});
  EXPECT_THAT(Edit(ben, base, {{3, 0, "X"}}), ElementsAre(Splice{0, 0, "X"}));
  EXPECT_EQ(document.text(), "X");
}

TEST_F(DocumentTest, RefusesWhatIsOutsideTheAuthorsTextAndChangesNothing) {
  Edit(ana, {}, {{0, 0, "abc"}});
  const Version base = document.version();
  Edit(ana, base, {{3, 0, "def"}});
  const auto refuses = [&](Author author, const Version& parents, Splice splice) {
    const Document before = document;
    const std::vector<Splice> splices = {{0, 0, "ok"}, splice};
    EXPECT_EQ(document.Append(author, parents, splices).status().code(),
              absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(document.text(), "abcdef");
    EXPECT_EQ(document.Encode(), before.Encode());
  };
  refuses(ben, base, {6, 0, "x"});
  refuses(ben, base, {4, 2, ""});
  refuses(ben, base, {-1, 0, "x"});
  refuses(ben, base, {0, -1, "x"});
  refuses(ben, base, {0, 0, "\xFF"});
  refuses(ben, {6}, {0, 0, "x"});
  refuses(ben, {-1}, {0, 0, "x"});
  refuses(3, base, {0, 0, "x"});
}

TEST_F(DocumentTest, ParentsNeedNotBeMinimal) {
  Edit(ana, {}, {{0, 0, "abc"}});
  Edit(ben, {0, 1, 2}, {{3, 0, "d"}});
  EXPECT_EQ(document.text(), "abcd");
  EXPECT_THAT(document.version(), ElementsAre(3));
}

TEST_F(DocumentTest, EmptySplicesAreNoOperations) {
  Edit(ana, {}, {{0, 0, "abc"}});
  EXPECT_THAT(Edit(ben, {2}, {{1, 0, ""}}), IsEmpty());
  EXPECT_EQ(document.operations(), 3);
}

TEST_F(DocumentTest, KnowsEveryEarlierVersion) {
  Edit(ana, {}, {{0, 0, "abc"}});     // 0-2
  Edit(ana, {2}, {{3, 0, "AA"}});     // 3-4
  Edit(ben, {2}, {{3, 0, "BB"}});     // 5-6
  Edit(cleo, {4, 6}, {{0, 1, "C"}});  // 7-8
  EXPECT_EQ(document.text(), "CbcAABB");
  EXPECT_THAT(document.VersionAt(0), IsEmpty());
  EXPECT_THAT(document.VersionAt(6), ElementsAre(4, 5));
  EXPECT_THAT(document.VersionAt(99), ElementsAre(8));
  EXPECT_EQ(*document.TextAt({}), "");
  EXPECT_EQ(*document.TextAt({1}), "ab");
  EXPECT_EQ(*document.TextAt({6}), "abcBB");
  EXPECT_EQ(*document.TextAt({3, 5}), "abcAB");
  EXPECT_FALSE(document.TextAt({9}).ok());
  EXPECT_THAT(document.Merge({2}, {4}), ElementsAre(4));
  EXPECT_THAT(document.Merge({4}, {5}), ElementsAre(4, 5));
  EXPECT_THAT(document.Merge({4}, {7}), ElementsAre(7));
}

TEST_F(DocumentTest, AcceptsSeveralRoots) {
  Edit(ben, {}, {{0, 0, "ben"}});
  Edit(ana, {}, {{0, 0, "ana"}});
  EXPECT_EQ(document.text(), "anaben");
  EXPECT_THAT(document.version(), ElementsAre(2, 5));
}

TEST_F(DocumentTest, EncodesAndDecodesItsWholeHistory) {
  Edit(ana, {}, {{0, 0, "Grüße \U0001F600"}});
  Edit(ana, {2}, {{0, 2, "x"}, {1, 0, "y"}});
  Edit(ben, {6}, {{1, 3, ""}});
  const auto decoded = Document::Decode(document.Encode());
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(decoded->text(), document.text());
  EXPECT_EQ(decoded->version(), document.version());
  EXPECT_EQ(*decoded->TextAt({6}), "Grüße \U0001F600");
  EXPECT_EQ(decoded->Encode(), document.Encode());
}

TEST_F(DocumentTest, RefusesCorruptBytes) {
  Edit(ana, {}, {{0, 0, "hello"}});
  Edit(ben, {2}, {{0, 1, "J"}});
  const std::string good = document.Encode();
  for (size_t length = 0; length < good.size(); ++length) {
    EXPECT_FALSE(Document::Decode(good.substr(0, length)).ok()) << length;
  }
  for (size_t i = 0; i < good.size(); ++i) {
    for (char flip : {'\x01', '\x40', '\x7F', '\xFF'}) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ flip);
      // Must return, with or without a document.
      (void)Document::Decode(bad);
      bad.resize(bad.size() - kChecksumBytes);
      (void)Document::Decode(bad + Checksum(bad));
    }
  }
}

TEST_F(DocumentTest, RefusesTwoAuthorsOfOneId) {
  Edit(ana, {}, {{0, 0, "hello"}});
  Edit(ben, {}, {{0, 0, "Grüße"}});
  std::string bytes = document.Encode();
  bytes.resize(bytes.size() - kChecksumBytes);
  bytes.replace(bytes.find("ben"), 3, "ana");
  EXPECT_FALSE(Document::Decode(bytes + Checksum(bytes)).ok());
}

TEST_F(DocumentTest, OpensFromBytesThatSomebodyElseKeeps) {
  Edit(ana, {}, {{0, 0, "kept"}, {1, 1, "e"}});
  auto bytes = std::make_shared<const std::string>(document.Encode());
  auto opened = Document::Open(*bytes, bytes);
  ASSERT_TRUE(opened.ok());
  const std::weak_ptr<const std::string> kept = bytes;
  bytes.reset();
  EXPECT_FALSE(kept.expired());
  EXPECT_EQ(*opened->TextAt({3}), "kept");
  EXPECT_EQ(opened->Encode(), document.Encode());
  EXPECT_TRUE(kept.expired()) << "what has been read is no longer needed";
}

TEST_F(DocumentTest, WhoseHistoryOutweighsItsTextRestsPackedAndReadsTheSame) {
  for (int i = 0; i < 200; ++i)
    Edit(ana, document.version(), {{0, 0, std::to_string(i * 7919) + "ß"}});
  Edit(ben, document.version(), {{8, document.size() - 8, ""}});
  const std::string text = document.text();
  const std::string bytes = document.Encode();
  ASSERT_GT(bytes.size(), 2 * text.size());
  auto opened = Document::Open(bytes);
  ASSERT_TRUE(opened.ok());
  const Document copy = *opened;
  EXPECT_EQ(opened->text(), text);
  EXPECT_EQ(opened->size(), document.size());
  ASSERT_TRUE(opened->Append(ana, std::vector<Splice>{{0, 1, "Z"}}).ok());
  EXPECT_EQ(opened->text(), "Z" + text.substr(1));
  EXPECT_EQ(*opened->TextAt(document.version()), text);
  EXPECT_EQ(copy.text(), text);
  EXPECT_EQ(copy.Encode(), bytes);
}

// Two edits by each of many authors in one text, none of whom sees the others.
Document ManyAlone(size_t authors, bool taking_turns) {
  Document many;
  for (size_t i = 0; i < authors; ++i) many.AddAuthor(std::to_string(i));
  EXPECT_TRUE(many.Append(0, std::vector<Splice>{{0, 0, "0123456789"}}).ok());
  const Version base = many.version();
  std::vector<Version> own(authors, base);
  const auto edit = [&](size_t author, size_t turn) {
    const std::string text = std::to_string(author) + (turn == 0 ? "," : ";");
    const auto place = static_cast<int64_t>(author % 10);
    const std::vector<Splice> splices = {{place + static_cast<int64_t>(turn), 1, text}};
    EXPECT_TRUE(many.Append(static_cast<Author>(author), own[author], splices).ok());
    own[author] = {many.operations() - 1};
  };
  for (size_t i = 0; i < 2 * authors; ++i) {
    edit(taking_turns ? i % authors : i / 2, taking_turns ? i / authors : i % 2);
  }
  return many;
}

TEST_F(DocumentTest, AnyNumberOfAuthorsMergeTheSameInAnyOrder) {
  // More than keep their views, and more than are told apart by clocks.
  for (size_t authors : {40, 600, 4200}) {
    const Document turns = ManyAlone(authors, true);
    const Document whole = ManyAlone(authors, false);
    EXPECT_TRUE(turns.text() == whole.text()) << authors;
    const auto decoded = Document::Decode(turns.Encode());
    ASSERT_TRUE(decoded.ok());
    EXPECT_TRUE(decoded->text() == turns.text()) << authors;
    EXPECT_EQ(decoded->TextAt({9}).value(), "0123456789");
  }
}

TEST_F(DocumentTest, APassageReadsAtAVersionAsItsAuthorLeftIt) {
  Edit(ana, {}, {{0, 0, "One two. Three four. Five."}});
  const Version common = document.version();
  Edit(ana, common, {{9, 5, "Drei"}});
  const Version anas = document.version();
  Edit(ben, common, {{15, 4, "vier"}, {0, 3, "Eins"}});
  const Version bens = {document.operations() - 1};
  ASSERT_EQ(document.text(), "Eins two. Drei vier. Five.");
  EXPECT_EQ(*document.ReadingAt(common, 10, 21), "Three four. ");
  EXPECT_EQ(*document.ReadingAt(anas, 10, 21), "Drei four. ");
  EXPECT_EQ(*document.ReadingAt(bens, 10, 21), "Three vier. ");
  EXPECT_EQ(*document.ReadingAt(common, 0, document.size()), "One two. Three four. Five.");
  EXPECT_FALSE(document.ReadingAt(common, 0, document.size() + 1).ok());
  EXPECT_FALSE(document.ReadingAt({document.operations()}, 0, 1).ok());
}

TEST_F(DocumentTest, CopiesAreIndependent) {
  Edit(ana, {}, {{0, 0, "abc"}});
  Document copy = document;
  Edit(ana, {2}, {{3, 0, "d"}});
  EXPECT_EQ(copy.text(), "abc");
  EXPECT_EQ(document.text(), "abcd");
}

}  // namespace
}  // namespace twinning::text
