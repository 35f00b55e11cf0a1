#include "sync/core/feed.h"

#include "registry/base/ensure.h"
#include "registry/base/limits.h"
#include "registry/crypto/hash.h"
#include "sync/core/detail/cbor_fields.h"
#include "sync/core/detail/entry_fields.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace egret::sync {
namespace {

constexpr std::uint64_t page_version = 1;
constexpr std::uint64_t page_members = 11;

enum ItemKind : std::uint64_t {
    item_fact = 1,
    item_echo = 2,
    item_refused = 3,
    item_accepted = 4,
    item_drop = 5,
    item_file = 6,
    item_moved = 7,
    item_officer = 8,
    item_own = 9,
};

Error bad_page() { return {ErrorCode::invalid_input, "page", msg("feed.malformed")}; }

Error newer_page(std::string_view field) {
    return {ErrorCode::unsupported, std::string(field), msg("feed.unsupported")};
}

Error long_page(std::string_view field, std::size_t limit) {
    return {ErrorCode::too_large, std::string(field),
            msg("feed.too_large", {{"limit", std::to_string(limit)}})};
}

void write_judgement(cbor::Writer& to, const Judgement& judgement) {
    to.integer(judgement.offset_ms);
    to.uint(judgement.ceiling.value);
}

Judgement read_judgement(cbor::Reader& from) {
    Judgement judgement;
    judgement.offset_ms = from.integer();
    judgement.ceiling.value = from.uint();
    return judgement;
}

struct WriteItem {
    cbor::Writer& to;

    void operator()(const FeedFact& fact) const {
        to.array((fact.content ? 8U : 6U) + (fact.officer ? 1U : 0U));
        to.uint(fact.officer ? item_officer : item_fact);
        to.uint(fact.device);
        to.uint(fact.seq);
        if (fact.content) {
            detail::write_content(to, fact.header, *fact.content);
        } else {
            to.bytes(fact.header);
        }
        write_judgement(to, fact.judgement);
        if (fact.officer) to.bytes(*fact.officer);
    }

    void operator()(const FeedOwnFact& fact) const {
        to.array(6);
        to.uint(item_own);
        to.uint(fact.device);
        to.uint(fact.seq);
        to.bytes(fact.header_hash);
        write_judgement(to, fact.judgement);
    }

    void operator()(const FeedEcho& echo) const {
        to.array(7);
        to.uint(item_echo);
        to.uint(echo.device);
        to.uint(echo.first_seq);
        to.uint(echo.last_seq);
        write_judgement(to, echo.judgement);
        to.bytes(echo.order_device.bytes);
    }

    void operator()(const FeedRefused& refused) const {
        to.array(3);
        to.uint(item_refused);
        to.bytes(refused.uid.bytes);
        to.text(refused.reason);
    }

    void operator()(const FeedAccepted& accepted) const {
        to.array(2);
        to.uint(item_accepted);
        to.bytes(accepted.uid.bytes);
    }

    void operator()(const FeedDrop& drop) const {
        to.array(2);
        to.uint(item_drop);
        to.bytes(drop.woman.bytes);
    }

    void operator()(const FeedFile& file) const {
        to.array(5);
        to.uint(item_file);
        to.text(file.kind);
        to.text(file.name);
        to.text(file.version);
        to.bytes(file.frame);
    }

    void operator()(const FeedMoved& moved) const {
        to.array(3);
        to.uint(item_moved);
        to.uint(moved.device);
        to.text(moved.clinic);
    }
};

/// Reads an item whose array head and kind are read already.
class ItemReader {
public:
    ItemReader(cbor::Reader& from, std::uint64_t members, std::size_t devices)
        : from_(from), members_(members), devices_(devices) {}

    FeedItem read(std::uint64_t kind) {
        switch (kind) {
            case item_fact:
            case item_officer: return fact(kind == item_officer);
            case item_own: return own_fact();
            case item_echo: return echo();
            case item_refused: return refused();
            case item_accepted: return expect(2), FeedAccepted{detail::read_id<EventUid>(from_)};
            case item_drop: return expect(2), FeedDrop{detail::read_id<WomanId>(from_)};
            case item_file: return file();
            default: return moved();
        }
    }

private:
    void expect(std::uint64_t members) {
        if (members_ != members) from_.fail();
    }

    std::uint32_t device() {
        const auto index = from_.uint();
        if (index >= devices_) from_.fail();
        return from_.ok() ? static_cast<std::uint32_t>(index) : 0;
    }

    std::uint64_t seq() { return detail::read_number(from_, 1); }

    FeedItem fact(bool is_officers) {
        const auto members = members_ - (is_officers ? 1 : 0);
        if (members != 8 && members != 6) from_.fail();
        FeedFact fact;
        fact.device = device();
        fact.seq = seq();
        if (members == 8) {
            detail::read_content(from_, fact.header, fact.content.emplace());
        } else {
            fact.header = detail::read_bare_header(from_);
        }
        fact.judgement = read_judgement(from_);
        if (is_officers) fact.officer = detail::read_fixed<64>(from_);
        return fact;
    }

