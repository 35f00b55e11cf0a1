// What encryption costs: the same work on an encrypted and on a plain file, and what it adds beside
// the cipher alone.

#include "bench/measure.h"
#include "registry/base/clock.h"
#include "registry/crypto/aead.h"
#include "registry/crypto/kdf.h"
#include "registry/crypto/random_bytes.h"
#include "registry/keys/key_file.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "registry/vault/mount.h"
#include "registry/vault/page_cipher.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

namespace egret::bench {
namespace {

constexpr int repetitions = 5;
constexpr std::uint64_t rows_usual = 100'000;
constexpr std::uint64_t rows_full = 500'000;
constexpr int rows_in_transaction = 100;
constexpr std::size_t content_bytes = 300;
constexpr std::uint64_t reads = 200'000;
constexpr int cache_of_all_kib = 512 * 1024;
constexpr int cache_of_few_kib = 400;

/// The least time, and the pages that went through the cipher meanwhile.
struct Cost {
    double seconds = std::numeric_limits<double>::max();
    double pages = 0;

    void take(double other) { seconds = std::min(seconds, other); }
};

struct Costs {
    Cost inserts;
    Cost warm;
    Cost cold;
};

sqlite::OpenOptions options_of(const std::string& path, const std::string& vfs_name) {
    sqlite::OpenOptions options;
    options.path = path;
    options.vfs_name = vfs_name;
    options.create = true;
    options.exclusive = true;
    options.checkpoint_pages = 4000;  // As a clinic has it (registry/service/clinic.cpp).
    return options;
}

void insert_rows(const sqlite::OpenOptions& options, std::uint64_t rows) {
    sqlite::Database db(options);
    db.execute(
        "CREATE TABLE fact (id INTEGER PRIMARY KEY, uid BLOB NOT NULL, content BLOB NOT NULL)"
        " STRICT; CREATE UNIQUE INDEX fact_by_uid ON fact (uid);");
    SeededRandom random(1);
    sqlite::Statement insert(db, "INSERT INTO fact (uid, content) VALUES (?1, ?2)");
    for (std::uint64_t done = 0; done < rows; done += rows_in_transaction) {
        sqlite::WriteTransaction transaction(db);
        for (int i = 0; i < rows_in_transaction; ++i) {
            auto run = insert.start();
            run.bind_all(random.bytes<16>(), random.bytes<content_bytes>());
            run.finish();
        }
        transaction.commit();
    }
}

/// Reads rows by chance, from a file of its own or from the cache. Gives the pages that were not in
/// the cache.
int read_rows(sqlite::Database& db, std::uint64_t rows) {
    int misses = 0;
    int ignored = 0;
    sqlite3_db_status(db.handle(), SQLITE_DBSTATUS_CACHE_MISS, &misses, &ignored, 1);
    SeededRandom random(2);
    sqlite::Statement find(db, "SELECT length(content) + length(uid) FROM fact WHERE id = ?1");
    std::int64_t bytes = 0;
    for (std::uint64_t i = 0; i < reads; ++i) {
        auto run = find.start();
        run.bind_all(1 + random.below(rows));
        bytes += run.single().int64(0);
    }
    require(bytes == static_cast<std::int64_t>(reads * (content_bytes + 16)), "the rows are there");
    sqlite3_db_status(db.handle(), SQLITE_DBSTATUS_CACHE_MISS, &misses, &ignored, 0);
    return misses;
}

/// How many pages an encrypted file says were sealed under its key.
double sealed_pages(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    Fixed<4> steps{};
    file.seekg(vault::page_bytes - 20);
    file.read(reinterpret_cast<char*>(steps.data()), static_cast<std::streamsize>(steps.size()));
    require(file, "the count of pages");
    return double{vault::PageCipher::seals_step} * vault::PageCipher::steps_in(steps);
}

void measure(Costs& costs, const std::string& folder, const std::string& vfs_name,
             std::uint64_t rows) {
    auto options = options_of(folder + "/file", vfs_name);
    costs.inserts.take(cpu_seconds_of([&] { insert_rows(options, rows); }));
    if (!vfs_name.empty()) costs.inserts.pages = sealed_pages(options.path);
    {
        options.cache_kib = cache_of_all_kib;
        sqlite::Database db(options);
        read_rows(db, rows);
        costs.warm.take(cpu_seconds_of([&] { costs.warm.pages = read_rows(db, rows); }));
    }
    options.cache_kib = cache_of_few_kib;
    sqlite::Database db(options);
    costs.cold.take(cpu_seconds_of([&] { costs.cold.pages = read_rows(db, rows); }));
}

/// Seconds for one page, by the cipher alone.
struct CipherAlone {
    double sealing;
    double opening;
};

CipherAlone measure_cipher() {
    constexpr int pages = 20'000;
    constexpr std::size_t hidden_bytes = vault::page_bytes - vault::seal_bytes;
    SeededRandom random(3);
    crypto::AeadKey key(crypto::Aead::aes_256_gcm, random.bytes<32>());
    const auto plain = random.bytes<hidden_bytes>();
    Fixed<hidden_bytes> sealed{};
    crypto::Nonce nonce{};
    crypto::Tag tag{};
    CipherAlone alone{};
    alone.sealing = least_cpu_seconds(repetitions, [&] {
        for (int i = 0; i < pages; ++i) tag = key.seal_to(nonce, {}, plain, sealed);
    });
    Fixed<hidden_bytes> opened{};
    alone.opening = least_cpu_seconds(repetitions, [&] {
        for (int i = 0; i < pages; ++i)
            require(key.open_to(nonce, {}, sealed, opened, tag), "the page opens");
    });
    return {alone.sealing / pages, alone.opening / pages};
}

void add_rows(const Table& table, const std::string& name, const Cost& ours, const Cost& plain,
              double count, double ratio_max, double cipher_seconds) {
    Row row;
    row.name = name;
    row.ours = shown(ours.seconds / count * 1e6, "us");
    row.limit = shown(plain.seconds / count * 1e6, "us");
    row.ratio = ours.seconds / plain.seconds;
    row.goal = "<= " + shown(ratio_max, "");
    row.verdict = judged(row.ratio <= ratio_max);
    table.add(row);
    const auto alone = cipher_seconds * ours.pages;
    // Too little to be told from chance.
    if (alone < plain.seconds / 100) return;
    row.name = "  what it adds, beside the cipher alone";
    row.ours = shown((ours.seconds - plain.seconds) / count * 1e6, "us");
    row.limit = shown(alone / count * 1e6, "us");
    row.ratio = (ours.seconds - plain.seconds) / alone;
    row.goal.clear();
    row.verdict = Verdict::none;
    table.add(row);
}

/// What a user waits for before her first command, beside one scrypt of the same cost.
void add_unlock_row(const Table& table, const WorkFolder& folder) {
    constexpr double seconds_max = 0.5;
    constexpr std::string_view pin = "482915";
    crypto::SystemRandom random;
    const auto dir = folder.fresh("keys");
    const auto device = keys::DeviceSecret::make_file(dir, "device.key", random);
    require(device, "the machine's secret is made");
    const auto user = make_random_id<UserTag>(random);
    const auto code = keys::RecoveryCode::make(random);
    require(keys::KeyFile::create(dir,
                                  {make_random_id<keys::RegistryTag>(random),
                                   user,
                                   "a nurse",
                                   {bytes_of(pin), *device},
                                   code},
                                  random),
            "the key file is made");
    const auto ours = least_cpu_seconds(repetitions, [&] {
        auto file = keys::KeyFile::load(dir);
        require(file && file->unlock_with_pin(user, bytes_of(pin), *device, SystemClock().now()),
                "the PIN opens it");
    });
    const auto salt = random.bytes<16>();
    const auto alone = least_cpu_seconds(repetitions, [&] {
        require(!crypto::scrypt(bytes_of(pin), salt, keys::guess_cost).view().empty(), "a key");
    });
    Row row;
    row.name = "unlock with a PIN";
    row.ours = shown(ours * 1e3, "ms");
    row.limit = shown(alone * 1e3, "ms");
    row.ratio = ours / alone;
    row.goal = "<= " + shown(seconds_max * 1e3, "ms");
    row.verdict = judged(ours <= seconds_max);
    table.add(row);
}

void run(const Options& options) {
    const WorkFolder folder;
    const auto rows = options.full ? rows_full : rows_usual;
    crypto::SystemRandom random;
    const auto key = random.bytes<32>();
    const vault::Mount mount(key, random);
    Costs encrypted;
    Costs plain;
    // Turn by turn, so that both meet the same machine.
    for (int i = 0; i < (options.is_profile ? 1 : repetitions); ++i) {
        measure(encrypted, folder.fresh("encrypted"), mount.vfs_name(), rows);
        if (!options.is_profile) measure(plain, folder.fresh("plain"), "", rows);
    }
    if (options.is_profile) return;
    const auto alone = measure_cipher();
    const Table table(options);
    add_rows(table, "encrypted: insert a row", encrypted.inserts, plain.inserts,
             static_cast<double>(rows), 1.5, alone.sealing);
    add_rows(table, "encrypted: read a row, all in the cache", encrypted.warm, plain.warm,
             static_cast<double>(reads), 1.2, alone.opening);
    add_rows(table, "encrypted: read a row, few in the cache", encrypted.cold, plain.cold,
             static_cast<double>(reads), 2.5, alone.opening);
    add_unlock_row(table, folder);
}

}  // namespace
}  // namespace egret::bench

int main(int argc, char** argv) { return egret::bench::run_main(argc, argv, egret::bench::run); }
