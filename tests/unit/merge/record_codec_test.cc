#include "common/merge/record_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "common/base/status.h"
#include "common/merge/record_checksum.h"
#include "tests/unit/merge/authors.h"
#include "twinning/v1/snapshot.pb.h"

namespace twinning::merge {
namespace {

using ::testing::HasSubstr;

constexpr uint32_t kTags = 17;
constexpr uint32_t kAchieved = 10;
const TextKey kWords{2, "en"};

RecordId IdOf(std::string_view name) { return *RecordId::Of(name); }

void Splice(Record& record, const TextKey& key, const Author& author, text::Splice splice) {
  absl::Status status = SpliceText(record, key, author, {std::move(splice)});
  ASSERT_TRUE(status.ok()) << status;
}

Consent ConsentOf(const Author& author, bool agrees) {
  Consent consent;
  consent.stamp = author.stamp;
  consent.town = IdOf("town-exampleton-");
  consent.agrees = agrees;
  if (agrees) consent.terms = Sha256("terms");
  consent.form = 1;
  consent.languages = {"en", "fr"};
  consent.statement = "statement";
  consent.signature = std::string(64, 's');
  consent.time_ms = author.time_ms;
  return consent;
}

// A record in which something of everything has happened, conflicts open and settled included.
Record Eventful() {
  Record record;
  record.id = IdOf("record-number-01");
  record.kind = 11;
  record.created = {1, kAna, 1};
  record.created_ms = -5;
  WriteRegister(record, kDeadline, false, By(kAna, 2, 1), DateValue(100));
  WriteRegister(record, kDeadline, false, By(kBen, 3, 1), DateValue(104));
  WriteRegister(record, 1, false, By(kAna, 4, 1), StringValue("Fête"));
  WriteRegister(record, 1, false, By(kBen, 5, 1), StringValue("Fete"));
  SettleRegister(record, 1, false, By(kAna, 6, 5), StringValue("Fête"));
  AddToSet(record, kTags, By(kAna, 7, 6), StringValue("music"));
  AddToSet(record, kTags, By(kBen, 8, 5), StringValue("music"));
  AddToSet(record, kTags, By(kBen, 9, 8), StringValue("youth"));
  Increment(record, kAchieved, 7);
  Splice(record, kWords, By(kAna, 10, 9), {0, 0, "Teach French. Visit écoles."});
  Splice(record, kWords, By(kAna, 11, 10), {0, 5, "Offer"});
  Splice(record, kWords, By(kBen, 12, 10), {6, 6, "English"});
  TouchRecord(record, By(kAna, 13, 12), record.id);
  DeleteRecord(record, By(kBen, 14, 12));
  ApplyConsent(record, By(kAna, 15, 14), ConsentOf(By(kAna, 15, 14), true));
  ApplyConsent(record, By(kBen, 16, 14), ConsentOf(By(kBen, 16, 14), false));
  ConfirmText(record, kWords, "fr", By(kAna, 17, 16), Sha256("en"), Sha256("fr"));
  record.diverged = Stamp{18, kAna, 18};
  record.diverged_base = 17;
  record.branch_of = IdOf("record-number-00");
  record.branch_town = IdOf("town-exampleton-");
  return record;
}

// What people may go on to do; every kind of edit, some of it concurrent with what went before.
void GoOn(Record& record) {
  WriteRegister(record, kDeadline, false, By(kAna, 20, 2), DateValue(106));
  SettleRegister(record, kDeadline, false, By(kBen, 21, 20), DateValue(104));
  EXPECT_TRUE(Reopen(record, record.settled.front().id, By(kAna, 22, 21)));
  RemoveFromSet(record, kTags, By(kAna, 23, 7), StringValue("music"));
  Increment(record, kAchieved, 1);
  Splice(record, kWords, By(kAna, 24, 11), {6, 6, "German"});
  Splice(record, kWords, By(kBen, 25, 24), {0, 0, "Now. "});
  TextField& field = record.texts.at(kWords);
  std::vector<Stamp> named;
  for (const Candidate& c : field.conflicts.at(0).candidates) named.push_back(c.stamp);
  ASSERT_TRUE(SettlePassage(record, kWords, By(kBen, 26, 25), named, {{0, 1, "K"}}).ok());
  TouchRecord(record, By(kBen, 27, 10), record.id);
  SettleExistence(record, By(kAna, 28, 27), false);
  ApplyConsent(record, By(kBen, 29, 28), ConsentOf(By(kBen, 29, 28), true));
}

TEST(RecordCodec, WhatWasStoredTakesLaterEditsAsIfItHadNotBeen) {
  for (bool trusted : {true, false}) {
    Record record = Eventful();
    absl::StatusOr<Record> read = DecodeRecord(EncodeRecord(record), trusted);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(RecordDigest(*read), RecordDigest(record));
    GoOn(record);
    GoOn(*read);
    EXPECT_EQ(RecordDigest(*read), RecordDigest(record));
    EXPECT_EQ(read->texts.at(kWords).document.text(), record.texts.at(kWords).document.text());
    EXPECT_EQ(EncodeRecord(*read), EncodeRecord(record));
  }
}

TEST(RecordCodec, AnEmptyRecordIsOneToo) {
  absl::StatusOr<Record> read = DecodeRecord(EncodeRecord(Record()), false);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(RecordDigest(*read), RecordDigest(Record()));
}

TEST(RecordCodec, EveryDamagedByteIsFound) {
  std::string bytes = EncodeRecord(Eventful());
  for (size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] ^= 8;
    EXPECT_EQ(DecodeRecord(damaged, true).status().code(), absl::StatusCode::kDataLoss);
    EXPECT_FALSE(DecodeRecord(bytes.substr(0, at), true).ok());
  }
}

TEST(RecordCodec, DamageUnderAGoodChecksumNeverCrashesALaterEdit) {
  std::string bytes = EncodeRecord(Eventful());
  bytes.resize(bytes.size() - kChecksumField);
  for (size_t at = 0; at < bytes.size(); ++at) {
    for (char flip : {1, 4, 127}) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ flip);
      absl::StatusOr<Record> read = DecodeRecord(Checksummed(damaged), false);
      if (!read.ok()) continue;
      RecordDigest(*read);
      WriteRegister(*read, kDeadline, false, By(kAna, 20, 2), DateValue(106));
      TouchRecord(*read, By(kBen, 27, 10), read->id);
      SettleExistence(*read, By(kAna, 28, 27), true);
      for (auto& [key, text] : std::map(read->texts)) {
        SpliceText(*read, key, By(kAna, 29, 11), {{0, 0, "Now. "}}).IgnoreError();
        SettlePassage(*read, key, By(kAna, 30, 29), {}, {}).IgnoreError();
      }
      std::vector<Hash> ids;
      for (const SettledConflict& settled : read->settled) ids.push_back(settled.id);
      for (const Hash& id : ids) Reopen(*read, id, By(kAna, 31, 30));
      EncodeRecord(*read);
    }
  }
}

