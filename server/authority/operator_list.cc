#include "server/authority/operator_list.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "common/base/ids.h"
#include "common/base/status.h"
#include "common/crypto/ed25519.h"
#include "common/files/durable.h"
#include "server/authority/whole_lines.h"

namespace twinning::server {
namespace {

constexpr size_t kMaxName = 100;

absl::Status CheckName(const std::string& name) {
  auto fits = [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F; };
  if (!name.empty() && name.size() <= kMaxName && std::all_of(name.begin(), name.end(), fits) &&
      name.front() != ' ' && name.back() != ' ') {
    return absl::OkStatus();
  }
  return InvalidArgument(
      fmt::format("an operator needs a name of one line and at most {} bytes", kMaxName));
}

// What stands before the next space; none when there is no space.
std::optional<std::string_view> NextWord(std::string_view& line) {
  const size_t space = line.find(' ');
  if (space == line.npos) return std::nullopt;
  std::string_view word = line.substr(0, space);
  line.remove_prefix(space + 1);
  return word;
}

}  // namespace

absl::StatusOr<std::unique_ptr<OperatorList>> OperatorList::Open(const std::string& path) {
  std::unique_ptr<OperatorList> list(new OperatorList(path));
  TWINNING_RETURN_IF_ERROR(
      ReadWholeLines(path, [&](std::string_view line) { return list->Take(line); }));
  return list;
}

absl::Status OperatorList::Take(std::string_view line) {
  std::string_view rest = line;
  const std::string_view what = NextWord(rest).value_or("");
  std::optional<std::string> key = BytesOfHex(NextWord(rest).value_or("-"));
  const std::string_view time = NextWord(rest).value_or("");
  int64_t time_ms = 0;
  auto read = std::from_chars(time.data(), time.data() + time.size(), time_ms);
  const bool good = key && key->size() == kPublicKeySize && read.ec == std::errc() &&
                    read.ptr == time.data() + time.size() && !rest.empty();
  if (good && (what == "added" || what == "withdrawn")) {
    End(std::string(rest), time_ms);
    if (what == "added") all_.push_back({std::string(rest), *key, time_ms, 0});
    return absl::OkStatus();
  }
  return DataLoss(
      fmt::format("{} is damaged: \"{}\" says nothing of an operator. Correct or remove that line",
                  path_, line));
}

Operator* OperatorList::Find(const std::string& name) {
  auto found = std::find_if(all_.begin(), all_.end(), [&](const Operator& one) {
    return one.name == name && one.withdrawn_ms == 0;
  });
  return found == all_.end() ? nullptr : &*found;
}

void OperatorList::End(const std::string& name, int64_t now_ms) {
  if (Operator* one = Find(name)) one->withdrawn_ms = now_ms;
}

absl::Status OperatorList::Write(std::string_view what, const Operator& one, int64_t time_ms) {
  return files::Append(path_,
                       fmt::format("{} {} {} {}\n", what, HexOf(one.key), time_ms, one.name));
}

absl::Status OperatorList::Add(const std::string& name, const std::string& key, int64_t now_ms) {
  TWINNING_RETURN_IF_ERROR(CheckName(name));
  if (key.size() != kPublicKeySize) return InvalidArgument("a key of a wrong size");
  std::lock_guard lock(mutex_);
  for (const Operator& other : all_) {
    if (other.key != key) continue;
    if (other.name == name && other.withdrawn_ms == 0) return absl::OkStatus();
    return AlreadyExists(
        fmt::format("this key is or was {}'s: make a new one for {}", other.name, name));
  }
  const Operator added{name, key, now_ms, 0};
  TWINNING_RETURN_IF_ERROR(Write("added", added, now_ms));
  End(name, now_ms);
  all_.push_back(added);
  return absl::OkStatus();
}

absl::StatusOr<Operator> OperatorList::Withdraw(const std::string& name, int64_t now_ms) {
  std::lock_guard lock(mutex_);
  Operator* one = Find(name);
  if (one == nullptr) {
    return NotFound(fmt::format(
        "there is no operator \"{}\": \"twinningctl operator list\" shows those there are", name));
  }
  TWINNING_RETURN_IF_ERROR(Write("withdrawn", *one, now_ms));
  one->withdrawn_ms = now_ms;
  return *one;
}

std::optional<std::string> OperatorList::NameOf(std::string_view key) const {
  std::lock_guard lock(mutex_);
  for (const Operator& one : all_) {
    if (one.key == key && one.withdrawn_ms == 0) return one.name;
  }
  return std::nullopt;
}

std::vector<Operator> OperatorList::all() const {
  std::lock_guard lock(mutex_);
  return all_;
}

}  // namespace twinning::server
