#include "sync/core/stick_name.h"

#include "registry/base/text.h"
#include "sync/core/wire_limits.h"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace egret::sync {
namespace {

constexpr std::string_view up_folder = "up/";
constexpr std::string_view down_folder = "down/";
constexpr std::string_view bundle_name = "down/bundle";
constexpr std::string_view envelope_end = ".crb";
constexpr std::string_view call_end = ".call";
constexpr std::string_view receipt_end = "-r.crb";
constexpr std::string_view snapshot_word = "all-";
constexpr std::size_t uuid_length = 36;
constexpr std::size_t digits_least = 12;

std::string digits_of(std::uint64_t number) {
    auto digits = std::to_string(number);
    if (digits.size() < digits_least) digits.insert(0, digits_least - digits.size(), '0');
    return digits;
}

bool take(std::string_view& from, std::string_view word) {
    if (!from.starts_with(word)) return false;
    from.remove_prefix(word.size());
    return true;
}

/// The digits at the front, and what follows them.
std::optional<std::uint64_t> take_digits(std::string_view& from) {
    std::uint64_t number = 0;
    const auto read = std::from_chars(from.data(), from.data() + from.size(), number);
    if (read.ec != std::errc() || number > limits::wire_number_max) return std::nullopt;
    from.remove_prefix(static_cast<std::size_t>(read.ptr - from.data()));
    return number;
}

/// "<number>-<number>" with nothing but these at the front.
bool take_range(std::string_view& from, StickName& name) {
    const auto first = take_digits(from);
    if (!first || !take(from, "-")) return false;
    const auto last = take_digits(from);
    if (!last) return false;
    name.first = *first;
    name.last = *last;
    return *first > 0 && *last >= *first;
}

bool parse_up(std::string_view rest, StickName& name) {
    if (rest == call_end) {
        name.kind = StickKind::call;
        return true;
    }
    name.kind = StickKind::upload;
    if (!take(rest, "-") || !take_range(rest, name) || !take(rest, "-")) return false;
    if (!rest.ends_with(envelope_end)) return false;
    rest.remove_suffix(envelope_end.size());
    const auto hash = from_hex(rest);
    if (!hash || hash->size() != name.hash.size()) return false;
    std::copy(hash->begin(), hash->end(), name.hash.begin());
    return true;
}

bool parse_down(std::string_view rest, StickName& name) {
    if (rest == receipt_end) {
        name.kind = StickKind::receipt;
        return true;
    }
    if (!take(rest, "-")) return false;
    const auto scope = take_digits(rest);
    if (!scope || !take(rest, "-")) return false;
    name.scope = *scope;
    name.kind = StickKind::page;
    if (!take(rest, snapshot_word)) return take_range(rest, name) && rest == envelope_end;
    name.kind = StickKind::snapshot;
    const auto number = take_digits(rest);
    if (!number) return false;
    name.first = name.last = *number;
    return *number > 0 && rest == envelope_end;
}

}  // namespace

std::string StickName::path() const {
    const auto id = device.to_string();
    const auto range = [this] { return "-" + digits_of(first) + "-" + digits_of(last); };
    std::string path(kind == StickKind::upload || kind == StickKind::call ? up_folder
                                                                          : down_folder);
    switch (kind) {
        case StickKind::upload:
            return path.append(id)
                .append(range())
                .append("-")
                .append(to_hex(hash))
                .append(envelope_end);
        case StickKind::call: return path.append(id).append(call_end);
        case StickKind::bundle: break;
        case StickKind::receipt: return path.append(id).append(receipt_end);
        case StickKind::page:
            return path.append(id)
                .append("-")
                .append(digits_of(scope))
                .append(range())
                .append(envelope_end);
        case StickKind::snapshot:
            return path.append(id)
                .append("-")
                .append(digits_of(scope))
                .append("-")
                .append(snapshot_word)
                .append(digits_of(first))
                .append(envelope_end);
    }
    return std::string(bundle_name);
}

std::optional<StickName> parse_stick_name(std::string_view path) {
    StickName name;
    if (path == bundle_name) return name;
    auto rest = path;
    const bool is_up = take(rest, up_folder);
    if (!is_up && !take(rest, down_folder)) return std::nullopt;
    if (rest.size() < uuid_length) return std::nullopt;
    const auto device = DeviceId::parse(rest.substr(0, uuid_length));
    if (!device) return std::nullopt;
    name.device = *device;
    rest.remove_prefix(uuid_length);
    if (!(is_up ? parse_up(rest, name) : parse_down(rest, name))) return std::nullopt;
    // Only in the form that it is written in.
    return name.path() == path ? std::optional(name) : std::nullopt;
}

}  // namespace egret::sync