// Why a record that somebody made up is not taken.
std::string WhyNot(const std::function<void(v1::RecordState&)>& spoil) {
  v1::RecordState state;
  std::string bytes = EncodeRecord(Eventful());
  bytes.resize(bytes.size() - kChecksumField);
  EXPECT_TRUE(state.ParseFromString(bytes));
  spoil(state);
  return MessageOf(DecodeRecord(Checksummed(state.SerializeAsString()), false).status());
}

TEST(RecordCodec, WhatSomebodyMadeUpIsChecked) {
  EXPECT_EQ(WhyNot([](v1::RecordState&) {}), "");
  EXPECT_THAT(WhyNot([](auto& s) { s.set_id("short"); }), HasSubstr("the id has 5 bytes"));
  EXPECT_THAT(WhyNot([](auto& s) { s.mutable_branch()->set_town("?"); }), HasSubstr("its town"));
  EXPECT_THAT(WhyNot([](auto& s) { s.mutable_created()->set_sequence(kPending); }),
              HasSubstr("no place in the ledger"));
  EXPECT_THAT(WhyNot([](auto& s) { s.mutable_registers()->SwapElements(0, 1); }),
              HasSubstr("out of order"));
  EXPECT_THAT(WhyNot([](auto& s) { s.mutable_registers(1)->mutable_conflict()->set_id(""); }),
              HasSubstr("id of a conflict"));
  EXPECT_THAT(WhyNot([](auto& s) { s.mutable_registers(1)->clear_candidates(); }),
              HasSubstr("fewer than two"));
  for (std::string value :
       {"x", "s\xff", "i", "d\xff\xff\xff\xff\x7f", "rshort", "cshort", "p\x01"}) {
    EXPECT_THAT(
        WhyNot([&](auto& s) { s.mutable_registers(0)->mutable_candidates(0)->set_value(value); }),
        HasSubstr("not canonical"));
  }
  EXPECT_THAT(WhyNot([](auto& s) { s.mutable_sets(0)->mutable_elements()->SwapElements(0, 1); }),
              HasSubstr("out of order"));
  EXPECT_THAT(WhyNot([](auto& s) { s.mutable_sets(0)->mutable_elements(0)->clear_adds(); }),
              HasSubstr("nobody added"));
  EXPECT_THAT(WhyNot([](auto& s) { s.mutable_settled(0)->set_kind(4); }), HasSubstr("kind"));
  EXPECT_THAT(WhyNot([](auto& s) { s.mutable_consents(0)->set_terms("?"); }), HasSubstr("terms"));
  EXPECT_THAT(WhyNot([](auto& s) { s.mutable_confirmations(0)->clear_own_digest(); }),
              HasSubstr("digest of a text"));
}

