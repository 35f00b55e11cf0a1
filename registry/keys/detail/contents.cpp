#include "registry/keys/detail/contents.h"

#include "registry/base/limits.h"
#include "registry/codec/cbor.h"
#include "registry/crypto/hash.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace egret::keys::detail {
namespace {

constexpr std::uint64_t format = 1;

// The keys of the maps. They stand in files for ever.
enum FileKey : std::uint64_t { at_format, at_body, at_seal, at_tries, at_sum };
enum BodyKey : std::uint64_t {
    at_registry,
    at_key_check,
    at_device,
    at_users,
    at_recovery,
    at_programme,
    at_audit_head,
    at_former,
    at_machine
};

// What the last item takes, with its key: the sum is over all that is before it.
constexpr std::size_t sum_item_bytes = 1 + 2 + 32;

// Of scrypt: nothing that a key file of ours was ever written with comes near these.
constexpr std::uint64_t cost_n_max = 1U << 20;
constexpr std::uint64_t cost_r_max = 32;
constexpr std::uint64_t cost_p_max = 16;
constexpr std::uint64_t cost_bytes_max = 256ULL * 1024 * 1024;
constexpr std::size_t path_bytes_max = 4096;
constexpr std::size_t binding_bytes_max = 2048;
constexpr std::size_t wrapping_items = 6;
constexpr std::size_t user_items = 2;
// A code has 140 bits, which nobody searches: the cost is that of a moment.
constexpr crypto::ScryptCost recovery_cost{1024, 8, 1};

Error damaged() { return {ErrorCode::unsupported, "", msg("keys.damaged")}; }

Error newer() { return {ErrorCode::unsupported, "", msg("keys.newer")}; }

template <std::size_t N>
Fixed<N> read_fixed(cbor::Reader& from) {
    Fixed<N> fixed{};
    const auto bytes = from.bytes();
    if (bytes.size() == N)
        std::copy(bytes.begin(), bytes.end(), fixed.begin());
    else
        from.fail();
    return fixed;
}

template <class IdType>
IdType read_id(cbor::Reader& from) {
    return IdType{read_fixed<16>(from)};
}

bool is_possible(const crypto::ScryptCost& cost) {
    return cost.n >= 2 && cost.n <= cost_n_max && std::has_single_bit(cost.n) && cost.r >= 1 &&
           cost.r <= cost_r_max && cost.p >= 1 && cost.p <= cost_p_max &&
           128 * cost.n * cost.r <= cost_bytes_max;
}

void write_cost(cbor::Writer& to, const crypto::ScryptCost& cost) {
    to.uint(cost.n);
    to.uint(cost.r);
    to.uint(cost.p);
}

crypto::ScryptCost read_cost(cbor::Reader& from) {
    const auto n = from.uint();
    const auto r = from.uint();
    const auto p = from.uint();
    if (r > cost_r_max || p > cost_p_max) from.fail();
    const crypto::ScryptCost cost{n, static_cast<std::uint32_t>(r), static_cast<std::uint32_t>(p)};
    if (!is_possible(cost)) from.fail();
    return cost;
}

/// Six items of an array that the caller began.
void write_wrapping(cbor::Writer& to, const Wrapping& wrapping) {
    to.bytes(wrapping.salt);
    write_cost(to, wrapping.cost);
    to.bytes(wrapping.nonce);
    to.bytes(wrapping.sealed);
}

Wrapping read_wrapping(cbor::Reader& from) {
    Wrapping wrapping;
    wrapping.salt = read_fixed<16>(from);
    wrapping.cost = read_cost(from);
    wrapping.nonce = read_fixed<12>(from);
    wrapping.sealed = read_fixed<48>(from);
    return wrapping;
}

void write_device(cbor::Writer& to, const DeviceBinding& device) {
    switch (device.kind) {
        case DeviceKind::none: to.array(1); break;
        case DeviceKind::key_file:
        case DeviceKind::chip: to.array(3); break;
        case DeviceKind::passphrase: to.array(6); break;
    }
    to.uint(static_cast<std::uint64_t>(device.kind));
    if (device.kind == DeviceKind::none) return;
    to.bytes(device.check);
    if (device.kind == DeviceKind::key_file)
        to.text(device.path);
    else
        to.bytes(device.data);
    if (device.kind == DeviceKind::passphrase) write_cost(to, device.cost);
}

DeviceBinding read_device(cbor::Reader& from) {
    DeviceBinding device;
    const auto items = from.array();
    const auto kind = from.uint();
    if (kind > static_cast<std::uint64_t>(DeviceKind::chip)) from.fail();
    device.kind = static_cast<DeviceKind>(kind);
    std::uint64_t expected = 1;
    if (from.ok() && device.kind != DeviceKind::none) {
        expected = device.kind == DeviceKind::passphrase ? 6 : 3;
        device.check = read_fixed<16>(from);
        if (device.kind == DeviceKind::key_file)
            device.path = from.text();
        else
            device.data = copy_of(from.bytes());
        if (device.kind == DeviceKind::passphrase) device.cost = read_cost(from);
    }
    if (items != expected || device.path.size() > path_bytes_max ||
        device.data.size() > binding_bytes_max)
        from.fail();
    return device;
}

void write_user(cbor::Writer& to, const UserSlot& user) {
    to.array(user_items + (user.wrapping ? wrapping_items : 0));
    to.bytes(user.id.bytes);
    to.text(user.name);
    if (user.wrapping) write_wrapping(to, *user.wrapping);
}

UserSlot read_user(cbor::Reader& from) {
    UserSlot user;
    const auto items = from.array();
    user.id = read_id<UserId>(from);
    user.name = from.text();
    if (items == user_items + wrapping_items)
        user.wrapping = read_wrapping(from);
    else if (items != user_items)
        from.fail();
    if (user.id.is_nil() || user.name.empty() || user.name.size() > limits::name_bytes_max)
        from.fail();
    return user;
}

std::vector<UserSlot> read_users(cbor::Reader& from) {
    std::vector<UserSlot> users;
    const auto count = from.array();
    for (std::uint64_t i = 0; i < count && from.ok(); ++i) users.push_back(read_user(from));
    return users;
}

RecoverySlot read_recovery(cbor::Reader& from) {
    RecoverySlot recovery;
    const auto items = from.array();
    if (items == 0) return recovery;
    if (items != 1 + wrapping_items) from.fail();
    recovery.id = read_fixed<16>(from);
    if (!recovery.is_there()) from.fail();
    recovery.wrapping = read_wrapping(from);
    return recovery;
}

ProgrammeSlot read_programme(cbor::Reader& from) {
    ProgrammeSlot programme;
    if (from.array() != 4) from.fail();
    programme.id = read_fixed<16>(from);
    programme.wrapping.recipient = read_fixed<32>(from);
    programme.wrapping.enc = read_fixed<32>(from);
    programme.wrapping.sealed = read_fixed<48>(from);
    return programme;
}

AuditHead read_audit_head(cbor::Reader& from) {
    AuditHead head;
    if (from.array() != 2) from.fail();
    head.entries = from.uint();
    head.hash = read_fixed<32>(from);
    return head;
}

FormerKey read_former(cbor::Reader& from) {
    FormerKey former;
    if (from.array() != 2) from.fail();
    former.nonce = read_fixed<12>(from);
    former.sealed = read_fixed<48>(from);
    return former;
}

MachineSlot read_machine(cbor::Reader& from) {
    MachineSlot machine;
    if (from.array() != 3) from.fail();
    machine.id = read_fixed<16>(from);
    machine.wrapping.nonce = read_fixed<12>(from);
    machine.wrapping.sealed = read_fixed<48>(from);
    return machine;
}

/// A registry opens by users and a sheet, a server's file by its machine.
bool has_its_slots(const Body& body) {
    return body.machine ? body.users.empty() : !body.users.empty() && body.recovery.is_there();
}

/// The members in their order; those from `at_programme` on may be missing.
Result<Body> decode_body(ByteView bytes) {
    Body body;
    cbor::Reader from(bytes);
    const auto count = from.map();
    std::optional<std::uint64_t> previous;
    std::uint64_t required = 0;
    for (std::uint64_t i = 0; i < count && from.ok(); ++i) {
        const auto key = from.key(previous);
        previous = key;
        if (key < at_programme) ++required;
        switch (key) {
            case at_registry: body.registry = read_id<RegistryId>(from); break;
            case at_key_check: body.key_check = read_fixed<16>(from); break;
            case at_device: body.device = read_device(from); break;
            case at_users: body.users = read_users(from); break;
            case at_recovery: body.recovery = read_recovery(from); break;
            case at_programme: body.programme = read_programme(from); break;
            case at_audit_head: body.audit_head = read_audit_head(from); break;
            case at_former: body.former = read_former(from); break;
            case at_machine: body.machine = read_machine(from); break;
            default: return from.ok() ? newer() : damaged();
        }
    }
    if (!from.ok() || !from.at_end() || required != at_programme || !has_its_slots(body))
        return damaged();
    return body;
}

TriesByUser read_tries(cbor::Reader& from) {
    TriesByUser all;
    const auto count = from.array();
    for (std::uint64_t i = 0; i < count && from.ok(); ++i) {
        if (from.array() != 3) from.fail();
        const auto user = read_id<UserId>(from);
        const auto failed = from.uint();
        const auto last_ms = from.integer();
        if (failed > std::numeric_limits<std::uint32_t>::max()) from.fail();
        all[user] = {static_cast<std::uint32_t>(failed), instant_from_unix_ms(last_ms)};
    }
    if (all.size() != count) from.fail();
    return all;
}

void write_slots(cbor::Writer& to, const Body& body) {
    to.uint(at_users);
    to.array(body.users.size());
    for (const auto& user : body.users) write_user(to, user);
    to.uint(at_recovery);
    to.array(body.recovery.is_there() ? 1 + wrapping_items : 0);
    if (body.recovery.is_there()) {
        to.bytes(body.recovery.id);
        write_wrapping(to, body.recovery.wrapping);
    }
    if (!body.programme) return;
    to.uint(at_programme);
    to.array(4);
    to.bytes(body.programme->id);
    to.bytes(body.programme->wrapping.recipient);
    to.bytes(body.programme->wrapping.enc);
    to.bytes(body.programme->wrapping.sealed);
}

}  // namespace

