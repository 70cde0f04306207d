// The simulated disks as SQLite sees them.
#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "tests/simulation/disk_handle.h"

namespace twinning::simulation {
namespace {

constexpr int kSectorBytes = 4096;

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

// --- The rest of a file --------------------------------------------------------------------------

int Close(sqlite3_file* file) {
  UnmapMemory(file, 0);
  UnlockFile(file, SQLITE_LOCK_NONE);
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
                                     LockFile,
                                     UnlockFile,
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
