#include "server/ctl/receiving.h"

#include <fmt/core.h>

#include <filesystem>
#include <fstream>

#include "common/base/status.h"
#include "common/files/durable.h"

namespace twinning::ctl {
namespace {

std::string FolderOf(const std::string& file) {
  std::string folder = std::filesystem::path(file).parent_path();
  return folder.empty() ? "." : folder;
}

class Receiving {
 public:
  explicit Receiving(const std::string& file)
      : file_(file), partial_(file + ".partial"), out_(partial_, std::ios::binary) {}
  ~Receiving() {
    std::error_code ignored;
    std::filesystem::remove(partial_, ignored);
  }

  absl::Status Take(const v1::BackupPart& part) {
    if (part.has_info()) info_ = part.info();
    out_.write(part.content().data(), static_cast<std::streamsize>(part.content().size()));
    bytes_ += part.content().size();
    if (out_) return absl::OkStatus();
    return Unavailable(fmt::format("{} cannot be written: is the disk full?", partial_));
  }

  absl::Status Finish() {
    out_.close();
    if (!out_ || bytes_ != info_.bytes()) {
      return Unavailable(fmt::format("the copy did not arrive whole: {} was not made", file_));
    }
    TWINNING_RETURN_IF_ERROR(files::SyncFile(partial_));
    std::error_code error;
    std::filesystem::rename(partial_, file_, error);
    if (error) return Unavailable(fmt::format("{} cannot be made: {}", file_, error.message()));
    return files::SyncDirectory(FolderOf(file_));
  }

  const v1::BackupInfo& info() const { return info_; }

 private:
  const std::string file_;
  const std::string partial_;
  std::ofstream out_;
  uint64_t bytes_ = 0;
  v1::BackupInfo info_;
};

}  // namespace

absl::StatusOr<v1::BackupInfo> ReceiveCopy(
    const std::string& file, const std::function<absl::Status(const TakePart&)>& call) {
  if (std::filesystem::exists(file)) {
    return AlreadyExists(fmt::format("{} is there already: give another name", file));
  }
  Receiving receiving(file);
  TWINNING_RETURN_IF_ERROR(call([&](const v1::BackupPart& part) { return receiving.Take(part); }));
  TWINNING_RETURN_IF_ERROR(receiving.Finish());
  return receiving.info();
}

}  // namespace twinning::ctl