Bytes encode_body(const Body& body) {
    Bytes out;
    cbor::Writer to(out);
    to.map(at_programme + (body.programme ? 1 : 0) + (body.audit_head ? 1 : 0) +
           (body.former ? 1 : 0) + (body.machine ? 1 : 0));
    to.uint(at_registry);
    to.bytes(body.registry.bytes);
    to.uint(at_key_check);
    to.bytes(body.key_check);
    to.uint(at_device);
    write_device(to, body.device);
    write_slots(to, body);
    if (body.audit_head) {
        to.uint(at_audit_head);
        to.array(2);
        to.uint(body.audit_head->entries);
        to.bytes(body.audit_head->hash);
    }
    if (body.former) {
        to.uint(at_former);
        to.array(2);
        to.bytes(body.former->nonce);
        to.bytes(body.former->sealed);
    }
    if (body.machine) {
        to.uint(at_machine);
        to.array(3);
        to.bytes(body.machine->id);
        to.bytes(body.machine->wrapping.nonce);
        to.bytes(body.machine->wrapping.sealed);
    }
    return out;
}

Hash seal_of(ByteView body_bytes, const DataKey& key) {
    const auto under = crypto::hkdf_sha256(key.view(), {}, bytes_of("egret/keys/mac"), 32);
    return crypto::hmac_sha256(under, body_bytes);
}

