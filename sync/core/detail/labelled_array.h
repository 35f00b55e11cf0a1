#pragma once

#include "registry/base/bytes.h"
#include "registry/codec/cbor.h"
#include "registry/crypto/es256.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What is signed: a label, which tells one kind of message from the others, and a CBOR array.
namespace egret::sync::detail {

class ArrayWriter {
public:
    explicit ArrayWriter(Bytes& out) : to_(out) {}

    void count(std::uint64_t members) { to_.array(members); }

    void add(const std::string& text) { to_.text(text); }

    void add(std::uint64_t number) { to_.uint(number); }

    void add(ByteView bytes) { to_.bytes(bytes); }

    void add(const std::optional<crypto::Es256PublicKey>& key) {
        if (key) to_.bytes(key->to_bytes());
    }

private:
    cbor::Writer to_;
};

template <class Member>
std::uint64_t members_in(const Member&) {
    return 1;
}

inline std::uint64_t members_in(const std::optional<crypto::Es256PublicKey>& key) {
    return key ? 1 : 0;
}

/// Texts, numbers, bytes, and a key that may be absent.
template <class... Members>
Bytes labelled_array(std::string_view label, const Members&... members) {
    Bytes out = copy_of(bytes_of(label));
    ArrayWriter to(out);
    to.count((members_in(members) + ...));
    (to.add(members), ...);
    return out;
}

}  // namespace egret::sync::detail
