#pragma once

#include "registry/base/ensure.h"

#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <termios.h>
#include <unistd.h>

namespace egret::tests {

/// A terminal without a screen: what a person would type, and what she would see.
class PseudoTerminal {
public:
    PseudoTerminal() : master_(::posix_openpt(O_RDWR | O_NOCTTY)) {
        EGRET_ENSURE(master_ >= 0 && ::grantpt(master_) == 0 && ::unlockpt(master_) == 0);
        path_ = ::ptsname(master_);
        // Held open, so that what is asked stays readable when the prompt has closed its end.
        slave_ = ::open(path_.c_str(), O_RDWR | O_NOCTTY);
        EGRET_ENSURE(slave_ >= 0);
    }

    ~PseudoTerminal() {
        ::close(slave_);
        ::close(master_);
    }

    PseudoTerminal(const PseudoTerminal&) = delete;
    PseudoTerminal& operator=(const PseudoTerminal&) = delete;

    const std::string& path() const { return path_; }

    /// Waits until `sign` was shown, then types; again for the next pair.
    void answer(std::string_view sign, std::string_view keys) {
        while (shown_.find(sign, answered_) == std::string::npos) read_some();
        answered_ = shown_.size();
        EGRET_ENSURE(::write(master_, keys.data(), keys.size()) ==
                     static_cast<ssize_t>(keys.size()));
    }

    /// All that was shown, up to and with `sign` after the last answer.
    const std::string& wait_for(std::string_view sign) {
        while (shown_.find(sign, answered_) == std::string::npos) read_some();
        return shown_;
    }

    /// All that was shown, up to and with the line end after the last answer.
    const std::string& shown() {
        while (shown_.find('\n', answered_) == std::string::npos) read_some();
        return shown_;
    }

    bool echoes() const {
        termios now{};
        EGRET_ENSURE(tcgetattr(slave_, &now) == 0);
        return (now.c_lflag & static_cast<tcflag_t>(ECHO)) != 0 &&
               (now.c_lflag & static_cast<tcflag_t>(ISIG)) != 0;
    }

private:
    void read_some() {
        char bytes[256];
        const auto count = ::read(master_, bytes, sizeof bytes);
        EGRET_ENSURE(count > 0);
        shown_.append(bytes, static_cast<std::size_t>(count));
    }

    int master_;
    int slave_ = -1;
    std::string path_;
    std::string shown_;
    std::size_t answered_ = 0;
};

}  // namespace egret::tests
