#include "cli/input_file.h"

#include "registry/base/limits.h"

#include <filesystem>
#include <system_error>

namespace egret::cli {

Result<InputFile> InputFile::open(const Command& command, const std::string& path,
                                  const char* field) {
    InputFile input(command.machine.in);
    if (path == "-") return input;
    std::error_code failure;
    // A folder can be opened like a file, and only its first byte can't be read.
    if (!std::filesystem::is_directory(path, failure)) input.file_.open(path, std::ios::binary);
    if (!input.file_.is_open())
        return Error{ErrorCode::not_found, field, msg("file.unreadable", {{"path", path}})};
    return input;
}

Result<std::string> read_whole_file(const Command& command, const std::string& path,
                                    const char* field, std::size_t bytes_max) {
    auto input = InputFile::open(command, path, field);
    if (!input) return std::move(input).error();
    std::string content(bytes_max, '\0');
    input->stream().read(content.data(), static_cast<std::streamsize>(content.size()));
    content.resize(static_cast<std::size_t>(input->stream().gcount()));
    return content;
}

Result<std::string> read_text_file(const Command& command, const std::string& path,
                                   const char* field) {
    auto read = read_whole_file(command, path, field, limits::json_bytes_max + 1);
    if (!read) return std::move(read).error();
    auto content = *std::move(read);
    if (content.size() > limits::json_bytes_max) {
        return Error{ErrorCode::too_large, field,
                     msg("json.too_long", {{"limit", std::to_string(limits::json_bytes_max)}})};
    }
    // Editors of Windows begin with a byte order mark.
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (content.starts_with(byte_order_mark)) content.erase(0, byte_order_mark.size());
    return content;
}

}  // namespace egret::cli