    FeedItem own_fact() {
        expect(6);
        FeedOwnFact fact;
        fact.device = device();
        fact.seq = seq();
        fact.header_hash = detail::read_fixed<32>(from_);
        fact.judgement = read_judgement(from_);
        return fact;
    }

    FeedItem echo() {
        expect(7);
        FeedEcho echo;
        echo.device = device();
        echo.first_seq = seq();
        echo.last_seq = detail::read_number(from_, echo.first_seq);
        echo.judgement = read_judgement(from_);
        echo.order_device = detail::read_id<DeviceId>(from_);
        return echo;
    }

    FeedItem refused() {
        expect(3);
        FeedRefused refused;
        refused.uid = detail::read_id<EventUid>(from_);
        refused.reason = detail::read_text(from_);
        return refused;
    }

    FeedItem file() {
        expect(5);
        FeedFile file;
        file.kind = detail::read_text(from_);
        file.name = detail::read_text(from_, limits::name_bytes_max);
        file.version = detail::read_text(from_);
        file.frame = copy_of(detail::read_bounded(from_, 1, limits::feed_file_bytes_max));
        return file;
    }

    FeedItem moved() {
        expect(3);
        FeedMoved moved;
        moved.device = device();
        moved.clinic = detail::read_text(from_);
        return moved;
    }

    cbor::Reader& from_;
    std::uint64_t members_;
    std::size_t devices_;
};

/// Writes the stable form of an item whose device, if it has one, is `device`.
class WriteStable {
public:
    WriteStable(cbor::Writer& to, const DeviceId& device) : to_(to), device_(device) {}

    void operator()(const FeedFact& fact) const {
        event(fact.officer ? item_officer : item_fact, fact.seq, crypto::sha256(fact.header),
              fact.judgement);
    }

    void operator()(const FeedOwnFact& fact) const { known(item_fact, fact); }

    /// A fact, or one of an officer, of which only this is known.
    void known(ItemKind kind, const FeedOwnFact& fact) const {
        event(kind, fact.seq, fact.header_hash, fact.judgement);
    }

    void operator()(const FeedEcho& echo) const {
        to_.array(7);
        to_.uint(item_echo);
        to_.bytes(device_.bytes);
        to_.uint(echo.first_seq);
        to_.uint(echo.last_seq);
        write_judgement(to_, echo.judgement);
        to_.bytes(echo.order_device.bytes);
    }

    void operator()(const FeedFile& file) const {
        to_.array(5);
        to_.uint(item_file);
        to_.text(file.kind);
        to_.text(file.name);
        to_.text(file.version);
        to_.bytes(crypto::sha256(file.frame));
    }

    void operator()(const FeedMoved& moved) const {
        to_.array(3);
        to_.uint(item_moved);
        to_.bytes(device_.bytes);
        to_.text(moved.clinic);
    }

    template <class Plain>
    void operator()(const Plain& item) const {
        WriteItem{to_}(item);
    }

private:
    void event(ItemKind kind, std::uint64_t seq, const Hash& header_hash,
               const Judgement& judgement) const {
        to_.array(6);
        to_.uint(kind);
        to_.bytes(device_.bytes);
        to_.uint(seq);
        to_.bytes(header_hash);
        write_judgement(to_, judgement);
    }

    cbor::Writer& to_;
    const DeviceId& device_;
};

/// The index of its device, if it has one.
std::optional<std::uint32_t> device_index(const FeedItem& item) {
    return std::visit(
        [](const auto& some) -> std::optional<std::uint32_t> {
            if constexpr (requires { some.device; }) return some.device;
            return std::nullopt;
        },
        item);
}

FeedPage read_page_front(cbor::Reader& from) {
    FeedPage page;
    page.scope = detail::read_number(from);
    page.prev_hash = detail::read_fixed<32>(from);
    page.first_pos = detail::read_number(from, 1);
    page.last_hash = detail::read_fixed<32>(from);
    page.head_pos = detail::read_number(from);
    page.kind = static_cast<FeedPageKind>(detail::read_number(from, 0, 1));
    page.asked = copy_of(detail::read_bounded(from, 0, limits::feed_next_bytes_max));
    page.next = copy_of(detail::read_bounded(from, 0, limits::feed_next_bytes_max));
    return page;
}

void read_page_devices(cbor::Reader& from, FeedPage& page, std::uint64_t count) {
    std::set<DeviceId> seen;
    for (std::uint64_t i = 0; i < count && from.ok(); ++i) {
        if (from.array() != 2) from.fail();
        auto& device = page.devices.emplace_back();
        device.id = detail::read_id<DeviceId>(from);
        device.clinic = detail::read_text(from);
        if (!seen.insert(device.id).second) from.fail();
    }
}

/// Errors: unsupported; what else is wrong, `from` has failed.
Result<Done> read_page_items(cbor::Reader& from, FeedPage& page, std::uint64_t count) {
    page.items.reserve(static_cast<std::size_t>(count));
    for (std::uint64_t i = 0; i < count && from.ok(); ++i) {
        const auto members = from.array();
        const auto kind = from.uint();
        if (from.ok() && (kind < item_fact || kind > item_own)) return newer_page("item");
        auto item = ItemReader(from, members, page.devices.size()).read(kind);
        if (from.ok()) page.items.push_back(std::move(item));
    }
    return Done{};
}

Hash hash_stable(const Hash& before, ByteView stable) {
    crypto::Sha256 hash;
    hash.update(bytes_of("cr-feed-v1")).update(before).update(stable);
    return hash.finish();
}

/// Whether positions and hashes fit each other and what is there.
bool is_coherent(const FeedPage& page) {
    if (page.first_pos == 1 && page.prev_hash != feed_start) return false;
    if (page.kind == FeedPageKind::feed) {
        const auto last_pos = page.first_pos - 1 + page.items.size();
        return page.asked.empty() && page.next.empty() && last_pos <= page.head_pos &&
               hash_items(page) == page.last_hash;
    }
    const auto is_of_facts = [](const FeedItem& item) {
        return std::holds_alternative<FeedFact>(item) ||
               std::holds_alternative<FeedOwnFact>(item) ||
               std::holds_alternative<FeedRefused>(item) ||
               std::holds_alternative<FeedAccepted>(item);
    };
    const bool goes_on = page.next.empty() || page.next != page.asked;
    return goes_on && page.last_hash == page.prev_hash && page.first_pos - 1 <= page.head_pos &&
           std::all_of(page.items.begin(), page.items.end(), is_of_facts);
}

}  // namespace

