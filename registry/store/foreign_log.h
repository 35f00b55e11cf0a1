#pragma once

#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "registry/store/event_log.h"
#include "registry/store/received.h"
#include "registry/store/statements.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace egret::store {

/// What stands beside a fact of a foreign log in the place of a chain's hash:
/// SHA-256("cr-fe-v1" ‖ device ‖ seq, as 8 bytes, the highest first ‖ header).
Hash hash_foreign(const DeviceId& device, std::uint64_t seq, ByteView header);

/// Why a payload is gone that was here.
inline constexpr const char* dropped_content = "dropped";

/// The ingest with which a change comes, begun by the first who needs it.
using IngestOnDemand = std::function<const Ingest&()>;

/// What taking something in has changed, for the projector.
struct ForeignChange {
    std::vector<AppendedEvent> appended{};
    std::vector<AppendedEvent> restated{};
    // Something that had its effect from an earlier ingest on has it no more, or has another: what
    // follows must be made anew.
    bool needs_rebuild = false;
};

/// The facts of others that a feed brings, and what it says of them, beside the registry's own log.
///
/// A fact is known by its device and number. The same again changes nothing, or how its clock is
/// judged; its content may go and come back. One that comes under another number than before takes
/// that, and one whose number goes to another fact keeps its content under a number of its own,
/// past all that a device gives: a centre that was restored may number anew, and nobody's facts are
/// lost by that. A fact with the uid of another device's stands beside that: fold() counts them
/// once.
///
/// Belongs to the thread of its Database; that and the two others outlive it.
class ForeignLog {
public:
    ForeignLog(EventLog& log, Statements& statements, sqlite::Database& db);

    enum class Taken : std::uint8_t {
        brought_new,    // Its uid wasn't here, or its content.
        already_there,  // Nothing but its judgement changed, if that.
        not_ours,       // Of a whole log, which has another fact there, or none.
    };

    /// The device must be known.
    Taken take(const IngestOnDemand& ingest, const ReceivedFact& fact, ForeignChange& change,
               sqlite::WriteTransaction& tx);

    /// The payload of a fact is gone from here on, as if it had never been here. False, if it was
    /// gone already.
    bool drop_payload(const Ingest& ingest, Position position, const std::string& reason,
                      sqlite::WriteTransaction& tx);

    /// One line that has a payload, of whomsoever.
    struct Line {
        Position position = 0;
        DeviceId device;
        std::uint64_t seq = 0;
    };

    /// All of a subject's, by position; erasures themselves are none of them.
    std::vector<Line> lines_with_payload(std::int64_t woman_ix);

private:
    struct Stored {
        Position position = 0;
        std::uint64_t seq = 0;
        Bytes header;
        Hash hash{};
        bool has_payload = false;
    };

    std::optional<Stored> find_stored(std::int64_t device_ix, std::uint64_t seq);
    std::optional<Stored> find_same(std::int64_t device_ix, const ReceivedFact& fact);
    Taken take_again(const IngestOnDemand& ingest, const ReceivedFact& fact, const Stored& stored,
                     ForeignChange& change, sqlite::WriteTransaction& tx);
    bool bring_back(const ReceivedFact& fact, Position position, sqlite::WriteTransaction& tx);
    bool is_dropped(Position position);
    void note_absent(const Ingest& ingest, Position position, const std::string& reason);
    void renumber(const DeviceId& device, const Stored& stored, std::uint64_t seq,
                  sqlite::WriteTransaction& tx);
    void note_hash(const DeviceId& device, const Hash& out, const Hash& in, int more);
    void keep_signature(const ReceivedFact& fact, Position position);
    bool is_known(const codec::EventHeader& header);

    EventLog& log_;
    Statements& statements_;
    sqlite::Database& db_;
    sqlite::Statement select_stored_;
    sqlite::Statement select_same_;
    sqlite::Statement select_known_;
    sqlite::Statement select_absent_;
    sqlite::Statement select_lines_;
    sqlite::Statement renumber_;
    sqlite::Statement delete_payload_;
    sqlite::Statement insert_absent_;
    sqlite::Statement delete_absent_;
    sqlite::Statement insert_signature_;
};

}  // namespace egret::store
