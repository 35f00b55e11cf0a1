// How fast the centre takes in batches, beside a pipeline that does nothing but open them and put
// what is in them into one table.

#include "bench/clinic_logs.h"
#include "bench/measure.h"
#include "bench/raw_sqlite.h"
#include "registry/base/random.h"
#include "registry/codec/cbor.h"
#include "registry/crypto/hpke.h"
#include "registry/crypto/random_bytes.h"
#include "registry/icu/time_zone.h"
#include "registry/vault/mount.h"
#include "registry/zstd/compress.h"
#include "sync/central/ingest.h"
#include "sync/central/sqlite_store.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace egret::bench {
namespace {

constexpr std::size_t clinic_count = 40;
// Of the clinics of a night so many send at the same moment.
constexpr std::size_t clinics_at_once = 16;
constexpr std::size_t open_bytes_max = 4 * 1024 * 1024;

// Where the parts of an envelope stand (sync/core/envelope.h).
constexpr std::size_t bound_bytes = 72;
constexpr std::size_t enc_bytes = 32;
constexpr std::size_t signature_bytes = 64;

/// Whether a centre's file is encrypted, as a real one's is.
enum class AtRest { sealed, plain };

/// A centre of our own, with the clinics of a world let in.
class Centre {
public:
    Centre(const std::string& folder, const ClinicLogs& logs, SeededRandom& random, AtRest rest)
        : zone_(*icu::TimeZone::parse("Asia/Shanghai")),
          key_(random.bytes<32>()),
          mount_(key_.view(), chance_) {
        const auto place = folder + "/keys";
        require(
            central::CentreKeys::create({place, place, key_}, "Programme", clock_.now(), random),
            "keys");
        keys_ = std::make_unique<central::CentreKeys>(*central::CentreKeys::load(place, key_));
        central::StoreOptions options;
        if (rest == AtRest::sealed) {
            options.vfs_name = mount_.vfs_name();
            options.keys_path = folder + "/" + central::WomanKeys::file_name;
        }
        store_ = *central::SqliteStore::create(folder + "/centre.db", options);
        for (std::size_t i = 0; i < logs.clinics().size(); ++i) {
            const auto& told = logs.clinics()[i];
            const auto clinic = *store_->add_clinic({told.name, told.area}, clock_.now());
            const auto& sender = logs.senders()[i];
            const auto locator = "L" + std::to_string(i);
            require(store_->save_code(
                        {locator, Hash{}, clinic.code, clock_.now() + std::chrono::hours{1}},
                        clock_.now()),
                    "code");
            const central::DeviceKeys keys{sender.sign.public_key(), sender.seal.public_key(),
                                           Hash{}, 1};
            require(store_->enrol(locator, {sender.id, clinic.code, keys, clock_.now()}),
                    "enrolment");
        }
    }

    const crypto::SealKeyPair& keys() const { return *keys_->ring().seal_keys.front().key; }

    /// As so many threads of a server would; each clinic sends its own one after the other.
    void take_in(const std::vector<SealedParcel>& parcels, std::size_t at_once) {
        std::atomic<bool> is_well = true;
        std::vector<std::thread> threads;
        for (std::size_t t = 0; t < at_once; ++t) {
            threads.emplace_back([&, t] {
                if (!take_in_part(parcels, t, at_once)) is_well = false;
            });
        }
        for (auto& thread : threads) thread.join();
        require(is_well.load(), "a batch was not taken");
    }

    /// Answers one question after another of so many days.
    void count_coverage(int days) {
        store::CoverageQuestion question;
        question.indicator = &coverage::known_indicators().front();
        question.query.by = {coverage::Dimension::area};
        for (int i = 0; i < days; ++i) {
            question.query.on = {Date::from_ymd(2026, 1, 1).plus_days(-i)};
            require(!store_->answer_coverage(question).answer.cells.empty(), "nothing was counted");
        }
    }

    /// Whether so many facts are here, and all of them count.
    bool holds(std::uint64_t facts) const {
        std::uint64_t here = 0;
        for (const auto& status : store_->statuses()) {
            if (status.refused + status.newer > 0) return false;
            here += status.head.seq;
        }
        return here == facts;
    }

private:
    bool take_in_part(const std::vector<SealedParcel>& parcels, std::size_t part,
                      std::size_t parts) try {
        ManualClock clock(clock_.now());
        central::Ingester ingester(*store_, *keys_, zone_, clock);
        for (const auto& parcel : parcels) {
            if (parcel.clinic % parts != part) continue;
            clock.set(parcel.sent);
            const auto reply = ingester.ingest(parcel.envelope, {});
            if (!reply || reply->code != sync::UploadCode::applied) return false;
        }
        return true;
    } catch (const std::exception&) {
        return false;
    }

