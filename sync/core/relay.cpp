#include "sync/core/relay.h"

#include "registry/base/limits.h"
#include "registry/codec/cbor.h"
#include "sync/core/detail/cbor_fields.h"

#include <utility>

namespace egret::sync {
namespace {

constexpr std::uint64_t relay_version = 1;
constexpr std::size_t path_bytes_max = 128;

bool is_down(const StickName& name) {
    return name.kind != StickKind::upload && name.kind != StickKind::call;
}

RelayFile read_file(cbor::Reader& from) {
    RelayFile file;
    if (from.array() != 2) from.fail();
    const auto name = parse_stick_name(detail::read_text(from, path_bytes_max));
    if (!name || !is_down(*name)) from.fail();
    const auto content = detail::read_bounded(from, 1, limits::batch_sealed_bytes_max);
    if (!from.ok()) return file;
    file.name = *name;
    file.content = copy_of(content);
    return file;
}

}  // namespace

Bytes encode_relay_answer(const RelayAnswer& answer) {
    Bytes out;
    cbor::Writer to(out);
    to.array(3);
    to.uint(relay_version);
    to.array(answer.files.size());
    for (const auto& file : answer.files) {
        to.array(2);
        to.text(file.name.path());
        to.bytes(file.content);
    }
    to.uint(answer.next);
    return out;
}

Result<RelayAnswer> decode_relay_answer(ByteView bytes) {
    cbor::Reader from(bytes);
    const auto members = from.array();
    const auto version = from.uint();
    if (from.ok() && version != relay_version)
        return Error{ErrorCode::unsupported, "version", msg("relay.unsupported")};
    if (members != 3) from.fail();
    RelayAnswer answer;
    const auto count = from.array();
    if (count > limits::relay_files_max) from.fail();
    for (std::uint64_t i = 0; i < count && from.ok(); ++i) answer.files.push_back(read_file(from));
    answer.next = detail::read_number(from);
    if (!from.ok() || !from.at_end())
        return Error{ErrorCode::invalid_input, "", msg("relay.malformed")};
    return answer;
}

}  // namespace egret::sync
