#include "cli/console/prompt.h"

#include "cli/console/catalog.h"
#include "registry/base/text.h"

#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <string_view>
#include <termios.h>
#include <unistd.h>

namespace egret::console {
namespace {

constexpr std::size_t line_bytes_max = 256;

Error prompt_error(ErrorCode code, Message message) { return {code, "", std::move(message)}; }

enum class Echo { off, on };

/// The terminal, open for one question. It is as it was when this goes: keys come one by one in
/// between, and Ctrl-C is a key, so that nobody is left with a terminal that shows nothing.
class Device {
public:
    explicit Device(const std::string& path)
        : file_(::open(path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC)) {
        if (file_ < 0 || tcgetattr(file_, &before_) != 0) return;
        auto asking = before_;
        asking.c_lflag &= static_cast<tcflag_t>(~static_cast<tcflag_t>(ECHO | ICANON | ISIG));
        asking.c_cc[VMIN] = 1;
        asking.c_cc[VTIME] = 0;
        is_ready_ = tcsetattr(file_, TCSAFLUSH, &asking) == 0;
    }

    ~Device() {
        if (is_ready_) tcsetattr(file_, TCSAFLUSH, &before_);
        if (file_ >= 0) ::close(file_);
    }

    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;

    bool is_ready() const noexcept { return is_ready_; }

    void write(std::string_view text) const {
        while (!text.empty()) {
            const auto written = ::write(file_, text.data(), text.size());
            if (written < 0 && errno == EINTR) continue;
            if (written <= 0) return;
            text.remove_prefix(static_cast<std::size_t>(written));
        }
    }

    /// A line without its end. Errors: conflict, she gave up.
    Result<std::string> read_line(Echo echo) const {
        std::string line;
        for (;;) {
            char key = 0;
            const auto got = ::read(file_, &key, 1);
            if (got < 0 && errno == EINTR) continue;
            constexpr char ctrl_c = 3, ctrl_d = 4, ctrl_u = 21, backspace = 8, rub_out = 127;
            if (got <= 0 || key == ctrl_c || key == ctrl_d) {
                write("\n");
                return prompt_error(ErrorCode::conflict, msg("prompt.given_up"));
            }
            if (key == '\n' || key == '\r') break;
            if (key == backspace || key == rub_out) {
                rub_out_one(line, echo);
            } else if (key == ctrl_u) {
                while (!line.empty()) rub_out_one(line, echo);
            } else if (line.size() <= line_bytes_max) {
                line += key;
                if (echo == Echo::on) write({&key, 1});
            }
        }
        write("\n");
        return line;
    }

private:
    void rub_out_one(std::string& line, Echo echo) const {
        if (line.empty()) return;
        auto last = line.back();
        line.pop_back();
        bool is_wide = false;
        // The rest of a character of several bytes.
        while ((static_cast<unsigned char>(last) & 0xC0) == 0x80 && !line.empty()) {
            last = line.back();
            line.pop_back();
            is_wide = true;
        }
        if (echo == Echo::on) write(is_wide ? "\b\b  \b\b" : "\b \b");
    }

    int file_;
    termios before_{};
    bool is_ready_ = false;
};

/// What y, n and the like mean; nothing for other words.
std::optional<bool> meaning_of(std::string_view typed) {
    const auto answer = to_lower(trim(typed));
    if (answer == "y" || answer == "yes" || answer == "是") return true;
    if (answer == "n" || answer == "no" || answer == "否") return false;
    return std::nullopt;
}

Result<std::string> checked_pin(std::string pin) {
    if (pin.empty()) return prompt_error(ErrorCode::invalid_input, msg("prompt.pin_empty"));
    if (pin.size() > line_bytes_max)
        return prompt_error(ErrorCode::invalid_input, msg("prompt.pin_long"));
    return pin;
}

Result<std::string> pin_of_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string line;
    if (!file.is_open() || (!std::getline(file, line) && !file.eof()))
        return prompt_error(ErrorCode::invalid_input,
                            msg("prompt.pin_file_unreadable", {{"path", path}}));
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty())
        return prompt_error(ErrorCode::invalid_input,
                            msg("prompt.pin_file_empty", {{"path", path}}));
    return checked_pin(std::move(line));
}

}  // namespace

Result<std::string> Prompt::pin(const Message& question) const {
    if (const auto path = terminal_.environment("EGRET_PIN_FILE"); path && !path->empty())
        return pin_of_file(*path);
    const Device device(device_);
    if (!device.is_ready())
        return prompt_error(ErrorCode::locked, msg("prompt.no_terminal_for_pin"));
    device.write(text(question, terminal_.language) + " ");
    auto line = device.read_line(Echo::off);
    if (!line) return line;
    return checked_pin(*std::move(line));
}

Result<std::string> Prompt::line(const Message& question) const {
    const Device device(device_);
    if (!device.is_ready())
        return prompt_error(ErrorCode::invalid_input, msg("prompt.no_terminal"));
    device.write(printable(text(question, terminal_.language)) + " ");
    const auto line = device.read_line(Echo::on);
    if (!line) return line.error();
    return std::string(trim(*line));
}

Result<bool> Prompt::yes_or_no(const Message& question) const {
    const Device device(device_);
    if (!device.is_ready())
        return prompt_error(ErrorCode::invalid_input, msg("prompt.no_terminal"));
    for (;;) {
        device.write(printable(text(question, terminal_.language)) + " " +
                     text("prompt.yes_no_keys", terminal_.language) + " ");
        const auto line = device.read_line(Echo::on);
        if (!line) return line.error();
        if (const auto answer = meaning_of(*line)) return *answer;
    }
}

Result<std::string> Prompt::reason(const Message& question) const {
    for (;;) {
        auto typed = line(question);
        if (!typed) return typed;
        const auto answer = meaning_of(*typed);
        if (!answer) return typed;
        if (!*answer) return std::string();
    }
}

}  // namespace egret::console
