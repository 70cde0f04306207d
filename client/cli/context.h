// What every command works with: the replica, the streams, the time. One per process; one thread.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "client/desk/json.h"
#include "client/desk/record_draft.h"
#include "client/replica/replica.h"
#include "common/base/date.h"

namespace twinning::cli {

// Commands are the desk's words, typed: they use them without naming it each time.
using namespace desk;  // NOLINT(google-build-using-namespace)

struct Settings {
  std::vector<std::string> replicas;  // empty: TWINNING_REPLICA, or the user's data directory
  bool json = false;
};

class Context {
 public:
  Context(std::istream& in, std::ostream& out, std::ostream& err);
  ~Context();

  void Configure(const Settings& settings) { settings_ = settings; }

  bool json() const { return settings_.json; }
  std::istream& in() { return in_; }
  std::ostream& out() { return out_; }
  std::ostream& err() { return err_; }

  // Where the replica is, or would be; the last one that was named.
  std::string Directory() const;
  // Every one that was named, for what works on several.
  std::vector<std::string> Directories() const;
  // Opened once, up to date with what other processes wrote. Failures answer with kReplica.
  absl::StatusOr<client::Replica*> Open();
  // Takes a replica that was just made.
  client::Replica& Adopt(std::unique_ptr<client::Replica> replica);

  int64_t NowMs() const;
  Days Today() const;  // by this machine's calendar
  RandomBytes random() const;

  // A line for people; control characters in what people wrote are left out.
  void Say(std::string_view line);
  // The answer under --json.
  void Answer(const Json& json);
  // A line on the error stream that is no failure: progress.
  void Note(std::string_view line);

  // Writes a failure where it belongs and returns the exit code. Under --json the answer is one
  // document: a failure's, unless there was an answer already. Output that could not be written is
  // a failure too.
  int Finish(const absl::Status& status);

 private:
  std::istream& in_;
  std::ostream& out_;
  std::ostream& err_;
  Settings settings_;
  bool answered_ = false;
  std::unique_ptr<client::Replica> replica_;
};

// Without control characters but line breaks: what people wrote cannot steer a terminal.
std::string Printable(std::string_view text);

}  // namespace twinning::cli
