#include "sync/http/server.h"

#include "registry/json/parse.h"
#include "tests/sync/http/raw_client.h"
#include "tests/sync/http/test_site.h"

#include <doctest/doctest.h>

#include <latch>
#include <list>
#include <stdexcept>
#include <thread>

namespace egret::http {
namespace {

using tests::count_of;
using tests::RawClient;
using tests::RecordingHandler;
using tests::status_of_answer;
using tests::TestSite;

/// Reads that wait for nothing give up soon.
ServerOptions impatient() {
    ServerOptions options;
    options.timeout_ms = 100;
    return options;
}

std::string body_of(const std::string& answer) {
    return answer.substr(answer.find("\r\n\r\n") + 4);
}

std::string problem_of(const std::string& answer) {
    const auto document = json::parse(body_of(answer));
    REQUIRE_MESSAGE(document, answer);
    return document->find("message")->as_text();
}

TEST_SUITE("sync/http/server") {
    TEST_CASE("a handler is given the whole request") {
        TestSite site;
        RawClient client(site.start());
        client.send(
            "POST /echo?scope=350203&x=%E7%8E%8B HTTP/1.1\r\nHost: a\r\nX-One: 1\r\nx-one: 2\r\n"
            "Accept-Language: zh\r\nContent-Length: 5\r\n\r\nhe");
        client.send("llo");
        const auto answer = client.read_answer();

        CHECK(status_of_answer(answer) == 200);
        CHECK(body_of(answer) == "hello");
        CHECK(answer.find("Cache-Control: no-store") != std::string::npos);
        const auto seen = site.echo_handler.seen();
        REQUIRE(seen.size() == 1);
        CHECK(seen[0].method == "POST");
        CHECK(seen[0].path == "/echo");
        CHECK(seen[0].query == Query{{"scope", "350203"}, {"x", "王"}});
        CHECK(seen[0].header("x-one") == "1, 2");
        CHECK(text_of(seen[0].body) == "hello");
        CHECK(seen[0].peer.address == "127.0.0.1");
        CHECK_FALSE(seen[0].peer.certificate);
    }

    TEST_CASE("a connection carries one request after the other") {
        TestSite site;
        RawClient client(site.start());
        for (const auto* body : {"one", "two", "six"}) {
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n").send(body);
            CHECK(body_of(client.read_answer()) == body);
        }
        CHECK(site.server->counts().requests == 3);
    }

    TEST_CASE("two requests that come at once get two answers in their order") {
        TestSite site;
        RawClient client(site.start());
        client.send(
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none"
            "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\ntwo");
        const auto answers = client.read_all();
        CHECK(count_of(answers, "HTTP/1.1 200 OK") == 2);
        CHECK(answers.find("one") < answers.find("two"));
    }

    // Poco shows a cut body as one that has ended: the classic way to lose half a batch.
    TEST_CASE("a body that is cut or stalls never reaches a handler") {
        TestSite site;
        const auto port = site.start(impatient());
        for (const bool ends : {true, false}) {
            RawClient client(port);
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc");
            if (ends) client.end();
            const auto answer = client.read_all();
            CHECK(status_of_answer(answer) == 400);
            CHECK(problem_of(answer) == "http.body_cut");
            CHECK(answer.find("Connection: Close") != std::string::npos);
        }
        CHECK(site.echo_handler.seen().empty());
    }

    // Poco goes on reading where a handler stopped: what it takes for a request is part of a body.
    TEST_CASE("a request hidden in a body that nobody read is never answered") {
        const std::string hidden = "GET /secret HTTP/1.1\r\nHost: a\r\n\r\n";
        const auto length = "Content-Length: " + std::to_string(hidden.size()) + "\r\n";
        const std::vector<std::string> heads = {
            "POST /nowhere HTTP/1.1\r\nHost: a\r\n" + length,
            "POST /secret HTTP/1.1\r\nHost: a\r\n" + length,
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n",
            "POST /echo HTTP/1.1\r\nHost: a\r\n",
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n" + length,
            "GET /secret HTTP/1.1\r\nHost: a\r\nContent-Length : 34\r\n",
            "OPTIONS /echo HTTP/1.1\r\nHost: a\r\n" + length};
        for (const auto& head : heads) {
            TestSite site;
            RawClient client(site.start(impatient()));
            client.send(std::string(head).append("\r\n").append(hidden));
            const auto answers = client.read_all();
            CHECK_MESSAGE(count_of(answers, "HTTP/1.1 ") == 1, head);
            CHECK_MESSAGE(status_of_answer(answers) >= 400, head);
            CHECK_MESSAGE(site.secret_handler.seen().empty(), head);
            CHECK_MESSAGE(site.echo_handler.seen().empty(), head);
        }
    }

    TEST_CASE("a body that was read whole and refused leaves the connection usable") {
        TestSite site;
        RecordingHandler refusing([](const Request&) -> Result<Response> {
            return Error{ErrorCode::forbidden, "batch.origin", msg("http.no_such_path")};
        });
        site.routes.add("POST", "/refused", refusing);
        RawClient client(site.start());
        client.send("POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
        CHECK(status_of_answer(client.read_answer()) == 403);
        client.send("GET /secret HTTP/1.1\r\nHost: a\r\n\r\n");
        CHECK(status_of_answer(client.read_answer()) == 200);
    }

    TEST_CASE("a body that isn't framed by one length is refused") {
        struct Refused {
            const char* headers;
            int status;
        };
        for (const auto& refused :
             {Refused{"", 411}, Refused{"Transfer-Encoding: chunked\r\n", 411},
              Refused{"Transfer-Encoding: gzip, chunked\r\n", 411},
              Refused{"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", 411},
              Refused{"Content-Length: 3\r\nContent-Length: 3\r\n", 400},
              Refused{"Content-Length: 3\r\ncontent-length: 9\r\n", 400},
              Refused{"Content-Length: -3\r\n", 400}, Refused{"Content-Length: +3\r\n", 400}}) {
            TestSite site;
            RawClient client(site.start(impatient()));
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\n")
                .send(refused.headers)
                .send("\r\nabc")
                .end();
            const auto answer = client.read_all();
            CHECK_MESSAGE(status_of_answer(answer) == refused.status, refused.headers);
            CHECK(count_of(answer, "HTTP/1.1") == 1);
            CHECK(site.echo_handler.seen().empty());
        }
    }

    TEST_CASE("a length that is no number gets no answer from a handler") {
        for (const auto* length : {"abc", "3x", "0x3", "99999999999999999999999", ""}) {
            TestSite site;
            RawClient client(site.start(impatient()));
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: ").send(length);
            client.send("\r\n\r\nabc").end();
            const auto status = status_of_answer(client.read_all());
            CHECK_MESSAGE((status == 0 || status >= 400), length);
            CHECK(site.echo_handler.seen().empty());
        }
    }

    TEST_CASE("a body of just the limit is taken, one byte more is not read") {
        TestSite site;
        ServerOptions options;
        options.body_bytes_max = 100'000;
        const auto port = site.start(options);
        const auto head = [](std::size_t length) {
            return "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(length) +
                   "\r\n\r\n";
        };
        RawClient fitting(port);
        fitting.send(head(100'000)).send(std::string(100'000, 'x'));
        CHECK(body_of(fitting.read_answer()).size() == 100'000);

        // Whether the client waits for the answer or sends regardless, it can read it.
        RawClient waiting(port);
        const auto early = waiting.send(head(100'001)).read_all();
        CHECK(status_of_answer(early) == 413);
        CHECK(problem_of(early) == "http.body_too_large");
        RawClient sending(port);
        const auto late =
            sending.send(head(3'000'000)).send(std::string(3'000'000, 'x')).read_all();
        CHECK(status_of_answer(late) == 413);
        CHECK(site.echo_handler.seen().size() == 1);
    }

    TEST_CASE("an unknown path and a method that a path hasn't are told apart") {
        TestSite site;
        RawClient client(site.start());
        client.send("GET /nowhere?x=1 HTTP/1.1\r\nHost: a\r\nAccept-Language: zh\r\n\r\n");
        const auto unknown = client.read_answer();
        CHECK(status_of_answer(unknown) == 404);
        CHECK(problem_of(unknown) == "http.no_such_path");
        CHECK(unknown.find("zh:http.no_such_path") != std::string::npos);
        CHECK(unknown.find("application/problem+json") != std::string::npos);
        client.send("DELETE /secret HTTP/1.1\r\nHost: a\r\n\r\n");
        const auto wrong_method = client.read_answer();
        CHECK(status_of_answer(wrong_method) == 405);
        CHECK(wrong_method.find("Allow: GET, HEAD") != std::string::npos);
    }

    TEST_CASE("a query is cut from the path, and refused if it is broken") {
        TestSite site;
        RawClient client(site.start());
        client.send("GET /secret?a=1?b HTTP/1.1\r\nHost: a\r\n\r\n");
        CHECK(status_of_answer(client.read_answer()) == 200);
        CHECK(site.secret_handler.seen().at(0).query == Query{{"a", "1?b"}});
        client.send("GET /secret?a=%zz HTTP/1.1\r\nHost: a\r\n\r\n");
        CHECK(problem_of(client.read_answer()) == "http.query_malformed");
    }

    TEST_CASE("too many header fields are refused") {
        TestSite site;
        ServerOptions options;
        options.header_fields_max = 10;
        const auto port = site.start(options);
        const auto request = [](int fields) {
            std::string text = "GET /secret HTTP/1.1\r\n";
            for (int i = 0; i < fields; ++i) text += "X-" + std::to_string(i) + ": 1\r\n";
            return text + "\r\n";
        };
        CHECK(status_of_answer(RawClient(port).send(request(10)).read_answer()) == 200);
        CHECK(status_of_answer(RawClient(port).send(request(11)).read_answer()) == 431);
        // Poco's own bound comes first.
        CHECK(status_of_answer(RawClient(port).send(request(5000)).read_all()) >= 400);
        CHECK(site.secret_handler.seen().size() == 1);
    }

    TEST_CASE("HEAD has the head of GET, and 204 has no body") {
        TestSite site;
        RecordingHandler done([](const Request&) { return Response::empty(); });
        site.routes.add("GET", "/done", done);
        RawClient client(site.start());
        client.send(
            "HEAD /secret HTTP/1.1\r\nHost: a\r\n\r\nGET /done HTTP/1.1\r\nHost: a\r\n"
            "Connection: close\r\n\r\n");
        const auto answers = client.read_all();
        CHECK(answers.find("Content-Length: 12") != std::string::npos);
        CHECK(answers.find("\"secret\"") == std::string::npos);
        CHECK(answers.find("HTTP/1.1 204") != std::string::npos);
    }

    TEST_CASE("what is thrown becomes a 500 that tells nothing, and one line in the log") {
        TestSite site;
        RecordingHandler failing(
            [](const Request&) -> Result<Response> { throw std::runtime_error("disk I/O error"); });
        site.routes.add("POST", "/failing", failing);
        RawClient client(site.start());
        client.send("POST /failing?q=query HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody");
        const auto answer = client.read_answer();

        CHECK(status_of_answer(answer) == 500);
        CHECK(problem_of(answer) == "http.internal");
        CHECK(answer.find("disk") == std::string::npos);
        CHECK(site.logged() ==
              std::vector<std::string>{"http: POST /failing failed: disk I/O error"});
        CHECK(site.server->counts().failed == 1);
    }

    TEST_CASE("a line end in an answer's header does not become a header") {
        TestSite site;
        RecordingHandler moved([](const Request&) {
            auto answer = Response::empty();
            answer.headers.emplace_back("Location", "/a\r\nSet-Cookie: evil=1");
            return answer;
        });
        site.routes.add("GET", "/moved", moved);
        RawClient client(site.start());
        const auto answer = client.send("GET /moved HTTP/1.1\r\nHost: a\r\n\r\n").read_answer();
        CHECK(status_of_answer(answer) == 500);
        CHECK(answer.find("evil") == std::string::npos);
        CHECK(site.logged().size() == 1);
    }

    TEST_CASE("a handler's headers replace ours, and a name may come twice") {
        TestSite site;
        RecordingHandler page([](const Request&) {
            auto answer = Response::bytes({}, "text/css");
            answer.headers = {
                {"Cache-Control", "max-age=60"}, {"Set-Cookie", "a=1"}, {"Set-Cookie", "b=2"}};
            return answer;
        });
        site.routes.add("GET", "/page", page);
        RawClient client(site.start());
        const auto answer = client.send("GET /page HTTP/1.1\r\nHost: a\r\n\r\n").read_answer();
        CHECK(count_of(answer, "Cache-Control") == 1);
        CHECK(count_of(answer, "max-age=60") == 1);
        CHECK(count_of(answer, "Set-Cookie: a=1\r\n") == 1);
        CHECK(count_of(answer, "Set-Cookie: b=2\r\n") == 1);
        CHECK(count_of(answer, "Content-Type: text/css\r\n") == 1);
    }

    // One byte now and then passes every timeout of a single read. With enough such connections
    // nobody else would get a thread.
    TEST_CASE("a connection that drips is cut at its deadline") {
        for (const auto* begin :
             {"", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n"}) {
            TestSite site;
            ServerOptions options;
            options.request_deadline_ms = 150;
            options.deadline_ms_per_kib = 1;
            RawClient client(site.start(options));
            client.send(begin);
            bool is_cut = false;
            for (int i = 0; i < 90 && !is_cut; ++i) {
                // Waits until something comes back, which only the end can be.
                is_cut =
                    client.socket().poll(Poco::Timespan(0, 50'000), Poco::Net::Socket::SELECT_READ);
                if (!is_cut) client.send("x");
            }
            CHECK(is_cut);
            client.read_all();
            CHECK(site.server->counts().cut == 1);
            CHECK(site.echo_handler.seen().empty());
        }
    }

    TEST_CASE("one address gets only so many connections, and gets them back") {
        TestSite site;
        ServerOptions options;
        options.connections_per_address_max = 2;
        const auto port = site.start(options);
        const std::string request = "GET /secret HTTP/1.1\r\nHost: a\r\n\r\n";
        std::optional<RawClient> first(port);
        RawClient second(port);
        CHECK(status_of_answer(first->send(request).read_answer()) == 200);
        CHECK(status_of_answer(second.send(request).read_answer()) == 200);
        CHECK(RawClient(port).end().read_all() == "");
        CHECK(site.server->counts().refused == 1);

        first->end().read_all();  // The server has closed its side.
        first.reset();
        int status = 0;
        for (int i = 0; i < 1000 && status != 200; ++i) {
            RawClient third(port);
            try {
                status = status_of_answer(third.send(request).read_answer());
            } catch (const Poco::Exception&) {
                // The place isn't free yet, and the connection was closed before we spoke.
            }
        }
        CHECK(status == 200);
    }

    TEST_CASE("one address leaves threads for all others") {
        TestSite site;
        ServerOptions options;
        options.keep_alive_ms = 60'000;
        const auto port = site.start(options);
        constexpr std::string_view ask = "GET /secret HTTP/1.1\r\nHost: a\r\n\r\n";
        std::list<RawClient> greedy;
        int held = 0;
        for (int i = 0; i < limits::http_threads_max; ++i) {
            try {
                greedy.emplace_back(port).send(ask);
                if (status_of_answer(greedy.back().read_answer()) == 200) ++held;
            } catch (const Poco::Exception&) {
                // Closed before it spoke: more than this address may have.
            }
        }
        CHECK(held == limits::http_connections_per_address_max);
        auto honest = RawClient::from("127.0.0.2", port);
        CHECK(status_of_answer(honest.send(ask).read_answer()) == 200);
    }

    TEST_CASE("fifty clients at once each get their own answer") {
        TestSite site;
        constexpr int clients = 50;
        ServerOptions options;
        options.connections_per_address_max = clients;
        const auto port = site.start(options);
        std::atomic<int> right = 0;
        {
            std::latch together(clients);
            std::vector<std::jthread> threads;
            threads.reserve(clients);
            for (int i = 0; i < clients; ++i) {
                threads.emplace_back([&, i] {
                    const auto body = std::string(1000, static_cast<char>('0' + i));
                    together.arrive_and_wait();
                    RawClient client(port);
                    for (int round = 0; round < 5; ++round) {
                        client
                            .send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
                            .send(body);
                        if (body_of(client.read_answer()) == body) ++right;
                    }
                });
            }
        }
        CHECK(right == clients * 5);
        CHECK(site.server->counts().requests == clients * 5);
        CHECK(site.server->counts().refused == 0);
    }

    TEST_CASE("stopping ends connections that wait, and lets requests finish") {
        TestSite site;
        std::latch arrived(1);
        std::latch may_finish(1);
        RecordingHandler slow([&](const Request&) {
            arrived.count_down();
            may_finish.wait();
            return Response::json("{}");
        });
        site.routes.add("GET", "/slow", slow);
        ServerOptions options;
        options.keep_alive_ms = 60'000;
        const auto port = site.start(options);
        RawClient idle(port);
        idle.send("GET /secret HTTP/1.1\r\nHost: a\r\n\r\n").read_answer();
        RawClient busy(port);
        busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
        arrived.wait();

        std::jthread stopping([&] { site.server->stop(); });
        CHECK(idle.read_all() == "");
        may_finish.count_down();
        CHECK(status_of_answer(busy.read_all()) == 200);
        stopping.join();
        CHECK_THROWS_AS(RawClient{port}, Poco::Exception);
    }

    TEST_CASE("a port that is taken is refused, and free again afterwards") {
        TestSite first;
        TestSite second;
        ServerOptions options;
        options.port = first.start();
        Server server(second.routes, options, {second.clock, second.translate, second.log});
        const auto refused = server.start();
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::unavailable);
        CHECK(refused.error().message.id == "http.cannot_listen");
        first.server->stop();
        CHECK(server.start());
    }

    TEST_CASE("a certificate without its key is refused") {
        TestSite site;
        const tests::TestProgramme programme;
        ServerOptions options;
        options.tls = programme.server_tls({"127.0.0.1"});
        options.tls->key_pem = crypto::make_tls_key();
        const auto mixed =
            Server(site.routes, options, {site.clock, site.translate, site.log}).start();
        REQUIRE_FALSE(mixed);
        CHECK(mixed.error().message.id == "tls.identity_unusable");
        options.tls = programme.server_tls({"127.0.0.1"});
        options.tls->client_authority_pem = "nothing";
        const auto blind =
            Server(site.routes, options, {site.clock, site.translate, site.log}).start();
        REQUIRE_FALSE(blind);
        CHECK(blind.error().message.id == "tls.authority_unusable");
    }
}

}  // namespace
}  // namespace egret::http

#ifdef __SANITIZE_THREAD__
// The sanitizer can't see the reference count inside Poco, by which the last of several threads
// frees a socket.
extern "C" const char* __tsan_default_suppressions();  // NOLINT(bugprone-reserved-identifier)

extern "C" const char* __tsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
    return "race:Poco::Net::TCPServer::run\n";
}
#endif
