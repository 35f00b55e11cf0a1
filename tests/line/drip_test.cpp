#include "tests/line/line_fixture.h"
#include "tests/sync/http/raw_client.h"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <thread>
#include <vector>

/// Against the real server, with sockets: connections that send a byte now and then, so that each
/// holds a thread.
namespace egret::tests {
namespace {

using std::chrono::milliseconds;

constexpr int drips = 200;

Poco::Net::Context::Ptr careless_context() {
    using Poco::Net::Context;
    Context::Params params;
    params.verificationMode = Context::VERIFY_NONE;
    return Context::Ptr(new Context(Context::TLS_CLIENT_USE, params));  // Poco takes ownership.
}

/// So many connections from each of the addresses in turn, dripping until the end.
class Dripping {
public:
    Dripping(std::uint16_t port, int addresses) {
        const auto context = careless_context();
        for (int i = 0; i < drips; ++i) {
            const auto from = "127.0.0." + std::to_string(1 + i % addresses);
            try {
                lines_.push_back(begin(RawClient::from(from, port), context, i % 3));
            } catch (const Poco::Exception&) {
                // Refused: this address has its share.
            }
        }
        thread_ = std::jthread([this](const std::stop_token& stop) { drip_until(stop); });
    }

    std::size_t size() const { return lines_.size(); }

private:
    /// The kinds of them: within the handshake, within the head of a request, within its body.
    static RawClient begin(RawClient plain, const Poco::Net::Context::Ptr& context, int kind) {
        if (kind == 0) return plain;
        RawClient line(Poco::Net::SecureStreamSocket::attach(plain.socket(), context));
        line.send("POST /v1/sync/batches HTTP/1.1\r\nHost: centre\r\n");
        if (kind == 2) line.send("Content-Length: 100000\r\n\r\n");
        return line;
    }

    void drip_until(const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            for (auto& line : lines_) {
                try {
                    line.send("\x16");  // How a handshake begins; elsewhere a byte like any other.
                } catch (const Poco::Exception&) {
                    // Cut.
                }
            }
            std::this_thread::sleep_for(milliseconds{500});
        }
    }

    std::vector<RawClient> lines_;
    std::jthread thread_;
};

double seconds_of_a_sync(LineFixture& f) {
    const auto begun = std::chrono::steady_clock::now();
    f.sync_to(f.port);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

TEST_SUITE("line/drip") {
    TEST_CASE_FIXTURE(LineFixture, "200 dripping connections keep no clinic waiting") {
        enrol_by_https();
        record(100);
        for (const int addresses : {13, 1}) {
            const Dripping dripping(port, addresses);
            std::this_thread::sleep_for(milliseconds{http::ServerOptions{}.grace_ms});
            record(1);
            const double took = seconds_of_a_sync(*this);
            CHECK(took <= 5);
            CHECK(at_centre() == head());
            const auto counts = server.counts();
            MESSAGE(drips, " connections from ", addresses, " addresses: ", took, " s, ",
                    counts.relieved, " cut for others, ", counts.refused, " refused");
            CHECK(counts.relieved > 0);
        }
    }
}

}  // namespace
}  // namespace egret::tests
