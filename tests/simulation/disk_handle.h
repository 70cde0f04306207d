// What SQLite holds of a file of a simulated disk, and how connections share it. Internal to the
// disk.
#pragma once

#include <sqlite3.h>

#include <memory>

#include "tests/simulation/disk.h"
#include "tests/simulation/disk_file.h"

namespace twinning::simulation {

// A connection's hold of a file. SQLite allocates it; `base` comes first.
struct Handle {
  sqlite3_file base;
  Disk* disk;
  std::shared_ptr<DiskFile> file;
  int lock;
  bool mapped;
  unsigned shared_slots;
  unsigned exclusive_slots;
};

inline Handle& Of(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }

// As sqlite3_io_methods names them.
int LockFile(sqlite3_file* file, int level);
int UnlockFile(sqlite3_file* file, int level);
int CheckReservedLock(sqlite3_file* file, int* reserved);
int MapMemory(sqlite3_file* file, int region, int size, int extend, void volatile** out);
int LockMemory(sqlite3_file* file, int offset, int count, int flags);
void MemoryBarrier(sqlite3_file* file);
int UnmapMemory(sqlite3_file* file, int remove);

}  // namespace twinning::simulation
