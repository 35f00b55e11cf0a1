#include "sync/client/inbox_folder.h"

#include "registry/base/limits.h"
#include "registry/base/text.h"
#include "registry/codec/cbor.h"
#include "sync/client/detail/numbered_name.h"
#include "sync/core/wire_limits.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <tuple>

namespace egret::client {
namespace {

namespace fs = std::filesystem;

constexpr auto cursors_name = "cursors";
// Of every scope a whole trail, of some fifty bytes each.
constexpr std::size_t cursors_max = limits::feed_scopes_max * limits::cursor_trail_max;
constexpr std::size_t cursors_bytes_max = cursors_max * 64 + 64;

std::optional<InboxItem> inbox_item(std::string_view name) {
    const auto whole = name;
    const auto scope = detail::take_number(name);
    const auto first = scope ? detail::take_number(name) : std::nullopt;
    const auto last = first ? detail::take_number(name) : std::nullopt;
    const auto hash = last ? from_hex(name) : std::nullopt;
    if (!hash || hash->size() != 16 || *first == 0 || *last < *first) return std::nullopt;
    InboxItem item{*scope, *first, *last, {}};
    std::copy(hash->begin(), hash->end(), item.last_hash.begin());
    return item.name() == whole ? std::optional(item) : std::nullopt;
}

Bytes encode(const std::vector<sync::FeedCursor>& cursors) {
    Bytes out;
    cbor::Writer to(out);
    to.array(2);
    to.uint(1);
    to.array(cursors.size());
    for (const auto& cursor : cursors) {
        to.array(3);
        to.uint(cursor.scope);
        to.uint(cursor.pos);
        to.bytes(cursor.hash);
    }
    return out;
}

}  // namespace

std::string InboxItem::name() const {
    return detail::padded(scope) + '-' + detail::padded(first_pos) + '-' +
           detail::padded(last_pos) + '-' + to_hex(last_hash);
}

InboxFolder::InboxFolder(const std::string& dir, files::Disk& disk)
    : disk_(disk), folder_((fs::absolute(dir) / "inbox").string()) {}

std::string InboxFolder::path_of(const std::string& name) const {
    return (fs::path(folder_) / name).string();
}

std::vector<InboxItem> InboxFolder::items() const {
    std::vector<InboxItem> items;
    for (const auto& name : disk_.names_in(folder_)) {
        if (const auto item = inbox_item(name)) items.push_back(*item);
    }
    std::sort(items.begin(), items.end(), [](const InboxItem& a, const InboxItem& b) {
        return std::tie(a.scope, a.first_pos, a.last_pos, a.last_hash) <
               std::tie(b.scope, b.first_pos, b.last_pos, b.last_hash);
    });
    return items;
}

std::vector<InboxItem> InboxFolder::items_of(std::uint64_t scope) const {
    auto all = items();
    std::erase_if(all, [scope](const InboxItem& item) { return item.scope != scope; });
    return all;
}

std::optional<Bytes> InboxFolder::read(const InboxItem& item) const {
    try {
        return disk_.read(path_of(item.name()), limits::batch_sealed_bytes_max);
    } catch (const std::system_error&) {
        return std::nullopt;  // As good as damaged: it is asked for again.
    }
}

void InboxFolder::add(const InboxItem& item, ByteView page) const {
    disk_.make_folder(folder_);
    disk_.replace(path_of(item.name()), page);
}

void InboxFolder::remove(const InboxItem& item) const { disk_.remove(path_of(item.name())); }

void InboxFolder::remove_drafts() const {
    for (const auto& name : disk_.names_in(folder_)) {
        const auto end = name.rfind(".new");
        if (end == std::string::npos) continue;
        const auto of = name.substr(0, end);
        if (of == cursors_name || inbox_item(of)) disk_.remove(path_of(name));
    }
}

void InboxFolder::keep_cursors(const std::vector<sync::FeedCursor>& cursors) const {
    if (this->cursors() == cursors) return;
    disk_.make_folder(folder_);
    disk_.replace(path_of(cursors_name), encode(cursors));
}

std::vector<sync::FeedCursor> InboxFolder::cursors() const {
    std::optional<Bytes> content;
    try {
        content = disk_.read(path_of(cursors_name), cursors_bytes_max);
    } catch (const std::system_error&) {
        return {};  // Then all is asked for from the start, once the registry is open.
    }
    if (!content) return {};
    cbor::Reader from(*content);
    if (from.array() != 2 || from.uint() != 1) from.fail();
    const auto count = from.array();
    if (count > cursors_max) from.fail();
    std::vector<sync::FeedCursor> cursors;
    for (std::uint64_t i = 0; i < count && from.ok(); ++i) {
        if (from.array() != 3) from.fail();
        sync::FeedCursor cursor;
        cursor.scope = from.uint();
        cursor.pos = from.uint();
        const auto hash = from.bytes();
        if (hash.size() != cursor.hash.size()) {
            from.fail();
        } else {
            std::copy(hash.begin(), hash.end(), cursor.hash.begin());
        }
        cursors.push_back(cursor);
    }
    if (!from.ok() || !from.at_end()) return {};
    return cursors;
}

}  // namespace egret::client
