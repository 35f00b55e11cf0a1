#include "registry/codec/fact_codec.h"

#include "registry/base/limits.h"
#include "registry/codec/cbor.h"
#include "registry/codec/fact_fields.h"

#include <type_traits>

namespace egret::codec {
namespace {

// ---- writing ------------------------------------------------------------------------------------

void write(cbor::Writer& to, const std::string& value) { to.text(value); }

void write(cbor::Writer& to, bool value) { to.boolean(value); }

void write(cbor::Writer& to, std::int64_t value) { to.integer(value); }

void write(cbor::Writer& to, Date value) { to.integer(value.days()); }

void write(cbor::Writer& to, const PartialDate& value) {
    if (value.is_exact()) {
        to.integer(value.earliest().days());
    } else {
        to.text(value.to_string());
    }
}

template <Code E>
void write(cbor::Writer& to, E value) {
    to.text(to_string(value));
}

template <class Tag>
void write(cbor::Writer& to, const Id<Tag>& value) {
    to.bytes(value.bytes);
}

void write(cbor::Writer& to, const Fact& value);

template <Described T>
void write(cbor::Writer& to, const T& value);

template <class T>
void write(cbor::Writer& to, const std::optional<T>& value) {
    write(to, *value);
}

template <class T>
void write(cbor::Writer& to, const std::vector<T>& value) {
    to.array(value.size());
    for (const auto& item : value) write(to, item);
}

/// Writes a map's members in the order of their keys, with the unknown ones in their places.
class MapWriter {
public:
    MapWriter(cbor::Writer& to, const Extras& extras) : to_(to), extras_(extras) {}

    template <Described T>
    static std::uint64_t count(const T& value) {
        std::uint64_t present = 0;
        for_each_field<T>(
            [&](const auto& f) { present += is_present(value.*(f.member)) ? 1U : 0U; });
        return present;
    }

    void begin(std::uint64_t known) {
        to_.map(known + extras_.numbered.size() + (extras_.named.empty() ? 0U : 1U));
        if (extras_.named.empty()) return;
        to_.uint(0);
        to_.text(extras_.named);
    }

    template <Described T>
    void members(const T& value) {
        for_each_field<T>([&](const auto& f) {
            if (!is_present(value.*(f.member))) return;
            unknown_below(f.key);
            to_.uint(f.key);
            write(to_, value.*(f.member));
        });
    }

    void end() { unknown_below(UINT64_MAX); }

private:
    void unknown_below(std::uint64_t key) {
        for (; next_ < extras_.numbered.size() && extras_.numbered[next_].first < key; ++next_) {
            to_.uint(extras_.numbered[next_].first);
            to_.raw(extras_.numbered[next_].second);
        }
    }

