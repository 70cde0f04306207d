// Whether the server runs and is reached, what it may hold, and how its partnerships are.
#include <fmt/core.h>

#include "common/base/status.h"
#include "common/sqlite/lock_file.h"
#include "server/doctor/finding.h"

namespace twinning::server {
namespace {

constexpr uint64_t kSpareFiles = 256;  // beside connections: databases, logs, sockets

// Nobody answered: is nobody there?
v1::Finding Silence(const Patient& patient) {
  const std::string path = patient.data + "/server.lock";
  if (absl::IsAlreadyExists(sqlite::LockFile::Acquire(path).status())) {
    return Failure("server",
                   fmt::format("it runs (pid {}) and does not answer at its socket",
                               sqlite::LockFile::HolderOf(path)),
                   "look at its log, then start it again: what was acknowledged is on disk");
  }
  return Warning("server", "it does not run",
                 fmt::format("start it: twinningd --data {}", patient.data));
}

v1::Finding Reached(const Running& running) {
  if (running.reached.ok()) {
    return Fine("listener", fmt::format("it reached itself at {}", running.address));
  }
  return Failure("listener", MessageOf(running.reached),
                 "start the server again; if it stays so, look at its log and at the firewall");
}

v1::Finding Enrolment(const Running& running) {
  if (!running.front) return Fine("enrolment", "nobody can join: it is switched off");
  const RunningFront& front = *running.front;
  if (!front.reached.ok()) {
    return Failure("enrolment", MessageOf(front.reached),
                   "look at the log for lines that begin with \"front\"; members sync meanwhile");
  }
  if (!front.unconfined.empty()) {
    return Warning("enrolment",
                   "what strangers speak to could do more than it should: " + front.unconfined,
                   "run the server on a kernel with seccomp, as Debian's have it");
  }
  if (front.restarts == 0) return Fine("enrolment", "people can join at " + front.address);
  return Warning(
      "enrolment",
      fmt::format("people can join at {}; what they speak to was started again {} times, "
                  "the last time because {}",
                  front.address, front.restarts, front.last_end),
      "nothing is lost by it; if it goes on, close the port (firewall, or --enrol off) "
      "while nobody is invited");
}

v1::Finding Files(const Running& running) {
  const uint64_t wanted = running.connections_max + kSpareFiles;
  const std::string sentence = fmt::format("{} open files are allowed", running.files_max);
  if (running.files_max >= wanted) return Fine("files", sentence);
  return Warning(
      "files", fmt::format("{}, for up to {} connections", sentence, running.connections_max),
      fmt::format("allow {} or more: LimitNOFILE=65536 in the unit, or ulimit -n", wanted));
}

v1::Finding Connections(const Running& running) {
  const v1::Measurement& measured = running.measured;
  std::string sentence = fmt::format("{} of at most {}, {} sync streams", measured.connections(),
                                     running.connections_max, measured.streams());
  if (measured.connections() < running.connections_max / 5 * 4) {
    return Fine("connections", std::move(sentence));
  }
  return Warning("connections", std::move(sentence),
                 "find out who connects so often (twinningctl top, ss -tn); a firewall can limit "
                 "what comes from one address");
}

v1::Finding Partnerships(const Running& running) {
  std::string recovering;
  for (const v1::Measurement::Ledger& ledger : running.measured.ledgers()) {
    if (ledger.recovering()) recovering += (recovering.empty() ? "" : ", ") + ledger.name();
  }
  if (recovering.empty()) {
    return Fine("partnerships",
                fmt::format("{} open, no recovery", running.measured.ledgers_size()));
  }
  return Warning("partnerships", "takes no new changes while it is recovered: " + recovering,
                 "twinningctl recovery status PARTNERSHIP, and recovery finish when everybody who "
                 "will come has been heard");
}

}  // namespace

absl::Status ExamineRunning(const Patient& patient, const Tell& tell) {
  if (patient.running == nullptr) return tell(Silence(patient));
  const Running& running = *patient.running;
  TWINNING_RETURN_IF_ERROR(tell(Reached(running)));
  TWINNING_RETURN_IF_ERROR(tell(Enrolment(running)));
  TWINNING_RETURN_IF_ERROR(tell(Files(running)));
  TWINNING_RETURN_IF_ERROR(tell(Connections(running)));
  return tell(Partnerships(running));
}

}  // namespace twinning::server
