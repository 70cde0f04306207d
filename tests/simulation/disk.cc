#include "tests/simulation/disk.h"

#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "tests/simulation/disk_file.h"

namespace twinning::simulation {
namespace {

struct Mounted {
  std::string folder;
  Disk* disk;
};

std::vector<Mounted>& AllMounted() {
  static std::vector<Mounted> mounted;
  return mounted;
}

}  // namespace

void DiskFile::Apply(const UnsyncedWrite& write, size_t bytes) {
  if (write.truncates) {
    content.resize(static_cast<size_t>(write.offset));
    return;
  }
  auto offset = static_cast<size_t>(write.offset);
  bytes = std::min(bytes, write.after.size());
  content.resize(std::max(content.size(), offset + bytes));
  content.replace(offset, bytes, write.after, 0, bytes);
}

void DiskFile::Write(int64_t offset, std::string_view bytes) {
  auto at = static_cast<size_t>(offset);
  UnsyncedWrite write;
  write.offset = offset;
  write.size_before = static_cast<int64_t>(content.size());
  if (at < content.size()) write.before = content.substr(at, bytes.size());
  write.after = bytes;
  Apply(write, bytes.size());
  unsynced.push_back(std::move(write));
}

void DiskFile::Truncate(int64_t size) {
  if (size >= static_cast<int64_t>(content.size())) return;
  UnsyncedWrite write;
  write.offset = size;
  write.size_before = static_cast<int64_t>(content.size());
  write.before = content.substr(static_cast<size_t>(size));
  write.truncates = true;
  Apply(write, 0);
  unsynced.push_back(std::move(write));
}

// Back to the last sync, then forward by what happened to reach the platters: some writes whole,
// some torn, some not.
void DiskFile::LoseUnsynced(Random& random) {
  std::vector<UnsyncedWrite> writes = std::move(unsynced);
  unsynced.clear();
  for (auto write = writes.rbegin(); write != writes.rend(); ++write) {
    content.resize(static_cast<size_t>(write->size_before));
    content.replace(static_cast<size_t>(write->offset), write->before.size(), write->before);
  }
  for (const UnsyncedWrite& write : writes) {
    if (random.OneIn(2)) continue;
    Apply(write, random.OneIn(4) ? random.Below(write.after.size() + 1) : write.after.size());
  }
}

Disk::Disk(std::string folder, Computer& computer)
    : folder_(std::move(folder)), computer_(computer) {
  AllMounted().push_back({folder_ + "/", this});
}

Disk::~Disk() {
  std::erase_if(AllMounted(), [this](const Mounted& mounted) { return mounted.disk == this; });
}

Disk* Disk::Of(std::string_view path) {
  for (const Mounted& mounted : AllMounted()) {
    if (path.substr(0, mounted.folder.size()) == mounted.folder) return mounted.disk;
  }
  return nullptr;
}

bool Disk::Exists(const std::string& path) const {
  // A file that was made empty before SQLite opened it is a real one.
  return files_.contains(path) || access(path.c_str(), F_OK) == 0;
}

std::shared_ptr<DiskFile> Disk::Open(const std::string& path, bool create) {
  if (!create && !Exists(path)) return nullptr;
  std::shared_ptr<DiskFile>& file = files_[path];
  if (!file) file = std::make_shared<DiskFile>();
  return file;
}

int Disk::Effect() {
  if (!computer_.Effect()) return SQLITE_IOERR;
  if (failures_left_ == 0) return SQLITE_OK;
  if (good_left_ > 0) {
    --good_left_;
    return SQLITE_OK;
  }
  --failures_left_;
  return SQLITE_FULL;
}

void Disk::LosePower(Random& random) {
  for (auto& [path, file] : files_) file->LoseUnsynced(random);
}

}  // namespace twinning::simulation
