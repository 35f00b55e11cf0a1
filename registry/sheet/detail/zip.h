#pragma once

#include "registry/base/result.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace egret::sheet::detail {

/// The parts of a ZIP archive, by its directory. That stands at the end and always knows the sizes,
/// which programs that write in one go (many school systems) leave out before each part.
class ZipArchive {
public:
    /// `bytes` outlives it.
    /// Errors: invalid_input, if it is no whole archive of one file; unsupported, for what no
    /// spreadsheet writes (encrypted parts, ZIP64); too_large, past limits::sheet_entries_max.
    static Result<ZipArchive> open(std::string_view bytes);

    bool has(const std::string& name) const { return entries_.contains(name); }

    /// Errors: invalid_input, if the part is not there or is damaged; too_large, past
    /// limits::sheet_part_bytes_max, or when all that was read is past
    /// limits::sheet_expanded_bytes_max.
    Result<std::string> read(const std::string& name);

private:
    struct Entry {
        std::uint16_t method = 0;
        std::uint32_t packed_size = 0;
        std::uint32_t size = 0;
        std::uint32_t header_at = 0;
    };

    explicit ZipArchive(std::string_view bytes) : bytes_(bytes) {}

    Result<Done> read_directory(std::size_t at, std::size_t count);
    Result<std::string_view> packed(const Entry& entry) const;

    std::string_view bytes_;
    std::map<std::string, Entry> entries_;
    std::size_t expanded_ = 0;
};

}  // namespace egret::sheet::detail
