// The schema in force, read from the descriptor set that the ledger carries: which kinds of record
// there are, how their fields merge and who may write them. Everything that handles a record asks
// here; nothing knows a kind by name. Immutable once built; safe to share between threads.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/merge/value.h"
#include "twinning/v1/merge.pb.h"

namespace twinning::merge {

using v1::MergeRule;

enum class Type { kString, kInteger, kBoolean, kEnum, kDate, kReference, kBytes, kPair, kText };

struct EnumValue {
  int number;
  std::string name;  // lower case, as commands write it
};

// A member of a pair: its type, without a merge rule of its own.
struct Member {
  uint32_t number = 0;
  std::string name;
  Type type = Type::kString;
  std::vector<EnumValue> values;
};

struct Field {
  uint32_t number = 0;
  std::string name;   // as in the schema and on command lines
  std::string label;  // as people read it
  std::string unit;
  MergeRule rule = v1::MERGE_RULE_UNSPECIFIED;
  Type type = Type::kString;
  std::string message;  // of a pair or special value: "Money", "Window" ...
  std::vector<EnumValue> values;
  std::vector<Member> members;
  bool terms = false;
  bool personal = false;
  bool keeps_alive = false;
  bool owner = false;
  bool participants = false;
  bool required = false;
  std::vector<uint32_t> targets;  // kinds that a reference may name; empty: any
};

struct Kind {
  uint32_t number = 0;
  std::string name;  // "budget_line"
  std::string label;
  std::string plural;
  v1::Writers writers = v1::WRITERS_UNSPECIFIED;
  uint32_t title_field = 0;
  bool append_only = false;
  bool needs_agreement = false;
  bool takes_positions = false;
  bool equally_authentic = false;
  std::vector<Field> fields;  // ascending by number

  const Field* FieldByNumber(uint32_t number) const;
  const Field* FieldByName(std::string_view name) const;
  const Field* OwnerField() const;
  const Field* ParticipantsField() const;
};

class Schema {
 public:
  // From the bytes of a google.protobuf.FileDescriptorSet. InvalidArgument names what is wrong: a
  // field without a merge rule, a rule that does not fit its type, an unknown target.
  static absl::StatusOr<std::shared_ptr<const Schema>> FromDescriptorSet(std::string_view bytes);

  // The schema that this program was built with, and its descriptor set.
  static std::shared_ptr<const Schema> BuiltIn();
  static const std::string& BuiltInDescriptorSet();

  const Kind* KindByNumber(uint32_t number) const;
  const Kind* KindByName(std::string_view name) const;  // singular or plural; spaces, '-' or '_'
  const std::vector<Kind>& kinds() const { return kinds_; }

  // Whether a rule of the schema is one that this program does not implement: then it may read and
  // not write.
  bool needs_update() const { return needs_update_; }

  // OK when `value` is canonical and fits the field; otherwise a sentence for people.
  absl::Status CheckValue(const Field& field, std::string_view value) const;

 private:
  friend class SchemaReader;
  std::vector<Kind> kinds_;  // ascending by number
  bool needs_update_ = false;
};

// OK when `next` only adds to `stored`: nothing renumbered, retyped, removed or with another rule.
absl::Status CheckEvolution(const Schema& stored, const Schema& next);

}  // namespace twinning::merge
