#include "cli/console/process_guard.h"

#include "cli/console/program.h"

#include <doctest/doctest.h>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace egret::console {
namespace {

/// 0, if nothing of this process's memory gets out.
int leaks() {
    rlimit core{1, 1};
    const bool is_private = ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 &&
                            ::getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_cur == 0 &&
                            core.rlim_max == 0;
    return is_private ? 0 : 1;
}

template <class Work>
int status_of_child(Work work) {
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) ::_exit(work());
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

TEST_SUITE("cli/console/process_guard") {
    TEST_CASE("both programs leave no core dump, and nobody looks into them") {
        CHECK(status_of_child([] {
                  keep_memory_private();
                  return leaks();
              }) == 0);
        // What both of them begin with.
        CHECK(status_of_child([] {
                  const CommandSpec program{.name = "egret", .help = "help.egret", .acts = false};
                  const char* const words[] = {"egret", "--version"};
                  static_cast<void>(::close(STDOUT_FILENO));
                  static_cast<void>(run_main(program, {}, 2, words));
                  return leaks();
              }) == 0);
    }
}

}  // namespace
}  // namespace egret::console
