#include "registry/sheet/detail/zip.h"

#include "registry/base/sheet_limits.h"
#include "registry/deflate/deflate.h"

#include <algorithm>

namespace egret::sheet::detail {
namespace {

// APPNOTE.TXT of PKWARE, 4.3: what each record begins with, and how long it is at least.
constexpr std::string_view end_signature = "PK\x05\x06";
constexpr std::string_view directory_signature = "PK\x01\x02";
constexpr std::string_view local_signature = "PK\x03\x04";
constexpr std::size_t end_bytes = 22;
constexpr std::size_t directory_bytes = 46;
constexpr std::size_t local_bytes = 30;
constexpr std::size_t comment_bytes_max = 65535;

constexpr std::uint16_t is_encrypted = 1;
constexpr std::uint16_t stored = 0;
constexpr std::uint16_t deflated = 8;
constexpr std::uint32_t in_zip64 = 0xFFFFFFFF;

Error damaged_archive() { return {ErrorCode::invalid_input, "", msg("sheet.damaged")}; }

Error part_too_large() {
    return {ErrorCode::too_large, "",
            msg("sheet.part_too_large",
                {{"limit", std::to_string(limits::sheet_part_bytes_max >> 20U)}})};
}

std::uint32_t little_end(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint32_t number = 0;
    for (std::size_t i = size; i-- > 0;)
        number = number << 8U | static_cast<unsigned char>(bytes[at + i]);
    return number;
}

std::uint16_t two_bytes(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint16_t>(little_end(bytes, at, 2));
}

std::uint32_t four_bytes(std::string_view bytes, std::size_t at) {
    return little_end(bytes, at, 4);
}

}  // namespace

Result<ZipArchive> ZipArchive::open(std::string_view bytes) {
    if (bytes.size() < end_bytes) return damaged_archive();
    // The last record may be followed by a comment.
    const auto earliest = bytes.size() - std::min(bytes.size(), end_bytes + comment_bytes_max);
    const auto at = bytes.rfind(end_signature, bytes.size() - end_bytes);
    if (at == std::string_view::npos || at < earliest) return damaged_archive();
    const auto count = two_bytes(bytes, at + 10);
    const auto directory_at = four_bytes(bytes, at + 16);
    const bool is_one_file = two_bytes(bytes, at + 4) == 0 && two_bytes(bytes, at + 8) == count;
    if (!is_one_file || directory_at > at) return damaged_archive();
    if (count > limits::sheet_entries_max) {
        return Error{
            ErrorCode::too_large, "",
            msg("sheet.too_many_parts", {{"limit", std::to_string(limits::sheet_entries_max)}})};
    }
    ZipArchive archive(bytes);
    if (auto read = archive.read_directory(directory_at, count); !read)
        return std::move(read).error();
    return archive;
}

Result<Done> ZipArchive::read_directory(std::size_t at, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        if (bytes_.size() - at < directory_bytes ||
            !bytes_.substr(at).starts_with(directory_signature))
            return damaged_archive();
        const std::size_t name_size = two_bytes(bytes_, at + 28);
        const std::size_t rest =
            name_size + two_bytes(bytes_, at + 30) + two_bytes(bytes_, at + 32);
        if (bytes_.size() - at - directory_bytes < rest) return damaged_archive();
        Entry entry;
        entry.method = two_bytes(bytes_, at + 10);
        entry.packed_size = four_bytes(bytes_, at + 20);
        entry.size = four_bytes(bytes_, at + 24);
        entry.header_at = four_bytes(bytes_, at + 42);
        const bool is_readable = (two_bytes(bytes_, at + 8) & is_encrypted) == 0 &&
                                 entry.packed_size != in_zip64 && entry.size != in_zip64 &&
                                 entry.header_at != in_zip64;
        if (!is_readable) return Error{ErrorCode::unsupported, "", msg("sheet.damaged")};
        entries_.emplace(bytes_.substr(at + directory_bytes, name_size), entry);
        at += directory_bytes + rest;
    }
    return Done{};
}

Result<std::string_view> ZipArchive::packed(const Entry& entry) const {
    const std::size_t at = entry.header_at;
    if (at > bytes_.size() || bytes_.size() - at < local_bytes ||
        !bytes_.substr(at).starts_with(local_signature))
        return damaged_archive();
    const auto begin = at + local_bytes + two_bytes(bytes_, at + 26) + two_bytes(bytes_, at + 28);
    if (begin > bytes_.size() || bytes_.size() - begin < entry.packed_size)
        return damaged_archive();
    return bytes_.substr(begin, entry.packed_size);
}

Result<std::string> ZipArchive::read(const std::string& name) {
    const auto found = entries_.find(name);
    if (found == entries_.end()) return damaged_archive();
    const auto& entry = found->second;
    const auto left = limits::sheet_expanded_bytes_max - expanded_;
    const auto size_max = std::min(limits::sheet_part_bytes_max, left);
    if (entry.size > size_max) return part_too_large();
    const auto content = packed(entry);
    if (!content) return content.error();
    std::string text;
    if (entry.method == stored) {
        text = std::string(*content);
    } else if (entry.method == deflated) {
        auto unpacked = deflate::unpack(bytes_of(*content), size_max);
        if (!unpacked && unpacked.error().code == ErrorCode::too_large) return part_too_large();
        if (!unpacked) return damaged_archive();
        text = text_of(*unpacked);
    } else {
        return damaged_archive();
    }
    // What the directory says of the size was believed when room was counted.
    if (text.size() != entry.size) return damaged_archive();
    expanded_ += text.size();
    return text;
}

}  // namespace egret::sheet::detail
