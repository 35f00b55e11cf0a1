#include "sync/client/https_client.h"

#include "tests/sync/http/raw_client.h"
#include "tests/sync/http/test_site.h"

#include <Poco/Net/Context.h>
#include <Poco/Net/DNS.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/ServerSocket.h>
#include <doctest/doctest.h>

#include <functional>
#include <latch>
#include <thread>

namespace egret::client {
namespace {

using tests::day_in;
using tests::RawClient;
using tests::TestProgramme;
using tests::TestSite;

http::ServerOptions over_tls(http::TlsOptions tls) {
    http::ServerOptions options;
    options.timeout_ms = 1000;
    options.tls = std::move(tls);
    return options;
}

HttpsClientOptions to_port(std::uint16_t port, const std::string& authority_pem,
                           const std::string& host = "127.0.0.1") {
    HttpsClientOptions options{.url = "https://" + host + ":" + std::to_string(port),
                               .now = day_in(2027)};
    options.authority_pem = authority_pem;
    options.timeout_ms = 10'000;
    return options;
}

Result<http::Response> ask(HttpsClientOptions options) {
    auto client = HttpsClient::make(std::move(options));
    REQUIRE(client);
    return client->send({.path = "/secret"});
}

std::string failure_of(const Result<http::Response>& result) {
    return result ? "status " + std::to_string(result->status) : result.error().message.id;
}

/// A system made by debootstrap alone has no /etc/hosts, and so no name for itself.
bool is_resolved(const std::string& host) {
    try {
        return !Poco::Net::DNS::hostByName(host).addresses().empty();
    } catch (const Poco::Exception&) {
        return false;
    }
}

http::Request post(std::string_view body) {
    return {.method = "POST", .path = "/echo", .body = copy_of(bytes_of(body))};
}

/// Of a client that takes any server.
Poco::Net::Context::Ptr careless_context() {
    Poco::Net::Context::Params params;
    params.verificationMode = Poco::Net::Context::VERIFY_NONE;
    using Poco::Net::Context;
    return Context::Ptr(new Context(Context::TLS_CLIENT_USE, params));  // Poco takes ownership.
}

/// A plain socket that answers its only connection as the test says, without TLS.
class FalseServer {
public:
    explicit FalseServer(std::function<void(Poco::Net::StreamSocket&)> behave)
        : socket_(Poco::Net::SocketAddress("127.0.0.1", 0)),
          thread_([this, act = std::move(behave)] {
              auto connection = socket_.acceptConnection();
              act(connection);
          }) {}