void put_recovery(Contents& contents, const DataKey& key, const RecoveryCode& code,
                  Random& random) {
    auto& slot = contents.body.recovery;
    slot.id = random.bytes<16>();
    slot.wrapping = wrap(key, code.secret(), {contents.body.registry, SlotKind::recovery, slot.id},
                         recovery_cost, random);
}

void seal_anew(Contents& contents, const DataKey& key) {
    contents.body_bytes = encode_body(contents.body);
    contents.seal = seal_of(contents.body_bytes, key);
}

Bytes encode(const Contents& contents) {
    Bytes out;
    cbor::Writer to(out);
    to.map(at_sum + 1);
    to.uint(at_format);
    to.uint(format);
    to.uint(at_body);
    to.bytes(contents.body_bytes);
    to.uint(at_seal);
    to.bytes(contents.seal);
    to.uint(at_tries);
    to.array(contents.tries.size());
    for (const auto& [user, tries] : contents.tries) {
        to.array(3);
        to.bytes(user.bytes);
        to.uint(tries.failed);
        to.integer(unix_ms(tries.last));
    }
    const auto sum = crypto::sha256(out);
    to.uint(at_sum);
    to.bytes(sum);
    return out;
}

Result<Contents> decode(ByteView file) {
    Contents contents;
    cbor::Reader from(file);
    const auto items = from.map();
    if (from.key({}) != at_format) from.fail();
    const auto written_as = from.uint();
    if (from.ok() && written_as > format) return newer();
    if (from.key(at_format) != at_body) from.fail();
    contents.body_bytes = copy_of(from.bytes());
    if (from.key(at_body) != at_seal) from.fail();
    contents.seal = read_fixed<32>(from);
    if (from.key(at_seal) != at_tries) from.fail();
    contents.tries = read_tries(from);
    if (from.key(at_tries) != at_sum) from.fail();
    const auto sum = read_fixed<32>(from);
    if (!from.ok() || !from.at_end() || items != at_sum + 1 || written_as != format ||
        sum != crypto::sha256(file.first(file.size() - sum_item_bytes)))
        return damaged();
    auto body = decode_body(contents.body_bytes);
    if (!body) return body.error();
    contents.body = *std::move(body);
    return contents;
}

}  // namespace egret::keys::detail
