#pragma once

#include "registry/base/bytes.h"
#include "registry/base/ids.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What lies on a stick that is carried between clinics and their centre, in its folder "egret":
///
///   up/<device>-<first>-<last>-<hash>.crb     an upload with the facts of these numbers; first the
///                                             16 hexadecimal digits of the log's hash at the last
///   up/<device>.call                          where the device is (call.h)
///   down/bundle                               the programme's key bundle
///   down/<device>-r.crb                       the receipt for that device (receipt.h)
///   down/<device>-<scope>-<first>-<last>.crb  a page of a feed with the items of these positions
///   down/<device>-<scope>-all-<number>.crb    a page of a snapshot; the first is number 1
///
/// Numbers have twelve digits, a device is written as a UUID. Names say nothing that an envelope's
/// outside doesn't say, and are believed by nobody: the same files may come under any.
namespace egret::sync {

enum class StickKind : std::uint8_t { upload, call, bundle, receipt, page, snapshot };

struct StickName {
    StickKind kind = StickKind::bundle;
    DeviceId device;          // Whose log it is of, or for whom; nil for a bundle.
    std::uint64_t scope = 0;  // Of pages.
    std::uint64_t first = 0;  // A fact's number or an item's position; of a snapshot its page's.
    std::uint64_t last = 0;   // The same; of a snapshot as `first`.
    Fixed<8> hash{};          // Of an upload.

    /// The path in the folder: "up/…" or "down/…".
    std::string path() const;

    friend bool operator==(const StickName&, const StickName&) = default;
};

/// Nothing, if no such file has that path.
std::optional<StickName> parse_stick_name(std::string_view path);

}  // namespace egret::sync
