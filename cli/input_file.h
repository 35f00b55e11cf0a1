#pragma once

#include "cli/context.h"

#include <fstream>
#include <istream>
#include <string>

namespace egret::cli {

/// A file to read, or standard input for "-".
class InputFile {
public:
    /// Errors: not_found, if it can't be read; `field` says where its name was typed.
    static Result<InputFile> open(const Command& command, const std::string& path,
                                  const char* field);

    std::istream& stream() noexcept { return file_.is_open() ? file_ : *other_; }

private:
    explicit InputFile(std::istream& other) : other_(&other) {}

    std::ifstream file_;
    std::istream* other_;
};

/// The file's bytes, `bytes_max` of them at most: whoever asks for one more than it takes sees that
/// there is more.
/// Errors: as InputFile::open.
Result<std::string> read_whole_file(const Command& command, const std::string& path,
                                    const char* field, std::size_t bytes_max);

/// All of a file that holds one document.
/// Errors: as InputFile::open; too_large, past limits::json_bytes_max.
Result<std::string> read_text_file(const Command& command, const std::string& path,
                                   const char* field);

}  // namespace egret::cli