    std::uint16_t port() const { return socket_.address().port(); }

private:
    Poco::Net::ServerSocket socket_;
    std::jthread thread_;
};

TEST_SUITE("sync/client/https_client") {
    TEST_CASE("a request goes out whole and the answer comes back whole") {
        TestSite site;
        const TestProgramme programme;
        const auto port = site.start(over_tls(programme.server_tls({"127.0.0.1"})));
        auto client = *HttpsClient::make(to_port(port, programme.authority_pem()));
        const std::string body(300'000, 'x');
        auto request = post(body);
        request.query = {{"name", "王 小&丽"}};
        request.headers = {{"accept-language", "zh"}};
        const auto answer = client.send(request);

        REQUIRE_MESSAGE(answer, failure_of(answer));
        CHECK(answer->status == 200);
        CHECK(answer->content_type == "application/octet-stream");
        CHECK(text_of(answer->body) == body);
        const auto seen = site.echo_handler.seen();
        REQUIRE(seen.size() == 1);
        CHECK(seen[0].query == request.query);
        CHECK(seen[0].header("accept-language") == "zh");
        CHECK_FALSE(seen[0].peer.certificate);
        CHECK(client.send({.path = "/nowhere"})->status == 404);
        CHECK(client.send({.method = "HEAD", .path = "/secret"})->body.empty());
    }

    TEST_CASE("the server learns from the certificate which device asks") {
        TestSite site;
        const TestProgramme programme;
        const auto port = site.start(over_tls(programme.server_tls({"127.0.0.1"})));
        const auto device = programme.device("0192f0c1-0000-7000-8000-000000000001");
        auto options = to_port(port, programme.authority_pem());
        options.identity = ClientIdentity{device.certificate_pem, device.key_pem};
        CHECK(failure_of(ask(options)) == "status 200");

        const auto peer = site.secret_handler.seen().at(0).peer;
        REQUIRE(peer.certificate);
        CHECK(peer.certificate->common_name == "0192f0c1-0000-7000-8000-000000000001");
        CHECK(peer.certificate->key_hash ==
              crypto::read_certificate(device.certificate_pem)->key_hash);
        CHECK(peer.certificate->in_date);
    }

    // A laptop that was in a drawer for two years must be able to renew.
    TEST_CASE("a device whose certificate has run out is let in and known as such") {
        TestSite site;
        const TestProgramme programme;
        const auto port = site.start(over_tls(programme.server_tls({"127.0.0.1"})));
        const auto device = programme.device("old", {day_in(2023), day_in(2025)});
        auto options = to_port(port, programme.authority_pem());
        options.identity = ClientIdentity{device.certificate_pem, device.key_pem};
        CHECK(failure_of(ask(options)) == "status 200");
        const auto peer = site.secret_handler.seen().at(0).peer;
        REQUIRE(peer.certificate);
        CHECK(peer.certificate->common_name == "old");
        CHECK_FALSE(peer.certificate->in_date);
    }

    TEST_CASE("a device of another programme is refused by the server") {
        TestSite site;
        const TestProgramme programme;
        const auto port = site.start(over_tls(programme.server_tls({"127.0.0.1"})));
        const auto device = TestProgramme().device("stranger");
        auto options = to_port(port, programme.authority_pem());
        options.identity = ClientIdentity{device.certificate_pem, device.key_pem};
        CHECK(failure_of(ask(options)) == "net.broken");
        // A certificate for servers is no proof of being a device.
        const auto server = programme.server_tls({"127.0.0.1"});
        options.identity = ClientIdentity{server.certificate_pem, server.key_pem};
        CHECK(failure_of(ask(options)) == "net.broken");
        CHECK(site.secret_handler.seen().empty());
    }

    TEST_CASE("a server of another programme is refused") {
        TestSite site;
        const auto port = site.start(over_tls(TestProgramme().server_tls({"127.0.0.1"})));
        const auto refused = ask(to_port(port, TestProgramme().authority_pem()));
        CHECK(failure_of(refused) == "net.untrusted_server");
        CHECK(refused.error().code == ErrorCode::unavailable);
        CHECK(site.secret_handler.seen().empty());
    }

    TEST_CASE("a server's certificate must be for the name that was asked for") {
        TestSite site;
        const TestProgramme programme;
        const auto port =
            site.start(over_tls(programme.server_tls({"centre.example.cn", "localhost"})));
        CHECK(failure_of(ask(to_port(port, programme.authority_pem()))) == "net.untrusted_server");
        if (!is_resolved("localhost")) {
            MESSAGE("skipped: this machine has no name localhost (/etc/hosts)");
            return;
        }
        CHECK(failure_of(ask(to_port(port, programme.authority_pem(), "localhost"))) ==
              "status 200");
    }

    TEST_CASE("a device's certificate does not make a server") {
        TestSite site;
        const TestProgramme programme;
        const auto device = programme.device("127.0.0.1");
        const auto port = site.start(over_tls({device.certificate_pem, device.key_pem, ""}));
        CHECK(failure_of(ask(to_port(port, programme.authority_pem()))) == "net.untrusted_server");
    }

    // The battery of the machine's clock is dead: it says 2001 after every start.
    TEST_CASE("validity is judged at the time that is given, not by the machine's clock") {
        TestSite site;
        const TestProgramme programme;
        const auto port = site.start(over_tls(programme.server_tls({"127.0.0.1"})));
        auto options = to_port(port, programme.authority_pem());
        options.now = day_in(2001);
        CHECK(failure_of(ask(options)) == "net.untrusted_server");
        options.now = day_in(2027);
        CHECK(failure_of(ask(options)) == "status 200");
        options.now = day_in(2030);
        CHECK(failure_of(ask(options)) == "net.untrusted_server");
    }

    TEST_CASE("a pinned key is required beside the authority") {
        TestSite site;
        const TestProgramme programme;
        const auto tls = programme.server_tls({"127.0.0.1"});
        const auto key_hash = crypto::read_certificate(tls.certificate_pem)->key_hash;
        const auto port = site.start(over_tls(tls));
        auto options = to_port(port, programme.authority_pem());
        options.server_key_hashes = {Hash{}};
        CHECK(failure_of(ask(options)) == "net.untrusted_server");
        options.server_key_hashes = {Hash{}, key_hash};
        CHECK(failure_of(ask(options)) == "status 200");
        options.authority_pem = TestProgramme().authority_pem();
        CHECK(failure_of(ask(options)) == "net.untrusted_server");
    }

    TEST_CASE("for enrolment any server is taken, and its certificate shown") {
        TestSite site;
        const auto tls = TestProgramme().server_tls({"elsewhere.example.cn"});
        const auto port = site.start(over_tls(tls));
        auto options = to_port(port, "");
        options.accept_any_server = true;
        auto client = *HttpsClient::make(options);
        CHECK(client.server_certificate_pem() == "");
        CHECK(failure_of(client.send({.path = "/secret"})) == "status 200");
        CHECK(crypto::read_certificate(client.server_certificate_pem())->key_hash ==
              crypto::read_certificate(tls.certificate_pem)->key_hash);
    }

    TEST_CASE("a connection that died between two requests is replaced") {
        TestSite site;
        const TestProgramme programme;
        auto options = over_tls(programme.server_tls({"127.0.0.1"}));
        options.port = site.start(options);
        auto client = *HttpsClient::make(to_port(options.port, programme.authority_pem()));
        CHECK(failure_of(client.send(post("a"))) == "status 200");
        site.server->stop();
        site.start(options);
        CHECK(failure_of(client.send(post("b"))) == "status 200");
        CHECK(site.echo_handler.seen().size() == 2);
    }

    TEST_CASE("under TLS too, a body that is cut or stalls never reaches a handler") {
        TestSite site;
        auto options = over_tls(TestProgramme().server_tls({"127.0.0.1"}));
        options.timeout_ms = 100;
        const auto port = site.start(options);
        auto context = careless_context();
        for (const bool ends : {true, false}) {
            Poco::Net::SecureStreamSocket socket(Poco::Net::SocketAddress("127.0.0.1", port),
                                                 context);
            socket.setReceiveTimeout(Poco::Timespan(10, 0));
            RawClient client(socket);
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc");
            if (ends) ::shutdown(socket.impl()->sockfd(), SHUT_WR);
            // After an end that TLS didn't announce, it won't even carry our refusal.
            CHECK(tests::status_of_answer(client.read_all()) == (ends ? 0 : 400));
        }
        CHECK(site.echo_handler.seen().empty());
    }

    TEST_CASE("TLS older than 1.3 is not spoken") {
        TestSite site;
        const auto port = site.start(over_tls(TestProgramme().server_tls({"127.0.0.1"})));
        auto context = careless_context();
        context->disableProtocols(Poco::Net::Context::PROTO_TLSV1_3);
        CHECK_THROWS_AS(
            Poco::Net::SecureStreamSocket(Poco::Net::SocketAddress("127.0.0.1", port), context),
            Poco::Exception);
    }

    TEST_CASE("an answer that is larger than allowed is not read") {
        TestSite site;
        const TestProgramme programme;
        const auto port = site.start(over_tls(programme.server_tls({"127.0.0.1"})));
        auto options = to_port(port, programme.authority_pem());
        options.response_bytes_max = 1000;
        auto client = *HttpsClient::make(options);
        CHECK(failure_of(client.send(post(std::string(1000, 'x')))) == "status 200");
        const auto refused = client.send(post(std::string(1001, 'x')));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::too_large);
        CHECK(failure_of(client.send(post("x"))) == "status 200");
    }

    TEST_CASE("a handler that takes too long is not waited for") {
        TestSite site;
        std::latch may_finish(1);
        tests::RecordingHandler slow([&](const http::Request&) {
            may_finish.wait();
            return http::Response::json("{}");
        });
        site.routes.add("GET", "/slow", slow);
        const TestProgramme programme;
        const auto port = site.start(over_tls(programme.server_tls({"127.0.0.1"})));
        for (const bool by_deadline : {true, false}) {
            auto options = to_port(port, programme.authority_pem());
            (by_deadline ? options.deadline_ms : options.timeout_ms) = 300;
            auto client = *HttpsClient::make(options);
            CHECK(failure_of(client.send({.path = "/slow"})) == "net.timeout");
        }
        may_finish.count_down();
    }

    TEST_CASE("who doesn't answer, doesn't speak TLS or isn't there is told apart") {
        const TestProgramme programme;
        std::uint16_t closed = 0;
        {
            std::latch done(1);
            FalseServer silent([&](Poco::Net::StreamSocket&) { done.wait(); });
            closed = silent.port();
            auto options = to_port(silent.port(), programme.authority_pem());
            options.deadline_ms = 200;
            CHECK(failure_of(ask(options)) == "net.timeout");
            done.count_down();
        }
        CHECK(failure_of(ask(to_port(closed, programme.authority_pem()))) == "net.unreachable");
        CHECK(failure_of(ask(to_port(1, programme.authority_pem(), "nowhere.invalid"))) ==
              "net.unreachable");
        FalseServer rude([](Poco::Net::StreamSocket& socket) {
            const std::string text = "SSH-2.0-x\r\n";
            socket.sendBytes(text.data(), static_cast<int>(text.size()));
        });
        CHECK(failure_of(ask(to_port(rude.port(), programme.authority_pem()))) == "net.broken");
    }

    TEST_CASE("what is no https address, or no key, is refused before anything is sent") {
        const TestProgramme programme;
        for (const auto* url : {"", "centre", "http://centre", "https://", "https://a:b",
                                "https://user@centre", "https://centre/?x=1", "ftp://centre"}) {
            HttpsClientOptions options{.url = url, .now = day_in(2027)};
            options.authority_pem = programme.authority_pem();
            const auto refused = HttpsClient::make(options);
            REQUIRE_MESSAGE(!refused, url);
            CHECK(refused.error().code == ErrorCode::invalid_input);
            CHECK(refused.error().message.id == "net.bad_url");
        }
        auto options = to_port(1, "");
        CHECK(HttpsClient::make(options).error().message.id == "tls.authority_unusable");
        options = to_port(1, programme.authority_pem());
        options.identity =
            ClientIdentity{programme.device("a").certificate_pem, programme.device("a").key_pem};
        CHECK(HttpsClient::make(options).error().message.id == "tls.identity_unusable");
    }
}

}  // namespace
}  // namespace egret::client