    cbor::Writer& to_;
    const Extras& extras_;
    std::size_t next_ = 0;
};

template <Described T>
void write(cbor::Writer& to, const T& value) {
    MapWriter map(to, value.extras);
    map.begin(MapWriter::count(value));
    map.members(value);
    map.end();
}

void write_payload(cbor::Writer& to, const Fact& fact) {
    std::visit(
        [&](const auto& detail) {
            using T = std::decay_t<decltype(detail)>;
            if constexpr (std::is_same_v<T, NewerFact>) {
                to.raw(detail.payload);
            } else {
                const auto& own = DetailFields<T>::of(detail);
                MapWriter map(to, fact.extras);
                map.begin(MapWriter::count(fact.at) + MapWriter::count(own));
                map.members(fact.at);
                map.members(own);
                map.end();
            }
        },
        fact.detail);
}

std::uint16_t version_of(const Fact& fact) {
    const auto* newer = std::get_if<NewerFact>(&fact.detail);
    return newer ? newer->type_version : fact_type_version;
}

/// A fact inside another stands as [type, version, payload].
void write(cbor::Writer& to, const Fact& value) {
    to.array(3);
    to.uint(type_number(value));
    to.uint(version_of(value));
    write_payload(to, value);
}

// ---- reading ------------------------------------------------------------------------------------

void read(cbor::Reader& from, std::string& value) {
    value = from.text();
    if (value.empty() || value.size() > limits::text_bytes_max) from.fail();
}

void read(cbor::Reader& from, bool& value) { value = from.boolean(); }

void read(cbor::Reader& from, std::int64_t& value) { value = from.integer(); }

void read(cbor::Reader& from, Date& value) {
    static const auto least = Date::from_ymd(limits::year_min, 1, 1).days();
    static const auto most = Date::from_ymd(limits::year_max, 12, 31).days();
    const auto days = from.integer();
    if (days < least || days > most) {
        from.fail();
    } else {
        value = Date::from_days(static_cast<std::int32_t>(days));
    }
}

void read(cbor::Reader& from, PartialDate& value) {
    if (from.next() != cbor::Reader::Kind::text) {
        Date exact;
        read(from, exact);
        value = exact;
        return;
    }
    const auto parsed = PartialDate::parse(from.text());
    if (!parsed || parsed->is_exact()) {
        from.fail();
    } else {
        value = *parsed;
    }
}

template <Code E>
void read(cbor::Reader& from, E& value) {
    const auto code = find_code<E>(from.text());
    if (code) {
        value = *code;
    } else {
        from.fail();
    }
}

template <class Tag>
void read(cbor::Reader& from, Id<Tag>& value) {
    const auto id = Id<Tag>::from_bytes(from.bytes());
    if (id && !id->is_nil()) {
        value = *id;
    } else {
        from.fail();
    }
}

void read(cbor::Reader& from, Fact& value);

template <Described T>
void read(cbor::Reader& from, T& value);

template <class T>
void read(cbor::Reader& from, std::optional<T>& value) {
    read(from, value.emplace());
}

template <class T>
void read(cbor::Reader& from, std::vector<T>& value) {
    const auto count = from.array();
    if (count == 0 || count > limits::list_items_max) from.fail();
    for (std::uint64_t i = 0; i < count && from.ok(); ++i) read(from, value.emplace_back());
}

/// Reads the member that `key` stands for in T, if T has it; says in `*where` which failed.
template <Described T>
bool read_member(cbor::Reader& from, std::uint64_t key, T& value, std::string_view& where) {
    bool is_known = false;
    for_each_field<T>([&](const auto& f) {
        if (f.key != key) return;
        is_known = true;
        read(from, value.*(f.member));
        if (!from.ok()) where = f.name;
    });
    return is_known;
}

void read_unknown(cbor::Reader& from, std::uint64_t key, Extras& extras) {
    if (key != 0) {
        extras.numbered.emplace_back(key, copy_of(from.skip()));
        return;
    }
    extras.named = from.text();
    if (extras.named.empty() || extras.named.size() > limits::payload_bytes_max) from.fail();
}

template <Described T>
void read(cbor::Reader& from, T& value) {
    const auto count = from.map();
    std::optional<std::uint64_t> key;
    std::string_view where;
    for (std::uint64_t i = 0; i < count && from.ok(); ++i) {
        key = from.key(key);
        if (!read_member(from, *key, value, where)) read_unknown(from, *key, value.extras);
    }
}

template <class T>
void read_members(cbor::Reader& from, Fact& fact, std::string_view& where) {
    auto& own = DetailFields<T>::of(fact.detail.emplace<T>());
    const auto count = from.map();
    std::optional<std::uint64_t> key;
    for (std::uint64_t i = 0; i < count && from.ok(); ++i) {
        key = from.key(key);
        if (read_member(from, *key, fact.at, where) || read_member(from, *key, own, where))
            continue;
        read_unknown(from, *key, fact.extras);
    }
}

/// The alternative of Detail with that number; false if we know none.
template <std::size_t I = 0>
bool read_detail(cbor::Reader& from, std::uint16_t type, Fact& fact, std::string_view& where) {
    if constexpr (I + 1 < std::variant_size_v<Detail>) {
        using T = std::variant_alternative_t<I, Detail>;
        if (T::type != type) return read_detail<I + 1>(from, type, fact, where);
        read_members<T>(from, fact, where);
        return true;
    } else {
        return false;
    }
}

void read_fact(cbor::Reader& from, std::uint16_t type, std::uint16_t version, Fact& fact,
               std::string_view& where) {
    if (version <= fact_type_version && read_detail(from, type, fact, where)) return;
    fact.detail = NewerFact{type, version, copy_of(from.skip())};
}

std::uint16_t read_uint16(cbor::Reader& from) {
    const auto value = from.uint();
    if (value > UINT16_MAX) from.fail();
    return static_cast<std::uint16_t>(value);
}

void read(cbor::Reader& from, Fact& value) {
    if (from.array() != 3) from.fail();
    const auto type = read_uint16(from);
    const auto version = read_uint16(from);
    // A correction of a correction names the first fact: no nesting without end.
    if (type == Correct::type) from.fail();
    std::string_view where;
    if (from.ok()) read_fact(from, type, version, value, where);
}

}  // namespace

Bytes encode_payload(const Fact& fact) {
    Bytes out;
    cbor::Writer to(out);
    write_payload(to, fact);
    return out;
}

Result<Fact> decode_payload(std::uint16_t type, std::uint16_t version, ByteView payload) {
    cbor::Reader from(payload);
    Fact fact;
    std::string_view where;
    if (payload.size() > limits::payload_bytes_max)
        return Error{ErrorCode::too_large, "", msg("fact.too_large")};
    read_fact(from, type, version, fact, where);
    if (!from.ok() || !from.at_end())
        return Error{ErrorCode::invalid_input, std::string(where), msg("fact.unreadable")};
    return fact;
}

}  // namespace egret::codec
