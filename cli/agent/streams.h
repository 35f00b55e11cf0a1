#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <streambuf>
#include <string>

namespace egret::agent {

/// Writes to a descriptor, and doesn't wait for who reads there: what he doesn't take yet is kept,
/// up to limits::unread_bytes_max, so that nobody who looks at a page of a long answer keeps the
/// registry from others. finish() waits.
class PatientOutput final : public std::streambuf {
public:
    explicit PatientOutput(int file, std::size_t unread_bytes_max) noexcept
        : file_(file), unread_bytes_max_(unread_bytes_max) {}

    /// Writes what is left; false, if anything was lost.
    bool finish();

protected:
    int_type overflow(int_type c) override;
    std::streamsize xsputn(const char* text, std::streamsize count) override;
    int sync() override;

private:
    enum class Manner { what_fits, everything };

    bool keep(const char* text, std::size_t count);
    void write_out(Manner manner);
    bool has_room() const;

    int file_;
    std::size_t unread_bytes_max_;
    std::string unread_;
    bool has_failed_ = false;
};

/// Reads from a descriptor. Somebody at a terminal who says nothing for `patience` is given up:
/// `give_up` is called then, and it reads as the end.
class PatientInput final : public std::streambuf {
public:
    PatientInput(int file, std::optional<std::chrono::milliseconds> patience,
                 std::function<void()> give_up)
        : file_(file), patience_(patience), give_up_(std::move(give_up)) {}

protected:
    int_type underflow() override;

private:
    int file_;
    std::optional<std::chrono::milliseconds> patience_;
    std::function<void()> give_up_;
    char read_[4096]{};
};

}  // namespace egret::agent
