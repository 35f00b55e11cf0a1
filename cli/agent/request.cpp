#include "cli/agent/request.h"

#include "cli/agent/limits.h"

#include <charconv>
#include <cstdlib>
#include <string_view>
#include <unistd.h>

namespace egret::agent {
namespace {

constexpr std::string_view mark = "EGA1";
constexpr std::string_view sent_names[] = {"LANG", "LANGUAGE", "TZ", "TMPDIR", "HOME", "COLUMNS"};
constexpr std::string_view sent_beginnings[] = {"EGRET_", "LC_"};

void put_number(Bytes& to, std::size_t number) {
    for (int shift = 24; shift >= 0; shift -= 8)
        to.push_back(static_cast<std::uint8_t>(number >> static_cast<unsigned>(shift)));
}

void put_text(Bytes& to, std::string_view text) {
    put_number(to, text.size());
    append(to, bytes_of(text));
}

void put_list(Bytes& to, const std::vector<std::string>& list) {
    put_number(to, list.size());
    for (const auto& text : list) put_text(to, text);
}

std::uint32_t number_of(ByteView four) {
    std::uint32_t number = 0;
    for (const auto byte : four.first(4)) number = number << 8U | byte;
    return number;
}

/// Takes piece after piece off the front; is_broken once one was not there.
class Reader {
public:
    explicit Reader(ByteView left) : left_(left) {}

    std::uint32_t number() {
        const auto four = take(4);
        return is_broken_ ? 0 : number_of(four);
    }

    std::string text() { return std::string(text_of(take(number()))); }

    std::vector<std::string> list() {
        std::vector<std::string> texts;
        for (auto count = number(); count > 0 && !is_broken_; --count) texts.push_back(text());
        return texts;
    }

    std::uint8_t byte() {
        const auto one = take(1);
        return is_broken_ ? std::uint8_t{0} : one[0];
    }

    bool is_read() const { return !is_broken_ && left_.empty(); }

private:
    ByteView take(std::size_t count) {
        if (count > left_.size()) {
            is_broken_ = true;
            left_ = {};
            return {};
        }
        const auto taken = left_.first(count);
        left_ = left_.subspan(count);
        return taken;
    }

    ByteView left_;
    bool is_broken_ = false;
};

bool is_sent(std::string_view variable) {
    const auto name = variable.substr(0, variable.find('='));
    for (const auto beginning : sent_beginnings) {
        if (name.starts_with(beginning)) return true;
    }
    for (const auto sent : sent_names) {
        if (name == sent) return true;
    }
    return false;
}

}  // namespace

Bytes encode(const Request& request) {
    Bytes rest;
    rest.push_back(static_cast<std::uint8_t>(request.kind));
    put_text(rest, request.version);
    put_text(rest, std::to_string(request.umask));
    put_list(rest, request.words);
    put_list(rest, request.environment);
    auto bytes = copy_of(bytes_of(mark));
    put_number(bytes, rest.size());
    append(bytes, rest);
    return bytes;
}

std::optional<std::size_t> length_after(ByteView front) {
    if (front.size() != request_front_bytes || text_of(front.first(mark.size())) != mark)
        return std::nullopt;
    const auto length = number_of(front.subspan(mark.size()));
    if (length > limits::request_bytes_max) return std::nullopt;
    return length;
}

std::optional<Request> decode(ByteView rest) {
    Reader from(rest);
    Request request;
    const auto kind = from.byte();
    request.version = from.text();
    const auto umask = from.text();
    request.words = from.list();
    request.environment = from.list();
    const auto* end = umask.data() + umask.size();
    const auto read = std::from_chars(umask.data(), end, request.umask);
    const bool is_known = kind == static_cast<std::uint8_t>(Kind::run) ||
                          kind == static_cast<std::uint8_t>(Kind::lock);
    if (!from.is_read() || !is_known || read.ec != std::errc() || read.ptr != end ||
        request.umask > 0777)
        return std::nullopt;
    request.kind = static_cast<Kind>(kind);
    return request;
}

std::vector<std::string> sent_environment() {
    std::vector<std::string> sent;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        if (is_sent(*variable)) sent.emplace_back(*variable);
    }
    return sent;
}

void take_environment(const std::vector<std::string>& environment) {
    for (const auto& own : sent_environment()) ::unsetenv(own.substr(0, own.find('=')).c_str());
    for (const auto& variable : environment) {
        const auto equals = variable.find('=');
        if (equals == std::string::npos || !is_sent(variable)) continue;
        ::setenv(variable.substr(0, equals).c_str(), variable.substr(equals + 1).c_str(), 1);
    }
}

Fixed<frame_bytes> encode(const Frame& frame) {
    Fixed<frame_bytes> bytes{};
    bytes[0] = static_cast<std::uint8_t>(frame.answer);
    for (std::size_t i = 1; i < frame_bytes; ++i)
        bytes[i] = static_cast<std::uint8_t>(frame.number >> (8U * (frame_bytes - 1 - i)));
    return bytes;
}

std::optional<Frame> decode_frame(const Fixed<frame_bytes>& bytes) {
    const auto answer = static_cast<Answer>(bytes[0]);
    switch (answer) {
        case Answer::accepted:
        case Answer::other_version:
        case Answer::too_many:
        case Answer::locking:
        case Answer::ended:
        case Answer::locked: return Frame{answer, number_of(ByteView(bytes).subspan(1))};
    }
    return std::nullopt;
}

}  // namespace egret::agent
