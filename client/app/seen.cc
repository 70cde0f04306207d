#include "client/app/seen.h"

#include <fmt/core.h>

#include <cstdio>
#include <fstream>

#include "common/base/status.h"

namespace twinning::app {
namespace {

std::string FileIn(const std::string& directory) { return directory + "/seen"; }

}  // namespace

Sequence SeenIn(const std::string& directory) {
  Sequence sequence = 0;
  std::ifstream(FileIn(directory)) >> sequence;
  return sequence;
}

absl::Status KeepSeen(const std::string& directory, Sequence sequence) {
  const std::string next = FileIn(directory) + ".new";
  {
    std::ofstream file(next);
    file << sequence << '\n';
    file.close();
    if (!file) return Unavailable(fmt::format("{} could not be written.", next));
  }
  if (std::rename(next.c_str(), FileIn(directory).c_str()) == 0) return absl::OkStatus();
  return Unavailable(fmt::format("{} could not be written.", FileIn(directory)));
}

}  // namespace twinning::app
