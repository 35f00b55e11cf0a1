#include "registry/crypto/tls.h"
#include "tests/line/line_fixture.h"
#include "tests/sync/http/raw_client.h"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <doctest/doctest.h>

#include <cstdlib>
#include <sys/socket.h>

namespace egret::tests {
namespace {

/// Every byte if the environment says EGRET_CUTS=all, else every so manieth.
std::size_t stride(std::size_t usual) {
    const char* wish = std::getenv("EGRET_CUTS");
    return wish != nullptr && std::string_view(wish) == "all" ? 1 : usual;
}

/// What one sync of one woman's two facts takes on the line.
LineCounts measure(LineFixture& f) {
    f.record(1);
    LineProxy line(f.port, [](std::size_t) { return LineShape{}; });
    f.sync_to(line.port());
    REQUIRE(f.acked() == f.head());
    return line.counts();
}

void cut_everywhere(LineFixture& f, std::size_t LineShape::*way, std::size_t bytes,
                    std::size_t step) {
    std::size_t cuts = 0;
    std::size_t failed = 0;
    std::size_t arrived = 0;
    for (std::size_t at = 0; at <= bytes; at += step) {
        f.record(1);
        const auto before = f.acked();
        LineShape shape;
        shape.*way = at;
        LineProxy line(f.port, [shape](std::size_t) { return shape; });
        const auto outcome = f.sync_to(line.port());
        const auto acked = f.acked();
        CAPTURE(at);
        // Nothing is believed that isn't so; what was acknowledged stays acknowledged.
        REQUIRE(acked >= before);
        REQUIRE(f.at_centre() >= acked);
        REQUIRE(outcome.report.error.has_value() == (acked < f.head()));
        ++cuts;
        if (acked < f.head()) ++failed;
        if (f.at_centre() == f.head() && acked < f.head()) ++arrived;
        // The line is back: no person has to do anything.
        const auto after = f.sync_to(f.port);
        REQUIRE_FALSE(after.report.error.has_value());
        REQUIRE(f.acked() == f.head());
        REQUIRE(f.at_centre() == f.head());
    }
    f.check_centre_has_all();
    CHECK(failed > cuts / 2);
    MESSAGE(cuts, " cuts of ", bytes, " bytes: ", failed, " syncs failed, of ", arrived,
            " only the answer was lost; each fact is at the centre once");
}

/// Keeps what would have gone out, and sends nothing.
struct Catcher final : client::Transport {
    explicit Catcher(http::Request& caught) : caught_(caught) {}

    Result<http::Response> send(const http::Request& request) override {
        caught_ = request;
        return Error{ErrorCode::unavailable, "server", msg("net.unreachable")};
    }

private:
    http::Request& caught_;
};

http::Request next_upload(LineFixture& f) {
    http::Request caught;
    client::ClinicLink link(*f.clinic, f.home(), [&](const client::HttpsClientOptions&) {
        return Result<std::unique_ptr<client::Transport>>(std::make_unique<Catcher>(caught));
    });
    REQUIRE(link.sync("", f.quiet));
    REQUIRE(caught.method == "POST");
    return caught;
}

/// The machine's own connection, with its certificate, for bytes of our choice.
RawClient connect_as_clinic(LineFixture& f) {
    using Poco::Net::Context;
    Context::Params params;
    params.verificationMode = Context::VERIFY_NONE;
    const Context::Ptr context(
        new Context(Context::TLS_CLIENT_USE, params));  // Poco takes ownership.
    const auto keys = client::LinkKeys::load(f.home(), f.clinic->link_key());
    REQUIRE(keys);
    REQUIRE(crypto::use_identity(context->sslContext(), (*keys)->membership()->certificate_pem,
                                 (*keys)->tls_key_pem()));
    Poco::Net::SecureStreamSocket socket(Poco::Net::SocketAddress("127.0.0.1", f.port), context);
    socket.setReceiveTimeout(Poco::Timespan(10, 0));
    return RawClient(socket);
}

std::string head_text(const http::Request& request) {
    std::string text = request.method + " " + request.path + " HTTP/1.1\r\nHost: centre\r\n";
    for (const auto& [name, value] : request.headers) text += name + ": " + value + "\r\n";
    return text + "Content-Length: " + std::to_string(request.body.size()) + "\r\n\r\n";
}

TEST_SUITE("line/cut") {
    TEST_CASE_FIXTURE(LineFixture, "a request that was cut anywhere is never answered with 2xx") {
        enrol_by_https();
        record(1);
        const auto request = next_upload(*this);
        const auto text = head_text(request) + std::string(text_of(request.body));
        for (std::size_t sent = 1; sent < text.size(); sent += stride(17)) {
            auto line = connect_as_clinic(*this);
            line.send(text.substr(0, sent));
            // Of TCP: a farewell of TLS would be more than a line does that is cut.
            ::shutdown(line.socket().impl()->sockfd(), SHUT_WR);
            const auto answer = line.read_all();
            CAPTURE(sent);
            REQUIRE(status_of_answer(answer) / 100 != 2);
            REQUIRE(at_centre() == 0);
        }
        auto whole = connect_as_clinic(*this);
        REQUIRE(status_of_answer(whole.send(text).read_answer()) == 200);
        CHECK(at_centre() == head());
    }

    TEST_CASE_FIXTURE(LineFixture, "cut anywhere on the way up, each fact arrives once") {
        enrol_by_https();
        const auto whole = measure(*this);
        cut_everywhere(*this, &LineShape::up_max, whole.bytes_up, stride(23));
    }

    TEST_CASE_FIXTURE(LineFixture, "cut anywhere on the way down, each fact arrives once") {
        enrol_by_https();
        const auto whole = measure(*this);
        cut_everywhere(*this, &LineShape::down_max, whole.bytes_down, stride(23));
    }
}

}  // namespace
}  // namespace egret::tests
