#include "tests/support/world.h"

#include <gtest/gtest.h>

#include "common/base/status.h"
#include "common/plan/standing.h"
#include "common/plan/mandate.h"
#include "common/plan/terms.h"

namespace twinning::testing {
namespace {

constexpr int64_t kTime = 1932473100000;

uint32_t FieldNumber(std::string_view kind, std::string_view field) {
  const merge::Kind* found = merge::Schema::BuiltIn()->KindByName(kind);
  return found->FieldByName(field)->number;
}

v1::Edit EditOf(const RecordId& record) {
  v1::Edit edit;
  edit.set_record(std::string(record.bytes()));
  return edit;
}

void AddPersonal(plan::Plan& plan, const Personal& personal) {
  plan.AddPersonal({personal.begin(), personal.end()});
}

v1::Entry EntryOf(v1::EntryKind kind, const std::string& body) {
  v1::Entry entry;
  entry.set_kind(kind);
  entry.set_body(body);
  entry.set_time_ms(kTime);
  return entry;
}

}  // namespace

absl::Status MemoryEntries::Read(Sequence after, Sequence up_to,
                                 const std::function<absl::Status(const v1::Entry&)>& see) const {
  for (Sequence at = after; at < up_to && at < entries.size(); ++at) {
    TWINNING_RETURN_IF_ERROR(see(entries[at]));
  }
  return absl::OkStatus();
}

Person::Person(std::string name, TownId town, const MemoryEntries& past)
    : name_(std::move(name)),
      town_(town),
      key_(*SigningKey::OfSeed(Sha256(name_).bytes())),
      confirmed_(std::make_unique<plan::Plan>(past)),
      time_ms_(kTime) {
  Rebuild();
}

void Person::Rebuild() {
  view_ = std::make_unique<plan::Plan>(plan::Plan::Over(*confirmed_));
  for (const plan::Change& change : outbox_) {
    EXPECT_TRUE(view_->ApplyPending(change).ok());
    AddPersonal(*view_, personal_[change.authored.number]);
  }
}

plan::Change Person::Author(std::vector<v1::Edit> edits) {
  v1::Edits message;
  for (v1::Edit& edit : edits) *message.add_edits() = std::move(edit);
  ledger::ParsedChange change;
  change.ledger = confirmed_->ledger();
  change.replica = replica();
  change.number = authored_.size() + 1;
  change.previous = previous_;
  change.base = confirmed_->head();
  change.change_set =
      *ChangeSetId::Of(Sha256(name_ + std::to_string(authored_.size())).bytes().substr(0, 16));
  change.time_ms = time_ms_;
  change.encoding = v1::EDITS;
  change.payload = message.SerializeAsString();
  change.bytes = ledger::EncodeChange(change);
  change.hash = ledger::ChangeHash(change.bytes);
  return plan::ReadChange(std::move(change));
}

std::optional<plan::Refusal> Person::Write(std::vector<v1::Edit> edits, Personal personal) {
  edits = *plan::WithPositions(*view_, replica(), std::move(edits));
  plan::Change change = Author(std::move(edits));
  auto answer = view_->ApplyPending(change);
  EXPECT_TRUE(answer.ok()) << MessageOf(answer.status());
  if (!answer.ok()) return plan::Refusal{};
  if (*answer) return *answer;
  AddPersonal(*view_, personal);
  Keep(std::move(change), std::move(personal));
  return std::nullopt;
}

void Person::Force(std::vector<v1::Edit> edits, Personal personal) {
  Keep(Author(std::move(edits)), std::move(personal));
}

void Person::Keep(plan::Change change, Personal personal) {
  previous_ = change.authored.hash;
  personal_[change.authored.number] = std::move(personal);
  authored_.push_back(change);
  outbox_.push_back(std::move(change));
}

World::World(std::vector<std::pair<std::string, std::string>> people)
    : server_(std::make_unique<plan::Plan>(past_)) {
  v1::Founding founding;
  founding.set_ledger("partnership-0001");
  founding.set_name("Link with France");
  founding.set_semantics(plan::kSemantics);
  founding.set_schema(merge::Schema::BuiltInDescriptorSet());
  Append(EntryOf(v1::FOUNDING, founding.SerializeAsString()));
  for (const auto& [name, town] : people) Join(name, town);
  SyncAll();
}

void World::Join(const std::string& name, const std::string& town) {
  Enrol(name, town);
  ConfirmMembers(RecordNamed(town));
  Pull(*people_[name]);
}

void World::Enrol(const std::string& name, const std::string& town) {
  v1::Membership admit;
  admit.set_action(v1::Membership::ADMIT_TOWN);
  admit.set_town(std::string(RecordNamed(town).bytes()));
  admit.set_town_name(town);
  if (server_->FindTown(RecordNamed(town)) == nullptr) {
    Append(EntryOf(v1::MEMBERSHIP, admit.SerializeAsString()));
  }
  auto person = std::make_unique<Person>(name, RecordNamed(town), past_);
  v1::Membership enrol;
  enrol.set_action(v1::Membership::ENROL);
  enrol.set_town(std::string(RecordNamed(town).bytes()));
  enrol.set_replica(std::string(person->replica().bytes()));
  enrol.set_member(name);
  enrol.set_key(person->key().public_key());
  enrol.set_role(v1::REPRESENTATIVE);
  Append(EntryOf(v1::MEMBERSHIP, enrol.SerializeAsString()));
  Pull(*person);
  people_[name] = std::move(person);
}

// The town's first person stands behind the others at once.
void World::ConfirmMembers(const TownId& town) {
  std::vector<plan::Member> members = server_->members();
  std::erase_if(members, [&](const plan::Member& member) { return member.town != town; });
  for (const plan::Member& member : members) {
    if (member.confirmed()) continue;
    Person& first = *people_.find(members.front().name)->second;
    Pull(first);
    std::optional<plan::Refusal> refusal = first.Write({Appoint(first, member, member.role)});
    ASSERT_FALSE(refusal) << refusal->detail;
    Push(first);
    Pull(first);
  }
}

void World::Say(const v1::Membership& statement) {
  Append(EntryOf(v1::MEMBERSHIP, statement.SerializeAsString()));
}

Person& World::operator[](std::string_view name) { return *people_.find(name)->second; }

TownId World::Town(std::string_view name) const { return RecordNamed(name); }

void World::Append(v1::Entry entry) {
  entry.set_sequence(server_->head().sequence + 1);
  bool founds = entry.sequence() == 1;
  LedgerId ledger = founds ? *LedgerId::Of("partnership-0001") : server_->ledger();
  Hash hash = ledger::EntryHash(ledger, server_->head().hash, entry);
  past_.entries.push_back(entry);
  absl::StatusOr<plan::Applied> applied = server_->Apply(entry, hash);
  ASSERT_TRUE(applied.ok()) << MessageOf(applied.status());
  ASSERT_FALSE(applied->ignored) << applied->ignored->detail;
}

void World::Push(Person& person) {
  for (plan::Change& change : person.outbox_) {
    std::optional<plan::Refusal> refusal = server_->Judge(change);
    if (!refusal) {
      v1::Entry entry = EntryOf(v1::CHANGE, change.authored.bytes);
      for (const v1::PersonalValue& value : person.personal_[change.authored.number]) {
        *entry.add_personal() = value;
      }
      Append(std::move(entry));
      continue;
    }
    v1::Refusal statement;
    statement.set_replica(std::string(change.authored.replica.bytes()));
    statement.set_first(change.authored.number);
    statement.set_last(change.authored.number);
    statement.set_hash(std::string(change.authored.hash.bytes()));
    statement.set_reason(refusal->reason);
    statement.set_detail(refusal->detail);
    for (const RecordId& id : plan::RecordsOf(change.edits)) {
      statement.add_records(std::string(id.bytes()));
    }
    Append(EntryOf(v1::REFUSAL, statement.SerializeAsString()));
    person.drawer_.emplace_back(std::move(change), *refusal);
  }
  person.outbox_.clear();
}

void World::Pull(Person& person) {
  plan::Plan& confirmed = *person.confirmed_;
  while (confirmed.head().sequence < past_.entries.size()) {
    const v1::Entry& entry = past_.entries[confirmed.head().sequence];
    LedgerId ledger = entry.sequence() == 1 ? server_->ledger() : confirmed.ledger();
    Hash hash = ledger::EntryHash(ledger, confirmed.head().hash, entry);
    absl::StatusOr<plan::Applied> applied = confirmed.Apply(entry, hash);
    ASSERT_TRUE(applied.ok()) << MessageOf(applied.status());
  }
  person.Rebuild();
}

void World::Sync(std::string_view name) {
  Person& person = (*this)[name];
  Push(person);
  Pull(person);
}

void World::Fetch(std::string_view name) { Pull((*this)[name]); }

void World::SyncAll() {
  for (auto& [name, person] : people_) Push(*person);
  for (auto& [name, person] : people_) Pull(*person);
}

const std::vector<std::pair<plan::Change, plan::Refusal>>& World::Refused(std::string_view name) {
  return (*this)[name].drawer_;
}

v1::Edit Create(const RecordId& record, std::string_view kind) {
  v1::Edit edit = EditOf(record);
  edit.mutable_create()->set_kind(merge::Schema::BuiltIn()->KindByName(kind)->number);
  return edit;
}

v1::Edit Write(const RecordId& record, std::string_view kind, std::string_view field,
               const merge::Value& value) {
  v1::Edit edit = EditOf(record);
  edit.mutable_write()->set_field(FieldNumber(kind, field));
  edit.mutable_write()->set_value(value);
  return edit;
}

v1::Edit Add(const RecordId& record, std::string_view kind, std::string_view field,
             const merge::Value& value) {
  v1::Edit edit = EditOf(record);
  edit.mutable_add()->set_field(FieldNumber(kind, field));
  edit.mutable_add()->set_value(value);
  return edit;
}

v1::Edit Remove(const RecordId& record, std::string_view kind, std::string_view field,
                const merge::Value& value) {
  v1::Edit edit = EditOf(record);
  edit.mutable_remove()->set_field(FieldNumber(kind, field));
  edit.mutable_remove()->set_value(value);
  return edit;
}

v1::Edit Increment(const RecordId& record, std::string_view kind, std::string_view field,
                   int64_t by) {
  v1::Edit edit = EditOf(record);
  edit.mutable_increment()->set_field(FieldNumber(kind, field));
  edit.mutable_increment()->set_by(by);
  return edit;
}

v1::Edit Splice(const RecordId& record, std::string_view kind, std::string_view field,
                std::string_view language, std::vector<text::Splice> splices) {
  v1::Edit edit = EditOf(record);
  edit.mutable_splice()->set_field(FieldNumber(kind, field));
  edit.mutable_splice()->set_language(std::string(language));
  plan::AddSplices(splices, *edit.mutable_splice()->mutable_splices());
  return edit;
}

v1::Edit Delete(const RecordId& record) {
  v1::Edit edit = EditOf(record);
  edit.mutable_delete_();
  return edit;
}

v1::Edit Restore(const RecordId& record) {
  v1::Edit edit = EditOf(record);
  edit.mutable_restore();
  return edit;
}

v1::Edit Withdraw(const RecordId& record) {
  v1::Edit edit = EditOf(record);
  edit.mutable_withdraw();
  return edit;
}

v1::Edit Reopen(const RecordId& record, const Hash& conflict) {
  v1::Edit edit = EditOf(record);
  edit.mutable_reopen()->set_conflict(std::string(conflict.bytes()));
  return edit;
}

v1::Edit Agree(const Person& person, const RecordId& id) {
  const merge::Record& record = *person.view().Find(id);
  v1::AgreementStatement statement;
  statement.set_ledger(std::string(person.view().ledger().bytes()));
  statement.set_record(std::string(id.bytes()));
  statement.set_town(std::string(person.town().bytes()));
  std::vector<std::string> languages = plan::TermLanguages(person.view(), record);
  statement.set_terms(std::string(plan::TermsDigest(person.view(), record, languages).bytes()));
  statement.set_form(plan::kTermsForm);
  for (const std::string& language : languages) statement.add_languages(language);
  statement.mutable_base()->set_sequence(person.confirmed().head().sequence);
  statement.mutable_base()->set_hash(std::string(person.confirmed().head().hash.bytes()));
  v1::Edit edit = EditOf(id);
  edit.mutable_agree()->set_statement(statement.SerializeAsString());
  edit.mutable_agree()->set_signature(
      person.key().Sign(plan::SignedStatement(edit.agree().statement())));
  return edit;
}

v1::Edit Appoint(const Person& by, const plan::Member& member, v1::Role role) {
  v1::MandateStatement said;
  said.set_decision(v1::MandateStatement::APPOINT);
  said.set_key(member.key);
  said.set_role(role);
  return Mandate(by, by.town(), std::move(said));
}

v1::Edit Mandate(const Person& by, const TownId& of, v1::MandateStatement said) {
  return plan::MandateEdit(by.view(), *by.view().FindMember(by.replica()), by.key(), of,
                           std::move(said));
}

merge::Value Date(std::string_view day) { return merge::DateValue(*ParseDate(day)); }

RecordId RecordNamed(std::string_view name) {
  return *RecordId::Of(Sha256(name).bytes().substr(0, 16));
}

}  // namespace twinning::testing
