#pragma once

#include "cli/console/terminal.h"
#include "registry/base/progress.h"

#include <string>

namespace egret::console {

/// A bar on standard error that redraws itself, where somebody watches: silent if that is no
/// terminal, with --json and with --quiet. When it goes, its line is empty again.
class ProgressBar final : public Progress {
public:
    /// The label in her language, without a colon. The terminal must outlive the bar.
    ProgressBar(const Terminal& terminal, std::string label);
    ~ProgressBar() override;

    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    void at(std::uint64_t done, std::uint64_t total) override;

private:
    void draw(const std::string& line);

    const Terminal& terminal_;
    std::string label_;
    std::string drawn_;
    bool is_shown_;
};

}  // namespace egret::console
