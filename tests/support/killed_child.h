#pragma once

#include <doctest/doctest.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <set>
#include <string_view>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace egret::tests {

/// Before which of its system calls a child may be killed.
enum class Calls {
    all,
    changing,  // Those that change what lies on the disk, or sync it: between two, nothing differs.
};

/// Lets the child go on to where its next system call begins or ends. False, if it ended instead.
inline bool goes_to_call(pid_t child) {
    int status = 0;
    ::ptrace(PTRACE_SYSCALL, child, nullptr, nullptr);
    return ::waitpid(child, &status, 0) == child && WIFSTOPPED(status);
}

/// The call before which a child stands.
inline __ptrace_syscall_info call_of(pid_t child) {
    __ptrace_syscall_info info = {};
    // The kernel takes the size where others have an address.
    if (::ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof info, &info) <= 0 ||
        info.op != PTRACE_SYSCALL_INFO_ENTRY)
        FAIL("the kernel does not tell which system call it is");
    return info;
}

/// True of a child that stands before a call that gives a file its name.
inline bool is_about_to_name(pid_t child) {
    static const std::set<std::uint64_t> naming = {
        SYS_linkat, SYS_renameat, SYS_renameat2,
#ifdef SYS_rename
        SYS_link,   SYS_rename,
#endif
    };
    return naming.contains(call_of(child).entry.nr);
}

/// True of a child that stands before a call that makes, writes, syncs, moves or removes a file.
inline bool is_about_to_change(pid_t child) {
    static const std::set<std::uint64_t> changing = {
        SYS_write,     SYS_pwrite64,  SYS_writev,          SYS_fsync,     SYS_fdatasync,
        SYS_ftruncate, SYS_mkdirat,   SYS_renameat,        SYS_renameat2, SYS_unlinkat,
        SYS_linkat,    SYS_symlinkat, SYS_fchmod,          SYS_fchmodat,  SYS_fallocate,
        SYS_pwritev,   SYS_sendfile,  SYS_copy_file_range, SYS_truncate,
#ifdef SYS_rename  // Where the C library still uses the older ones.
        SYS_mkdir,     SYS_rename,    SYS_unlink,          SYS_rmdir,     SYS_link,
        SYS_chmod,     SYS_creat,     SYS_symlink,
#endif
    };
    const auto info = call_of(child);
    if (info.entry.nr == SYS_openat) return (info.entry.args[2] & (O_CREAT | O_TRUNC)) != 0;
    return changing.contains(info.entry.nr);
}

/// Another process that waits, before `work`, to be led from call to call; it ends with what `work`
/// gives, from 0 to 255.
template <class Work>
pid_t start_led(Work work) {
    const auto child = ::fork();
    if (child == 0) {
        ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
        ::raise(SIGSTOP);
        ::_exit(work());
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSTOPPED(status));
    // Without it the kernel does not tell a call from a signal.
    REQUIRE(::ptrace(PTRACE_SETOPTIONS, child, nullptr, long{PTRACE_O_TRACESYSGOOD}) == 0);
    return child;
}

/// Runs `work` in another process, and calls `meet` before its changing call number `at`, from 0.
/// What the process ended with; -1, if a file got its name before, or there were fewer such calls.
template <class Work, class Meet>
int meet_at(int at, Work work, Meet meet) {
    const auto child = start_led(work);
    int met = -1;
    for (bool begins = true; met < at; begins = !begins) {
        if (!goes_to_call(child)) return -1;
        if (begins && is_about_to_name(child)) {
            ::kill(child, SIGKILL);
            ::waitpid(child, nullptr, 0);
            return -1;
        }
        if (begins && is_about_to_change(child)) ++met;
    }
    meet();
    ::ptrace(PTRACE_DETACH, child, nullptr, nullptr);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

/// Runs `work` in another process, and kills it just before its system call number `at`, from 0,
/// of those `calls`. False, if it did all its work with fewer.
template <class Work>
bool is_killed_at(int at, Work work, Calls calls = Calls::all) {
    const auto child = start_led([&] {
        work();
        return 0;
    });
    int met = -1;
    for (bool begins = true; met < at; begins = !begins) {
        if (!goes_to_call(child)) return false;
        if (begins && (calls == Calls::all || is_about_to_change(child))) ++met;
    }
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    return true;
}

/// Each how many-th call of a kind a test kills before: `usual`, or all with EGRET_KILLS=all.
inline int kills_each(int usual) {
    const char* said = std::getenv("EGRET_KILLS");
    return said != nullptr && std::string_view(said) == "all" ? 1 : usual;
}

}  // namespace egret::tests