FeedCursor FeedPage::end() const {
    if (kind == FeedPageKind::snapshot) return {scope, first_pos - 1, prev_hash};
    return {scope, first_pos - 1 + items.size(), last_hash};
}

Hash hash_item(const Hash& before, const FeedItem& item, const DeviceId& device) {
    Bytes stable;
    cbor::Writer to(stable);
    std::visit(WriteStable(to, device), item);
    return hash_stable(before, stable);
}

Hash hash_officers_fact(const Hash& before, const FeedOwnFact& fact, const DeviceId& device) {
    Bytes stable;
    cbor::Writer to(stable);
    WriteStable(to, device).known(item_officer, fact);
    return hash_stable(before, stable);
}

Hash hash_item(const Hash& before, const FeedItem& item, const FeedPage& page) {
    const auto index = device_index(item);
    return hash_item(before, item, index ? page.devices.at(*index).id : DeviceId{});
}

Hash hash_items(const FeedPage& page) {
    auto hash = page.prev_hash;
    for (const auto& item : page.items) hash = hash_item(hash, item, page);
    return hash;
}

std::size_t page_bytes_of(const FeedItem& item) {
    constexpr std::size_t fixed_part = 160;  // Heads, numbers, ids, a salt, a hash, a signature.
    std::size_t size = fixed_part;
    if (const auto* fact = std::get_if<FeedFact>(&item))
        size += fact->header.size() + (fact->content ? fact->content->payload.size() : 0);
    if (const auto* refused = std::get_if<FeedRefused>(&item)) size += refused->reason.size();
    if (const auto* moved = std::get_if<FeedMoved>(&item)) size += moved->clinic.size();
    if (const auto* file = std::get_if<FeedFile>(&item))
        size += file->kind.size() + file->name.size() + file->version.size() + file->frame.size();
    return size;
}

Bytes encode_page(const FeedPage& page) {
    EGRET_ENSURE(page.items.size() <= limits::feed_items_max && page.first_pos > 0);
    EGRET_ENSURE(page.devices.size() <= limits::feed_devices_max);
    Bytes out;
    cbor::Writer to(out);
    to.array(page_members);
    to.uint(page_version);
    to.uint(page.scope);
    to.bytes(page.prev_hash);
    to.uint(page.first_pos);
    to.bytes(page.last_hash);
    to.uint(page.head_pos);
    to.uint(static_cast<std::uint64_t>(page.kind));
    to.bytes(page.asked);
    to.bytes(page.next);
    to.array(page.devices.size());
    for (const auto& device : page.devices) {
        to.array(2);
        to.bytes(device.id.bytes);
        to.text(device.clinic);
    }
    to.array(page.items.size());
    for (const auto& item : page.items) std::visit(WriteItem{to}, item);
    return out;
}

Result<FeedPage> decode_page(ByteView plaintext) {
    cbor::Reader from(plaintext);
    const auto members = from.array();
    const auto version = from.uint();
    if (from.ok() && version != page_version) return newer_page("version");
    if (members != page_members) from.fail();
    auto page = read_page_front(from);
    const auto devices = from.array();
    if (devices > limits::feed_devices_max) return long_page("devices", limits::feed_devices_max);
    read_page_devices(from, page, devices);
    const auto items = from.array();
    if (items > limits::feed_items_max) return long_page("items", limits::feed_items_max);
    auto read = read_page_items(from, page, items);
    if (!read) return std::move(read).error();
    if (!from.ok() || !from.at_end() || !is_coherent(page)) return bad_page();
    return page;
}

}  // namespace egret::sync
