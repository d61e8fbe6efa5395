// What Swift cannot import from Linux's own headers, each line with its reason.
//
// _GNU_SOURCE is not defined here: it changes types that Swift's Glibc module has as well (fd_set, rlimit), and then
// no file could import both. What glibc declares only under it is declared below as glibc and the kernel have it.
#ifndef REELSWARM_CLINUX_SHIM_H
#define REELSWARM_CLINUX_SHIM_H

#include <errno.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#ifndef __USE_GNU
// recvmmsg(2), sendmmsg(2).
struct mmsghdr {
    struct msghdr msg_hdr;
    unsigned int msg_len;
};
int recvmmsg(int socket, struct mmsghdr *messages, unsigned int count, int flags, struct timespec *timeout);
int sendmmsg(int socket, struct mmsghdr *messages, unsigned int count, int flags);
// preadv2(2).
ssize_t preadv2(int fd, const struct iovec *vectors, int count, off_t offset, int flags);
// close_range(2), unshare(2), setgroups(2).
int close_range(unsigned int first, unsigned int last, int flags);
int unshare(int flags);
int setgroups(size_t count, const gid_t *groups);
#endif

// GNU extensions: declared only under _GNU_SOURCE, which Swift's Glibc map does not promise.
static inline int linux_recvmmsg(int socket, struct mmsghdr *messages, unsigned int count, int flags) {
    return recvmmsg(socket, messages, count, flags, NULL);
}
static inline int linux_sendmmsg(int socket, struct mmsghdr *messages, unsigned int count, int flags) {
    return sendmmsg(socket, messages, count, flags);
}

// preadv2 with RWF_NOWAIT: reads what is in the page cache, EAGAIN for the rest (Linux 4.14).
static inline ssize_t linux_preadv_nowait(int fd, const struct iovec *vectors, int count, off_t offset) {
    const int no_wait = 0x00000008;  // RWF_NOWAIT
    return preadv2(fd, vectors, count, offset, no_wait);
}

// prctl is variadic: not imported.
static inline int linux_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }
static inline int linux_die_with_parent(int signal) { return prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0); }
static inline int linux_not_dumpable(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

// The media worker's way down: GNU extensions again, and flags of sched.h.
static inline int linux_close_from(unsigned int first) { return close_range(first, ~0U, 0); }
static inline int linux_leave_network(void) { return unshare(0x40000000); }                  // CLONE_NEWNET
static inline int linux_leave_network_as_user(void) { return unshare(0x10000000 | 0x40000000); }  // CLONE_NEWUSER
static inline int linux_forget_groups(void) { return setgroups(0, NULL); }

// setrlimit takes an enum under _GNU_SOURCE and an int without: one spelling for Swift.
static inline int linux_limit(int resource, unsigned long soft, unsigned long hard) {
    struct rlimit limit = {soft, hard};
    return setrlimit(resource, &limit);
}
static const int linux_limit_memory = RLIMIT_AS;
static const int linux_limit_processor = RLIMIT_CPU;
static const int linux_limit_file_size = RLIMIT_FSIZE;
static const int linux_limit_descriptors = RLIMIT_NOFILE;
static const int linux_limit_processes = RLIMIT_NPROC;
static const int linux_limit_core = RLIMIT_CORE;

// seccomp's actions and system call numbers are macros with arguments or casts.
static inline scmp_filter_ctx linux_filter_refusing(int error) { return seccomp_init(SCMP_ACT_ERRNO(error)); }
static inline int linux_filter_allow(scmp_filter_ctx filter, const char *name) {
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, seccomp_syscall_resolve_name(name), 0);
}
// Allows a call only with this value in this argument.
static inline int linux_filter_allow_equal(
    scmp_filter_ctx filter, const char *name, unsigned int argument, unsigned long value) {
    return seccomp_rule_add(
        filter, SCMP_ACT_ALLOW, seccomp_syscall_resolve_name(name), 1, SCMP_CMP(argument, SCMP_CMP_EQ, value));
}
// Allows a call only without these bits in this argument.
static inline int linux_filter_allow_without(
    scmp_filter_ctx filter, const char *name, unsigned int argument, unsigned long bits) {
    return seccomp_rule_add(
        filter, SCMP_ACT_ALLOW, seccomp_syscall_resolve_name(name), 1, SCMP_CMP(argument, SCMP_CMP_MASKED_EQ, bits, 0));
}

// For the test that a worker cannot: Swift's Glibc hides fork and the variadic syscall.
static inline int linux_try_fork(void) {
    int child = fork();
    if (child == 0) _exit(0);
    return child;
}
static inline int linux_try_execute(const char *path) {
    char *const arguments[] = {(char *)path, NULL};
    return execve(path, arguments, arguments + 1);
}
// Sleeps for ever (FUTEX_WAIT on an unchanging value) with the calls a decoder may use.
static inline long linux_wait_on(int *value) { return syscall(SYS_futex, value, 0, *value, NULL, NULL, 0); }

#endif
