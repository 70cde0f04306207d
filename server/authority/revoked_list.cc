#include "server/authority/revoked_list.h"

#include <fmt/core.h>

#include <charconv>

#include "common/base/status.h"
#include "common/files/durable.h"
#include "server/authority/whole_lines.h"

namespace twinning::server {
namespace {

constexpr size_t kIdDigits = 2 * LedgerId::kSize;

std::string LineOf(const Revoked& revoked) {
  return fmt::format("{} {} {}\n", revoked.ledger.hex(), revoked.replica.hex(), revoked.time_ms);
}

template <typename SomeId>
std::optional<SomeId> IdOf(std::string_view hex) {
  std::optional<std::string> bytes = BytesOfHex(hex);
  return bytes ? SomeId::Of(*bytes) : std::nullopt;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RevokedList>> RevokedList::Open(const std::string& path) {
  std::unique_ptr<RevokedList> list(new RevokedList(path));
  TWINNING_RETURN_IF_ERROR(
      ReadWholeLines(path, [&](std::string_view line) { return list->Take(line); }));
  return list;
}

absl::Status RevokedList::Take(std::string_view line) {
  Revoked revoked;
  const size_t second = kIdDigits + 1;
  const size_t third = 2 * kIdDigits + 2;
  if (line.size() > third && line[kIdDigits] == ' ' && line[third - 1] == ' ') {
    std::optional<LedgerId> ledger = IdOf<LedgerId>(line.substr(0, kIdDigits));
    std::optional<ReplicaId> replica = IdOf<ReplicaId>(line.substr(second, kIdDigits));
    const char* end = line.data() + line.size();
    auto time = std::from_chars(line.data() + third, end, revoked.time_ms);
    if (ledger && replica && time.ec == std::errc() && time.ptr == end) {
      revoked.ledger = *ledger;
      revoked.replica = *replica;
      Take(revoked);
      return absl::OkStatus();
    }
  }
  return DataLoss(fmt::format(
      "{} is damaged: \"{}\" names nobody. Correct or remove that line; until then the server lets "
      "nobody in",
      path_, line));
}

void RevokedList::Take(const Revoked& revoked) {
  if (known_.insert({revoked.ledger, revoked.replica}).second) all_.push_back(revoked);
}

absl::Status RevokedList::Add(const Revoked& revoked) {
  std::lock_guard lock(mutex_);
  if (known_.contains({revoked.ledger, revoked.replica})) return absl::OkStatus();
  TWINNING_RETURN_IF_ERROR(files::Append(path_, LineOf(revoked)));
  Take(revoked);
  return absl::OkStatus();
}

bool RevokedList::Contains(const LedgerId& ledger, const ReplicaId& replica) const {
  std::lock_guard lock(mutex_);
  return known_.contains({ledger, replica});
}

std::vector<Revoked> RevokedList::all() const {
  std::lock_guard lock(mutex_);
  return all_;
}

}  // namespace twinning::server
