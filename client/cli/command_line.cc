#include "client/cli/command_line.h"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>
#include <utility>

#include "client/cli/context.h"
#include "client/desk/exit_codes.h"
#include "common/base/status.h"

namespace twinning::cli {
namespace {

constexpr char kDescription[] =
    "One partnership's shared plan, on this machine: read and write it offline, and sync when "
    "there\n"
    "is a network.";
constexpr char kFooter[] =
    "Exit codes: 0 done, 2 usage, 3 bad input, 4 refused by the plan's rules, 5 no usable "
    "replica,\n"
    "6 server or network, 7 disk, 8 internal error.\n\n"
    "Ids may be shortened to any beginning of four or more digits that fits one record only; an "
    "exact\n"
    "title does as well.\n"
    "twinning COMMAND --help shows a command's options with examples.";

class AppCommand : public Command {
 public:
  explicit AppCommand(CLI::App& app) : app_(app) {}

  void Word(std::string_view name, std::string& into, std::string_view help) override {
    app_.add_option(std::string(name), into, std::string(help))->required()->type_name("");
  }
  void OptionalWord(std::string_view name, std::optional<std::string>& into,
                    std::string_view help) override {
    AddOptional(std::string(name), into, help)->type_name("");
  }
  void Words(std::string_view name, std::vector<std::string>& into, bool needed,
             std::string_view help) override {
    app_.add_option(std::string(name), into, std::string(help))->required(needed)->type_name("");
  }
  void Flag(std::string_view name, bool& into, std::string_view help) override {
    app_.add_flag(std::string(name), into, std::string(help));
  }
  void Option(std::string_view name, std::string_view value, std::optional<std::string>& into,
              std::string_view help) override {
    AddOptional(std::string(name), into, help)->type_name(std::string(value));
  }
  void Example(std::string_view line, std::string_view what) override {
    examples_ += fmt::format("  {}\n      {}\n", line, what);
    app_.footer("Examples:\n" + examples_);
  }
  void Run(std::function<absl::Status(Context&)> action) override { action_ = std::move(action); }

  bool chosen() const { return app_.parsed(); }
  absl::Status Act(Context& context) const { return action_(context); }

 private:
  CLI::Option* AddOptional(const std::string& name, std::optional<std::string>& into,
                           std::string_view help) {
    return app_.add_option_function<std::string>(
        name, [&into](const std::string& value) { into = value; }, std::string(help));
  }

  CLI::App& app_;
  std::string examples_;
  std::function<absl::Status(Context&)> action_;
};

// --replica and --json, before or after the command's name.
void AddCommon(CLI::App& app, Settings& settings) {
  app.add_option("--replica", settings.replicas,
                 "The replica's directory (default: $TWINNING_REPLICA, or twinning in the user's "
                 "data directory)")
      ->type_name("DIR")
      ->allow_extra_args(false)
      ->take_all();
  app.add_flag("--json", settings.json, "Answers in JSON");
}

}  // namespace

struct CommandLine::State {
  CLI::App app{kDescription, "twinning"};
  Settings settings;
  std::vector<std::unique_ptr<AppCommand>> commands;

  // What is wrong with the arguments, and where help is.
  std::string Usage(const CLI::ParseError& error) const {
    const std::vector<std::string> left = app.remaining();
    for (const CLI::App* command : app.get_subcommands()) {
      return fmt::format("{}. See: twinning {} --help", error.what(), command->get_name());
    }
    if (left.empty()) return "Say what to do. See: twinning --help";
    return fmt::format("There is no command \"{}\". See: twinning --help", left.front());
  }
};

CommandLine::CommandLine() : state_(std::make_unique<State>()) {
  AddCommon(state_->app, state_->settings);
  state_->app.set_version_flag("--version", "twinning " TWINNING_VERSION);
  state_->app.require_subcommand(1, 1);
  state_->app.footer(kFooter);
  state_->app.get_formatter()->column_width(26);
}

CommandLine::~CommandLine() = default;

Command& CommandLine::Add(std::string_view name, std::string_view summary) {
  CLI::App* app = state_->app.add_subcommand(std::string(name), std::string(summary));
  AddCommon(*app, state_->settings);
  state_->commands.push_back(std::make_unique<AppCommand>(*app));
  return *state_->commands.back();
}

int CommandLine::Run(int argc, const char* const* argv, Context& context) {
  try {
    state_->app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Help and version are "errors" of this library that exit with 0.
    if (error.get_exit_code() == 0) return state_->app.exit(error, context.out(), context.err());
    // The library sets nothing when it fails.
    state_->settings.json = std::find(argv, argv + argc, std::string_view("--json")) != argv + argc;
    context.Configure(state_->settings);
    return context.Finish(Answered(ExitCode::kUsage, InvalidArgument(state_->Usage(error))));
  }
  context.Configure(state_->settings);
  for (const std::unique_ptr<AppCommand>& command : state_->commands) {
    if (command->chosen()) return context.Finish(command->Act(context));
  }
  return static_cast<int>(ExitCode::kUsage);
}

}  // namespace twinning::cli
