#pragma once

#include "registry/base/bytes.h"

#include <cstdint>
#include <optional>
#include <string_view>

/// Strict, deterministic CBOR (RFC 8949 §4.2.1), as much of it as a fact needs: integers, byte and
/// text strings, arrays, maps with unsigned keys, true, false, null. One value has one encoding, so
/// that a hash over the bytes is a hash over the value. No floats, no tags, no indefinite lengths.
namespace egret::cbor {

/// Appends items to `out`. The caller keeps counts and the order of keys right.
class Writer {
public:
    explicit Writer(Bytes& out) noexcept : out_(out) {}

    void uint(std::uint64_t value) { head(0, value); }

    void integer(std::int64_t value);
    void bytes(ByteView value);
    void text(std::string_view value);

    void array(std::uint64_t count) { head(4, count); }

    void map(std::uint64_t count) { head(5, count); }

    void boolean(bool value) { out_.push_back(value ? 0xf5 : 0xf4); }

    void null() { out_.push_back(0xf6); }

    /// An item that is encoded already.
    void raw(ByteView item) { append(out_, item); }

private:
    void head(std::uint8_t major, std::uint64_t value);

    Bytes& out_;
};

/// Reads items one by one from memory that must outlive it. The first item that is not what was
/// asked for, or not in its one form, makes the reader fail for good: later calls return zeros and
/// empty views, so that a caller checks once, at the end, with `ok()` and `at_end()`.
class Reader {
public:
    explicit Reader(ByteView in) noexcept : in_(in) {}

    bool ok() const noexcept { return !failed_; }

    bool at_end() const noexcept { return at_ == in_.size(); }

    std::uint64_t uint();
    std::int64_t integer();
    ByteView bytes();
    /// Well-formed UTF-8.
    std::string_view text();
    bool boolean();
    std::uint64_t array();
    std::uint64_t map();

    /// The next key of a map whose last one was `previous` (none for the first): must be larger.
    std::uint64_t key(std::optional<std::uint64_t> previous);

    enum class Kind { uint, negative, bytes, text, array, map, simple, none };

    /// What the next item is; `none` at the end or after a failure.
    Kind next() const noexcept;

    /// Passes over one whole item, checking all of it, and returns its bytes.
    ByteView skip();

    void fail() noexcept { failed_ = true; }

private:
    std::uint64_t head(std::uint8_t major);
    ByteView take(std::uint64_t count);
    void pass(std::size_t depth);
    void pass_map(std::uint64_t count, std::size_t depth);

    ByteView in_;
    std::size_t at_ = 0;
    bool failed_ = false;
};

}  // namespace egret::cbor
