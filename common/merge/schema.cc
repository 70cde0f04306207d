#include "common/merge/schema.h"

#include <fmt/core.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <algorithm>

#include "common/base/status.h"
#include "twinning/v1/plan.pb.h"

namespace twinning::merge {
namespace {

namespace pb = google::protobuf;

constexpr std::string_view kRecordMessage = "twinning.v1.Record";

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// Whether people may write `name` so: in capitals too, with spaces or '-' for '_'.
bool IsWritten(std::string_view name, std::string_view so) {
  const auto plain = [](char c) {
    if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
    return c == ' ' || c == '-' ? '_' : c;
  };
  return std::equal(name.begin(), name.end(), so.begin(), so.end(),
                    [&](char a, char b) { return plain(a) == plain(b); });
}

Type TypeOf(const pb::FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_BOOL:
      return Type::kBoolean;
    case pb::FieldDescriptor::CPPTYPE_ENUM:
      return Type::kEnum;
    case pb::FieldDescriptor::CPPTYPE_STRING:
      return field.type() == pb::FieldDescriptor::TYPE_BYTES ? Type::kBytes : Type::kString;
    case pb::FieldDescriptor::CPPTYPE_MESSAGE:
      if (field.message_type()->name() == "Text") return Type::kText;
      if (field.message_type()->name() == "Reference") return Type::kReference;
      if (field.message_type()->name() == "Date") return Type::kDate;
      return Type::kPair;
    default:
      return Type::kInteger;
  }
}

std::vector<EnumValue> EnumValuesOf(const pb::FieldDescriptor& field) {
  std::vector<EnumValue> values;
  if (field.enum_type() == nullptr) return values;
  for (int i = 0; i < field.enum_type()->value_count(); ++i) {
    const pb::EnumValueDescriptor* value = field.enum_type()->value(i);
    if (value->number() != 0) values.push_back({value->number(), Lower(value->name())});
  }
  return values;
}

bool RuleFits(MergeRule rule, Type type, bool repeated) {
  if (repeated) return rule == v1::SET && type != Type::kText && type != Type::kPair;
  switch (rule) {
    case v1::TEXT:
      return type == Type::kText;
    case v1::PAIR:
      return type == Type::kPair;
    case v1::COUNTER:
      return type == Type::kInteger;
    case v1::REGISTER:
    case v1::QUIET_REGISTER:
      return type != Type::kText && type != Type::kPair;
    default:
      return false;
  }
}

bool Implemented(MergeRule rule) { return rule >= v1::REGISTER && rule <= v1::COUNTER; }

absl::Status CheckMember(const Member& member, std::string_view value);

absl::Status CheckScalar(Type type, const std::vector<EnumValue>& values, std::string_view label,
                         std::string_view value) {
  switch (type) {
    case Type::kString:
      if (StringOf(value)) return absl::OkStatus();
      return InvalidArgument(fmt::format("{} is not valid text (UTF-8 without zero bytes)", label));
    case Type::kInteger:
      if (IntegerOf(value)) return absl::OkStatus();
      return InvalidArgument(fmt::format("{} is not a whole number", label));
    case Type::kBoolean:
      if (IntegerOf(value) == 0 || IntegerOf(value) == 1) return absl::OkStatus();
      return InvalidArgument(fmt::format("{} is neither yes nor no", label));
    case Type::kEnum: {
      std::optional<int64_t> number = IntegerOf(value);
      for (const EnumValue& known : values) {
        if (number == known.number) return absl::OkStatus();
      }
      return InvalidArgument(fmt::format("{} is not one of the values it can have", label));
    }
    case Type::kDate:
      if (DateOf(value)) return absl::OkStatus();
      return InvalidArgument(fmt::format("{} is not a calendar date", label));
    case Type::kReference:
      if (ReferenceOf(value)) return absl::OkStatus();
      return InvalidArgument(fmt::format("{} is not a reference to a record", label));
    case Type::kBytes:
      if (BytesOf(value)) return absl::OkStatus();
      return InvalidArgument(fmt::format("{} is not a digest", label));
    default:
      return InvalidArgument(fmt::format("{} cannot be written whole", label));
  }
}

absl::Status CheckMember(const Member& member, std::string_view value) {
  return CheckScalar(member.type, member.values, member.name, value);
}

absl::Status CheckPair(const Field& field, std::string_view value) {
  std::optional<PairMembers> members = PairOf(value);
  if (!members) return InvalidArgument(fmt::format("{} is not a {}", field.label, field.message));
  for (const auto& [number, inner] : *members) {
    auto member = std::find_if(field.members.begin(), field.members.end(),
                               [n = number](const Member& m) { return m.number == n; });
    // A member of a newer schema is kept as it came.
    if (member == field.members.end()) continue;
    if (absl::Status status = CheckMember(*member, inner); !status.ok()) {
      return Within(field.label, status);
    }
  }
  return absl::OkStatus();
}

}  // namespace

