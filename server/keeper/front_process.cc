#include "server/keeper/front_process.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>

#include "common/base/status.h"
#include "server/front/front_fds.h"

namespace twinning::server {
namespace {

constexpr const char* kName = "twinning-front";
constexpr int kFirstFree = kFrontListeningFd + 1;

// What the new process has open. The descriptors are put in their places by way of others, since
// they may be in each other's.
class FileActions {
 public:
  FileActions(int channel_fd, int listening_fd) {
    posix_spawn_file_actions_init(&actions_);
    const int aside = 64 + std::max({channel_fd, listening_fd, kFirstFree});
    Copy(channel_fd, aside);
    Copy(listening_fd, aside + 1);
    Copy(aside, kFrontChannelFd);
    Copy(aside + 1, kFrontListeningFd);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    Copy(STDERR_FILENO, STDOUT_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions_, kFirstFree);
  }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  void Copy(int from, int to) { posix_spawn_file_actions_adddup2(&actions_, from, to); }

  posix_spawn_file_actions_t actions_;
};

std::string InWords(int status) {
  if (WIFSIGNALED(status)) {
    return fmt::format("signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)));
  }
  return fmt::format("exit code {}", WEXITSTATUS(status));
}

}  // namespace

absl::StatusOr<std::string> FrontProgram() {
  std::error_code error;
  const std::filesystem::path own = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::filesystem::path beside = own.parent_path() / kName;
  const std::filesystem::path installed = own.parent_path().parent_path() / "lib/twinning" / kName;
  for (const std::filesystem::path& path : {beside, installed}) {
    if (access(path.c_str(), X_OK) == 0) return path.string();
  }
  return NotFound(fmt::format(
      "the program that people join by is neither {} nor {}: install it again, or let nobody join "
      "(--enrol off)",
      beside.string(), installed.string()));
}

absl::StatusOr<std::unique_ptr<FrontProcess>> FrontProcess::Start(const std::string& program,
                                                                  const FrontChannel& channel,
                                                                  int listening_fd) {
  const FileActions actions(channel.fd(), listening_fd);
  std::string name = kName;
  std::array<char*, 2> arguments = {name.data(), nullptr};
  std::array<char*, 1> no_variables = {nullptr};
  pid_t pid = 0;
  // Signals stay blocked as they are here: what a terminal sends is for the server, which tells it.
  const int failed = posix_spawn(&pid, program.c_str(), actions.get(), nullptr, arguments.data(),
                                 no_variables.data());
  if (failed == 0) return std::unique_ptr<FrontProcess>(new FrontProcess(pid));
  return Unavailable(fmt::format("{} cannot be started: {}", program, strerror(failed)));
}

FrontProcess::FrontProcess(pid_t pid)
    : pid_(pid), ended_(static_cast<int>(syscall(SYS_pidfd_open, pid, 0))) {}

FrontProcess::~FrontProcess() { End(std::chrono::milliseconds(0)); }

std::string FrontProcess::End(std::chrono::milliseconds patience) {
  if (!how_.empty()) return how_;
  pollfd ended{ended_.get(), POLLIN, 0};
  while (poll(&ended, 1, static_cast<int>(patience.count())) < 0 && errno == EINTR) {
  }
  if (ended.revents == 0) kill(pid_, SIGKILL);
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  how_ = InWords(status);
  return how_;
}

}  // namespace twinning::server
