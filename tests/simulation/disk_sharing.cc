// Locks of a file, and the shared index of its write-ahead log.
#include <sqlite3.h>

#include "tests/simulation/disk_handle.h"

namespace twinning::simulation {
namespace {

void Release(Handle& handle, int slot) {
  SharedMemory::Slot& held = handle.file->memory->slots[static_cast<size_t>(slot)];
  unsigned bit = 1U << slot;
  if (handle.shared_slots & bit) --held.shared;
  if (handle.exclusive_slots & bit) held.exclusive = nullptr;
  handle.shared_slots &= ~bit;
  handle.exclusive_slots &= ~bit;
}

bool MayLock(const Handle& handle, int slot, bool exclusive) {
  const SharedMemory::Slot& held = handle.file->memory->slots[static_cast<size_t>(slot)];
  if (held.exclusive && held.exclusive != &handle) return false;
  int own = handle.shared_slots & (1U << slot) ? 1 : 0;
  return !exclusive || held.shared == own;
}

void Take(Handle& handle, int slot, bool exclusive) {
  SharedMemory::Slot& held = handle.file->memory->slots[static_cast<size_t>(slot)];
  unsigned bit = 1U << slot;
  if (exclusive) {
    held.exclusive = &handle;
    handle.exclusive_slots |= bit;
  } else if (!(handle.shared_slots & bit)) {
    ++held.shared;
    handle.shared_slots |= bit;
  }
}

}  // namespace

// --- Locks of the file ---------------------------------------------------------------------------

int LockFile(sqlite3_file* file, int level) {
  Handle& handle = Of(file);
  DiskFile& held = *handle.file;
  if (level <= handle.lock) return SQLITE_OK;
  if (held.exclusive && held.exclusive != &handle) return SQLITE_BUSY;
  if (handle.lock == SQLITE_LOCK_NONE) ++held.shared;
  if (handle.lock < SQLITE_LOCK_SHARED) handle.lock = SQLITE_LOCK_SHARED;
  if (level == SQLITE_LOCK_SHARED) return SQLITE_OK;
  if (held.reserved && held.reserved != &handle) return SQLITE_BUSY;
  held.reserved = &handle;
  handle.lock = SQLITE_LOCK_RESERVED;
  if (level == SQLITE_LOCK_RESERVED) return SQLITE_OK;
  if (held.shared > 1) return SQLITE_BUSY;
  held.exclusive = &handle;
  handle.lock = level;
  return SQLITE_OK;
}

int UnlockFile(sqlite3_file* file, int level) {
  Handle& handle = Of(file);
  DiskFile& held = *handle.file;
  if (level >= handle.lock) return SQLITE_OK;
  if (held.reserved == &handle) held.reserved = nullptr;
  if (held.exclusive == &handle) held.exclusive = nullptr;
  if (level == SQLITE_LOCK_NONE) --held.shared;
  handle.lock = level;
  return SQLITE_OK;
}

int CheckReservedLock(sqlite3_file* file, int* reserved) {
  *reserved = Of(file).file->reserved != nullptr;
  return SQLITE_OK;
}

// --- The log's index -----------------------------------------------------------------------------

int MapMemory(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
  Handle& handle = Of(file);
  std::unique_ptr<SharedMemory>& memory = handle.file->memory;
  *out = nullptr;
  if (handle.disk && handle.disk->dead()) return SQLITE_IOERR_SHMMAP;
  if (!memory) memory = std::make_unique<SharedMemory>();
  if (!handle.mapped) ++memory->users;
  handle.mapped = true;
  auto wanted = static_cast<size_t>(region);
  while (extend && memory->regions.size() <= wanted) {
    memory->regions.push_back(std::make_unique<char[]>(static_cast<size_t>(size)));
  }
  if (wanted < memory->regions.size()) *out = memory->regions[wanted].get();
  return SQLITE_OK;
}

int LockMemory(sqlite3_file* file, int offset, int count, int flags) {
  Handle& handle = Of(file);
  if (!handle.file->memory) return SQLITE_IOERR_SHMLOCK;
  bool exclusive = flags & SQLITE_SHM_EXCLUSIVE;
  for (int slot = offset; slot < offset + count; ++slot) {
    if (flags & SQLITE_SHM_UNLOCK) {
      Release(handle, slot);
    } else if (!MayLock(handle, slot, exclusive)) {
      return SQLITE_BUSY;
    }
  }
  if (flags & SQLITE_SHM_UNLOCK) return SQLITE_OK;
  for (int slot = offset; slot < offset + count; ++slot) Take(handle, slot, exclusive);
  return SQLITE_OK;
}

void MemoryBarrier(sqlite3_file*) {}

int UnmapMemory(sqlite3_file* file, int) {
  Handle& handle = Of(file);
  if (!handle.mapped) return SQLITE_OK;
  for (int slot = 0; slot < 8; ++slot) Release(handle, slot);
  handle.mapped = false;
  if (--handle.file->memory->users == 0) handle.file->memory.reset();
  return SQLITE_OK;
}

}  // namespace twinning::simulation