// Builds a Schema from descriptors; apart from it, so that a Schema cannot be half built.
class SchemaReader {
 public:
  absl::StatusOr<std::shared_ptr<const Schema>> Read(const pb::Descriptor* record) {
    if (record == nullptr || record->oneof_decl_count() < 1) {
      return InvalidArgument("the schema has no list of record kinds");
    }
    const pb::OneofDescriptor* kinds = record->oneof_decl(0);
    for (int i = 0; i < kinds->field_count(); ++i) {
      numbers_[kinds->field(i)->name()] = static_cast<uint32_t>(kinds->field(i)->number());
    }
    for (int i = 0; i < kinds->field_count(); ++i) {
      TWINNING_RETURN_IF_ERROR(ReadKind(*kinds->field(i)));
    }
    std::sort(schema_->kinds_.begin(), schema_->kinds_.end(),
              [](const Kind& a, const Kind& b) { return a.number < b.number; });
    return std::shared_ptr<const Schema>(std::move(schema_));
  }

 private:
  absl::Status ReadKind(const pb::FieldDescriptor& entry) {
    if (entry.message_type() == nullptr) return InvalidArgument("a record kind is not a message");
    const pb::Descriptor& message = *entry.message_type();
    const v1::KindOptions& options = message.options().GetExtension(v1::kind);
    Kind kind;
    kind.number = static_cast<uint32_t>(entry.number());
    kind.name = entry.name();
    kind.label = options.label().empty() ? entry.name() : options.label();
    kind.plural = options.plural().empty() ? kind.label + "s" : options.plural();
    kind.writers = options.writers();
    kind.append_only = options.append_only();
    kind.needs_agreement = options.needs_agreement();
    kind.takes_positions = options.takes_positions();
    kind.equally_authentic = options.equally_authentic();
    for (int i = 0; i < message.field_count(); ++i) {
      TWINNING_RETURN_IF_ERROR(ReadField(*message.field(i), kind));
    }
    std::sort(kind.fields.begin(), kind.fields.end(),
              [](const Field& a, const Field& b) { return a.number < b.number; });
    const Field* title = kind.FieldByName(options.title_field());
    if (title == nullptr) return InvalidArgument(fmt::format("{} has no title field", kind.name));
    kind.title_field = title->number;
    if (kind.writers == v1::WRITERS_UNSPECIFIED) {
      return InvalidArgument(fmt::format("{} does not say who may write it", kind.name));
    }
    schema_->kinds_.push_back(std::move(kind));
    return absl::OkStatus();
  }

  absl::Status ReadField(const pb::FieldDescriptor& descriptor, Kind& kind) {
    const v1::FieldOptions& options = descriptor.options().GetExtension(v1::field);
    Field field;
    field.number = static_cast<uint32_t>(descriptor.number());
    field.name = descriptor.name();
    field.label = options.label().empty() ? descriptor.name() : options.label();
    field.unit = options.unit();
    field.rule = options.merge();
    field.type = TypeOf(descriptor);
    field.values = EnumValuesOf(descriptor);
    field.terms = options.terms();
    field.personal = options.personal();
    field.keeps_alive = options.keeps_alive();
    field.owner = options.owner();
    field.participants = options.participants();
    field.required = options.required();
    if (field.type == Type::kPair) ReadMembers(*descriptor.message_type(), field);
    for (const std::string& target : options.targets()) {
      auto found = numbers_.find(target);
      if (found == numbers_.end()) {
        return InvalidArgument(fmt::format("{}.{}: no kind {}", kind.name, field.name, target));
      }
      field.targets.push_back(found->second);
    }
    if (!Implemented(field.rule) && field.rule != v1::MERGE_RULE_UNSPECIFIED) {
      schema_->needs_update_ = true;
    } else if (!RuleFits(field.rule, field.type, descriptor.is_repeated())) {
      return InvalidArgument(
          fmt::format("{}.{} has no merge rule that fits it", kind.name, field.name));
    }
    kind.fields.push_back(std::move(field));
    return absl::OkStatus();
  }

