#include "cli/console/terminal.h"

#include "registry/base/text.h"

#include <cstdlib>
#include <iostream>
#include <sys/ioctl.h>
#include <unistd.h>

namespace egret::console {
namespace {

std::size_t columns_of_terminal() {
    constexpr std::size_t usual = 80;
    winsize size{};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return usual;
    return size.ws_col;
}

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7f && c < 0xa0); }

bool turns_direction(char32_t c) {
    return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

}  // namespace

Environment process_environment() {
    return [](std::string_view name) -> std::optional<std::string> {
        const char* value = std::getenv(std::string(name).c_str());
        if (value == nullptr) return std::nullopt;
        return value;
    };
}

Terminal process_terminal(std::string program) {
    Terminal terminal{std::move(program), std::cout, std::cerr, process_environment()};
    terminal.is_watched = isatty(STDERR_FILENO) == 1;
    terminal.columns = columns_of_terminal();
    return terminal;
}

std::string printable(std::string_view text) {
    if (!is_utf8(text)) {
        std::string ascii(text);
        for (auto& c : ascii) {
            const auto byte = static_cast<unsigned char>(c);
            if (byte >= 0x80) c = '?';
            if (is_control(byte) && byte < 0x80) c = ' ';
        }
        return ascii;
    }
    std::u32string kept;
    for (const auto c : to_code_points(text)) {
        if (!turns_direction(c)) kept += is_control(c) ? U' ' : c;
    }
    return to_utf8(kept);
}

}  // namespace egret::console
