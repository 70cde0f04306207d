#include "server/front/confine.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "common/base/status.h"

namespace twinning::server {
namespace {

#if defined(__x86_64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr uint32_t kArchitecture = 0;
#endif
constexpr uint32_t kOtherNumbering = 0x40000000;  // x86's x32, by which a filter could be passed

// What a listener with open sockets never needs. Some exist on some processors only.
constexpr int kDenied[] = {
    // Files by name, those of the authority and the ledger among them.
    SYS_openat, SYS_openat2, SYS_open_by_handle_at, SYS_name_to_handle_at, SYS_mknodat, SYS_mkdirat,
    SYS_unlinkat, SYS_linkat, SYS_symlinkat, SYS_renameat2, SYS_fchmodat, SYS_fchownat,
    SYS_truncate, SYS_chroot, SYS_chdir, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_mq_open,
    SYS_memfd_create, SYS_setxattr, SYS_lsetxattr, SYS_utimensat, SYS_open_tree, SYS_move_mount,
    SYS_fsopen, SYS_inotify_init1, SYS_fanotify_init,
#ifdef SYS_open
    SYS_open, SYS_creat, SYS_mknod, SYS_mkdir, SYS_rmdir, SYS_unlink, SYS_link, SYS_symlink,
    SYS_rename, SYS_chmod, SYS_chown, SYS_lchown, SYS_uselib,
#endif
#ifdef SYS_renameat
    SYS_renameat,
#endif
    // Other programs, and the same as another.
    SYS_execve, SYS_execveat, SYS_setns, SYS_unshare, SYS_setuid, SYS_setgid, SYS_setresuid,
    SYS_setresgid, SYS_capset, SYS_personality,
#ifdef SYS_fork
    SYS_fork, SYS_vfork,
#endif
    // Other processes: the server is one of the same user.
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_pidfd_open, SYS_pidfd_getfd,
    SYS_pidfd_send_signal, SYS_kcmp, SYS_kill, SYS_tkill, SYS_rt_sigqueueinfo,
    SYS_rt_tgsigqueueinfo, SYS_setpriority, SYS_prlimit64, SYS_sched_setaffinity,
    SYS_sched_setscheduler, SYS_sched_setparam, SYS_sched_setattr, SYS_ioprio_set,
    SYS_process_madvise, SYS_move_pages, SYS_migrate_pages, SYS_setpgid,
    // Connections of its own. Those who come are accepted, which is none of these.
    SYS_socket, SYS_connect, SYS_bind, SYS_listen,
    // Ways around, and what the kernel is attacked by.
    SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register, SYS_bpf, SYS_perf_event_open,
    SYS_userfaultfd, SYS_keyctl, SYS_add_key, SYS_request_key, SYS_seccomp, SYS_shmget, SYS_shmat,
    SYS_msgget, SYS_semget};

sock_filter Load(size_t offset) {
  return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(offset));
}
// Goes on at the next instruction when the loaded word is not `value`.
void AppendWhenEqual(uint32_t value, uint32_t answer, std::vector<sock_filter>& program) {
  program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1));
  program.push_back(BPF_STMT(BPF_RET | BPF_K, answer));
}

std::vector<sock_filter> Program() {
  constexpr uint32_t kDeny = SECCOMP_RET_ERRNO | EPERM;
  std::vector<sock_filter> program = {
      Load(offsetof(seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      Load(offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, kOtherNumbering, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, kDeny),
  };
  for (int number : kDenied) AppendWhenEqual(static_cast<uint32_t>(number), kDeny, program);
  // It may end itself: abort() sends a signal to the own process.
  program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_tgkill, 0, 4));
  program.push_back(Load(offsetof(seccomp_data, args)));
  AppendWhenEqual(static_cast<uint32_t>(getpid()), SECCOMP_RET_ALLOW, program);
  program.push_back(BPF_STMT(BPF_RET | BPF_K, kDeny));
  program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  return program;
}

absl::Status Filter() {
  if (kArchitecture == 0) return Unavailable("no filter of system calls for this processor");
  std::vector<sock_filter> program = Program();
  sock_fprog loaded{static_cast<unsigned short>(program.size()), program.data()};
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &loaded) == 0) return absl::OkStatus();
  return Unavailable(
      fmt::format("the kernel takes no filter of system calls: {}", strerror(errno)));
}

void Limit(__rlimit_resource what, size_t most) {
  rlimit limit{};
  if (getrlimit(what, &limit) != 0) return;
  limit.rlim_max = std::min<rlim_t>(limit.rlim_max, most);
  limit.rlim_cur = std::min(limit.rlim_max, limit.rlim_cur);
  if (what == RLIMIT_NOFILE) limit.rlim_cur = limit.rlim_max;
  setrlimit(what, &limit);
}

void OfferToGoFirst() {
  int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  [[maybe_unused]] ssize_t written = write(fd, "1000", 4);
  close(fd);
}

}  // namespace

absl::Status Confine(const FrontLimits& limits) {
  OfferToGoFirst();
  Limit(RLIMIT_CORE, 0);
  Limit(RLIMIT_NOFILE, limits.files);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  Limit(RLIMIT_DATA, limits.memory_bytes);  // a sanitizer's shadow would count as data
#endif
  prctl(PR_SET_DUMPABLE, 0);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return Unavailable(fmt::format("privileges could not be given up: {}", strerror(errno)));
  }
  return Filter();
}

}  // namespace twinning::server
