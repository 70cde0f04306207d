#include "client/cli/editor.h"

#include <fmt/core.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "client/cli/context.h"
#include "client/desk/exit_codes.h"
#include "common/base/status.h"

namespace twinning::cli {
namespace {

std::string Editor() {
  for (const char* name : {"VISUAL", "EDITOR"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return value;
  }
  return "vi";
}

absl::Status NoFile(std::string_view what) {
  return Answered(ExitCode::kDisk, Unavailable(fmt::format("{}: {}. Nothing was changed.", what,
                                                           std::strerror(errno))));
}

// A file that only this person can read, with `text` in it.
absl::StatusOr<std::string> WritePrivate(std::string_view text) {
  std::string path = (std::filesystem::temp_directory_path() / "twinning-XXXXXX").string();
  int file = mkstemp(path.data());
  if (file < 0) return NoFile("No file for the editor could be made in " + path);
  close(file);
  std::ofstream out(path, std::ios::binary);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.flush();
  if (!out.good()) return NoFile("The text could not be written to " + path);
  return path;
}

absl::Status RunEditor(const std::string& path) {
  const std::string command = Editor() + " \"$1\"";
  pid_t child = fork();
  if (child < 0) return NoFile("The editor could not be started");
  if (child == 0) {
    execl("/bin/sh", "sh", "-c", command.c_str(), "sh", path.c_str(), nullptr);
    _exit(127);
  }
  int result = 0;
  while (waitpid(child, &result, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(result) && WEXITSTATUS(result) == 0) return absl::OkStatus();
  return Refused(
      fmt::format("The editor ({}) ended with a failure. Nothing was changed; set EDITOR "
                  "to another one, or use --stdin.",
                  Editor()));
}

}  // namespace

absl::StatusOr<std::string> EditInEditor(std::string_view before) {
  TWINNING_ASSIGN_OR_RETURN(std::string path, WritePrivate(before));
  absl::Status ran = RunEditor(path);
  std::ifstream in(path, std::ios::binary);
  std::string after{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  bool good = in.is_open() && !in.bad();
  in.close();
  unlink(path.c_str());
  if (!ran.ok()) return ran;
  if (!good) return NoFile("What the editor wrote could not be read");
  return after;
}

absl::Status KeptBeside(const absl::Status& failure, std::string_view typed) {
  absl::StatusOr<std::string> path = WritePrivate(typed);
  if (!path.ok()) return failure;
  absl::Status told(failure.code(),
                    fmt::format("{} What you wrote is kept in {}.", MessageOf(failure), *path));
  return Answered(CodeOf(failure), told);
}

}  // namespace twinning::cli
