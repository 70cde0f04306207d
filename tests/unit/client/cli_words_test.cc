// The command line's small pure parts: assignments, folding, word differences, rewording.
#include "client/desk/assignment.h"
#include "client/desk/exit_codes.h"
#include "client/desk/fold.h"
#include "client/desk/phrases.h"
#include "client/desk/rewording.h"
#include "client/desk/word_diff.h"
#include "tests/unit/client/cli_twins.h"

namespace twinning::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(CliAssignment, HasAFieldAVerbAndAValue) {
  Assignment set = *ParseAssignment("title=Exchange = visit");
  EXPECT_EQ(set.field, "title");
  EXPECT_EQ(set.verb, Assignment::kSet);
  EXPECT_EQ(set.value, "Exchange = visit");
  EXPECT_EQ(ParseAssignment("tags+=music")->verb, Assignment::kAdd);
  Assignment remove = *ParseAssignment("depends_on-=3f2a");
  EXPECT_EQ(remove.verb, Assignment::kRemove);
  EXPECT_EQ(remove.field, "depends_on");
  EXPECT_EQ(ParseAssignment("deadline=")->value, "");
}

TEST(CliAssignment, NamesAPartOrALanguage) {
  Assignment part = *ParseAssignment("window.to=2031-03-18");
  EXPECT_EQ(part.field, "window");
  EXPECT_EQ(part.part, "to");
  Assignment text = *ParseAssignment("statement:FR=Bonjour: x.y");
  EXPECT_EQ(text.field, "statement");
  EXPECT_EQ(text.language, "fr");
  EXPECT_EQ(text.value, "Bonjour: x.y");
  EXPECT_EQ(ParseAssignment("statement:pt-BR=x")->language, "pt-BR");
}

TEST(CliAssignment, SaysWhatOneLooksLike) {
  for (const char* text : {"title", "=x", "+=x", "ti/tle=x", "window.=x"}) {
    EXPECT_THAT(Why(ParseAssignment(text)), HasSubstr("field=value")) << text;
  }
  EXPECT_THAT(Why(ParseAssignment("statement:x=y")), HasSubstr("language code"));
  EXPECT_THAT(Why(ParseAssignment("statement:=y")), HasSubstr("language code"));
}

TEST(CliAssignment, TakesOnlyText) {
  EXPECT_EQ(Why(ParseAssignment("title=\xff")),
            "The value of title is not valid UTF-8 text. Nothing was changed.");
  EXPECT_EQ(Why(ParseAssignment(std::string("title=a\0b", 9))),
            "The value of title holds a zero byte, which is no text. Nothing was changed.");
  EXPECT_THAT(Why(ParseAssignment("ti\xfftle=x")), HasSubstr("UTF-8"));
}

TEST(CliFold, LeavesOutAccentsCaseAndForms) {
  EXPECT_EQ(Fold("Ville d’Exempleville-lès-Hêtres"), "ville d'exempleville-les-hetres");
  EXPECT_EQ(Fold("STRASSE Straße"), "strasse strasse");
  EXPECT_EQ(Fold("Œuvre Æther"), "oeuvre aether");
  EXPECT_EQ(Fold("ﬁn"), "fin");
  EXPECT_EQ(Fold("e\xCC\x81t\xC3\xA9"), "ete");
  EXPECT_EQ(Fold("\xff"), "\xff");
}

TEST(CliFold, AllWordsMustOccur) {
  EXPECT_TRUE(HoldsAll(Fold("Fête des Hêtres"), FoldedWords("hetres  FETE")));
  EXPECT_FALSE(HoldsAll(Fold("Fête des Hêtres"), FoldedWords("fete musique")));
}

TEST(CliWordDiff, MarksWholeWords) {
  EXPECT_EQ(WordDiff("closes on 28 March", "closes on 31 March"), "closes on [-28-]{+31+} March");
  EXPECT_EQ(WordDiff("the festival", "the fest"), "the [-festival-]{+fest+}");
  EXPECT_EQ(WordDiff("", "new"), "{+new+}");
  EXPECT_EQ(WordDiff("old", ""), "[-old-]");
  EXPECT_EQ(WordDiff("same", "same"), "same");
  EXPECT_EQ(WordDiff("two schools", "two écoles"), "two [-schools-]{+écoles+}");
}

TEST(CliWordDiff, WordsInARowAreOneDifference) {
  EXPECT_EQ(WordDiff("un stand commun et permanent.", "un stand une fois par an."),
            "un stand [-commun et permanent-]{+une fois par an+}.");
}

TEST(CliWordDiff, PiecesMakeBothTexts) {
  std::string from = "A seminar for teachers, in March. Speakers from both towns.";
  std::string to = "A long seminar for all teachers in May. Speakers from three towns!";
  std::string old_text;
  std::string new_text;
  for (const Piece& piece : WordPieces(from, to)) {
    if (piece.kind != Piece::kAdded) old_text += piece.text;
    if (piece.kind != Piece::kRemoved) new_text += piece.text;
  }
  EXPECT_EQ(old_text, from);
  EXPECT_EQ(new_text, to);
}

TEST(CliWordDiff, LeavesOutWhatIsFarFromAChange) {
  std::string words = "one two three four five six seven eight nine ten";
  EXPECT_EQ(WordDiff(words + " eleven " + words, words + " twelve " + words, 2),
            "… nine ten [-eleven-]{+twelve+} one two …");
}

TEST(CliRewording, KeepsWhatBothDid) {
  EXPECT_EQ(*Reworded("A visit in May.", "A long visit in May.", "A visit in May."),
            "A long visit in May.");
  EXPECT_EQ(*Reworded("A visit in May.", "A long visit in May.", "A visit in June."),
            "A long visit in June.");
  EXPECT_EQ(Reworded("", "New.", "Theirs. ")->size(), 12u);
}

TEST(CliPhrases, ASentenceEndsUnlessACommandStandsThere) {
  EXPECT_EQ(Sentence("the disk is full"), "The disk is full.");
  EXPECT_EQ(Sentence("Done."), "Done.");
  EXPECT_EQ(Sentence("Bring it back with: twinning restore 3f2a"),
            "Bring it back with: twinning restore 3f2a");
  EXPECT_EQ(WithArticle("activity"), "an activity");
  EXPECT_EQ(WithArticle("town"), "a town");
  EXPECT_EQ(Indented("a\n\nb", 2), "  a\n\n  b");
}

TEST(CliExitCodes, SayWhatKindOfFailureItWas) {
  EXPECT_EQ(CodeOf(absl::OkStatus()), ExitCode::kDone);
  EXPECT_EQ(CodeOf(BadInput("x")), ExitCode::kBadInput);
  EXPECT_EQ(CodeOf(Refused("x")), ExitCode::kRefused);
  EXPECT_EQ(CodeOf(FromReplica(FailedPrecondition("x"))), ExitCode::kReplica);
  EXPECT_EQ(CodeOf(FromReplica(Unavailable("x"))), ExitCode::kDisk);
  EXPECT_EQ(CodeOf(FromReplica(DataLoss("x"))), ExitCode::kReplica);
  EXPECT_EQ(CodeOf(Unavailable("x")), ExitCode::kNetwork);
  EXPECT_EQ(CodeOf(FromReplica(Refused("x"))), ExitCode::kRefused);
}

}  // namespace
}  // namespace twinning::cli