TEST(RecordCodec, MarksMustCoverTheTextsHistoryInOrder) {
  auto why = [](const std::function<void(v1::MarksState&)>& spoil) {
    return WhyNot([&](v1::RecordState& s) { spoil(*s.mutable_texts(0)->mutable_marks()); });
  };
  EXPECT_THAT(why([](auto& m) { m.mutable_times_ms()->RemoveLast(); }), HasSubstr("incomplete"));
  EXPECT_THAT(why([](auto& m) { m.set_operations(0, 0); }), HasSubstr("out of order"));
  EXPECT_THAT(why([](auto& m) { m.set_operations(0, UINT64_MAX); }), HasSubstr("out of order"));
  EXPECT_THAT(why([](auto& m) { m.set_sequences(1, kPending - 10); }), HasSubstr("out of order"));
  EXPECT_THAT(why([](auto& m) { m.set_operations(0, m.operations(0) - 1); }),
              HasSubstr("do not cover"));
  EXPECT_THAT(why([](auto& m) { m.Clear(); }), HasSubstr("do not cover"));
}

TEST(RecordCodec, APassageMustLieInItsText) {
  auto why = [](const std::function<void(v1::PassageState&)>& spoil) {
    return WhyNot([&](v1::RecordState& s) { spoil(*s.mutable_texts(0)->mutable_conflicts(0)); });
  };
  EXPECT_THAT(why([](auto& p) { p.set_end(UINT64_MAX); }), HasSubstr("outside its text"));
  EXPECT_THAT(why([](auto& p) { p.set_begin(p.end() + 1); }), HasSubstr("outside its text"));
  EXPECT_THAT(why([](auto& p) { p.mutable_candidates(0)->set_value("\xff"); }),
              HasSubstr("not canonical"));
}

TEST(RecordCodec, AWriteMustBeOfAnEnrolledReplicaAndInTheLedger) {
  EXPECT_TRUE(CheckWrites(Eventful(), 2, 18).ok());
  EXPECT_FALSE(CheckWrites(Eventful(), 1, 18).ok());
  EXPECT_FALSE(CheckWrites(Eventful(), 2, 17).ok());
  Record ahead = Eventful();
  ahead.diverged_base = 19;
  EXPECT_FALSE(CheckWrites(ahead, 2, 18).ok());
  Record founded;
  founded.created = {1, 0, 0};
  EXPECT_TRUE(CheckWrites(founded, 0, 1).ok());
}

