#pragma once

#include "registry/base/bytes.h"
#include "registry/base/ids.h"
#include "registry/codec/cbor.h"
#include "registry/codec/event_codec.h"
#include "sync/core/wire_limits.h"

#include <algorithm>
#include <cstdint>
#include <string>

/// Members that several messages have. Each makes the reader fail if the member isn't one.
namespace egret::sync::detail {

template <std::size_t N>
Fixed<N> read_fixed(cbor::Reader& from) {
    Fixed<N> out{};
    const auto bytes = from.bytes();
    if (bytes.size() != N) {
        from.fail();
        return out;
    }
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

template <class Id>
Id read_id(cbor::Reader& from) {
    return Id{read_fixed<16>(from)};
}

/// A byte string of `least` to `most` bytes.
inline ByteView read_bounded(cbor::Reader& from, std::size_t least, std::size_t most) {
    const auto bytes = from.bytes();
    if (bytes.size() < least || bytes.size() > most) from.fail();
    return from.ok() ? bytes : ByteView{};
}

/// Of at most `most` bytes.
inline std::string read_text(cbor::Reader& from, std::size_t most = limits::wire_word_bytes_max) {
    const auto text = from.text();
    if (text.size() > most) from.fail();
    return from.ok() ? std::string(text) : std::string();
}

/// `least` to `most`.
inline std::uint64_t read_number(cbor::Reader& from, std::uint64_t least = 0,
                                 std::uint64_t most = limits::wire_number_max) {
    const auto number = from.uint();
    if (number < least || number > most) from.fail();
    return from.ok() ? number : 0;
}

}  // namespace egret::sync::detail
