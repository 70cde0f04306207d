// Who may write a record of which kind: every kind of the schema, by whoever could try.
#include "tests/unit/plan/twins.h"

namespace twinning::plan {
namespace {

// What the table below says of a kind, with the town that made the record as its owner where it has
// one.
enum class Right {
  kEverybody,  // every town
  kOwn,        // the town that made it, or owns it
  kNever,      // nobody changes what is there
};

struct Row {
  const char* kind;
  Right changes;
  bool made_by_people = true;
  bool in_the_towns_name = false;  // then only by who speaks for it
};

// A new kind is added here too, or the test below fails: somebody has to think about it.
constexpr Row kTable[] = {
    {"partnership", Right::kEverybody, false},
    {"town", Right::kOwn, false},
    {"person", Right::kOwn},
    {"compatibility", Right::kOwn},
    {"charter", Right::kEverybody},
    {"ratification", Right::kNever, true, true},
    {"objective", Right::kOwn},
    {"method", Right::kOwn},
    {"outcome", Right::kOwn},
    {"position", Right::kOwn, true, true},
    {"activity", Right::kOwn},
    {"responsibility", Right::kOwn},
    {"resource", Right::kOwn},
    {"fund", Right::kOwn},
    {"budget_line", Right::kOwn},
    {"meeting", Right::kEverybody},
    {"consultation", Right::kEverybody},
    {"review", Right::kOwn},
    {"notice", Right::kOwn},
    {"comment", Right::kOwn},
    {"series", Right::kEverybody},
};

class Rights : public Twins {
 protected:
  Rights() {
    world_.Join("amy", "Exampleton");   // a colleague of ana's
    world_.Join("vic", "Exampleton");   // who only reads
    world_.Join("rex", "Exampleton");   // who was revoked
    world_.Enrol("una", "Exampleton");  // whom the operator added alone
    world_.Join("cleo", "Beispielstadt");
    world_.SyncAll();
    Say(v1::Membership::CHANGE_ROLE, "vic", v1::VIEWER);
    Say(v1::Membership::REVOKE, "rex", v1::ROLE_UNSPECIFIED);
    world_.SyncAll();
    world_.SyncAll();
  }

  void Say(v1::Membership::Action action, std::string_view name, v1::Role role) {
    v1::Membership statement;
    statement.set_action(action);
    statement.set_replica(std::string(world_[name].replica().bytes()));
    statement.set_role(role);
    world_.Say(statement);
  }

  merge::Value ValueOf(const merge::Field& field, const TownId& town) {
    switch (field.type) {
      case merge::Type::kReference:
        if (field.owner) return merge::ReferenceValue(town);
        for (const RecordId& id : {kSeminar, kObjective, charter_}) {
          uint32_t kind = plan().Find(id)->kind;
          bool fits = field.targets.empty() ||
                      std::count(field.targets.begin(), field.targets.end(), kind) > 0;
          if (fits) return merge::ReferenceValue(id);
        }
        return {};
      case merge::Type::kBytes:
        return merge::BytesValue(Sha256("words").bytes());
      case merge::Type::kString:
        if (field.personal) return merge::CommitmentValue(Sha256("personal").bytes());
        return merge::StringValue("Words");
      default:
        return {};
    }
  }

  // A record as `name`'s town makes one: with what it must have, and its owner.
  std::vector<v1::Edit> Making(std::string_view name, const merge::Kind& kind, RecordId& id) {
    const TownId town = world_[name].town();
    id = RecordNamed(kind.name + std::string(name));
    if (kind.name == "position") id = PositionId(kObjective, town);
    std::vector<v1::Edit> edits = {Create(id, kind.name)};
    for (const merge::Field& field : kind.fields) {
      if (!field.required && !field.owner) continue;
      merge::Value value = ValueOf(field, town);
      if (kind.name == "position" && field.name == "about") {
        value = merge::ReferenceValue(kObjective);
      }
      edits.push_back(Write(id, kind.name, field.name, value));
    }
    return edits;
  }

  // The first of its fields that a write fits, cleared.
  std::vector<v1::Edit> Changing(const merge::Kind& kind, const RecordId& id) {
    for (const merge::Field& field : kind.fields) {
      if (field.rule != v1::REGISTER || field.owner || field.required) continue;
      return {Write(id, kind.name, field.name, {})};
    }
    for (const merge::Field& field : kind.fields) {
      if (field.rule == v1::TEXT) return {Splice(id, kind.name, field.name, "en", {{0, 0, "x"}})};
      if (field.rule == v1::REGISTER && !field.owner) {
        return {Write(id, kind.name, field.name, ValueOf(field, world_["ana"].town()))};
      }
    }
    return {};
  }

