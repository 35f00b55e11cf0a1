// How long a machine takes that joins a clinic with years of records behind it, and how much room
// they take there: all of them come in a snapshot, and what follows from them is worked out there.

#include "bench/clinic_logs.h"
#include "bench/measure.h"
#include "bench/raw_sqlite.h"
#include "cli/simulation/direct_line.h"
#include "registry/base/random.h"
#include "registry/icu/time_zone.h"
#include "registry/service/clinic.h"
#include "sync/central/enrolment_service.h"
#include "sync/central/ingest.h"
#include "sync/central/sqlite_store.h"
#include "sync/client/clinic_link.h"
#include "sync/server/centre_server.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

namespace egret::bench {
namespace {

constexpr std::size_t facts_a_batch = 1000;

/// A centre that has all that one clinic recorded.
class FullCentre {
public:
    FullCentre(const std::string& folder, const ClinicLogs& logs)
        : zone_(*icu::TimeZone::parse("Asia/Shanghai")) {
        const keys::DataKey key(random_.bytes<32>());
        require(central::CentreKeys::create({folder + "/keys", folder + "/keys", key}, "Programme",
                                            clock.now(), random_),
                "keys");
        keys_ = std::make_unique<central::CentreKeys>(
            *central::CentreKeys::load(folder + "/keys", key));
        central::StoreOptions options;
        options.synchronous = sqlite::Synchronous::off;
        store_ = *central::SqliteStore::create(folder + "/centre.db", options);
        fill(logs);
        enrolment_ = std::make_unique<central::EnrolmentService>(*store_, *keys_, clock, random_);
        server_ = std::make_unique<server::CentreServer>(
            server::CentreServices{*store_, *keys_, zone_, clock, random_, translate_, log_});
    }

    std::string code_of(const std::string& clinic) { return enrolment_->invite(clinic)->code; }

    const http::Routes& routes() const { return server_->routes(); }

    ManualClock clock{std::chrono::sys_days{std::chrono::year{2020} / 1 / 1}};

private:
    void fill(const ClinicLogs& logs) {
        const auto& told = logs.clinics().front();
        const auto& sender = logs.senders().front();
        const auto clinic = *store_->add_clinic({told.name, told.area}, clock.now());
        require(store_->save_code({"L", Hash{}, clinic.code, clock.now() + std::chrono::hours{1}},
                                  clock.now()),
                "code");
        const central::DeviceKeys keys{sender.sign.public_key(), sender.seal.public_key(), Hash{},
                                       1};
        require(store_->enrol("L", {sender.id, clinic.code, keys, clock.now()}), "enrolment");
        central::Ingester ingester(*store_, *keys_, zone_, clock);
        for (const auto& parcel : logs.sealed(facts_a_batch, keys_->seal_key(), random_)) {
            clock.set(parcel.sent);
            require(ingester.ingest(parcel.envelope, {}), "a batch was not taken");
        }
    }

    SeededRandom random_{1};
    icu::TimeZone zone_;
    http::Translate translate_ = [](const Message& message, std::string_view) {
        return message.id;
    };
    http::Log log_ = [](std::string_view) {};
    std::unique_ptr<central::CentreKeys> keys_;
    std::unique_ptr<central::SqliteStore> store_;
    std::unique_ptr<central::EnrolmentService> enrolment_;
    std::unique_ptr<server::CentreServer> server_;
};

/// A line whose other end's work is counted apart.
class CountedLine final : public client::Transport {
public:
    CountedLine(std::unique_ptr<client::Transport> line, double& seconds)
        : line_(std::move(line)), seconds_(seconds) {}

