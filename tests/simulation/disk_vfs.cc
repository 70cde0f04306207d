// The simulated disks as SQLite sees them.
#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "tests/simulation/disk.h"
#include "tests/simulation/disk_file.h"

namespace twinning::simulation {
namespace {

constexpr int kSectorBytes = 4096;

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

Handle& Of(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }

// A file without a name belongs to no disk and vanishes with its handle.
int Effect(const Handle& handle) { return handle.disk ? handle.disk->Effect() : SQLITE_OK; }
bool Dead(const Handle& handle) { return handle.disk && handle.disk->dead(); }

// --- Content -------------------------------------------------------------------------------------

int Read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
  Handle& handle = Of(file);
  if (Dead(handle)) return SQLITE_IOERR_READ;
  const std::string& content = handle.file->content;
  auto at = static_cast<size_t>(offset);
  auto wanted = static_cast<size_t>(size);
  size_t there = at < content.size() ? std::min(wanted, content.size() - at) : 0;
  if (there > 0) std::memcpy(out, content.data() + at, there);
  if (there == wanted) return SQLITE_OK;
  std::memset(static_cast<char*>(out) + there, 0, wanted - there);
  return SQLITE_IOERR_SHORT_READ;
}

int Write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  Handle& handle = Of(file);
  if (int code = Effect(handle); code != SQLITE_OK) return code;
  handle.file->Write(offset, {static_cast<const char*>(bytes), static_cast<size_t>(size)});
  return SQLITE_OK;
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  Handle& handle = Of(file);
  if (int code = Effect(handle); code != SQLITE_OK) return code;
  handle.file->Truncate(size);
  return SQLITE_OK;
}

int Sync(sqlite3_file* file, int) {
  Handle& handle = Of(file);
  if (Effect(handle) != SQLITE_OK) return SQLITE_IOERR_FSYNC;
  handle.file->Sync();
  return SQLITE_OK;
}

int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  if (Dead(Of(file))) return SQLITE_IOERR_FSTAT;
  *size = static_cast<sqlite3_int64>(Of(file).file->content.size());
  return SQLITE_OK;
}

// --- Locks of the file ---------------------------------------------------------------------------

int Lock(sqlite3_file* file, int level) {
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

int Unlock(sqlite3_file* file, int level) {
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
  if (Dead(handle)) return SQLITE_IOERR_SHMMAP;
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

// --- The rest of a file --------------------------------------------------------------------------

int Close(sqlite3_file* file) {
  UnmapMemory(file, 0);
  Unlock(file, SQLITE_LOCK_NONE);
  Of(file).file.~shared_ptr();
  return SQLITE_OK;
}

int FileControl(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int SectorSize(sqlite3_file*) { return kSectorBytes; }
int DeviceCharacteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

const sqlite3_io_methods kMethods = {2,
                                     Close,
                                     Read,
                                     Write,
                                     Truncate,
                                     Sync,
                                     FileSize,
                                     Lock,
                                     Unlock,
                                     CheckReservedLock,
                                     FileControl,
                                     SectorSize,
                                     DeviceCharacteristics,
                                     MapMemory,
                                     LockMemory,
                                     MemoryBarrier,
                                     UnmapMemory,
                                     nullptr,
                                     nullptr};

// --- Names ---------------------------------------------------------------------------------------

int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  file->pMethods = nullptr;
  Disk* disk = name ? Disk::Of(name) : nullptr;
  std::shared_ptr<DiskFile> found;
  if (disk && !disk->dead()) found = disk->Open(name, flags & SQLITE_OPEN_CREATE);
  if (!name) found = std::make_shared<DiskFile>();
  if (!found) return SQLITE_CANTOPEN;
  new (file) Handle{{&kMethods}, disk, std::move(found), SQLITE_LOCK_NONE, false, 0, 0};
  if (out_flags) *out_flags = flags;
  return SQLITE_OK;
}

int Delete(sqlite3_vfs*, const char* name, int) {
  Disk* disk = Disk::Of(name);
  if (!disk || disk->Effect() != SQLITE_OK) return SQLITE_IOERR_DELETE;
  disk->Delete(name);
  return SQLITE_OK;
}

int Access(sqlite3_vfs*, const char* name, int, int* result) {
  Disk* disk = Disk::Of(name);
  *result = disk && !disk->dead() && disk->Exists(name);
  return SQLITE_OK;
}

int FullPathname(sqlite3_vfs*, const char* name, int size, char* out) {
  sqlite3_snprintf(size, out, "%s", name);
  return SQLITE_OK;
}

// The same in every run, so that a seed replays to the byte.
int Randomness(sqlite3_vfs*, int size, char* out) {
  Random random(0);
  std::string bytes = random.Bytes(static_cast<size_t>(size));
  std::memcpy(out, bytes.data(), bytes.size());
  return size;
}

int Sleep(sqlite3_vfs*, int microseconds) { return microseconds; }

int CurrentTime(sqlite3_vfs*, double* days) {
  *days = 2463000.5;
  return SQLITE_OK;
}

int LastError(sqlite3_vfs*, int, char*) { return 0; }

}  // namespace

void InstallDisks() {
  static sqlite3_vfs vfs = [] {
    sqlite3_vfs made{};
    made.iVersion = 1;
    made.szOsFile = sizeof(Handle);
    made.mxPathname = 512;
    made.zName = "twinning-simulation";
    made.xOpen = Open;
    made.xDelete = Delete;
    made.xAccess = Access;
    made.xFullPathname = FullPathname;
    made.xRandomness = Randomness;
    made.xSleep = Sleep;
    made.xCurrentTime = CurrentTime;
    made.xGetLastError = LastError;
    return made;
  }();
  sqlite3_vfs_register(&vfs, 1);
  sqlite3_randomness(0, nullptr);
}

}  // namespace twinning::simulation
