#include "client/app/schema_json.h"

#include <algorithm>
#include <cctype>

namespace twinning::app {
namespace {

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string_view NameOf(merge::Type type) {
  switch (type) {
    case merge::Type::kString:
      return "string";
    case merge::Type::kInteger:
      return "integer";
    case merge::Type::kBoolean:
      return "boolean";
    case merge::Type::kEnum:
      return "enum";
    case merge::Type::kDate:
      return "date";
    case merge::Type::kReference:
      return "reference";
    case merge::Type::kBytes:
      return "bytes";
    case merge::Type::kPair:
      return "pair";
    case merge::Type::kText:
      return "text";
  }
  return "";
}

Json NamesOf(const std::vector<merge::EnumValue>& values) {
  Json names = Json::array();
  for (const merge::EnumValue& value : values) {
    if (value.number != 0) names.push_back(value.name);
  }
  return names;
}

Json FieldJson(const merge::Schema& schema, const merge::Field& field) {
  Json json = {{"name", field.name},
               {"label", field.label},
               {"unit", field.unit},
               {"rule", Lower(v1::MergeRule_Name(field.rule))},
               {"type", NameOf(field.type)},
               {"message", field.message},
               {"values", NamesOf(field.values)},
               {"members", Json::array()},
               {"targets", Json::array()},
               {"terms", field.terms},
               {"personal", field.personal},
               {"owner", field.owner},
               {"participants", field.participants},
               {"required", field.required}};
  for (const merge::Member& member : field.members) {
    json["members"].push_back(
        {{"name", member.name}, {"type", NameOf(member.type)}, {"values", NamesOf(member.values)}});
  }
  for (uint32_t target : field.targets) {
    const merge::Kind* kind = schema.KindByNumber(target);
    if (kind != nullptr) json["targets"].push_back(kind->name);
  }
  return json;
}

Json Plain(const merge::Field& field) {
  switch (field.type) {
    case merge::Type::kInteger:
      return {{"type", "integer"}};
    case merge::Type::kBoolean:
      return {{"type", "boolean"}};
    case merge::Type::kEnum:
      return {{"type", "string"}, {"enum", NamesOf(field.values)}};
    case merge::Type::kDate:
      return {{"type", "string"}, {"format", "date"}};
    case merge::Type::kReference:
      return {{"type", "string"}, {"description", "a record's id"}};
    case merge::Type::kPair:
      return {{"type", "object"}, {"description", field.message}};
    default:
      return {{"type", "string"}};
  }
}

}  // namespace

Json SchemaJson(const merge::Schema& schema) {
  Json kinds = Json::array();
  for (const merge::Kind& kind : schema.kinds()) {
    const merge::Field* title = kind.FieldByNumber(kind.title_field);
    Json json = {{"name", kind.name},
                 {"label", kind.label},
                 {"plural", kind.plural},
                 {"writers", Lower(v1::Writers_Name(kind.writers))},
                 {"title_field", title == nullptr ? Json(nullptr) : Json(title->name)},
                 {"append_only", kind.append_only},
                 {"needs_agreement", kind.needs_agreement},
                 {"takes_positions", kind.takes_positions},
                 {"equally_authentic", kind.equally_authentic},
                 {"fields", Json::array()}};
    for (const merge::Field& field : kind.fields)
      json["fields"].push_back(FieldJson(schema, field));
    kinds.push_back(std::move(json));
  }
  return kinds;
}

Json ValueShape(const merge::Field& field) {
  Json shape = Plain(field);
  if (field.rule == v1::SET) shape = {{"type", "array"}, {"items", std::move(shape)}};
  if (field.rule == v1::TEXT) {
    shape = {{"type", "object"},
             {"additionalProperties", {{"type", "string"}}},
             {"description", "by language"}};
  }
  shape["title"] = field.label;
  return shape;
}

}  // namespace twinning::app
