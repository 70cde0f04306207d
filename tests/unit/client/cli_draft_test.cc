#include "client/desk/exit_codes.h"
#include "client/desk/record_draft.h"
#include "common/ledger/personal.h"
#include "tests/unit/client/cli_twins.h"

namespace twinning::cli {
namespace {

using client::Replica;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string NotRandom(size_t size) { return std::string(size, 'r'); }

class CliDraft : public Twins {
 protected:
  RecordDraft Of(const RecordId& id) { return {plan(), town(), record(id), NotRandom}; }
  RecordDraft New(std::string_view kind) {
    return {plan(), town(), *plan().schema().KindByName(kind), RecordNamed("new"), {}, NotRandom};
  }

  absl::StatusOr<Replica::Draft> Assigned(RecordDraft draft, std::vector<std::string> texts) {
    for (const std::string& text : texts) {
      TWINNING_ASSIGN_OR_RETURN(Assignment assignment, ParseAssignment(text));
      TWINNING_RETURN_IF_ERROR(draft.Assign(assignment));
    }
    return draft.Finish();
  }
  // Ana saves what was assigned.
  void Save(const RecordId& id, std::vector<std::string> texts) {
    auto draft = Assigned(Of(id), std::move(texts));
    ASSERT_TRUE(draft.ok()) << MessageOf(draft.status());
    Must("ana", draft->edits);
  }
  std::set<std::string> Tags() {
    std::set<std::string> tags;
    auto found = record(kSeminar).sets.find(field("activity", "tags").number);
    if (found == record(kSeminar).sets.end()) return tags;
    for (const auto& [value, adds] : found->second.adds) {
      tags.insert(std::string(*merge::StringOf(value)));
    }
    return tags;
  }
};

TEST_F(CliDraft, WhatIsSaidAlreadyMakesNoEdit) {
  EXPECT_THAT(Assigned(Of(kSeminar), {"deadline=2031-03-31", "title=Teacher seminar", "place=",
                                      "description:en=A seminar for teachers. Speakers from both "
                                      "towns."})
                  ->edits,
              IsEmpty());
}

TEST_F(CliDraft, ALongTextBecomesTheSplicesThatDiffer) {
  auto draft =
      Assigned(Of(kSeminar), {"description=A long seminar for teachers. Speakers from both "
                              "towns."});
  ASSERT_THAT(draft->edits, SizeIs(1));
  const v1::SpliceText& splice = draft->edits[0].splice();
  EXPECT_EQ(splice.language(), "en");
  ASSERT_EQ(splice.splices_size(), 1);
  EXPECT_EQ(splice.splices(0).position(), 2u);
  EXPECT_EQ(splice.splices(0).removed(), 0u);
  EXPECT_EQ(splice.splices(0).inserted(), "long ");
}

TEST_F(CliDraft, ATextIsInTheTownsFirstLanguageUnlessOneIsSaid) {
  Must("ana", {Add(town(), "town", "languages", merge::StringValue("fr"))});
  EXPECT_EQ(LanguageOf(plan(), town()), "fr");
  EXPECT_EQ(LanguageOf(plan(), world_.Town("Exempleville")), "en");
  auto draft = Assigned(Of(kSeminar), {"description=Bonjour.", "description:de=Guten Tag."});
  ASSERT_THAT(draft->edits, SizeIs(2));
  EXPECT_EQ(draft->edits[0].splice().language(), "de");
  EXPECT_EQ(draft->edits[1].splice().language(), "fr");
}

TEST_F(CliDraft, ListsAddRemoveAndAreReplaced) {
  Save(kSeminar, {"tags+=music", "tags+=youth"});
  EXPECT_EQ(Tags(), (std::set<std::string>{"music", "youth"}));
  Save(kSeminar, {"tags-=music", "tags+=sport"});
  EXPECT_EQ(Tags(), (std::set<std::string>{"sport", "youth"}));
  Save(kSeminar, {"tags=sport", "tags=art"});
  EXPECT_EQ(Tags(), (std::set<std::string>{"art", "sport"}));
  Save(kSeminar, {"tags="});
  EXPECT_EQ(Tags(), (std::set<std::string>{}));
  EXPECT_THAT(Why(Assigned(Of(kSeminar), {"tags-=music"})), HasSubstr("does not hold \"music\""));
  EXPECT_THAT(Why(Assigned(Of(kSeminar), {"tags+="})), HasSubstr("nothing is named"));
}

TEST_F(CliDraft, CountsAreIncrementsHoweverTheyAreWritten) {
  RecordId outcome = RecordNamed("outcome");
  Must("ana", {Create(outcome, "outcome"),
               Write(outcome, "outcome", "title", merge::StringValue("Ten links")),
               Increment(outcome, "outcome", "achieved", 7)});
  EXPECT_EQ(Assigned(Of(outcome), {"achieved+=3"})->edits[0].increment().by(), 3);
  EXPECT_EQ(Assigned(Of(outcome), {"achieved-=1"})->edits[0].increment().by(), -1);
  EXPECT_EQ(Assigned(Of(outcome), {"achieved=10"})->edits[0].increment().by(), 3);
  EXPECT_EQ(Assigned(Of(outcome), {"achieved+=3", "achieved+=2"})->edits[0].increment().by(), 5);
  EXPECT_THAT(Assigned(Of(outcome), {"achieved=7"})->edits, IsEmpty());
  EXPECT_THAT(Why(Assigned(Of(outcome), {"achieved+=9223372036854775807"})),
              HasSubstr("too large"));
}

TEST_F(CliDraft, PartsOfOnePairBuildOnEachOther) {
  auto draft = Assigned(Of(kSeminar), {"window.from=2031-03-03", "window.to=2031-03-21"});
  ASSERT_THAT(draft->edits, SizeIs(1));
  EXPECT_EQ(draft->edits[0].write().value(),
            Assigned(Of(kSeminar), {"window=2031-03-03..2031-03-21"})->edits[0].write().value());
}

TEST_F(CliDraft, AFieldGivenTwiceIsRefused) {
  EXPECT_THAT(Why(Assigned(Of(kSeminar), {"title=a", "title=b"})), HasSubstr("given twice"));
  EXPECT_THAT(Why(Assigned(Of(kSeminar), {"description=a", "description:en=b"})),
              HasSubstr("given twice"));
  EXPECT_THAT(Why(Assigned(Of(kSeminar), {"window=2031-03-03", "window.to=2031-03-04"})),
              HasSubstr("given twice"));
}

TEST_F(CliDraft, VerbsFitTheField) {
  EXPECT_THAT(Why(Assigned(Of(kSeminar), {"title+=x"})), HasSubstr("neither a list nor a count"));
  EXPECT_THAT(Why(Assigned(Of(kSeminar), {"description+=x"})), HasSubstr("neither a list"));
  EXPECT_THAT(Why(Assigned(Of(kSeminar), {"title:fr=x"})), HasSubstr("has no languages"));
  EXPECT_THAT(Why(Assigned(Of(kSeminar), {"frob=x"})), HasSubstr("it has title, description"));
  EXPECT_THAT(Why(Assigned(Of(kSeminar), {"title="})), HasSubstr("cannot be left empty"));
}

TEST_F(CliDraft, AnOpenConflictIsWrittenOnlyBySettlingIt) {
  Must("ana", {Write(kSeminar, "activity", "deadline", Date("2031-03-28"))});
  Must("ben", {Write(kSeminar, "activity", "deadline", Date("2031-04-04"))});
  world_.SyncAll();
  std::string id = HexOf(plan::Conflicts(plan(), false)[0].id.bytes()).substr(0, 8);
  auto draft = Assigned(Of(kSeminar), {"deadline=2031-04-01"});
  EXPECT_EQ(CodeOf(draft.status()), ExitCode::kRefused);
  EXPECT_THAT(Why(draft), HasSubstr("twinning settle " + id + " --keep N"));
  EXPECT_TRUE(Assigned(Of(kSeminar), {"place=Town hall"}).ok());
}

TEST_F(CliDraft, APersonalValueTravelsBesideItsCommitment) {
  auto draft = Assigned(New("person"), {"name=Ana Archer", "role=Officer"});
  ASSERT_THAT(draft->personal, SizeIs(1));
  EXPECT_TRUE(ledger::CheckPersonal(draft->personal[0]).ok());
  EXPECT_EQ(draft->personal[0].value(), merge::StringValue("Ana Archer"));
  EXPECT_EQ(draft->edits[1].write().value(),
            merge::CommitmentValue(draft->personal[0].commitment()));
  for (const v1::Edit& edit : draft->edits) {
    EXPECT_THAT(edit.SerializeAsString(), Not(HasSubstr("Archer")));
  }
}

TEST_F(CliDraft, ANewRecordBeginsWithItsCreationAndNamesWhatIsMissing) {
  RecordDraft draft = New("ratification");
  EXPECT_THAT(draft.Missing(), ElementsAre("town", "charter", "resolution", "digest"));
  draft.Default(field("ratification", "town"), merge::ReferenceValue(town()));
  EXPECT_THAT(draft.Missing(), ElementsAre("charter", "resolution", "digest"));
  EXPECT_TRUE(draft.Finish()->edits[0].has_create());
}

TEST_F(CliDraft, MoreThanOneChangeHoldsIsRefused) {
  auto draft = Assigned(Of(kSeminar), {"description=" + std::string(2 * 1024 * 1024, 'a')});
  EXPECT_EQ(CodeOf(draft.status()), ExitCode::kBadInput);
  EXPECT_EQ(
      Why(draft),
      "What was written takes 2.0 MiB; one change holds at most 256 KiB. Nothing was changed.");
  EXPECT_THAT(Why(Assigned(New("person"), {"name=" + std::string(5000, 'a')})),
              HasSubstr("A personal value takes 5 KiB; it may take at most 4 KiB."));
}

}  // namespace
}  // namespace twinning::cli
