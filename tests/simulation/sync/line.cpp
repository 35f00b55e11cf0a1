#include "tests/simulation/sync/line.h"

#include "registry/crypto/x509.h"

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
    bool is_broken = false;
    std::optional<http::Response> answer;
};

class SimLine::Connection final : public client::Transport {
public:
    Connection(SimLine& line, const DeviceId& sender, http::Peer peer)
        : line_(line), sender_(sender), peer_(std::move(peer)) {}

    Result<http::Response> send(const http::Request& request) override {
        auto asked = request;
        asked.peer = peer_;
        return line_.send(asked, sender_);
    }

private:
    SimLine& line_;
    DeviceId sender_;
    http::Peer peer_;
};

client::Connect SimLine::way(const DeviceId& sender) {
    return [this, sender](const client::HttpsClientOptions& options)
               -> Result<std::unique_ptr<client::Transport>> {
        http::Peer peer{"127.0.0.1", {}};
        if (options.identity) {
            auto facts = crypto::read_certificate(options.identity->certificate_pem);
            if (!facts) return std::move(facts).error();
            peer.certificate = http::ClientCertificate{
                facts->common_name, facts->key_hash, facts->validity.holds_at(world_.queue.now())};
        }
        return std::unique_ptr<client::Transport>(
            std::make_unique<Connection>(*this, sender, std::move(peer)));
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

Result<http::Response> SimLine::send(const http::Request& request, const DeviceId& sender) {
    auto& queue = world_.queue;
    const auto way_there = transit(request.body.size());
    const auto until = queue.now() + deadline +
                       deadline_per_kib * static_cast<std::int64_t>(request.body.size() / 1024);
    if (random_.chance(rates_.unreachable)) {
        const auto refused_at = queue.now() + Milliseconds(10);
        while (queue.step(refused_at)) {
        }
        return failed("net.unreachable");
    }
    // All is drawn at once, so that what happens meanwhile changes nothing of it.
    const bool is_cut = random_.chance(rates_.request_cut);
    const bool is_lost = random_.chance(rates_.request_lost);
    const auto lateness = random_.chance(rates_.late) ? delay() : Milliseconds(0);
    const bool comes_twice = random_.chance(rates_.duplicated);
    const auto second_after = delay();
    if (is_cut) {
        const auto broken_at = queue.now() + way_there / 2;
        while (queue.step(broken_at)) {
        }
        return failed("net.broken");
    }
    const auto exchange = std::make_shared<Exchange>();
    const auto arrive = [this, request, sender](std::shared_ptr<Exchange> waiting) {
        return [this, request, sender, waiting] { deliver(request, sender, waiting); };
    };
    if (!is_lost) queue.after(way_there + lateness, arrive(exchange));
    if (comes_twice) queue.after(way_there + second_after, arrive(nullptr));
    while (!exchange->answer && !exchange->is_broken && queue.step(until)) {
    }
    if (exchange->answer) return *std::move(exchange->answer);
    return failed(exchange->is_broken ? "net.broken" : "net.timeout");
}

void SimLine::deliver(const http::Request& request, const DeviceId& sender,
                      const std::shared_ptr<Exchange>& exchange) {
    auto response = centre_.handle(request, sender);
    if (!exchange) return;
    if (!response) {
        exchange->is_broken = true;
        return;
    }
    if (random_.chance(rates_.answer_lost)) return;
    const auto lateness = random_.chance(rates_.late) ? delay() : Milliseconds(0);
    world_.queue.after(transit(response->body.size()) + lateness,
                       [exchange, answer = *std::move(response)] { exchange->answer = answer; });
}

}  // namespace egret::sync_world
