#pragma once

#include "registry/base/bytes.h"
#include "registry/crypto/wipe.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace egret::keys {

inline constexpr std::size_t program_input_bytes_max = 4096;  // A pipe takes it without a reader.

struct ProgramRun {
    ByteView input;                    // At most program_input_bytes_max.
    std::size_t output_bytes_max = 0;  // More than that is a failure.
    int silence_ms_max = 60'000;       // A program that says nothing for so long is ended.
};

/// Runs the program `words[0]`, a path, without a shell, and gives what it wrote to its standard
/// output; nothing, if it isn't there or didn't end well. What it says of errors is dropped: it may
/// hold anything.
/// Throws std::system_error if this machine can't start programs.
std::optional<crypto::Secret> run_program(const std::vector<std::string>& words,
                                          const ProgramRun& run);

}  // namespace egret::keys
