#include "sync/client/outbox_folder.h"

#include "registry/base/limits.h"
#include "registry/base/text.h"
#include "sync/client/detail/numbered_name.h"
#include "sync/core/envelope.h"

#include <algorithm>
#include <filesystem>
#include <tuple>

namespace egret::client {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t hash_digits = 16;
constexpr std::size_t receipt_bytes_max = 64 * 1024;

std::optional<OutboxItem> outbox_item(std::string_view name) {
    const auto first = detail::take_number(name);
    const auto last = first ? detail::take_number(name) : std::nullopt;
    const auto hash = name;
    const bool is_hash = hash.size() == hash_digits &&
                         hash.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    if (!first || !last || *first == 0 || *last < *first || !is_hash) return std::nullopt;
    return OutboxItem{*first, *last, std::string(hash)};
}

}  // namespace

std::string outbox_lock_path(const std::string& dir) {
    return (std::filesystem::path(dir) / "outbox.lock").string();
}

std::string OutboxItem::name() const {
    return detail::padded(first_seq) + '-' + detail::padded(last_seq) + '-' + hash;
}

std::string name_part(const Hash& hash) { return to_hex(hash).substr(0, hash_digits); }

OutboxFolder::OutboxFolder(const std::string& dir, files::Disk& disk)
    : disk_(disk),
      folder_((fs::absolute(dir) / "outbox").string()),
      receipt_((fs::path(folder_) / "receipts" / "latest").string()) {}

std::string OutboxFolder::path_of(const OutboxItem& item) const {
    return (fs::path(folder_) / item.name()).string();
}

std::vector<OutboxItem> OutboxFolder::items() const {
    std::vector<OutboxItem> items;
    for (const auto& name : disk_.names_in(folder_)) {
        if (auto item = outbox_item(name)) items.push_back(*std::move(item));
    }
    std::sort(items.begin(), items.end(), [](const OutboxItem& a, const OutboxItem& b) {
        return std::tie(a.first_seq, a.last_seq, a.hash) <
               std::tie(b.first_seq, b.last_seq, b.hash);
    });
    return items;
}

std::optional<Bytes> OutboxFolder::read(const OutboxItem& item) const {
    try {
        return disk_.read(path_of(item), limits::batch_sealed_bytes_max);
    } catch (const std::system_error&) {
        return std::nullopt;  // As good as damaged: it is sealed anew.
    }
}

OutboxFlaw OutboxFolder::inspect(const OutboxItem& item, const OutboxOwner& owner,
                                 Bytes* envelope) const {
    auto content = read(item);
    if (!content) return OutboxFlaw::damaged;
    const auto header = sync::parse_envelope(*content);
    if (!header || header->kind != sync::EnvelopeKind::upload ||
        header->first_seq != item.first_seq || header->last_seq != item.last_seq)
        return OutboxFlaw::damaged;
    if (header->sender != owner.device) return OutboxFlaw::other_device;
    if (!sync::verify_envelope(*content, owner.key)) return OutboxFlaw::damaged;
    if (header->recipient_key_id != owner.recipient) return OutboxFlaw::old_key;
    if (envelope != nullptr) *envelope = *std::move(content);
    return OutboxFlaw::none;
}

OutboxItem OutboxFolder::add(const sync::Outbox& piece) const {
    const OutboxItem item{piece.first_seq, piece.last_seq, name_part(piece.last_hash)};
    disk_.make_folder(folder_);
    disk_.replace(path_of(item), piece.envelope);
    return item;
}

void OutboxFolder::remove(const OutboxItem& item) const { disk_.remove(path_of(item)); }

void OutboxFolder::set_aside(const OutboxItem& item) const {
    const auto content = read(item);
    if (!content) return;
    const auto aside = fs::path(folder_) / "aside";
    disk_.make_folder(aside.string());
    disk_.replace((aside / item.name()).string(), *content);
    remove(item);
}

void OutboxFolder::remove_drafts() const {
    for (const auto& name : disk_.names_in(folder_)) {
        const auto end = name.rfind(".new");
        if (end == std::string::npos || !outbox_item(std::string_view(name).substr(0, end)))
            continue;
        disk_.remove((fs::path(folder_) / name).string());
    }
    const fs::path receipt(receipt_);
    for (const auto& name : disk_.names_in(receipt.parent_path().string())) {
        if (name.starts_with(receipt.filename().string() + ".new"))
            disk_.remove((receipt.parent_path() / name).string());
    }
}

void OutboxFolder::keep_receipt(const KeptReceipt& receipt) const {
    disk_.make_folder(folder_);
    disk_.make_folder(fs::path(receipt_).parent_path().string());
    const auto content = std::string(receipt.is_head ? "head\n" : "upload\n") + receipt.body;
    disk_.replace(receipt_, bytes_of(content));
}

std::optional<KeptReceipt> OutboxFolder::find_receipt() const {
    std::optional<Bytes> content;
    try {
        content = disk_.read(receipt_, receipt_bytes_max);
    } catch (const std::system_error&) {
        return std::nullopt;  // The next sync brings another.
    }
    if (!content) return std::nullopt;
    const auto text = text_of(*content);
    const auto kind = text.substr(0, text.find('\n'));
    if (kind.size() == text.size() || (kind != "head" && kind != "upload")) return std::nullopt;
    return KeptReceipt{kind == "head", std::string(text.substr(kind.size() + 1))};
}

void OutboxFolder::remove_receipt() const { disk_.remove(receipt_); }

const OutboxItem* find_next(const std::vector<OutboxItem>& items, std::uint64_t seq) {
    const OutboxItem* found = nullptr;
    for (const auto& item : items) {
        if (item.covers(seq + 1) && (found == nullptr || item.last_seq > found->last_seq))
            found = &item;
    }
    return found;
}

}  // namespace egret::client
