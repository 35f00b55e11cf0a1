#pragma once

#include "registry/base/bytes.h"
#include "registry/base/random.h"
#include "registry/base/text.h"

#include <algorithm>
#include <compare>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace egret {

/// Sixteen bytes that can't be mistaken for an id of another kind. All zero: none.
template <class Tag>
struct Id {
    Fixed<16> bytes{};

    friend auto operator<=>(const Id&, const Id&) = default;

    bool is_nil() const noexcept { return *this == Id{}; }

    ByteView view() const noexcept { return bytes; }

    /// As a UUID, "0192f0c1-…", for the ids of people, devices and users; facts are named in plain
    /// hexadecimal.
    std::string to_string() const {
        auto hex = to_hex(bytes);
        if constexpr (Tag::is_uuid) {
            for (const std::size_t at : {8U, 13U, 18U, 23U}) hex.insert(at, 1, '-');
        }
        return hex;
    }

    /// Takes both forms. Empty if it is neither.
    static std::optional<Id> parse(std::string_view text) {
        std::string hex;
        for (const char c : text) {
            if (c != '-') hex += c;
        }
        const auto raw = from_hex(hex);
        if (!raw || raw->size() != 16 || (text.size() != 32 && text.size() != 36))
            return std::nullopt;
        return from_bytes(*raw);
    }

    /// Empty unless `raw` has sixteen bytes.
    static std::optional<Id> from_bytes(ByteView raw) {
        if (raw.size() != 16) return std::nullopt;
        Id id;
        std::copy(raw.begin(), raw.end(), id.bytes.begin());
        return id;
    }
};

struct WomanTag {
    static constexpr bool is_uuid = true;
};

struct DeviceTag {
    static constexpr bool is_uuid = true;
};

struct UserTag {
    static constexpr bool is_uuid = true;
};

struct EventTag {
    static constexpr bool is_uuid = false;
};

struct BatchTag {
    static constexpr bool is_uuid = false;
};

/// A person in care (any sex: boys get HPV vaccine too), or the facility for facts without one.
using WomanId = Id<WomanTag>;
/// One machine of one clinic, new on every enrolment.
using DeviceId = Id<DeviceTag>;
using UserId = Id<UserTag>;
/// One fact, fixed at its making, the same for ever (SYNC: survives re-sequencing).
using EventUid = Id<EventTag>;
using BatchId = Id<BatchTag>;

/// A UUID of version 7: 48 bits of milliseconds, then chance. Sorted by time of making, so that
/// an index grows at its end; uniqueness never rests on the clock.
template <class Tag>
Id<Tag> make_time_ordered_id(std::int64_t ms, Random& random) {
    Id<Tag> id{random.bytes<16>()};
    for (std::size_t i = 0; i < 6; ++i)
        id.bytes[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(ms) >> (40 - 8 * i));
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0f) | 0x70);
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3f) | 0x80);
    return id;
}

template <class Tag>
Id<Tag> make_random_id(Random& random) {
    return {random.bytes<16>()};
}

}  // namespace egret

template <class Tag>
struct std::hash<egret::Id<Tag>> {
    std::size_t operator()(const egret::Id<Tag>& id) const noexcept {
        std::size_t value = 0;  // The tail: the head of a time-ordered id hardly differs.
        std::memcpy(&value, id.bytes.data() + 8, sizeof value);
        return value;
    }
};