// Every part that two replicas must agree on, each changed by the least.
const std::vector<std::function<void(Record&)>> kMutations = {
    [](Record& r) { r.id = IdOf("record-number-02"); },
    [](Record& r) { r.kind = 12; },
    [](Record& r) { r.created.number = 2; },
    [](Record& r) { r.created_ms = 5; },
    [](Record& r) { r.registers[kDeadline].candidates[0].value = DateValue(101); },
    [](Record& r) { r.registers[kDeadline].candidates[0].stamp.sequence = 1; },
    [](Record& r) { r.registers[kDeadline].candidates[0].stamp.replica = 7; },
    [](Record& r) { r.registers[kDeadline].candidates[0].stamp.number = 7; },
    [](Record& r) { r.registers[kDeadline].candidates[0].time_ms = 0; },
    [](Record& r) { r.registers[kDeadline].candidates.pop_back(); },
    [](Record& r) { std::swap(r.registers[1], r.registers[kDeadline]); },
    [](Record& r) { r.registers[kDeadline].conflict.reset(); },
    [](Record& r) { r.registers[kDeadline].conflict->id = Sha256("other"); },
    [](Record& r) { r.registers[kDeadline].conflict->opened = 4; },
    [](Record& r) { r.registers.erase(1); },
    [](Record& r) { r.sets[kTags].adds.erase(StringValue("youth")); },
    [](Record& r) { r.sets[kTags].adds[StringValue("music")].pop_back(); },
    [](Record& r) { r.sets[6] = r.sets[kTags]; },
    [](Record& r) { r.counters[kAchieved] = 8; },
    [](Record& r) { r.counters[kAchieved] = -7; },
    [](Record& r) {
      Splice(r, kWords, By(kAna, 19, 18), {0, 1, ""});
    },
    [](Record& r) {
      Splice(r, {2, "fr"}, By(kAna, 19, 18), {0, 0, "x"});
    },
    [](Record& r) { r.texts[kWords].marks[0].time_ms = 0; },
    [](Record& r) { r.texts[kWords].marks[0].stamp.number = 9; },
    [](Record& r) { r.texts[kWords].marks[0].end = 1; },
    [](Record& r) { r.texts[kWords].conflicts[0].begin = 1; },
    [](Record& r) { r.texts[kWords].conflicts[0].end = 3; },
    [](Record& r) { r.texts[kWords].conflicts[0].conflict.id = Sha256("other"); },
    [](Record& r) { r.texts[kWords].conflicts[0].conflict.opened = 1; },
    [](Record& r) { r.texts[kWords].conflicts[0].candidates[1].value = "Other."; },
    [](Record& r) { r.texts[kWords].conflicts.clear(); },
    [](Record& r) { r.existence.deletions[0].stamp.number = 1; },
    [](Record& r) { r.existence.deletions[0].time_ms = 1; },
    [](Record& r) { r.existence.deletions[0].challengers.clear(); },
    [](Record& r) { r.existence.deletions.clear(); },
    [](Record& r) { r.existence.touches[0].source = IdOf("record-number-09"); },
    [](Record& r) { r.existence.touches[0].time_ms = 1; },
    [](Record& r) { r.existence.touches.clear(); },
    [](Record& r) { r.existence.conflict.reset(); },
    [](Record& r) { r.existence.conflict->id = Sha256("other"); },
    [](Record& r) { r.consents.pop_back(); },
    [](Record& r) { r.consents[0].town = IdOf("town-exempleton-"); },
    [](Record& r) { r.consents[0].agrees = false; },
    [](Record& r) { r.consents[0].terms = Sha256("other"); },
    [](Record& r) { r.consents[0].form = 2; },
    [](Record& r) { r.consents[0].languages = {"enfr"}; },
    [](Record& r) { r.consents[0].statement += "."; },
    [](Record& r) { r.consents[0].signature[0] = 't'; },
    [](Record& r) { r.consents[0].time_ms = 1; },
    [](Record& r) { r.consents[0].stamp.sequence = 1; },
    [](Record& r) { r.confirmations.begin()->second.own = Sha256("other"); },
    [](Record& r) { r.confirmations.begin()->second.counterpart = Sha256("other"); },
    [](Record& r) { r.confirmations.begin()->second.stamp.sequence = 1; },
    [](Record& r) { r.confirmations.clear(); },
    [](Record& r) { r.settled[0].id = Sha256("other"); },
    [](Record& r) { r.settled[0].kind = ConflictKind::kPassage; },
    [](Record& r) { r.settled[0].field = 2; },
    [](Record& r) { r.settled[0].language = "en"; },
    [](Record& r) { r.settled[0].candidates.pop_back(); },
    [](Record& r) { r.settled[0].by.number = 1; },
    [](Record& r) { r.settled[0].time_ms = 1; },
    [](Record& r) { r.settled[0].outcome = StringValue("other"); },
    [](Record& r) { r.settled[0].by_name = false; },
    [](Record& r) { r.settled[0].diverged = true; },
    [](Record& r) { r.settled[0].reopened = true; },
    [](Record& r) { r.settled.clear(); },
    [](Record& r) { r.diverged.reset(); },
    [](Record& r) { r.diverged->number = 1; },
    [](Record& r) { r.diverged_base = 16; },
    [](Record& r) { r.branch_of = RecordId(); },
    [](Record& r) { r.branch_town = RecordId(); },
};

TEST(RecordDigest, DiffersWhenAnyPartDiffers) {
  std::set<Hash> digests = {RecordDigest(Eventful())};
  for (size_t i = 0; i < kMutations.size(); ++i) {
    Record record = Eventful();
    kMutations[i](record);
    EXPECT_TRUE(digests.insert(RecordDigest(record)).second) << "mutation " << i;
  }
}

TEST(RecordDigest, AFieldThatWasOnlyLookedAtIsAsOneNeverTouched) {
  Record record = Eventful();
  record.registers[20];
  record.sets[21];
  record.counters[22];
  record.texts[{23, "en"}].document.AddAuthor("someone");
  EXPECT_EQ(RecordDigest(record), RecordDigest(Eventful()));
}

// Replicas of every release compare these: a new form needs a new semantics version.
TEST(RecordDigest, IsTheOneThatReplicasCompare) {
  EXPECT_EQ(HexOf(RecordDigest(Record()).bytes()),
            "bde07fabc6024b978dc944afce81983c9c514600a8251a8df34f7bd05c247da7");
  EXPECT_EQ(HexOf(RecordDigest(Eventful()).bytes()),
            "6003b4f9a5c7637999766929a917059c82e74053a2950f82c19fc9148f50d01d");
}

}  // namespace
}  // namespace twinning::merge
