#include <charconv>

#include "client/app/route.h"
#include "client/desk/assignment.h"
#include "client/desk/exit_codes.h"
#include "common/base/status.h"

namespace twinning::app {
namespace {

std::optional<std::string> Held(const std::map<std::string, std::string>& values,
                                const std::string& name) {
  auto found = values.find(name);
  return found == values.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

std::string Call::Path(const std::string& name) const { return Held(path, name).value_or(""); }

std::optional<std::string> Call::Query(const std::string& name) const { return Held(query, name); }

absl::StatusOr<std::optional<std::string>> Call::OptionalText(std::string_view name) const {
  auto found = body.find(std::string(name));
  if (found == body.end() || found->is_null()) return std::optional<std::string>();
  if (!found->is_string()) return desk::BadInput(std::string(name) + " is a string.");
  std::string text = found->get<std::string>();
  TWINNING_RETURN_IF_ERROR(desk::CheckTyped(name, text));
  return std::optional(std::move(text));
}

absl::StatusOr<std::string> Call::Text(std::string_view name) const {
  TWINNING_ASSIGN_OR_RETURN(std::optional<std::string> text, OptionalText(name));
  if (!text) return desk::BadInput(std::string(name) + " is needed.");
  return *std::move(text);
}

absl::StatusOr<RecordId> Call::Record(const std::string& name) const {
  const std::optional<std::string> bytes = BytesOfHex(Path(name));
  const std::optional<RecordId> id = bytes ? RecordId::Of(*bytes) : std::nullopt;
  if (!id) return desk::BadInput("A record is named by its id.");
  return *id;
}

absl::StatusOr<std::optional<uint64_t>> NumberOf(const Call& call, const std::string& name) {
  const std::optional<std::string> text = call.Query(name);
  if (!text) return std::optional<uint64_t>();
  uint64_t number = 0;
  auto parsed = std::from_chars(text->data(), text->data() + text->size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != text->data() + text->size()) {
    return desk::BadInput(name + " is a whole number.");
  }
  return std::optional(number);
}

}  // namespace twinning::app
