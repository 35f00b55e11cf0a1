#pragma once

#include <doctest/doctest.h>

#include <csignal>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

namespace egret::tests {

/// Lets the child go on to where its next system call begins or ends. False, if it ended instead.
inline bool goes_to_call(pid_t child) {
    int status = 0;
    ::ptrace(PTRACE_SYSCALL, child, nullptr, nullptr);
    return ::waitpid(child, &status, 0) == child && WIFSTOPPED(status);
}

/// Runs `work` in another process, and kills it just before its system call number `at`, from 0.
/// False, if it did all its work with fewer.
template <class Work>
bool is_killed_at(int at, Work work) {
    const auto child = ::fork();
    if (child == 0) {
        ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
        ::raise(SIGSTOP);
        work();
        ::_exit(0);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSTOPPED(status));
    for (int stop = 0; stop < 2 * at + 1; ++stop) {
        if (!goes_to_call(child)) return false;
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, &status, 0);
    return true;
}

}  // namespace egret::tests
