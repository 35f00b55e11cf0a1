#include "registry/audit/entry.h"

#include "registry/codec/cbor.h"

#include <algorithm>

namespace egret::audit {
namespace {

// [version, number, at, day, user, role, purpose, action, shown, [searched by], women, [ids],
//  [events], [users]]: tests/wire/audit.txt holds the bytes of one.
constexpr std::uint64_t entry_version = 1;
constexpr std::uint64_t entry_items = 14;
constexpr std::size_t code_bytes_max = 32;
constexpr std::int64_t days_max = 2'900'000;  // Up to the year 9909.
constexpr std::int64_t ms_of_day = 86'400'000;

void write_codes(cbor::Writer& to, const std::vector<std::string>& codes) {
    to.array(codes.size());
    for (const auto& code : codes) to.text(code);
}

template <class Tag>
void write_ids(cbor::Writer& to, const std::vector<Id<Tag>>& ids) {
    to.array(ids.size());
    for (const auto& id : ids) to.bytes(id.bytes);
}

template <class Tag>
Id<Tag> read_id(cbor::Reader& from) {
    const auto id = Id<Tag>::from_bytes(from.bytes());
    if (!id) from.fail();
    return id.value_or(Id<Tag>{});
}

template <class Tag>
std::vector<Id<Tag>> read_ids(cbor::Reader& from) {
    std::vector<Id<Tag>> ids;
    const auto count = from.array();
    for (std::uint64_t i = 0; i < count && from.ok(); ++i) ids.push_back(read_id<Tag>(from));
    return ids;
}

/// Words of a program: what is printed of them steers no terminal.
std::string read_code(cbor::Reader& from) {
    const auto code = from.text();
    const bool is_code =
        code.size() <= code_bytes_max && std::all_of(code.begin(), code.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        });
    if (!is_code) from.fail();
    return std::string(is_code ? code : std::string_view());
}

/// Any moment that a clock may show, and people can read.
std::int64_t read_within(cbor::Reader& from, std::int64_t bound) {
    const auto value = from.integer();
    if (value < -bound || value > bound) from.fail();
    return from.ok() ? value : 0;
}

}  // namespace

Bytes encode(const Entry& entry) {
    Bytes out;
    out.reserve(128 + 17 * (entry.women.size() + entry.events.size()));
    cbor::Writer to(out);
    to.array(entry_items);
    to.uint(entry_version);
    to.uint(entry.number);
    to.integer(unix_ms(entry.at));
    to.integer(entry.day.days());
    to.bytes(entry.user.bytes);
    to.text(entry.role);
    to.text(entry.purpose);
    to.text(entry.action);
    to.text(entry.shown);
    write_codes(to, entry.searched_by);
    to.uint(entry.women_count);
    write_ids(to, entry.women);
    write_ids(to, entry.events);
    write_ids(to, entry.users);
    return out;
}

Result<Entry> decode(ByteView bytes) {
    cbor::Reader from(bytes);
    Entry entry;
    if (from.array() != entry_items || from.uint() != entry_version) from.fail();
    entry.number = from.uint();
    entry.at = instant_from_unix_ms(read_within(from, days_max * ms_of_day));
    entry.day = Date::from_days(static_cast<std::int32_t>(read_within(from, days_max)));
    entry.user = read_id<UserTag>(from);
    entry.role = read_code(from);
    entry.purpose = read_code(from);
    entry.action = read_code(from);
    entry.shown = read_code(from);
    const auto kinds = from.array();
    for (std::uint64_t i = 0; i < kinds && from.ok(); ++i)
        entry.searched_by.push_back(read_code(from));
    entry.women_count = from.uint();
    entry.women = read_ids<WomanTag>(from);
    entry.events = read_ids<EventTag>(from);
    entry.users = read_ids<UserTag>(from);
    if (!from.ok() || !from.at_end())
        return Error{ErrorCode::invalid_input, "entry", msg("audit.bad_entry")};
    return entry;
}

}  // namespace egret::audit