    ManualClock clock_{std::chrono::sys_days{std::chrono::year{2020} / 1 / 1}};
    icu::TimeZone zone_;
    crypto::SystemRandom chance_;
    keys::DataKey key_;
    vault::Mount mount_;
    std::unique_ptr<central::CentreKeys> keys_;
    std::unique_ptr<central::SqliteStore> store_;
};

// One table with what a fact has, and six indexes: for each fact our own store writes to the four
// trees of `event` and to `payload`, and for most to those of women, contributions and deltas.
constexpr auto plain_schema = R"sql(
    CREATE TABLE fact (
        id INTEGER PRIMARY KEY, sender BLOB NOT NULL, seq INTEGER NOT NULL, uid BLOB NOT NULL,
        woman BLOB NOT NULL, type INTEGER NOT NULL, at INTEGER NOT NULL, author BLOB NOT NULL,
        header BLOB NOT NULL, payload BLOB NOT NULL);
    CREATE UNIQUE INDEX fact_1 ON fact (sender, seq);
    CREATE UNIQUE INDEX fact_2 ON fact (uid);
    CREATE INDEX fact_3 ON fact (woman, at);
    CREATE INDEX fact_4 ON fact (type, at);
    CREATE INDEX fact_5 ON fact (at);
    CREATE INDEX fact_6 ON fact (author, at);
)sql";

constexpr auto plain_insert = R"sql(
    INSERT INTO fact (sender, seq, uid, woman, type, at, author, header, payload)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
)sql";

/// The limit: open, unzip, parse, insert, commit.
class PlainPipeline {
public:
    PlainPipeline(const std::string& path, const crypto::SealKeyPair& keys)
        : keys_(keys), db_(path, {centre_cache_kib, centre_checkpoint_pages}) {
        db_.execute(plain_schema);
        insert_ = std::make_unique<RawStatement>(db_, plain_insert);
    }

    void take_in(const std::vector<SealedParcel>& parcels) {
        for (const auto& parcel : parcels) take_in(parcel.envelope);
    }

private:
    void take_in(ByteView envelope) {
        const auto bound = envelope.first(bound_bytes);
        crypto::SealPublicKey enc{};
        std::copy_n(envelope.begin() + bound_bytes, enc_bytes, enc.begin());
        const auto padded = crypto::open(
            crypto::Aead::aes_256_gcm, keys_, {bound, bound}, enc,
            envelope.subspan(bound_bytes + enc_bytes,
                             envelope.size() - bound_bytes - enc_bytes - signature_bytes));
        require(padded, "a batch can't be opened");
        std::size_t size = 0;
        for (std::size_t i = 0; i < 4; ++i) size = size << 8 | (*padded)[i];
        const auto plain = zstd::decompress(ByteView(*padded).subspan(4, size), open_bytes_max);
        require(plain, "a batch can't be unzipped");
        std::int64_t seq = 0;
        for (const auto byte : envelope.subspan(36, 8)) seq = seq << 8 | byte;
        db_.execute("BEGIN IMMEDIATE");
        insert_all(*plain, envelope.subspan(8, 16), seq);
        db_.execute("COMMIT");
    }

    void insert_all(ByteView plain, ByteView sender, std::int64_t seq) {
        cbor::Reader from(plain);
        from.array();
        for (int front = 0; front < 7; ++front) from.skip();
        for (auto count = from.array(); count > 0; --count) {
            from.array();
            const auto header = from.bytes();
            from.bytes();
            const auto payload = from.bytes();
            cbor::Reader fields(header);
            fields.array();
            fields.uint();
            const auto type = fields.uint();
            fields.uint();
            const auto uid = fields.bytes();
            const auto at = fields.uint();
            const auto woman = fields.bytes();
            fields.uint();
            const auto author = fields.bytes();
            cbor::Reader members(payload);
            members.skip();
            require(from.ok() && fields.ok() && members.ok(), "a fact can't be read");
            insert_->bind(1, sender);
            insert_->bind(2, seq++);
            insert_->bind(3, uid);
            insert_->bind(4, woman);
            insert_->bind(5, static_cast<std::int64_t>(type));
            insert_->bind(6, static_cast<std::int64_t>(at));
            insert_->bind(7, author);
            insert_->bind(8, header);
            insert_->bind(9, payload);
            insert_->run();
        }
    }

    const crypto::SealKeyPair& keys_;
    RawDatabase db_;
    std::unique_ptr<RawStatement> insert_;
};

