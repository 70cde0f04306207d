// A server whose operator has every key and file of it, and no town's: what it can try is seen by
// every honest replica.
#include "common/crypto/spoken.h"
#include "common/plan/mandate.h"
#include "common/plan/terms.h"
#include "tests/unit/client/cli_halls.h"

namespace twinning::cli {
namespace {

using ::testing::HasSubstr;
using twinning::testing::RecordNamed;

class DishonestServer : public Halls {
 protected:
  DishonestServer() {
    seminar_ = Add("ana", {"activity", "title=Teacher seminar"});
    SyncBoth();
    Done("ana", {"agree", seminar_});
    SyncBoth();
  }

  // As the town's own client would make it, but by whoever the server has made up.
  v1::Edit AgreementOf(const std::string& person, const std::string& town) {
    const plan::Plan& plan = ledger_.plan();
    const merge::Record& record = *plan.Find(*RecordId::Of(*BytesOfHex(seminar_)));
    v1::AgreementStatement statement;
    statement.set_ledger(std::string(plan.ledger().bytes()));
    statement.set_record(std::string(record.id.bytes()));
    statement.set_town(std::string(RecordNamed(town).bytes()));
    statement.set_terms(std::string(plan::TermsDigest(plan, record, {}).bytes()));
    statement.set_form(plan::kTermsForm);
    v1::Edit edit;
    edit.set_record(std::string(record.id.bytes()));
    edit.mutable_agree()->set_statement(statement.SerializeAsString());
    edit.mutable_agree()->set_signature(
        client::TestLedger::KeyOf(person).Sign(plan::SignedStatement(edit.agree().statement())));
    return edit;
  }

  bool Agreed(const std::string& person) {
    return Done(person, {"show", seminar_})["agreement"]["agreed"].get<bool>();
  }
  std::string HeadOf(const std::string& person) {
    Json verified = Done(person, {"verify"});
    return std::to_string(verified["sequence"].get<int>()) + " " +
           verified["words"].get<std::string>();
  }
  absl::Status Take(const std::string& person, const v1::Entries& entries) {
    auto replica = client::Replica::Open(DirectoryOf(person));
    if (!replica.ok()) return replica.status();
    EXPECT_TRUE(*(*replica)->LockSync());
    return (*replica)->ApplyEntries(entries).status();
  }

