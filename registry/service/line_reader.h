#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <optional>
#include <string>

namespace egret::service {

struct Line {
    std::uint64_t number = 0;  // From 1.
    std::string text;          // Without its end.
    bool is_too_long = false;  // `text` is what of it was read.
};

/// Reads lines of which none takes more memory than it may, whatever the file is. A byte order
/// mark before the first one is passed over.
class LineReader {
public:
    /// `in` outlives it. Lines of more than `bytes_max` are too long.
    LineReader(std::istream& in, std::size_t bytes_max) noexcept : in_(in), bytes_max_(bytes_max) {}

    /// Nothing at the end. A line that is too long is passed over up to its end, but one that has
    /// `passed_bytes_max` more ends the reading: there is no end in sight.
    std::optional<Line> next();

    static constexpr std::size_t passed_bytes_max = 64U << 20U;

private:
    bool pass_over();

    std::istream& in_;
    std::size_t bytes_max_;
    std::uint64_t number_ = 0;
    bool is_over_ = false;
};

}  // namespace egret::service