  static void ReadMembers(const pb::Descriptor& message, Field& field) {
    field.message = message.name();
    for (int i = 0; i < message.field_count(); ++i) {
      const pb::FieldDescriptor& member = *message.field(i);
      field.members.push_back({static_cast<uint32_t>(member.number()), member.name(),
                               TypeOf(member), EnumValuesOf(member)});
    }
  }

  std::shared_ptr<Schema> schema_ = std::make_shared<Schema>();
  std::map<std::string, uint32_t> numbers_;
};

const Field* Kind::FieldByNumber(uint32_t wanted) const {
  auto at = std::lower_bound(fields.begin(), fields.end(), wanted,
                             [](const Field& field, uint32_t n) { return field.number < n; });
  return at != fields.end() && at->number == wanted ? &*at : nullptr;
}

const Field* Kind::FieldByName(std::string_view wanted) const {
  for (const Field& field : fields) {
    if (IsWritten(field.name, wanted)) return &field;
  }
  return nullptr;
}

const Field* Kind::OwnerField() const {
  for (const Field& field : fields) {
    if (field.owner) return &field;
  }
  return nullptr;
}

const Field* Kind::ParticipantsField() const {
  for (const Field& field : fields) {
    if (field.participants) return &field;
  }
  return nullptr;
}

absl::StatusOr<std::shared_ptr<const Schema>> Schema::FromDescriptorSet(std::string_view bytes) {
  if (bytes == BuiltInDescriptorSet()) return BuiltIn();
  pb::FileDescriptorSet files;
  if (!files.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return InvalidArgument("the schema is not a descriptor set");
  }
  pb::DescriptorPool pool;
  for (const pb::FileDescriptorProto& file : files.file()) {
    if (pool.BuildFile(file) == nullptr) {
      return InvalidArgument(fmt::format("the schema's file {} does not build", file.name()));
    }
  }
  return SchemaReader().Read(pool.FindMessageTypeByName(std::string(kRecordMessage)));
}

std::shared_ptr<const Schema> Schema::BuiltIn() {
  static const std::shared_ptr<const Schema> schema =
      SchemaReader().Read(v1::Record::descriptor()).value();
  return schema;
}

const std::string& Schema::BuiltInDescriptorSet() {
  static const std::string bytes = [] {
    pb::FileDescriptorSet files;
    pb::FileDescriptorProto::descriptor()->file()->CopyTo(files.add_file());
    v1::KindOptions::descriptor()->file()->CopyTo(files.add_file());
    v1::Record::descriptor()->file()->CopyTo(files.add_file());
    return files.SerializeAsString();
  }();
  return bytes;
}

const Kind* Schema::KindByNumber(uint32_t number) const {
  auto at = std::lower_bound(kinds_.begin(), kinds_.end(), number,
                             [](const Kind& kind, uint32_t n) { return kind.number < n; });
  return at != kinds_.end() && at->number == number ? &*at : nullptr;
}

const Kind* Schema::KindByName(std::string_view name) const {
  for (const Kind& kind : kinds_) {
    if (IsWritten(kind.name, name) || IsWritten(kind.plural, name)) return &kind;
  }
  return nullptr;
}

absl::Status Schema::CheckValue(const Field& field, std::string_view value) const {
  if (value.empty()) return absl::OkStatus();
  if (field.personal) {
    if (CommitmentOf(value)) return absl::OkStatus();
    return InvalidArgument(fmt::format("{} is personal and must be a commitment", field.label));
  }
  if (field.type == Type::kPair) return CheckPair(field, value);
  return CheckScalar(field.type, field.values, field.label, value);
}

absl::Status CheckEvolution(const Schema& stored, const Schema& next) {
  for (const Kind& kind : stored.kinds()) {
    const Kind* same = next.KindByNumber(kind.number);
    if (same == nullptr || same->name != kind.name) {
      return InvalidArgument(fmt::format("kind {} ({}) is gone or another", kind.number, kind.name));
    }
    for (const Field& field : kind.fields) {
      const Field* now = same->FieldByNumber(field.number);
      if (now == nullptr || now->name != field.name || now->type != field.type ||
          now->rule != field.rule || now->message != field.message ||
          now->personal != field.personal) {
        return InvalidArgument(fmt::format("{}.{} ({}) was removed, renumbered, retyped or given "
                                           "another rule",
                                           kind.name, field.name, field.number));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace twinning::merge
