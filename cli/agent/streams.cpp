#include "cli/agent/streams.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <poll.h>
#include <unistd.h>

namespace egret::agent {
namespace {

constexpr std::size_t piece_bytes = PIPE_BUF;  // A pipe that is ready takes so much at once.
constexpr std::size_t gathered_bytes = 2 * piece_bytes;

/// Waits until `events` or the end of `wait_ms` (-1: none). False, if it was the time.
bool is_ready(int file, short events, int wait_ms) {
    pollfd asked{file, events, 0};
    for (;;) {
        const int ready = ::poll(&asked, 1, wait_ms);
        if (ready >= 0) return ready > 0;
        if (errno != EINTR) return true;  // The call that follows says what is wrong.
    }
}

}  // namespace

bool PatientOutput::has_room() const { return is_ready(file_, POLLOUT, 0); }

void PatientOutput::write_out(Manner manner) {
    std::size_t written = 0;
    while (written < unread_.size() && !has_failed_) {
        if (manner == Manner::what_fits && !has_room()) break;
        const auto count = std::min(unread_.size() - written, piece_bytes);
        const auto wrote = ::write(file_, unread_.data() + written, count);
        if (wrote < 0 && errno == EAGAIN) {
            // Somebody who shares it set it so; waiting is for us to do.
            if (manner == Manner::what_fits) break;
            is_ready(file_, POLLOUT, -1);
            continue;
        }
        if (wrote < 0 && errno != EINTR) has_failed_ = true;
        if (wrote > 0) written += static_cast<std::size_t>(wrote);
    }
    unread_.erase(0, has_failed_ ? unread_.size() : written);
}

bool PatientOutput::keep(const char* text, std::size_t count) {
    if (has_failed_) return false;
    unread_.append(text, count);
    if (unread_.size() >= gathered_bytes) write_out(Manner::what_fits);
    if (unread_.size() > unread_bytes_max_) write_out(Manner::everything);
    return !has_failed_;
}

PatientOutput::int_type PatientOutput::overflow(int_type c) {
    if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
    const auto one = traits_type::to_char_type(c);
    return keep(&one, 1) ? c : traits_type::eof();
}

std::streamsize PatientOutput::xsputn(const char* text, std::streamsize count) {
    return keep(text, static_cast<std::size_t>(count)) ? count : 0;
}

int PatientOutput::sync() {
    write_out(Manner::what_fits);
    return has_failed_ ? -1 : 0;
}

bool PatientOutput::finish() {
    write_out(Manner::everything);
    return !has_failed_;
}

PatientInput::int_type PatientInput::underflow() {
    if (gptr() < egptr()) return traits_type::to_int_type(*gptr());
    if (patience_ && !is_ready(file_, POLLIN, static_cast<int>(patience_->count()))) {
        give_up_();
        return traits_type::eof();
    }
    ssize_t got = -1;
    do {
        got = ::read(file_, read_, sizeof read_);
    } while (got < 0 && errno == EINTR);
    if (got <= 0) return traits_type::eof();
    setg(read_, read_, read_ + got);
    return traits_type::to_int_type(*gptr());
}

}  // namespace egret::agent
