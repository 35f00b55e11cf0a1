#pragma once

#include "registry/base/bytes.h"
#include "registry/base/hlc.h"
#include "registry/base/ids.h"
#include "registry/base/random.h"
#include "registry/base/result.h"
#include "registry/crypto/hpke.h"
#include "registry/crypto/sign.h"
#include "sync/core/chain.h"
#include "sync/core/envelope.h"
#include "sync/core/feed_cursor.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// The feed: what the centre tells a clinic, item by item, in one order for each scope.
///
///   GET /v1/sync/feed?scope=S&pos=P&hash=H   the items after a cursor, as one page
///     200  an envelope of kind 2: a page
///          (who has the page before unopened knows the first half of H, and fills it with zeros)
///     409  REWOUND: the centre was restored; ask again at an older cursor
///     410  COMPACTED: ask for a snapshot
///     426  this program is too old for what the feed says
///   GET /v1/sync/snapshot?scope=S[&next=N]    all that a scope holds now, page by page
///     200  an envelope of kind 2: a page of kind `snapshot`
///
///   page = CBOR array of 11: [1, scope, hash before the first item(32), position of the first
///   item,
///          hash after the last item(32), position of the feed's newest item, 0 feed | 1 snapshot,
///          asked(bytes), next(bytes), [[device(16), its clinic]…], [item…]]
///   item = [1, device, seq, header without its commitment, salt(16), payload, offset, ceiling],
///          or [1, device, seq, header, offset, ceiling]: a fact, or what is left of an erased one
///        | [2, device, first, last, offset, ceiling, order device(16)]: echo
///        | [3, uid(16), reason]: refused    | [4, uid(16)]: accepted | [5, woman(16)]: drop
///        | [6, kind, name, version, bytes]: a file, as a Zstandard frame
///        | [7, device, clinic]: moved
///        | [8, …, signature(64)]: the two forms of 1, made by an officer at the centre
///        | [9, device, seq, SHA-256 of the header(32), offset, ceiling]: a fact of the asker's own
///
/// `device` is an index into the page's list of devices.
///
/// The hash of a feed after an item is SHA-256("cr-feed-v1" ‖ the hash before it ‖ stable form). A
/// stable form is the item with the device itself for its index and, for 1, 8 and 9, [kind (1 for
/// 9), device(16), seq, SHA-256 of the header, offset, ceiling], for 6 [6, kind, name, version,
/// SHA-256 of the bytes]: so an erased payload breaks no chain, and a clinic's own facts hash the
/// same at its other machine.
///
/// A snapshot's items are facts, straight from the log and in no order, and what was ruled of
/// facts; its two hashes and the position before its first item say where the feed was when the
/// snapshot began. "asked" is the N that the page answers, empty on the first one; "next" the N of
/// the page after it, empty on the last one. Both are empty in a page of the feed.
///
/// The envelope's sender is the centre's device, signed with the receipt key; its first_seq and
/// last_seq are the first item's position and the last's, and its batch id the first 16 bytes of
/// the hash after the last: so a page that nobody may open yet tells where to go on.
namespace egret::sync {

/// What the centre measured of the clock that a fact was made by (store::ClockCorrection).
struct Judgement {
    std::int64_t offset_ms = 0;
    Hlc ceiling{UINT64_MAX};

    friend bool operator==(const Judgement&, const Judgement&) = default;
};

struct FeedDevice {
    DeviceId id;
    std::string clinic;  // Its code.

    friend bool operator==(const FeedDevice&, const FeedDevice&) = default;
};

/// A fact recorded elsewhere.
struct FeedFact {
    std::uint32_t device = 0;  // As in all items: an index into FeedPage::devices.
    std::uint64_t seq = 0;
    Bytes header;
    std::optional<SaltedPayload> content;  // None once it was erased.
    Judgement judgement;
    /// Of the centre's device over the header, for a fact of an officer.
    std::optional<crypto::Signature> officer;

    friend bool operator==(const FeedFact&, const FeedFact&) = default;
};

/// The asker's own fact, which it has.
struct FeedOwnFact {
    std::uint32_t device = 0;
    std::uint64_t seq = 0;
    Hash header_hash{};
    Judgement judgement;

    friend bool operator==(const FeedOwnFact&, const FeedOwnFact&) = default;
};

/// How the centre judges facts first_seq to last_seq of a device, which stay where they are.
struct FeedEcho {
    std::uint32_t device = 0;
    std::uint64_t first_seq = 0;
    std::uint64_t last_seq = 0;
    Judgement judgement;
    DeviceId order_device;  // Whose name breaks a tie of time; usually the device's own.

    friend bool operator==(const FeedEcho&, const FeedEcho&) = default;
};

/// The centre gives that fact no effect. `reason` is a word that this program may not know.
struct FeedRefused {
    EventUid uid;
    std::string reason;

    friend bool operator==(const FeedRefused&, const FeedRefused&) = default;
};

/// It has its effect after all: an officer looked at it.
struct FeedAccepted {
    EventUid uid;

