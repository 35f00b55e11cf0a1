#include "registry/codec/cbor.h"

#include "registry/base/limits.h"
#include "registry/base/text.h"

namespace egret::cbor {

void Writer::head(std::uint8_t major, std::uint64_t value) {
    const auto first = static_cast<std::uint8_t>(major << 5);
    const auto big_endian = [&](std::uint8_t code, int byte_count) {
        out_.push_back(static_cast<std::uint8_t>(first | code));
        for (int i = byte_count - 1; i >= 0; --i)
            out_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    };
    if (value < 24) {
        out_.push_back(static_cast<std::uint8_t>(first | value));
    } else if (value <= 0xff) {
        big_endian(24, 1);
    } else if (value <= 0xffff) {
        big_endian(25, 2);
    } else if (value <= 0xffff'ffff) {
        big_endian(26, 4);
    } else {
        big_endian(27, 8);
    }
}

void Writer::integer(std::int64_t value) {
    if (value >= 0) {
        head(0, static_cast<std::uint64_t>(value));
    } else {
        head(1, static_cast<std::uint64_t>(-(value + 1)));
    }
}

void Writer::bytes(ByteView value) {
    head(2, value.size());
    append(out_, value);
}

void Writer::text(std::string_view value) {
    head(3, value.size());
    append(out_, bytes_of(value));
}

Reader::Kind Reader::next() const noexcept {
    if (failed_ || at_ >= in_.size()) return Kind::none;
    switch (in_[at_] >> 5) {
        case 0: return Kind::uint;
        case 1: return Kind::negative;
        case 2: return Kind::bytes;
        case 3: return Kind::text;
        case 4: return Kind::array;
        case 5: return Kind::map;
        case 7: return Kind::simple;
        default: return Kind::none;
    }
}

std::uint64_t Reader::head(std::uint8_t major) {
    if (failed_ || at_ >= in_.size() || in_[at_] >> 5 != major) {
        fail();
        return 0;
    }
    const auto info = static_cast<std::uint8_t>(in_[at_++] & 31);
    if (info < 24) return info;
    if (info > 27) {
        fail();
        return 0;
    }
    const std::size_t byte_count = std::size_t{1} << (info - 24);
    std::uint64_t value = 0;
    for (const auto byte : take(byte_count)) value = (value << 8) | byte;
    // A value that fits a shorter form must stand in it.
    const std::uint64_t least = info == 24 ? 24 : std::uint64_t{1} << (4 * byte_count);
    if (value < least) fail();
    return failed_ ? 0 : value;
}

ByteView Reader::take(std::uint64_t count) {
    if (failed_ || count > in_.size() - at_) {
        fail();
        return {};
    }
    const auto view = in_.subspan(at_, static_cast<std::size_t>(count));
    at_ += static_cast<std::size_t>(count);
    return view;
}

std::uint64_t Reader::uint() { return head(0); }

std::int64_t Reader::integer() {
    const bool is_negative = next() == Kind::negative;
    const auto value = head(is_negative ? 1 : 0);
    if (value > static_cast<std::uint64_t>(INT64_MAX)) {
        fail();
        return 0;
    }
    const auto magnitude = static_cast<std::int64_t>(value);
    return is_negative ? -magnitude - 1 : magnitude;
}

ByteView Reader::bytes() { return take(head(2)); }

std::string_view Reader::text() {
    const auto text = text_of(take(head(3)));
    if (is_utf8(text)) return text;
    fail();
    return {};
}

bool Reader::boolean() {
    const auto value = head(7);
    if (value != 20 && value != 21) fail();
    return !failed_ && value == 21;
}

std::uint64_t Reader::array() {
    const auto count = head(4);
    if (count > in_.size() - at_) fail();  // An item has at least one byte.
    return failed_ ? 0 : count;
}

std::uint64_t Reader::map() {
    const auto count = head(5);
    if (count > (in_.size() - at_) / 2) fail();
    return failed_ ? 0 : count;
}

std::uint64_t Reader::key(std::optional<std::uint64_t> previous) {
    const auto key = uint();
    if (previous && key <= *previous) fail();
    return key;
}

ByteView Reader::skip() {
    const auto start = at_;
    pass(0);
    return failed_ ? ByteView{} : in_.subspan(start, at_ - start);
}

void Reader::pass(std::size_t depth) {
    if (depth > limits::nesting_max) fail();
    if (failed_) return;
    switch (next()) {
        case Kind::uint: uint(); break;
        case Kind::negative: integer(); break;
        case Kind::bytes: bytes(); break;
        case Kind::text: text(); break;
        case Kind::array: {
            const auto count = array();
            for (std::uint64_t i = 0; i < count && !failed_; ++i) pass(depth + 1);
            break;
        }
        case Kind::map: pass_map(map(), depth); break;
        case Kind::simple: {
            const auto value = head(7);
            if (value < 20 || value > 22) fail();
            break;
        }
        case Kind::none: fail(); break;
    }
}

void Reader::pass_map(std::uint64_t count, std::size_t depth) {
    std::optional<std::uint64_t> previous;
    for (std::uint64_t i = 0; i < count && !failed_; ++i) {
        previous = key(previous);
        pass(depth + 1);
    }
}

}  // namespace egret::cbor
