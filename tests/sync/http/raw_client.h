#pragma once

#include <Poco/Exception.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/SocketImpl.h>
#include <Poco/Net/StreamSocket.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace egret::tests {

/// A client that may do what no decent client does. Waits at most ten seconds for anything.
class RawClient {
public:
    explicit RawClient(std::uint16_t port) : socket_(Poco::Net::SocketAddress("127.0.0.1", port)) {
        socket_.setReceiveTimeout(Poco::Timespan(10, 0));
        socket_.setNoDelay(true);
    }

    explicit RawClient(const Poco::Net::StreamSocket& socket) : socket_(socket) {}

    /// From another address of this machine.
    static RawClient from(const std::string& address, std::uint16_t port) {
        Poco::Net::StreamSocket socket;
        socket.impl()->bind(Poco::Net::SocketAddress(address, 0), false);
        socket.connect(Poco::Net::SocketAddress("127.0.0.1", port));
        socket.setReceiveTimeout(Poco::Timespan(10, 0));
        return RawClient(socket);
    }

    RawClient& send(std::string_view text) {
        socket_.sendBytes(text.data(), static_cast<int>(text.size()));
        return *this;
    }

    /// Nothing more comes from us.
    RawClient& end() {
        socket_.shutdownSend();
        return *this;
    }

    /// All that comes until the server closes.
    std::string read_all() {
        std::string all;
        while (read_some(all)) {
        }
        return all;
    }

    /// One answer with a length; the connection stays as it is.
    std::string read_answer() {
        std::string all;
        while (all.find("\r\n\r\n") == std::string::npos) {
            if (!read_some(all)) return all;
        }
        const auto head_end = all.find("\r\n\r\n") + 4;
        const auto at = all.find("Content-Length: ");
        const auto length = at < head_end ? std::stoul(all.substr(at + 16)) : 0;
        while (all.size() < head_end + length && read_some(all)) {
        }
        return all;
    }

    Poco::Net::StreamSocket& socket() { return socket_; }

private:
    bool read_some(std::string& all) {
        char buffer[4096];
        try {
            const int got = socket_.receiveBytes(buffer, sizeof buffer);
            if (got <= 0) return false;
            all.append(buffer, static_cast<std::size_t>(got));
            return true;
        } catch (const Poco::TimeoutException&) {
            all.append("(nothing for ten seconds)");
            return false;
        } catch (const Poco::Exception&) {
            return false;  // Cut, as a server may.
        }
    }

    Poco::Net::StreamSocket socket_;
};

inline int status_of_answer(const std::string& answer) {
    return answer.starts_with("HTTP/1.1 ") ? std::stoi(answer.substr(9, 3)) : 0;
}

inline std::size_t count_of(std::string_view text, std::string_view part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
        ++count;
    return count;
}

}  // namespace egret::tests