    friend bool operator==(const FeedAccepted&, const FeedAccepted&) = default;
};

/// That woman is no longer this scope's: what others recorded of her is to be forgotten.
struct FeedDrop {
    WomanId woman;

    friend bool operator==(const FeedDrop&, const FeedDrop&) = default;
};

struct FeedFile {
    std::string kind;  // "protocol", "indicator", "facilities", …
    std::string name;
    std::string version;
    Bytes frame;  // Zstandard. Whoever unpacks it bounds what comes out.

    friend bool operator==(const FeedFile&, const FeedFile&) = default;
};

/// A device's clinic has another code.
struct FeedMoved {
    std::uint32_t device = 0;
    std::string clinic;

    friend bool operator==(const FeedMoved&, const FeedMoved&) = default;
};

using FeedItem = std::variant<FeedFact, FeedOwnFact, FeedEcho, FeedRefused, FeedAccepted, FeedDrop,
                              FeedFile, FeedMoved>;

enum class FeedPageKind : std::uint8_t { feed = 0, snapshot = 1 };

struct FeedPage {
    std::uint64_t scope = 0;
    Hash prev_hash = feed_start;
    std::uint64_t first_pos = 1;
    Hash last_hash = feed_start;
    std::uint64_t head_pos = 0;
    FeedPageKind kind = FeedPageKind::feed;
    Bytes asked;  // Of a snapshot: what this page was asked with; empty on the first one.
    Bytes next;   // And what to ask the next page with; empty on the last one.
    std::vector<FeedDevice> devices;
    std::vector<FeedItem> items;

    /// Where a clinic is that has taken all of it in. Of a snapshot: where the feed goes on, once
    /// its last page is there.
    FeedCursor end() const;

    friend bool operator==(const FeedPage&, const FeedPage&) = default;
};

/// The feed's hash after `item`, whose device (if it has one) is `device`.
Hash hash_item(const Hash& before, const FeedItem& item, const DeviceId& device);
/// The same for a fact of an officer, of which only the header's hash is at hand.
Hash hash_officers_fact(const Hash& before, const FeedOwnFact& fact, const DeviceId& device);
/// The same for an item of `page`.
Hash hash_item(const Hash& before, const FeedItem& item, const FeedPage& page);

/// The hash after all items of a page of kind feed.
Hash hash_items(const FeedPage& page);

/// An upper bound of what `item` takes in a page, without its device.
std::size_t page_bytes_of(const FeedItem& item);

/// `page` is one that decode_page takes.
Bytes encode_page(const FeedPage& page);

/// Whether its hash after the last item is that of its items is looked at here; whether its first
/// one follows what the asker has, take_page looks (feed_client.h).
/// Errors: too_large, past limits::feed_items_max or feed_devices_max; unsupported, for a version
/// or an item that we don't know; invalid_input, if it is no page or not in its one form.
Result<FeedPage> decode_page(ByteView plaintext);

/// Who made a page, and who may open it.
struct PageSeal {
    DeviceId centre;  // The centre's device: KeyBundle::centre_device.
    std::uint32_t epoch = 1;
    EnvelopeSuite suite = EnvelopeSuite::aes_256_gcm;
    crypto::SealPublicKey device{};  // Of the asker.
};

/// The envelope. May be longer than limits::batch_sealed_bytes_max: then put less into it.
Bytes seal_page(const FeedPage& page, const PageSeal& seal, const crypto::SigningKey& receipt_key,
                Random& random);

/// Who may have made one: whoever has a receipt key, in the name of a device of the centre. That is
/// another one after each restore of the centre, so it is asked for only where it is known.
struct PageTrust {
    std::optional<DeviceId> centre;
    std::vector<crypto::VerifyKey> receipt_keys;
    std::uint64_t scope = 0;
};

/// Errors: those of verify_envelope, open_envelope and decode_page; forbidden, if it is of another
/// sender or scope; invalid_input, if it is no page, or its outside doesn't say what its inside is.
Result<FeedPage> open_page(ByteView envelope, const PageTrust& trust,
                           const crypto::SealKeyPair& device);

/// What a page says that isn't opened yet. Its envelope must have been verified.
/// Errors: those of parse_envelope; invalid_input, if it is no page.
struct PageOutside {
    std::uint64_t first_pos = 0;
    std::uint64_t last_pos = 0;
    Fixed<16> last_hash{};  // The first bytes of the hash after the last item.
};

Result<PageOutside> outside_of_page(ByteView envelope);

/// The officer's signature of a fact at the centre: Ed25519 by the centre's device over
/// "cr-officer-v1" and the header.
crypto::Signature sign_officer(ByteView header, const crypto::SigningKey& centre_device);
bool is_of_officer(const FeedFact& fact, const crypto::VerifyKey& centre_device);

/// How far the cursor may go once the first `applied` items of `page` are in the same transaction
/// as it. Nothing, if that is nowhere: a snapshot has an end only with its last page.
std::optional<FeedCursor> save_cursor(const FeedPage& page, std::size_t applied);

}  // namespace egret::sync
