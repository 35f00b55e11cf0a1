#include "tests/simulation/sync/line.h"

#include "registry/crypto/x509.h"

#include <optional>
#include <utility>

namespace egret::sync_world {
namespace {

constexpr std::size_t head_bytes = 500;
constexpr Milliseconds deadline{60'000};
constexpr Milliseconds deadline_per_kib{1000};
constexpr std::uint64_t late_ms_max = 3 * 24 * 3'600'000;

Error line_error(const char* id) {
    const std::string_view name = id;
    if (name == "net.broken") return {ErrorCode::unavailable, "server", msg("net.broken")};
    if (name == "net.timeout") return {ErrorCode::unavailable, "server", msg("net.timeout")};
    return {ErrorCode::unavailable, "server", msg("net.unreachable")};
}

}  // namespace

/// A request that somebody waits for.
struct SimLine::Exchange {
    Done done;  // Empty once it was told.

    void end(const Result<http::Response>& answer) {
        if (const auto tell = std::exchange(done, nullptr)) tell(answer);
    }
};

class SimLine::Connection final : public client::Transport {
public:
    Connection(SimLine& line, const DeviceId& sender, client::HttpsClientOptions shown)
        : line_(line), sender_(sender), shown_(std::move(shown)) {}

    Result<http::Response> send(const http::Request& request) override {
        std::optional<Result<http::Response>> answer;
        line_.ask(request, shown_, sender_,
                  [&](const Result<http::Response>& come) { answer.emplace(come); });
        while (!answer) line_.world_.queue.step(line_.world_.queue.now() + Milliseconds(1000));
        return *std::move(answer);
    }

private:
    SimLine& line_;
    DeviceId sender_;
    client::HttpsClientOptions shown_;
};

client::Connect SimLine::way(const DeviceId& sender) {
    return [this, sender](const client::HttpsClientOptions& options)
               -> Result<std::unique_ptr<client::Transport>> {
        return std::unique_ptr<client::Transport>(
            std::make_unique<Connection>(*this, sender, options));
    };
}

Milliseconds SimLine::transit(std::size_t bytes) const {
    return Milliseconds(rates_.turn_ms / 2 +
                        static_cast<std::int64_t>(bytes + head_bytes) * 1000 / rates_.bytes_per_s);
}

Milliseconds SimLine::delay() { return Milliseconds(1 + random_.below(late_ms_max)); }

Error SimLine::failed(const char* id) {
    ++losses_;
    return line_error(id);
}

void SimLine::ask(http::Request request, const client::HttpsClientOptions& shown,
                  const DeviceId& sender, Done done) {
    auto& queue = world_.queue;
    request.peer = http::Peer{"127.0.0.1", {}};
    if (shown.identity) {
        const auto facts = crypto::read_certificate(shown.identity->certificate_pem);
        EGRET_ENSURE(facts);
        request.peer.certificate = http::ClientCertificate{facts->common_name, facts->key_hash,
                                                           facts->validity.holds_at(queue.now())};
    }
    const auto way_there = transit(request.body.size());
    const auto too_late =
        deadline + deadline_per_kib * static_cast<std::int64_t>(request.body.size() / 1024);
    const auto exchange = std::make_shared<Exchange>(Exchange{std::move(done)});
    const auto fail = [this, exchange](const char* id) {
        return [this, exchange, id] {
            if (exchange->done) exchange->end(failed(id));
        };
    };
    if (random_.chance(rates_.unreachable))
        return queue.after(Milliseconds(10), fail("net.unreachable"));
    // All is drawn at once, so that what happens meanwhile changes nothing of it.
    const bool is_cut = random_.chance(rates_.request_cut);
    const bool is_lost = random_.chance(rates_.request_lost);
    const auto lateness = random_.chance(rates_.late) ? delay() : Milliseconds(0);
    const bool comes_twice = random_.chance(rates_.duplicated);
    const auto second_after = delay();
    if (is_cut) return queue.after(way_there / 2, fail("net.broken"));
    const auto arrive = [this, request, sender](const std::shared_ptr<Exchange>& waiting) {
        return [this, request, sender, waiting] { deliver(request, sender, waiting); };
    };
    if (!is_lost) queue.after(way_there + lateness, arrive(exchange));
    if (comes_twice) queue.after(way_there + second_after, arrive(nullptr));
    queue.after(too_late, fail("net.timeout"));
}

void SimLine::deliver(const http::Request& request, const DeviceId& sender,
                      const std::shared_ptr<Exchange>& exchange) {
    auto response = centre_.handle(request, sender);
    if (!exchange) return;
    if (!response) {
        if (exchange->done) exchange->end(failed("net.broken"));
        return;
    }
    if (random_.chance(rates_.answer_lost)) return;
    const auto lateness = random_.chance(rates_.late) ? delay() : Milliseconds(0);
    world_.queue.after(transit(response->body.size()) + lateness,
                       [exchange, answer = *std::move(response)] { exchange->end(answer); });
}

}  // namespace egret::sync_world