  v1::RefusalReason Judged(std::string_view name, std::vector<v1::Edit> edits) {
    Change change;
    change.readable = true;
    change.authored.replica = ReplicaOfKey(KeyOf(name).public_key());
    change.authored.number = 1000;
    change.authored.base = world_.server().head();
    for (v1::Edit& edit : edits) *change.edits.add_edits() = std::move(edit);
    std::optional<Refusal> refusal = world_.server().Judge(change);
    return refusal ? refusal->reason : v1::REFUSAL_REASON_UNSPECIFIED;
  }
  static SigningKey KeyOf(std::string_view name) {
    return *SigningKey::OfSeed(Sha256(name).bytes());
  }

  void ExpectMaking(const Row& row, std::string_view name, v1::RefusalReason otherwise) {
    const merge::Kind& kind = *plan().schema().KindByName(row.kind);
    RecordId id;
    std::vector<v1::Edit> edits = Making(name == "nobody" ? "ana" : name, kind, id);
    v1::RefusalReason expected = row.made_by_people ? v1::REFUSAL_REASON_UNSPECIFIED : v1::NO_RIGHT;
    if (otherwise != v1::REFUSAL_REASON_UNSPECIFIED) expected = otherwise;
    EXPECT_EQ(Judged(name, edits), expected) << name << " makes " << row.kind;
  }

  RecordId charter_ = RecordNamed("charter");
};
INSTANTIATE_TEST_SUITE_P(One, Rights, ::testing::Values("ana"));

TEST_P(Rights, EveryKindIsInTheTable) {
  std::set<std::string> known;
  for (const Row& row : kTable) known.insert(row.kind);
  for (const merge::Kind& kind : plan().schema().kinds()) {
    EXPECT_EQ(known.count(kind.name), 1u) << kind.name;
  }
  EXPECT_EQ(known.size(), plan().schema().kinds().size());
}

TEST_P(Rights, EveryKindIsMadeByWhoMay) {
  Must("ana", {Create(charter_, "charter"),
               Write(charter_, "charter", "title", merge::StringValue("Charter"))});
  world_.SyncAll();
  for (const Row& row : kTable) {
    const auto may = v1::REFUSAL_REASON_UNSPECIFIED;
    for (const char* name : {"ana", "amy", "ben"}) ExpectMaking(row, name, may);
    ExpectMaking(row, "vic", v1::NO_RIGHT);
    ExpectMaking(row, "rex", v1::NOT_MEMBER);
    ExpectMaking(row, "nobody", v1::NOT_MEMBER);
    ExpectMaking(row, "una", row.in_the_towns_name ? v1::NOT_CONFIRMED : may);
  }
}

TEST_P(Rights, EveryKindIsChangedByWhoMay) {
  Must("ana", {Create(charter_, "charter"),
               Write(charter_, "charter", "title", merge::StringValue("Charter"))});
  world_.SyncAll();
  for (const Row& row : kTable) {
    const merge::Kind& kind = *plan().schema().KindByName(row.kind);
    RecordId id = row.kind == std::string("town") ? world_["ana"].town()
                                                  : *RecordId::Of(plan().ledger().bytes());
    if (row.made_by_people) Must("ana", Making("ana", kind, id));
    world_.SyncAll();
    std::vector<v1::Edit> edits = Changing(kind, id);
    ASSERT_FALSE(edits.empty()) << row.kind;
    const auto may = v1::REFUSAL_REASON_UNSPECIFIED;
    const v1::RefusalReason own = row.changes == Right::kNever ? v1::FROZEN : may;
    const v1::RefusalReason other = row.changes == Right::kEverybody ? may : v1::NO_RIGHT;
    EXPECT_EQ(Judged("ana", edits), own) << row.kind;
    EXPECT_EQ(Judged("amy", edits), own) << row.kind;
    EXPECT_EQ(Judged("ben", edits), other) << row.kind;
    EXPECT_EQ(Judged("cleo", edits), other) << row.kind;
    EXPECT_EQ(Judged("vic", edits), v1::NO_RIGHT) << row.kind;
    EXPECT_EQ(Judged("rex", edits), v1::NOT_MEMBER) << row.kind;
    EXPECT_EQ(Judged("nobody", edits), v1::NOT_MEMBER) << row.kind;
    const bool position = row.kind == std::string("position");
    EXPECT_EQ(Judged("una", edits), position ? v1::NOT_CONFIRMED : own) << row.kind;
  }
}

// What could belong to a town and is shared is everybody's.
TEST_P(Rights, WhatIsSharedIsChangedByEveryTown) {
  for (const char* name : {"ana", "ben", "cleo", "una"}) {
    EXPECT_EQ(Judged(name, {Write(kObjective, "objective", "theme", merge::IntegerValue(1))}),
              v1::REFUSAL_REASON_UNSPECIFIED)
        << name;
  }
}

}  // namespace
}  // namespace twinning::plan
