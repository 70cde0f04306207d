// Short ways to say what was found. Internal to this folder.
#pragma once

#include <string>

#include "server/doctor/doctor.h"

namespace twinning::server {

using Tell = std::function<absl::Status(v1::Finding)>;

inline v1::Finding Found(v1::Finding::Level level, std::string what, std::string sentence,
                         std::string remedy = "") {
  v1::Finding finding;
  finding.set_what(std::move(what));
  finding.set_level(level);
  finding.set_sentence(std::move(sentence));
  finding.set_remedy(std::move(remedy));
  return finding;
}
inline v1::Finding Fine(std::string what, std::string sentence) {
  return Found(v1::Finding::FINE, std::move(what), std::move(sentence));
}
inline v1::Finding Warning(std::string what, std::string sentence, std::string remedy) {
  return Found(v1::Finding::WARNING, std::move(what), std::move(sentence), std::move(remedy));
}
inline v1::Finding Failure(std::string what, std::string sentence, std::string remedy) {
  return Found(v1::Finding::FAILURE, std::move(what), std::move(sentence), std::move(remedy));
}

// storage.cc: the disk, the database and its log, the clock, backups, who can read the directory.
absl::Status ExamineStorage(const Patient& patient, const Tell& tell);
// certificates.cc
absl::Status ExamineCertificates(const Patient& patient, const Tell& tell);
// running.cc: whether it runs, whether it is reached, limits, partnerships.
absl::Status ExamineRunning(const Patient& patient, const Tell& tell);

}  // namespace twinning::server
