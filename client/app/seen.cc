#include "client/app/seen.h"

#include <algorithm>
#include <sstream>

#include "common/files/durable.h"

namespace twinning::app {
namespace {

constexpr size_t kMaxBytes = 64 * 1024;

std::string FileIn(const std::string& directory) { return directory + "/seen"; }

}  // namespace

void Seen::SeeUntil(Sequence sequence) {
  until = std::max(until, sequence);
  single.erase(single.begin(), single.upper_bound(until));
}

void Seen::See(Sequence sequence) {
  if (sequence <= until) return;
  single.insert(sequence);
  if (single.size() > kMostSingle) single.erase(single.begin());
}

Json SeenJson(const Seen& seen) { return {{"seen", seen.until}, {"accepted", seen.single}}; }

Seen SeenIn(const std::string& directory) {
  Seen seen;
  auto bytes = files::Read(FileIn(directory), kMaxBytes);
  if (!bytes.ok()) return seen;
  std::istringstream words(*bytes);
  words >> seen.until;
  for (Sequence one; words >> one;) seen.See(one);
  return seen;
}

absl::Status KeepSeen(const std::string& directory, const Seen& seen) {
  std::ostringstream words;
  words << seen.until << '\n';
  for (Sequence one : seen.single) words << one << '\n';
  return files::Write(FileIn(directory), words.str());
}

}  // namespace twinning::app
