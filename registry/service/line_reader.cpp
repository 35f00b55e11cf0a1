#include "registry/service/line_reader.h"

#include <streambuf>

namespace egret::service {
namespace {

using Traits = std::char_traits<char>;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_end(Traits::int_type byte) { return Traits::eq_int_type(byte, Traits::eof()); }

}  // namespace

std::optional<Line> LineReader::next() {
    if (is_over_ || !in_) return std::nullopt;
    auto* bytes = in_.rdbuf();
    Line line;
    line.number = ++number_;
    for (auto byte = bytes->sbumpc();; byte = bytes->sbumpc()) {
        if (is_end(byte)) {
            is_over_ = true;
            if (line.text.empty()) return std::nullopt;
            break;
        }
        if (Traits::to_char_type(byte) == '\n') break;
        line.text += Traits::to_char_type(byte);
        if (number_ == 1 && line.text == byte_order_mark) line.text.clear();
        if (line.text.size() > bytes_max_) {
            line.is_too_long = true;
            is_over_ = !pass_over();
            break;
        }
    }
    return line;
}

bool LineReader::pass_over() {
    auto* bytes = in_.rdbuf();
    for (std::size_t passed = 0; passed < passed_bytes_max; ++passed) {
        const auto byte = bytes->sbumpc();
        if (is_end(byte)) return false;
        if (Traits::to_char_type(byte) == '\n') return true;
    }
    return false;
}

}  // namespace egret::service
