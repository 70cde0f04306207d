#include "client/cli/context.h"

#include <fmt/core.h>
#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <istream>
#include <ostream>

#include "client/desk/around.h"
#include "client/desk/exit_codes.h"
#include "client/desk/phrases.h"
#include "common/base/status.h"

namespace twinning::cli {
namespace {

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string DataDirectory() {
  std::string data = Environment("XDG_DATA_HOME");
  if (!data.empty() && data.front() == '/') return data;
  std::string home = Environment("HOME");
  const passwd* user = home.empty() ? getpwuid(geteuid()) : nullptr;
  if (user != nullptr) home = user->pw_dir;
  return home + "/.local/share";
}

// The bytes of a C1 control or of a mark that turns text round; 0 when there is none here.
size_t SteeringAt(std::string_view text) {
  auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  if (text.size() >= 2 && byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) <= 0x9F) return 2;
  if (text.size() < 3 || byte(0) != 0xE2) return 0;
  if (byte(1) == 0x80 && byte(2) >= 0xAA && byte(2) <= 0xAE) return 3;
  return byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9 ? 3 : 0;
}

}  // namespace

Context::Context(std::istream& in, std::ostream& out, std::ostream& err)
    : in_(in), out_(out), err_(err) {}

Context::~Context() = default;

std::string Context::Directory() const {
  if (!settings_.replicas.empty()) return settings_.replicas.back();
  std::string named = Environment("TWINNING_REPLICA");
  return named.empty() ? DataDirectory() + "/twinning" : named;
}

std::vector<std::string> Context::Directories() const {
  return settings_.replicas.empty() ? std::vector{Directory()} : settings_.replicas;
}

absl::StatusOr<client::Replica*> Context::Open() {
  if (replica_ == nullptr) {
    auto opened = client::Replica::Open(Directory());
    if (!opened.ok()) return FromReplica(opened.status());
    replica_ = *std::move(opened);
  }
  if (absl::Status status = replica_->Refresh(); !status.ok()) return FromReplica(status);
  return replica_.get();
}

client::Replica& Context::Adopt(std::unique_ptr<client::Replica> replica) {
  replica_ = std::move(replica);
  return *replica_;
}

int64_t Context::NowMs() const { return desk::NowMs(); }

Days Context::Today() const { return desk::Today(); }

RandomBytes Context::random() const { return Randomness(); }

void Context::Say(std::string_view line) { out_ << Printable(line) << '\n'; }

void Context::Answer(const Json& json) {
  answered_ = true;
  out_ << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

void Context::Note(std::string_view line) { err_ << Printable(line) << '\n' << std::flush; }

int Context::Finish(const absl::Status& status) {
  ExitCode code = CodeOf(status);
  if (!status.ok()) {
    const std::string message = Sentence(MessageOf(status));
    Note("twinning: " + message);
    if (json() && !answered_) Answer({{"error", {{"code", NameOf(code)}, {"message", message}}}});
  }
  out_.flush();
  if (status.ok() && !out_.good()) {
    Note("twinning: the answer could not be written.");
    code = ExitCode::kDisk;
  }
  return static_cast<int>(code);
}

std::string Printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    if (size_t steering = SteeringAt(text)) {
      text.remove_prefix(steering);
      continue;
    }
    char c = text.front();
    bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    if (!control || c == '\n') out.push_back(c);
    if (c == '\t') out.push_back(' ');
    text.remove_prefix(1);
  }
  return out;
}

}  // namespace twinning::cli
