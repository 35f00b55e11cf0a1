// How fast does the centre take in what clinics send, all included?
//
//   limit     verify, open, unzip and parse each batch, and insert its lines bare into one table
//   with
//             two indexes, one durable transaction a batch: nothing else
//   ingest    Ingester: the same, and judge every fact, chain, projections, deltas, the device's
//   row https     the same through TLS and HTTP, two clients at a time
//
// Facts are as a programme makes them: two registrations in five, else doses and HPV tests of women
// who are known. Signed, sealed and enrolled beforehand.

#include "registry/base/ensure.h"
#include "registry/crypto/random_bytes.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "sync/central/centre.h"
#include "sync/central/ingest.h"
#include "sync/client/https_client.h"
#include "sync/server/centre_server.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <filesystem>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace egret {
namespace {

using std::chrono::duration;
using std::chrono::steady_clock;

constexpr std::size_t devices_count = 20;
constexpr std::size_t facts_each = 3'000;
constexpr std::size_t clients = 2;
constexpr std::int64_t start_ms = 1'767'225'600'000;

class InventedFacts {
public:
    explicit InventedFacts(std::uint64_t seed) : random_(seed) {}

    codec::EncodedEvent next() {
        Event event;
        event.uid = make_random_id<EventTag>(random_);
        event.hlc = Hlc{}.next(instant_from_unix_ms(start_ms + ++count_ * 61'000));
        event.scope = 1;
        if (women_.size() < 50 || random_.chance(0.4)) {
            women_.push_back(make_time_ordered_id<WomanTag>(start_ms, random_));
            event.subject = women_.back();
            event.fact.detail = registration();
        } else {
            event.subject = women_[random_.below(women_.size())];
            event.fact.detail = visit();
        }
        event.fact.at.date =
            Date::from_ymd(2023, 1, 1).plus_days(static_cast<std::int32_t>(random_.below(1000)));
        return *codec::encode_event(event, random_);
    }

private:
    Register registration() {
        Register made;
        made.who.names.push_back({NameUse::official, "王小丽", {}});
        made.who.birth_date =
            Date::from_ymd(1962, 1, 1).plus_days(static_cast<std::int32_t>(random_.below(19'000)));
        made.who.sex = Sex::female;
        made.who.phones.push_back("13" + std::to_string(100'000'000 + random_.below(800'000'000)));
        made.who.area = std::to_string(350'203 + random_.below(10));
        return made;
    }

    Detail visit() {
        if (random_.chance(0.5))
            return Dose{"egret:cecolin", {}, "L" + std::to_string(random_.below(1'000'000))};
        HpvTest test;
        test.result = random_.chance(0.1) ? HpvResult::positive : HpvResult::negative;
        return test;
    }

    SeededRandom random_;
    std::vector<WomanId> women_;
    std::int64_t count_ = 0;
};

/// One device with its whole log, sealed in batches.
struct Sender {
    central::Device device;
    std::string certificate_pem;
    std::string tls_key_pem;
    std::vector<Bytes> envelopes;
};

class Bench {
public:
    explicit Bench(std::size_t batch_facts)
        : folder_((std::filesystem::temp_directory_path() / "egret_bench_XXXXXX").string()) {
        EGRET_ENSURE(::mkdtemp(folder_.data()) != nullptr);
        auto making = central::CentreInMaking::start(folder_);
        EGRET_ENSURE(bool(making));
        const auto device = keys::DeviceSecret::make_file(making->path(), "device.key", random_);
        EGRET_ENSURE(bool(device));
        auto key = making->fill({"Bench", {"localhost"}}, {*device}, clock_.now(), random_);
        EGRET_ENSURE(key && making->finish());
        NoProgress nobody;
        centre_ = std::make_unique<central::Centre>(
            *central::Centre::open(folder_, *std::move(key), nobody));
        for (std::size_t i = 0; i < devices_count; ++i) add_sender(i, batch_facts);
    }

    ~Bench() {
        centre_.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    /// Nothing but the steps that can't be left out.
    void take_in_bare() {
        sqlite::OpenOptions options;
        options.path = folder_ + "/bare.db";
        options.create = true;
        options.cache_kib = 64 * 1024;
        options.checkpoint_pages = 16'384;
        sqlite::Database db(options);
        db.execute(
            "CREATE TABLE line (id INTEGER PRIMARY KEY, device INTEGER, seq INTEGER, uid BLOB, "
            "header BLOB, salt BLOB, payload BLOB, UNIQUE (device, seq)) STRICT;"
            "CREATE INDEX by_uid ON line (uid)");
        sqlite::Statement insert(db,
                                 "INSERT INTO line (device, seq, uid, header, salt, payload) "
                                 "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        for_each_envelope([&](std::size_t number, const Sender& sender, const Bytes& envelope) {
            const auto batch =
                sync::open_batch(envelope, {sender.device.id, sender.device.keys.sign},
                                 *centre_->keys().ring().seal_keys.front().key);
            EGRET_ENSURE(bool(batch));
            sqlite::WriteTransaction tx(db);
            auto seq = batch->first_seq;
            for (const auto& event : batch->events) {
                const ByteView uid = ByteView(event.header).subspan(5, 16);
                auto run = insert.start();
                run.bind(1, number).bind(2, seq++).bind(3, uid).bind_view(4, event.header);
                run.bind_view(5, event.content->salt).bind_view(6, event.content->payload).finish();
            }
            tx.commit();
        });
    }

    void take_in() {
        central::Ingester ingester(centre_->store(), centre_->keys(), centre_->zone(), clock_);
        for_each_envelope([&](std::size_t, const Sender& sender, const Bytes& envelope) {
            const auto reply = ingester.ingest(envelope, {sender.device.id});
            EGRET_ENSURE(reply && reply->code == sync::UploadCode::applied);
        });
    }

    void take_in_over_https() {
        const http::Translate translate = [](const Message& message, std::string_view) {
            return message.id;
        };
        const http::Log log = [](std::string_view line) {
            std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
        };
        server::CentreServer server(
            {centre_->store(), centre_->keys(), centre_->zone(), clock_, random_, translate, log});
        const auto port = server.start({}, {"localhost", "127.0.0.1"});
        EGRET_ENSURE(bool(port));
        std::vector<std::thread> threads;
        for (std::size_t client = 0; client < clients; ++client) {
            threads.emplace_back([&, client] {
                for (auto i = client; i < senders_.size(); i += clients) upload(senders_[i], *port);
            });
        }
        for (auto& thread : threads) thread.join();
    }

private:
    void add_sender(std::size_t number, std::size_t batch_facts) {
        Sender sender;
        const auto sign = crypto::SigningKey::generate(random_);
        const auto seal = crypto::SealKeyPair::generate(random_);
        const auto id = make_random_id<DeviceTag>(random_);
        sender.tls_key_pem = crypto::make_tls_key();
        const auto request = *crypto::make_signing_request(sender.tls_key_pem);
        const auto clinic = *centre_->store().add_clinic({"Clinic", "350203"}, clock_.now());
        sender.certificate_pem = *crypto::issue_client_certificate(
            centre_->keys().authority(), request, id.to_string(),
            {clock_.now() - std::chrono::hours{1}, clock_.now() + std::chrono::hours{24}});
        sender.device = {
            id,
            clinic.code,
            {sign.public_key(), seal.public_key(), *crypto::check_signing_request(request), 1},
            clock_.now(),
            {}};
        const auto locator = id.to_string().substr(0, 8);
        EGRET_ENSURE(bool(centre_->store().save_code(
            {locator, Hash{}, clinic.code, clock_.now() + std::chrono::hours{1}}, clock_.now())));
        EGRET_ENSURE(bool(centre_->store().enrol(locator, sender.device)));
        seal_log(sender, sign, number, batch_facts);
        senders_.push_back(std::move(sender));
    }

    void seal_log(Sender& sender, const crypto::SigningKey& sign, std::size_t number,
                  std::size_t batch_facts) {
        InventedFacts facts(number + 1);
        sync::Batch batch;
        for (std::size_t seq = 1; seq <= facts_each; ++seq) {
            auto event = facts.next();
            const auto& previous = batch.events.empty() ? batch.prev_hash : batch.last_hash;
            batch.last_hash = codec::hash_event(previous, event.header);
            batch.events.push_back({std::move(event.header),
                                    sync::SaltedPayload{event.salt, std::move(event.payload)},
                                    batch.last_hash});
            if (batch.events.size() < batch_facts && seq < facts_each) continue;
            batch.clock_ms = unix_ms(clock_.now());
            batch.top_seq = facts_each;
            batch.app_version = "bench";
            sender.envelopes.push_back(sync::seal_batch(
                batch,
                {sender.device.id, 1, sync::EnvelopeSuite::aes_256_gcm, centre_->keys().seal_key()},
                sign, random_));
            batch.first_seq = seq + 1;
            batch.prev_hash = batch.last_hash;
            batch.events.clear();
        }
    }

    /// As they would come: every device its next one, in turns.
    template <class Take>
    void for_each_envelope(const Take& take) {
        for (std::size_t i = 0; i < senders_.front().envelopes.size(); ++i) {
            for (std::size_t number = 0; number < senders_.size(); ++number)
                take(number, senders_[number], senders_[number].envelopes[i]);
        }
    }

    void upload(const Sender& sender, std::uint16_t port) {
        client::HttpsClientOptions options;
        options.url = "https://127.0.0.1:" + std::to_string(port);
        options.authority_pem = centre_->keys().authority().certificate_pem;
        options.identity = client::ClientIdentity{sender.certificate_pem, sender.tls_key_pem};
        options.now = clock_.now();
        auto line = *client::HttpsClient::make(options);
        for (const auto& envelope : sender.envelopes) {
            http::Request request;
            request.method = "POST";
            request.path = "/v1/sync/batches";
            request.body = envelope;
            const auto response = line.send(request);
            EGRET_ENSURE(response && response->status == 200);
        }
    }

    SystemClock clock_;
    crypto::SystemRandom random_;
    std::string folder_;
    std::unique_ptr<central::Centre> centre_;
    std::vector<Sender> senders_;
};

struct Spent {
    double wall_s = 0;
    double cpu_s = 0;
};

template <class Work>
Spent measure(const Work& work) {
    const auto start = steady_clock::now();
    const auto cpu = std::clock();
    work();
    return {duration<double>(steady_clock::now() - start).count(),
            static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC};
}

void print_line(const char* what, std::size_t batch_facts, const Spent& spent, double limit_s) {
    constexpr double facts = devices_count * facts_each;
    std::printf("%-8s %5zu a batch %8.0f facts/s %7.1f us CPU a fact   %.2f of the limit\n", what,
                batch_facts, facts / spent.wall_s, spent.cpu_s / facts * 1e6,
                limit_s / spent.wall_s);
}

void run(std::size_t batch_facts) {
    Spent limit;
    {
        Bench bench(batch_facts);
        limit = measure([&] { bench.take_in_bare(); });
        print_line("limit", batch_facts, limit, limit.wall_s);
        print_line("ingest", batch_facts, measure([&] { bench.take_in(); }), limit.wall_s);
    }
    Bench bench(batch_facts);
    print_line("https", batch_facts, measure([&] { bench.take_in_over_https(); }), limit.wall_s);
}

}  // namespace
}  // namespace egret

int main() {
    try {
        egret::http::ignore_sigpipe();
        egret::run(200);
        egret::run(1000);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
