// One file of a simulated disk, with its locks and shared memory. Internal to the disk.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulation/random.h"

namespace twinning::simulation {

// A write, or a new size, that the next sync makes lasting.
struct UnsyncedWrite {
  int64_t offset = 0;
  std::string before;  // what was there
  int64_t size_before = 0;
  std::string after;
  bool truncates = false;  // to `offset`
};

// The index of a write-ahead log, as connections share it, and SQLite's eight locks on it.
struct SharedMemory {
  struct Slot {
    int shared = 0;
    const void* exclusive = nullptr;
  };
  std::vector<std::unique_ptr<char[]>> regions;
  std::array<Slot, 8> slots;
  int users = 0;
};

struct DiskFile {
  std::string content;
  std::vector<UnsyncedWrite> unsynced;

  // Locks of connections, by their identity.
  int shared = 0;
  const void* reserved = nullptr;
  const void* exclusive = nullptr;

  std::unique_ptr<SharedMemory> memory;

  void Write(int64_t offset, std::string_view bytes);
  void Truncate(int64_t size);
  void Sync() { unsynced.clear(); }
  void LoseUnsynced(Random& random);

 private:
  void Apply(const UnsyncedWrite& write, size_t bytes);
};

}  // namespace twinning::simulation
