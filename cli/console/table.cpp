#include "cli/console/table.h"

#include "cli/console/catalog.h"
#include "registry/base/ensure.h"
#include "registry/icu/width.h"

#include <algorithm>

namespace egret::console {

void Table::add_row(std::vector<std::string> cells) {
    EGRET_ENSURE(cells.size() == columns_.size());
    rows_.push_back(std::move(cells));
}

std::string Table::to_text(Language language) const {
    std::vector<std::vector<std::string>> lines(1);
    for (const auto& column : columns_) lines[0].push_back(text(column.title, language));
    lines.insert(lines.end(), rows_.begin(), rows_.end());
    std::vector<std::size_t> widths(columns_.size());
    for (auto& line : lines) {
        for (std::size_t i = 0; i < line.size(); ++i) {
            line[i] = printable(line[i]);
            widths[i] = std::max(widths[i], icu::display_width(line[i]));
        }
    }
    std::vector<std::string> rule;
    rule.reserve(widths.size());
    for (const auto width : widths) rule.emplace_back(width, '-');
    lines.insert(lines.begin() + 1, rule);

    std::string shown;
    for (const auto& line : lines) {
        std::string row;
        for (std::size_t i = 0; i < line.size(); ++i) {
            if (i > 0) row += "  ";
            const std::string fill(widths[i] - icu::display_width(line[i]), ' ');
            row += columns_[i].align == Align::right ? fill + line[i] : line[i] + fill;
        }
        row.erase(row.find_last_not_of(' ') + 1);
        shown += row + '\n';
    }
    return shown;
}

}  // namespace egret::console
