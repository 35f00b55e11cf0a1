#include "cli/console/prompt.h"

#include "cli/console/catalog.h"
#include "registry/base/text.h"
#include "registry/files/private_file.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <string_view>
#include <system_error>
#include <termios.h>
#include <unistd.h>

namespace egret::console {
namespace {

constexpr std::size_t line_bytes_max = 256;

Error prompt_error(ErrorCode code, Message message) { return {code, "", std::move(message)}; }

Error nobody_answered(std::chrono::milliseconds patience) {
    const auto minutes = std::chrono::ceil<std::chrono::minutes>(patience).count();
    return prompt_error(ErrorCode::locked,
                        msg("prompt.nobody", {{"minutes", std::to_string(minutes)}}));
}

constexpr std::string_view open_already = "/dev/fd/";

/// A terminal that is open already is taken as it is: by its name another process's own terminal
/// could not be opened.
int open_terminal(const std::string& path) {
    if (!path.starts_with(open_already)) return ::open(path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    int number = -1;
    std::from_chars(path.data() + open_already.size(), path.data() + path.size(), number);
    return ::fcntl(number, F_DUPFD_CLOEXEC, 3);
}

}  // namespace

/// The terminal, open for one question. It is as it was when this goes: keys come one by one in
/// between, and Ctrl-C is a key, so that nobody is left with a terminal that shows nothing.
class Prompt::Device {
public:
    /// `patience`: how long a key is waited for.
    Device(const std::string& path, std::optional<std::chrono::milliseconds> patience)
        : file_(open_terminal(path)), patience_(patience) {
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
    template <class Line>
    Result<Line> read_line(Echo echo) const {
        Line line;
        for (;;) {
            char key = 0;
            if (!is_key_there()) {
                write("\n");
                return nobody_answered(*patience_);
            }
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
                line.push_back(key);
                if (echo == Echo::on) write({&key, 1});
            }
        }
        write("\n");
        return line;
    }

private:
    template <class Line>
    void rub_out_one(Line& line, Echo echo) const {
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

    /// False, if nobody typed anything for as long as somebody is waited for.
    bool is_key_there() const {
        if (!patience_) return true;
        pollfd asked{file_, POLLIN, 0};
        int ready = -1;
        do {
            ready = ::poll(&asked, 1, static_cast<int>(patience_->count()));
        } while (ready < 0 && errno == EINTR);
        return ready != 0;
    }

    int file_;
    std::optional<std::chrono::milliseconds> patience_;
    termios before_{};
    bool is_ready_ = false;
};

namespace {

/// What y, n and the like mean; nothing for other words.
std::optional<bool> meaning_of(std::string_view typed) {
    const auto answer = to_lower(trim(typed));
    if (answer == "y" || answer == "yes" || answer == "是") return true;
    if (answer == "n" || answer == "no" || answer == "否") return false;
    return std::nullopt;
}

Result<TypedSecret> checked_secret(TypedSecret secret) {
    if (secret.empty()) return prompt_error(ErrorCode::invalid_input, msg("prompt.secret_empty"));
    if (secret.size() > TypedSecret::bytes_max)
        return prompt_error(ErrorCode::invalid_input, msg("prompt.secret_long"));
    return secret;
}

enum class Lines { first, all };

Result<TypedSecret> secret_of_file(const std::string& path, std::string_view variable,
                                   Lines lines) {
    vault::LockedMemory room(TypedSecret::bytes_max + 2);
    std::optional<std::size_t> length;
    try {
        length = read_file_into(room.span(), path);
    } catch (const std::system_error&) {
        length = std::nullopt;  // A folder, or somebody else's.
    }
    if (!length) {
        return prompt_error(ErrorCode::invalid_input,
                            msg("prompt.secret_file_unreadable",
                                {{"path", path}, {"variable", std::string(variable)}}));
    }
    TypedSecret line;
    for (const auto byte : room.view().first(*length)) {
        if (byte == '\n' && lines == Lines::first) break;
        const bool is_between = lines == Lines::all && (byte == '\n' || byte == '\r');
        line.push_back(is_between ? ' ' : static_cast<char>(byte));
    }
    const char end = lines == Lines::all ? ' ' : '\r';
    while (!line.empty() && line.back() == end) line.pop_back();
    if (line.empty())
        return prompt_error(ErrorCode::invalid_input,
                            msg("prompt.secret_file_empty", {{"path", path}}));
    return checked_secret(std::move(line));
}

bool are_same(const TypedSecret& one, const TypedSecret& other) {
    return std::equal(one.view().begin(), one.view().end(), other.view().begin(),
                      other.view().end());
}

}  // namespace

Result<TypedSecret> Prompt::secret(const Message& question, std::string_view variable) const {
    return ask(question, variable, Echo::off);
}

Result<TypedSecret> Prompt::shown_secret(const Message& question, std::string_view variable) const {
    return ask(question, variable, Echo::on);
}

Result<TypedSecret> Prompt::ask(const Message& question, std::string_view variable,
                                Echo echo) const {
    if (const auto path = terminal_.environment(variable); path && !path->empty())
        return secret_of_file(*path, variable, echo == Echo::on ? Lines::all : Lines::first);
    const Device device(device_, terminal_.patience);
    if (!device.is_ready()) {
        return prompt_error(ErrorCode::locked, msg("prompt.no_terminal_for_secret",
                                                   {{"variable", std::string(variable)}}));
    }
    device.write(printable(text(question, terminal_.language)) + " ");
    auto line = device.read_line<TypedSecret>(echo);
    if (!line) return line;
    return checked_secret(*std::move(line));
}

Result<TypedSecret> Prompt::new_secret(const Message& question, const Message& again,
                                       std::string_view variable) const {
    for (;;) {
        auto first = secret(question, variable);
        const auto path = terminal_.environment(variable);
        if (!first || (path && !path->empty())) return first;
        const auto second = secret(again, variable);
        if (!second) return second.error();
        if (are_same(*first, *second)) return first;
        if (auto said = show(text("prompt.secrets_differ", terminal_.language) + "\n"); !said)
            return std::move(said).error();
    }
}

Result<Done> Prompt::show(std::string_view text) const {
    const Device device(device_, terminal_.patience);
    if (!device.is_ready()) return prompt_error(ErrorCode::locked, msg("prompt.no_terminal"));
    device.write(text);
    return Done{};
}

bool Prompt::is_possible() const {
    const int file = ::open(device_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (file < 0) return false;
    const bool is_terminal = ::isatty(file) == 1;
    ::close(file);
    return is_terminal;
}

Result<std::string> Prompt::line(const Message& question) const {
    const Device device(device_, terminal_.patience);
    if (!device.is_ready())
        return prompt_error(ErrorCode::invalid_input, msg("prompt.no_terminal"));
    device.write(printable(text(question, terminal_.language)) + " ");
    const auto line = device.read_line<std::string>(Echo::on);
    if (!line) return line.error();
    return std::string(trim(*line));
}

Result<bool> Prompt::yes_or_no(const Message& question) const {
    const Device device(device_, terminal_.patience);
    if (!device.is_ready())
        return prompt_error(ErrorCode::invalid_input, msg("prompt.no_terminal"));
    for (;;) {
        device.write(printable(text(question, terminal_.language)) + " " +
                     text("prompt.yes_no_keys", terminal_.language) + " ");
        const auto line = device.read_line<std::string>(Echo::on);
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
