// What sealing and opening a batch costs, beside compressing, encrypting and signing the same bytes
// and nothing else; and how many bytes of the line a fact takes.

#include "bench/clinic_logs.h"
#include "bench/measure.h"
#include "registry/base/random.h"
#include "registry/crypto/aead.h"
#include "registry/crypto/sign.h"
#include "registry/zstd/compress.h"
#include "sync/core/batch.h"

#include <string>
#include <vector>

namespace egret::bench {
namespace {

constexpr std::size_t clinic_count = 4;
constexpr std::size_t open_bytes_max = 4 * 1024 * 1024;
constexpr int repetitions = 3;

/// zstd, AES-256-GCM and one signature.
class PlainSeal {
public:
    explicit PlainSeal(SeededRandom& random)
        : sign_(crypto::SigningKey::generate(random)),
          aead_(crypto::Aead::aes_256_gcm, random.bytes<32>()) {}

    struct Sealed {
        Bytes content;
        crypto::Signature signature;
    };

    Sealed seal(ByteView plaintext) {
        auto content = aead_.seal({}, {}, zstd::compress(plaintext));
        const auto signature = crypto::sign(sign_, content);
        return {std::move(content), signature};
    }

    void open(const Sealed& sealed) {
        require(crypto::verify(sign_.public_key(), sealed.content, sealed.signature), "signature");
        const auto content = aead_.open({}, {}, sealed.content);
        require(content, "content");
        require(zstd::decompress(*content, open_bytes_max), "frame");
    }

private:
    crypto::SigningKey sign_;
    crypto::AeadKey aead_;
};

void measure(const ClinicLogs& logs, std::size_t facts_a_batch, const Table& table) {
    SeededRandom random(3);
    const auto centre = crypto::SealKeyPair::generate(random);
    const auto parcels = logs.parcels(facts_a_batch);
    std::vector<Bytes> plaintexts;
    plaintexts.reserve(parcels.size());
    for (const auto& parcel : parcels) plaintexts.push_back(sync::encode_batch(parcel.batch));
    std::vector<Bytes> envelopes;
    std::vector<PlainSeal::Sealed> plain_sealed;
    PlainSeal plain(random);
    const auto seal_time = least_cpu_seconds(repetitions, [&] {
        envelopes.clear();
        for (const auto& parcel : parcels) {
            const auto& sender = logs.senders()[parcel.clinic];
            envelopes.push_back(sync::seal_batch(
                parcel.batch, {sender.id, 1, sync::EnvelopeSuite::aes_256_gcm, centre.public_key()},
                sender.sign, random));
        }
    });
    const auto plain_seal_time = least_cpu_seconds(repetitions, [&] {
        plain_sealed.clear();
        for (const auto& plaintext : plaintexts) plain_sealed.push_back(plain.seal(plaintext));
    });
    const auto open_time = least_cpu_seconds(repetitions, [&] {
        for (std::size_t i = 0; i < envelopes.size(); ++i) {
            const auto& sender = logs.senders()[parcels[i].clinic];
            require(sync::open_batch(envelopes[i], {sender.id, sender.sign.public_key()}, centre),
                    "a batch can't be opened");
        }
    });
    const auto plain_open_time = least_cpu_seconds(repetitions, [&] {
        for (const auto& sealed : plain_sealed) plain.open(sealed);
    });
    double bytes = 0;
    double plain_bytes = 0;
    for (const auto& envelope : envelopes) bytes += static_cast<double>(envelope.size());
    for (const auto& sealed : plain_sealed)
        plain_bytes += static_cast<double>(sealed.content.size() + sealed.signature.size());

    const auto facts = static_cast<double>(logs.fact_count());
    const auto add = [&](const std::string& name, double ours, double limit) {
        table.add({name + std::to_string(facts_a_batch), shown(facts / ours, "facts/s"),
                   shown(facts / limit, "facts/s"), limit / ours, "", Verdict::none});
    };
    add("seal batches of ", seal_time, plain_seal_time);
    add("open batches of ", open_time, plain_open_time);
    table.add({"  on the line", shown(bytes / facts, "B a fact"),
               shown(plain_bytes / facts, "B a fact"), bytes / plain_bytes,
               facts_a_batch == 200 ? "<= 120 B" : "",
               facts_a_batch == 200 ? judged(bytes / facts <= 120) : Verdict::none});
}

void run(const Options& options) {
    const ClinicLogs logs(options.full ? 400'000 : 40'000, clinic_count, 1);
    const Table table(options);
    for (const std::size_t facts_a_batch : {1000U, 200U}) measure(logs, facts_a_batch, table);
}

}  // namespace
}  // namespace egret::bench

int main(int argc, char** argv) { return egret::bench::run_main(argc, argv, egret::bench::run); }