struct Seconds {
    double ingest = std::numeric_limits<double>::max();
    double figures = ingest;
};

/// Takes in all, and keeps the less of what it took now and before.
void take_in(Centre& centre, const ClinicLogs& logs, const std::vector<SealedParcel>& parcels,
             std::size_t at_once, bool counts, Seconds& least) {
    constexpr int days = 20;
    least.ingest =
        std::min(least.ingest, cpu_seconds_of([&] { centre.take_in(parcels, at_once); }));
    require(centre.holds(logs.fact_count()), "the centre hasn't all facts");
    if (!counts) return;
    const auto figures = cpu_seconds_of([&] { centre.count_coverage(days); }) / days;
    least.figures = std::min(least.figures, figures);
}

struct Measured {
    Seconds ours;
    Seconds alone;
    Seconds in_clear;
    double limit = std::numeric_limits<double>::max();
};

Measured measure(const ClinicLogs& logs, std::size_t facts_a_batch, const Options& options) {
    const WorkFolder folder;
    const int repetitions = options.full || options.is_profile ? 1 : 3;
    Measured least;
    for (int i = 0; i < repetitions; ++i) {
        const auto fill = [&](const std::string& name, AtRest rest, std::size_t at_once,
                              Seconds& seconds) {
            SeededRandom random(1);
            Centre centre(folder.fresh(name), logs, random, rest);
            const auto parcels = logs.sealed(facts_a_batch, centre.keys().public_key(), random);
            take_in(centre, logs, parcels, at_once, !options.is_profile, seconds);
            if (name != "centre" || options.is_profile) return;
            PlainPipeline plain(folder.fresh("plain") + "/plain.db", centre.keys());
            least.limit = std::min(least.limit, cpu_seconds_of([&] { plain.take_in(parcels); }));
        };
        fill("centre", AtRest::sealed, clinics_at_once, least.ours);
        if (options.is_profile) break;
        fill("alone", AtRest::sealed, 1, least.alone);
        fill("clear", AtRest::plain, clinics_at_once, least.in_clear);
    }
    return least;
}

void tell(const Measured& least, std::size_t facts_a_batch, double facts, const Table& table) {
    constexpr double goal = 0.5;
    Row row;
    row.name = "central ingest, batches of " + std::to_string(facts_a_batch);
    row.ours = shown(facts / least.ours.ingest, "facts/s");
    row.limit = shown(facts / least.limit, "facts/s");
    row.ratio = least.limit / least.ours.ingest;
    row.goal = ">= 0.5 of the limit";
    row.verdict = judged(row.ratio >= goal);
    table.add(row);
    row.goal.clear();
    row.verdict = Verdict::none;
    row.name = "  processor a fact";
    row.ours = shown(least.ours.ingest / facts * 1e6, "us");
    row.limit = shown(least.limit / facts * 1e6, "us");
    row.ratio = least.ours.ingest / least.limit;
    table.add(row);
    row.name = "  the same, one clinic at a time";
    row.ours = shown(least.alone.ingest / facts * 1e6, "us");
    row.ratio = least.alone.ingest / least.limit;
    table.add(row);
    row.name = "  beside a file in the clear";
    row.ours = shown(least.ours.ingest / facts * 1e6, "us");
    row.limit = shown(least.in_clear.ingest / facts * 1e6, "us");
    row.ratio = least.ours.ingest / least.in_clear.ingest;
    table.add(row);
    row.name = "  coverage by area of one day, likewise";
    row.ours = shown(least.ours.figures * 1e3, "ms");
    row.limit = shown(least.in_clear.figures * 1e3, "ms");
    row.ratio = least.ours.figures / least.in_clear.figures;
    table.add(row);
}

void run(const Options& options) {
    const ClinicLogs logs(options.full ? 2'000'000 : 200'000, clinic_count, 1);
    if (options.is_profile)
        std::fprintf(stderr, "%llu facts, %llu of them registrations\n",
                     static_cast<unsigned long long>(logs.fact_count()),
                     static_cast<unsigned long long>(logs.register_count()));
    const Table table(options);
    const auto facts = static_cast<double>(logs.fact_count());
    for (const std::size_t facts_a_batch : {1000U, 200U}) {
        const auto least = measure(logs, facts_a_batch, options);
        if (options.is_profile)
            std::printf("batches of %zu: %.1f us a fact\n", facts_a_batch,
                        least.ours.ingest / facts * 1e6);
        else
            tell(least, facts_a_batch, facts, table);
    }
}

}  // namespace
}  // namespace egret::bench

int main(int argc, char** argv) { return egret::bench::run_main(argc, argv, egret::bench::run); }
