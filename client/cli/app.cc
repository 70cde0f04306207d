// twinning app
#include "client/app/app.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <spawn.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <fstream>
#include <memory>
#include <ostream>

#include "client/cli/all_commands.h"
#include "client/cli/context.h"
#include "client/cli/stop_signal.h"
#include "client/desk/exit_codes.h"
#include "client/replica/directory.h"
#include "common/base/status.h"

namespace twinning::cli {
namespace {

struct AppArguments {
  std::optional<std::string> port;
  std::optional<std::string> address_file;
  bool no_open = false;
};

absl::StatusOr<int> PortOf(const std::optional<std::string>& typed) {
  if (!typed) return 0;
  int port = 0;
  auto parsed = std::from_chars(typed->data(), typed->data() + typed->size(), port);
  if (parsed.ec != std::errc() || parsed.ptr != typed->data() + typed->size() || port < 1 ||
      port > 65535) {
    return BadInput("--port is a number from 1 to 65535.");
  }
  return port;
}

// The user's browser, if there is a desktop that knows it; who has none opens the address that was
// printed. Everybody on this computer sees what is given to a program: so it opens the page once.
void OpenBrowser(const std::string& address) {
  std::string program = "xdg-open";
  std::string argument = address;
  char* arguments[] = {program.data(), argument.data(), nullptr};
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  (void)posix_spawnp(&child, program.c_str(), &quiet, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&quiet);
}

// The address opens the page to whoever has it: only the user may read the file.
absl::Status WriteAddress(const std::string& path, const std::string& address) {
  const std::string next = path + ".new";
  TWINNING_RETURN_IF_ERROR(client::MakePrivateFile(next));
  std::ofstream file(next);
  file << address << '\n';
  file.close();
  if (file && std::rename(next.c_str(), path.c_str()) == 0) return absl::OkStatus();
  return Answered(ExitCode::kDisk, Unavailable(fmt::format("{} could not be written.", path)));
}

absl::Status Announce(Context& context, const AppArguments& arguments, const app::Opened& opened) {
  const std::string& address = opened.address;
  if (arguments.address_file) {
    TWINNING_RETURN_IF_ERROR(WriteAddress(*arguments.address_file, address));
  }
  if (context.json()) {
    context.Answer({{"address", address}});
  } else {
    context.Say(fmt::format("The page is open at {}", address));
    context.Say("For you alone: whoever has this address can read and write. Ctrl-C ends it.");
  }
  context.out().flush();
  if (!arguments.no_open) OpenBrowser(opened.for_once);
  return absl::OkStatus();
}

absl::Status App(Context& context, const AppArguments& arguments) {
  app::AppOptions options;
  TWINNING_ASSIGN_OR_RETURN(options.port, PortOf(arguments.port));
  options.replicas = context.Directories();
  StopSignal signal;
  options.stop = signal.token();
  options.ready = [&](const app::Opened& opened) { return Announce(context, arguments, opened); };
  return app::Serve(options);
}

}  // namespace

void AddApp(CommandLine& line) {
  Command& command =
      line.Add("app", "Serves the plan as a page for your browser, on this computer");
  auto arguments = std::make_shared<AppArguments>();
  command.Option("--port", "N", arguments->port, "The port to listen on (default: any free one)");
  command.Flag("--no-open", arguments->no_open, "Does not open a browser");
  command.Option("--address-file", "FILE", arguments->address_file,
                 "Writes the page's address there, readable by you only");
  command.Example("twinning app", "opens your partnership in the browser, and keeps it in sync");
  command.Example("twinning app --replica link-with-france --replica link-with-germany",
                  "two partnerships on one page");
  command.Run([arguments](Context& context) { return App(context, *arguments); });
}

}  // namespace twinning::cli