    Result<http::Response> send(const http::Request& request) override {
        Result<http::Response> answer = Error{ErrorCode::unavailable, "", msg("net.unreachable")};
        seconds_ += cpu_seconds_of([&] { answer = line_->send(request); });
        return answer;
    }

private:
    std::unique_ptr<client::Transport> line_;
    double& seconds_;
};

struct Installed {
    double all = 0;
    double at_centre = 0;
    double bytes = 0;
    std::uint64_t facts = 0;
    std::uint64_t women = 0;
};

Installed install(FullCentre& centre, const std::string& home) {
    Installed made;
    SeededRandom random(2);
    const service::Unlocked unlocked{keys::DataKey(random.bytes<32>()),
                                     make_random_id<UserTag>(random)};
    auto clinic = *service::Clinic::create(home, {"A clinic", "350203", "Nurse"}, unlocked.again(),
                                           {centre.clock, random, Date::from_days(0)});
    client::ClinicLink link(*clinic, home, [&](const client::HttpsClientOptions& options) {
        auto line = simulation::DirectLine::connect(centre.routes(), centre.clock, options);
        if (!line) return line;
        return Result<std::unique_ptr<client::Transport>>(
            std::make_unique<CountedLine>(*std::move(line), made.at_centre));
    });
    NoProgress nobody;
    require(link.enrol("https://centre:8443", centre.code_of("C001"), nobody), "joining");
    made.at_centre = 0;
    made.all = cpu_seconds_of([&] {
        const auto outcome = link.sync("", nobody);
        require(outcome && !outcome->report.error, "the sync failed");
    });
    clinic->database().checkpoint_truncate();
    made.bytes = static_cast<double>(clinic->database().file_bytes());
    made.facts = clinic->log().event_count();
    made.women = clinic->women().count();
    return made;
}

constexpr auto bare_schema = R"sql(
    CREATE TABLE fact (id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, header BLOB NOT NULL,
                       salt BLOB NOT NULL, payload BLOB NOT NULL, uid BLOB NOT NULL);
    CREATE UNIQUE INDEX fact_1 ON fact (seq);
    CREATE UNIQUE INDEX fact_2 ON fact (uid);
)sql";

/// The limit: the same facts in one table with two indexes.
double bare_seconds(const std::string& path, const ClinicLogs& logs) {
    const auto parcels = logs.parcels(4000);
    return cpu_seconds_of([&] {
        RawDatabase db(path, {clinic_cache_kib, clinic_checkpoint_pages});
        db.execute(bare_schema);
        RawStatement insert(
            db, "INSERT INTO fact (seq, header, salt, payload, uid) VALUES (?1, ?2, ?3, ?4, ?5)");
        std::int64_t seq = 0;
        for (const auto& parcel : parcels) {
            db.execute("BEGIN IMMEDIATE");
            for (const auto& event : parcel.batch.events) {
                const auto uid = codec::decode_header(event.header)->uid;
                insert.bind(1, ++seq);
                insert.bind(2, ByteView(event.header));
                insert.bind(3, ByteView(event.content->salt));
                insert.bind(4, ByteView(event.content->payload));
                insert.bind(5, uid.view());
                insert.run();
            }
            db.execute("COMMIT");
        }
    });
}

void run(const Options& options) {
    constexpr double women_of_goal = 50'000;
    constexpr double seconds_max = 15;
    constexpr double bytes_max = 300e6;
    const ClinicLogs logs(options.full ? 500'000 : 50'000, 1, 1);
    const WorkFolder folder;
    FullCentre centre(folder.fresh("centre"), logs);
    const auto home = folder.file("clinic");
    const auto made = install(centre, home);
    // Some women moved on to clinics outside of this world.
    require(10 * made.facts > 9 * logs.fact_count(), "facts are missing");
    const auto limit = bare_seconds(folder.fresh("bare") + "/bare.db", logs);

    const Table table(options);
    const auto here = made.all - made.at_centre;
    const auto facts = static_cast<double>(made.facts);
    const auto scale = women_of_goal / static_cast<double>(made.women);
    Row row;
    row.name = "first install, " + std::to_string(made.women) + " women";
    row.ours = shown(here, "s");
    row.limit = shown(limit, "s");
    row.ratio = here / limit;
    row.goal = "<= 15 s for 50,000 women";
    row.verdict = judged(here * scale <= seconds_max);
    table.add(row);
    row = {};
    row.name = "  processor a fact";
    row.ours = shown(here / facts * 1e6, "us");
    row.limit = shown(limit / facts * 1e6, "us");
    row.ratio = here / limit;
    table.add(row);
    row.name = "  what the centre does meanwhile";
    row.ours = shown(made.at_centre / facts * 1e6, "us");
    row.ratio = made.at_centre / limit;
    table.add(row);
    row.name = "  on the disk";
    row.ours = shown(made.bytes / 1e6, "MB");
    row.limit = shown(facts, "facts");
    row.ratio = made.bytes / facts;
    row.goal = "<= 300 MB for 50,000 women";
    row.verdict = judged(made.bytes * scale <= bytes_max);
    table.add(row);
}

}  // namespace
}  // namespace egret::bench

int main(int argc, char** argv) { return egret::bench::run_main(argc, argv, egret::bench::run); }