  std::string seminar_;
};

TEST_F(DishonestServer, AFalseRepresentativesAgreementIsReportedByEveryReplica) {
  ledger_.Enrol("mallory", "Exempleville");
  ledger_.Believe("mallory", {AgreementOf("mallory", "Exempleville")});
  SyncBoth();
  for (const char* person : {"ana", "ben"}) {
    EXPECT_FALSE(Agreed(person)) << person;
    Json alarms = Done(person, {"status"})["alarms"];
    ASSERT_EQ(alarms.size(), 1u) << person;
    EXPECT_EQ(alarms[0]["author"], "mallory");
    EXPECT_THAT(Run(person, {"status"}).out, HasSubstr("ALARM"));
    Ran verified = Run(person, {"verify"});
    EXPECT_EQ(verified.code, 4) << person;
    EXPECT_THAT(verified.err, HasSubstr("mallory is not confirmed by Exempleville"));
  }
  EXPECT_EQ(ana({"proof", seminar_}).code, 4);
}

TEST_F(DishonestServer, NorDoesItHelpToCallItsOwnACoordinator) {
  ledger_.Enrol("mallory", "Exempleville");
  v1::MandateStatement said;
  said.set_decision(v1::MandateStatement::APPOINT);
  said.set_key(client::TestLedger::KeyOf("mallory").public_key());
  said.set_role(v1::COORDINATOR);
  const plan::Plan& plan = ledger_.plan();
  const SigningKey key = client::TestLedger::KeyOf("mallory");
  const plan::Member& mallory = *plan.FindMember(ReplicaOfKey(key.public_key()));
  ledger_.Believe("mallory",
                  {plan::MandateEdit(plan, mallory, key, RecordNamed("Exempleville"), said)});
  ledger_.Believe("mallory", {AgreementOf("mallory", "Exempleville")});
  SyncBoth();
  EXPECT_FALSE(Agreed("ana"));
  EXPECT_EQ(Done("ana", {"status"})["alarms"].size(), 2u);
}

// Whatever is changed in any entry, and everything hashed anew: a change that saw the original does
// not follow; where there is none yet, whoever has the original has other words for the head.
TEST_F(DishonestServer, ARewrittenHistoryIsFoundAtEveryEntry) {
  ben({"set", seminar_, "place=Lille"});
  SyncBoth();
  ana({"set", seminar_, "description=Two days."});
  SyncBoth();
  const std::vector<v1::Entry>& honest = ledger_.entries();
  auto follow = [&](std::vector<v1::Entry> entries) -> absl::StatusOr<Hash> {
    std::vector<Hash> hashes;
    ledger::Chain chain(
        [&](Sequence at) { return at == 0 ? std::nullopt : std::optional(hashes[at - 1]); },
        [](const ReplicaId&, Number) { return std::nullopt; });
    for (const v1::Entry& entry : entries) {
      TWINNING_ASSIGN_OR_RETURN(Hash hash, chain.Follow(entry));
      hashes.push_back(hash);
    }
    return hashes.back();
  };
  const Hash head = *follow(honest);
  Sequence last_base = 0;
  for (const v1::Entry& entry : honest) {
    if (entry.kind() != v1::CHANGE) continue;
    last_base = std::max(last_base, ledger::ParseChange(entry.body())->base.sequence);
  }
  ASSERT_GT(last_base, 5u);
  for (size_t at = 0; at < honest.size(); ++at) {
    std::vector<v1::Entry> rewritten = honest;
    rewritten[at].set_time_ms(rewritten[at].time_ms() + 1);
    absl::StatusOr<Hash> followed = follow(rewritten);
    if (at + 1 <= last_base) {
      EXPECT_THAT(MessageOf(followed.status()), HasSubstr("another history")) << at + 1;
    } else {
      ASSERT_TRUE(followed.ok());
      EXPECT_NE(SpokenForm(*followed), SpokenForm(head)) << at + 1;
    }
  }
}

TEST_F(DishonestServer, AByteOfAnyEntryIsMissedOrChangesTheHead) {
  const std::vector<v1::Entry>& honest = ledger_.entries();
  for (size_t at = 0; at < honest.size(); ++at) {
    const size_t step = honest[at].body().size() > 4000 ? 997 : 7;
    for (size_t byte = 0; byte < honest[at].body().size(); byte += step) {
      v1::Entry changed = honest[at];
      (*changed.mutable_body())[byte] = static_cast<char>(changed.body()[byte] ^ 1);
      Hash before = Sha256("before");
      EXPECT_NE(ledger::EntryHash(ledger_.plan().ledger(), before, changed),
                ledger::EntryHash(ledger_.plan().ledger(), before, honest[at]))
          << at + 1 << " " << byte;
    }
  }
}

// Ana is shown one history, Ben another.
TEST_F(DishonestServer, TwoHistoriesAreFoundByComparingAndByTheFirstChangeThatCrosses) {
  ledger_.Enrol("una", "Exampleton");
  Sync("ana");
  // To Ben the server says that somebody else joined then.
  v1::Entries shown = ledger_.EntriesAfter(ledger_.head() - 1);
  v1::Membership statement;
  statement.ParseFromString(shown.entries(0).body());
  statement.set_member("uwe");
  shown.mutable_entries(0)->set_body(statement.SerializeAsString());
  ASSERT_TRUE(Take("ben", shown).ok());
  Ran compared = ben({"verify", "--expect", HeadOf("ana")});
  EXPECT_EQ(compared.code, 4);
  EXPECT_THAT(compared.err, HasSubstr("Two histories"));
  // And what Ana writes on hers does not follow from his.
  ana({"set", seminar_, "place=Lille"});
  Sync("ana");
  absl::Status crossed = Take("ben", ledger_.EntriesAfter(ledger_.head() - 1));
  EXPECT_EQ(crossed.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(MessageOf(crossed), HasSubstr("another history"));
  EXPECT_EQ(Done("ben", {"show", seminar_})["fields"].contains("place"), false);
}

}  // namespace
}  // namespace twinning::cli
