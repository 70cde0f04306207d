// What commands look like to the code behind them: names, options, help, and what runs. The library
// that reads argument lists is behind this and nowhere else, because it is slow to compile.
//
//   void AddDigest(CommandLine& line) {
//     Command& command = line.Add("digest", "Prints the state digest.");
//     command.Example("twinning digest --json", "as JSON");
//     command.Run([](Context& context) { return PrintDigest(context); });
//   }
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace twinning::cli {

class Context;

// One subcommand. What it reads into must live as long as the command line: commands keep it in a
// shared_ptr that the action holds.
class Command {
 public:
  virtual ~Command() = default;

  // Positional words, in order of these calls. `name` is as help shows it: "ID".
  virtual void Word(std::string_view name, std::string& into, std::string_view help) = 0;
  virtual void OptionalWord(std::string_view name, std::optional<std::string>& into,
                            std::string_view help) = 0;
  virtual void Words(std::string_view name, std::vector<std::string>& into, bool needed,
                     std::string_view help) = 0;
  // "--all"; "--at" with a value that help calls `value`.
  virtual void Flag(std::string_view name, bool& into, std::string_view help) = 0;
  virtual void Option(std::string_view name, std::string_view value,
                      std::optional<std::string>& into, std::string_view help) = 0;

  virtual void Example(std::string_view line, std::string_view what) = 0;
  virtual void Run(std::function<absl::Status(Context&)> action) = 0;
};

class CommandLine {
 public:
  CommandLine();
  ~CommandLine();

  Command& Add(std::string_view name, std::string_view summary);

  // Reads the arguments and runs the command that they name. Failures are written to the context's
  // error stream, and as {"error": ...} to its output when --json was asked for. The exit code is
  // one of exit_codes.h.
  int Run(int argc, const char* const* argv, Context& context);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace twinning::cli
