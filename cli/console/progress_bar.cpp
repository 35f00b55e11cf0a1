#include "cli/console/progress_bar.h"

#include "registry/icu/width.h"

#include <algorithm>
#include <ostream>

namespace egret::console {
namespace {

constexpr std::uint64_t bar_columns = 24;

/// "[############------------]  50 %"; or the count alone, rounded so that it does not flicker.
std::string progress_of(std::uint64_t done, std::uint64_t total) {
    if (total == 0) return std::to_string(done < 100 ? done : done / 100 * 100);
    done = std::min(done, total);
    const auto part = static_cast<double>(done) / static_cast<double>(total);
    const auto filled = static_cast<std::size_t>(part * static_cast<double>(bar_columns));
    auto percent = std::to_string(static_cast<int>(part * 100));
    percent.insert(0, 3 - percent.size(), ' ');
    return "[" + std::string(filled, '#') + std::string(bar_columns - filled, '-') + "] " +
           percent + " %";
}

}  // namespace

ProgressBar::ProgressBar(const Terminal& terminal, std::string label)
    : terminal_(terminal),
      label_(std::move(label)),
      is_shown_(terminal.is_watched && !terminal.json && !terminal.quiet) {}

ProgressBar::~ProgressBar() {
    if (!drawn_.empty()) draw("");
}

void ProgressBar::at(std::uint64_t done, std::uint64_t total) {
    if (!is_shown_) return;
    // One column stays free: a full line would make some terminals begin the next one.
    const auto line = icu::cut_to(printable(label_) + "  " + progress_of(done, total),
                                  std::max<std::size_t>(terminal_.columns, 2) - 1);
    if (line != drawn_) draw(line);
}

void ProgressBar::draw(const std::string& line) {
    const auto old_width = icu::display_width(drawn_);
    terminal_.err << '\r' << icu::pad_to(line, old_width);
    if (line.empty()) terminal_.err << '\r';
    terminal_.err.flush();
    drawn_ = line;
}

}  // namespace egret::console
