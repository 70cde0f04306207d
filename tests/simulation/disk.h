// The disk of one computer, in memory, under the real SQLite: a VFS that knows what has been
// synced.
//
//   kill        everything written stays
//   power loss  of what was written since a file's last sync any part may be missing, in any order
//
// Only databases live here; the few other files of a replica's or server's folder are real ones.
// While its computer is dead every operation fails. For one thread; once InstallDisks has been
// called SQLite finds no other files than those of a Disk.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "tests/simulation/computer.h"
#include "tests/simulation/random.h"

namespace twinning::simulation {

struct DiskFile;  // disk_file.h

// Makes simulated disks SQLite's only ones in this process. Again: nothing.
void InstallDisks();

class Disk {
 public:
  // Holds the files below `folder`. `computer` must outlive it.
  Disk(std::string folder, Computer& computer);
  ~Disk();
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  // After the next `operations` so many writes and syncs fail, as a disk without room does.
  void FailAfter(size_t operations, size_t failures = 1) {
    good_left_ = operations;
    failures_left_ = failures;
  }
  void Spare() { failures_left_ = 0; }
  // No program runs.
  void LosePower(Random& random);

  // --- For the VFS
  // ---------------------------------------------------------------------------------

  static Disk* Of(std::string_view path);  // null: no disk holds it

  std::shared_ptr<DiskFile> Open(const std::string& path, bool create);  // null: not there
  bool Exists(const std::string& path) const;
  void Delete(const std::string& path) { files_.erase(path); }
  bool dead() const { return computer_.dead(); }
  // Before a write or sync: an SQLite result code.
  int Effect();

 private:
  const std::string folder_;
  Computer& computer_;
  size_t good_left_ = 0;
  size_t failures_left_ = 0;
  std::map<std::string, std::shared_ptr<DiskFile>> files_;
};

}  // namespace twinning::simulation
