#include "common/merge/schema.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.pb.h>

#include <fstream>
#include <functional>
#include <sstream>

#include "common/base/status.h"

namespace twinning::merge {
namespace {

namespace pb = google::protobuf;
using ::testing::HasSubstr;

std::string Stored() {
  std::ifstream file(TWINNING_STORED_SCHEMA, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

// The built-in descriptor set after `change` to the message of that name.
std::string Changed(const std::string& name, const std::function<void(pb::DescriptorProto&)>& change) {
  pb::FileDescriptorSet files;
  files.ParseFromString(Schema::BuiltInDescriptorSet());
  for (pb::FileDescriptorProto& file : *files.mutable_file()) {
    for (pb::DescriptorProto& message : *file.mutable_message_type()) {
      if (message.name() == name) change(message);
    }
  }
  return files.SerializeAsString();
}

TEST(Schema, HasEveryKindOfTheDomain) {
  for (const char* name :
       {"partnership", "town", "person", "compatibility", "charter", "ratification", "objective",
        "method", "outcome", "position", "activity", "responsibility", "resource", "fund",
        "budget line", "meeting", "consultation", "review", "notice", "comment"}) {
    EXPECT_NE(Schema::BuiltIn()->KindByName(name), nullptr) << name;
  }
}

TEST(Schema, EveryFieldMergesByARuleThatFits) {
  for (const Kind& kind : Schema::BuiltIn()->kinds()) {
    for (const Field& field : kind.fields) {
      EXPECT_NE(field.rule, v1::MERGE_RULE_UNSPECIFIED) << kind.name << "." << field.name;
    }
  }
}

TEST(Schema, RefusesAFieldWithoutAMergeRule) {
  std::string bytes = Changed("Objective", [](pb::DescriptorProto& message) {
    message.mutable_field(0)->clear_options();
  });
  EXPECT_THAT(MessageOf(Schema::FromDescriptorSet(bytes).status()),
              HasSubstr("objective.title has no merge rule"));
}

TEST(Schema, IsReadFromTheLedgerAsItIsBuiltIn) {
  std::string bytes = Changed("Objective", [](pb::DescriptorProto&) {});
  auto schema = Schema::FromDescriptorSet(bytes + std::string());
  ASSERT_TRUE(schema.ok()) << schema.status();
  EXPECT_TRUE(CheckEvolution(*Schema::BuiltIn(), **schema).ok());
}

TEST(Schema, OnlyAddsToWhatWasReleased) {
  auto stored = Schema::FromDescriptorSet(Stored());
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_TRUE(CheckEvolution(**stored, *Schema::BuiltIn()).ok())
      << CheckEvolution(**stored, *Schema::BuiltIn());
}

TEST(Schema, NoticesARenumberedField) {
  std::string bytes = Changed("Objective", [](pb::DescriptorProto& message) {
    message.mutable_field(0)->set_number(99);
  });
  auto next = Schema::FromDescriptorSet(bytes);
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_THAT(MessageOf(CheckEvolution(*Schema::BuiltIn(), **next)), HasSubstr("objective.title"));
}

TEST(Schema, NoticesARetypedField) {
  std::string bytes = Changed("Town", [](pb::DescriptorProto& message) {
    for (pb::FieldDescriptorProto& field : *message.mutable_field()) {
      if (field.name() == "population") field.set_type(pb::FieldDescriptorProto::TYPE_STRING);
    }
  });
  auto next = Schema::FromDescriptorSet(bytes);
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_THAT(MessageOf(CheckEvolution(*Schema::BuiltIn(), **next)), HasSubstr("town.population"));
}

TEST(Schema, ChecksValuesAgainstTheirField) {
  const Schema& schema = *Schema::BuiltIn();
  const Kind& activity = *schema.KindByName("activity");
  const Field& deadline = *activity.FieldByName("deadline");
  EXPECT_TRUE(schema.CheckValue(deadline, DateValue(100)).ok());
  EXPECT_FALSE(schema.CheckValue(deadline, StringValue("soon")).ok());
  const Field& status = *activity.FieldByName("status");
  EXPECT_TRUE(schema.CheckValue(status, IntegerValue(1)).ok());
  EXPECT_FALSE(schema.CheckValue(status, IntegerValue(77)).ok());
}

TEST(Schema, PersonalFieldsHoldOnlyCommitments) {
  const Schema& schema = *Schema::BuiltIn();
  const Field& name = *schema.KindByName("person")->FieldByName("name");
  EXPECT_FALSE(schema.CheckValue(name, StringValue("Ana")).ok());
  EXPECT_TRUE(schema.CheckValue(name, CommitmentValue(std::string(32, 'c'))).ok());
}

}  // namespace
}  // namespace twinning::merge
