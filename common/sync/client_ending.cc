#include "common/sync/client_ending.h"

#include <fmt/core.h>

#include <algorithm>

namespace twinning::sync {
namespace {

constexpr std::string_view kKept = "Everything written here is kept.";
constexpr size_t kMaxQuoted = 300;
constexpr int64_t kLongestWait_ms = 10 * 60 * 1000;  // whatever a server says

}  // namespace

std::string Quoted(std::string_view detail) {
  std::string text;
  for (char c : detail.substr(0, kMaxQuoted)) {
    auto byte = static_cast<unsigned char>(c);
    text.push_back(byte < 0x20 || byte == 0x7f ? ' ' : c);
  }
  // A character cut in two would be no UTF-8.
  if (detail.size() > kMaxQuoted) {
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80) {
      text.pop_back();
    }
    if (!text.empty()) text.back() = ' ';
    text += "...";
  }
  return text;
}

namespace {

Ending Of(Ending::Next next, std::string_view what, std::string_view step) {
  return {next, fmt::format("{} {} {}", what, kKept, step), false, false, 0};
}

Ending Known(v1::CloseReason reason) {
  constexpr auto kRetry = Ending::kRetry;
  constexpr auto kStop = Ending::kStop;
  switch (reason) {
    case v1::SHUTTING_DOWN:
      return Of(kRetry, "The server is shutting down.", "Sync again when it is back.");
    case v1::UNKNOWN_PARTNERSHIP:
      return Of(kStop, "The server does not know this partnership, or this replica may not see it.",
                "Ask the server's operator.");
    case v1::PROTOCOL_VIOLATION:
      return Of(kRetry, "The server could not read what this program sent.",
                "Sync again; if it stays so, report it.");
    case v1::BAD_SIGNATURE:
      return Of(kStop, "The server found a signature of this replica that does not fit its key.",
                "Check that the replica's key file is its own; report it.");
    case v1::NUMBER_GAP:
      return Of(kRetry, "The server missed a change of this replica.", "Sync again.");
    case v1::LEDGER_BEHIND:
      return Of(kRetry,
                "The server holds less than this replica: it may have been restored from a backup.",
                "Tell the server's operator.");
    case v1::HISTORY_DIFFERS:
      return Of(kStop, "The server's history is not the one that this replica holds.",
                "Do not join again; tell the server's operator and the other towns.");
    case v1::CLONE:
      return Of(kStop,
                "Another copy of this replica has sent other changes under the same numbers.",
                "Sync again, so that this one becomes a replica of its own.");
    case v1::REVOKED:
      return Of(kStop, "This replica has been revoked.", "Ask your town's coordinator.");
    case v1::TOO_SLOW:
      return Of(kRetry, "The server ended a connection that was too slow.", "Sync again.");
    case v1::VERSION:
      return Of(kStop, "The server speaks another version of the protocol.",
                "Update the older of the two programs.");
    case v1::TOO_LARGE:
      return Of(kStop, "The server found a change of this replica too large.", "Report it.");
    case v1::RECOVERING:
      return Of(
          kRetry,
          "The server was restored and is collecting what it lost: new changes wait until its "
          "operator ends the recovery.",
          "Sync again later.");
    case v1::ARCHIVED:
      return Of(kRetry,
                "The partnership is archived: it can be read, and its server takes no changes.",
                "If it is to go on, ask the server's operator.");
    case v1::TOO_FAST:
      return Of(kRetry, "The server takes so many changes of one replica in a while, and no more.",
                "The rest is sent by and by.");
    case v1::FENCED:
      return Of(kRetry, "A newer connection of this replica took this one's place.", "Sync again.");
    default:
      return Of(kRetry, "The server ended the connection for a reason this program does not know.",
                "Sync again; an update of this program may help.");
  }
}

}  // namespace

Ending EndingOf(const v1::Closing& closing) {
  Ending ending = Known(closing.reason());
  ending.copy = closing.reason() == v1::CLONE;
  ending.wait_ms = std::clamp<int64_t>(closing.wait_ms(), 0, kLongestWait_ms);
  ending.rebase = closing.reason() == v1::LEDGER_BEHIND || closing.reason() == v1::HISTORY_DIFFERS;
  if (!closing.detail().empty()) {
    ending.sentence += fmt::format(" (The server says: {})", Quoted(closing.detail()));
  }
  return ending;
}

Ending EndedByViolation(std::string_view what) {
  return Of(Ending::kRetry, fmt::format("The server sent something unexpected: {}.", what),
            "Sync again; if it stays so, report it.");
}

Ending EndedByCopy() {
  Ending ending = Of(Ending::kStop,
                     "Another copy of this replica has gone on with the server: this is an older "
                     "state of it, or a second one.",
                     "Sync again, so that it becomes a replica of its own.");
  ending.copy = true;
  return ending;
}

Ending EndedByOlderServer() { return Known(v1::LEDGER_BEHIND); }

Ending EndedByVersion(uint32_t protocol) {
  return Of(Ending::kStop,
            fmt::format("The server chose version {} of the protocol, which this program does not "
                        "speak.",
                        protocol),
            "Update this program.");
}

Ending EndedByBadEntries(std::string_view why) {
  return Of(Ending::kStop,
            fmt::format("What the server sent does not follow from what is here ({}); nothing of "
                        "it was taken.",
                        why),
            "Tell the server's operator.");
}

Ending EndedByDigest(uint64_t sequence) {
  return Of(Ending::kRebuild,
            fmt::format("The plan here and at the server differ at entry {}.", sequence),
            "The plan is made again from the ledger.");
}

}  // namespace twinning::sync
