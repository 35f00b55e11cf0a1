#pragma once

#include "registry/domain/codes.h"

#include <string>
#include <string_view>
#include <vector>

namespace egret::console {

enum class Align { left, right };

struct Column {
    std::string_view key;    // Stable, for files: "birth_year".
    std::string_view title;  // Id of its title in the catalog; what isn't there is its own title.
    Align align = Align::left;
};

/// Rows of texts under named columns: shown in a terminal, or written as CSV (csv.h).
class Table {
public:
    explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

    /// As many cells as there are columns.
    void add_row(std::vector<std::string> cells);

    const std::vector<Column>& columns() const noexcept { return columns_; }

    const std::vector<std::vector<std::string>>& rows() const noexcept { return rows_; }

    /// A line a row under a header and a rule, columns two spaces apart; Chinese lines up too. Line
    /// ends and control characters inside a cell become spaces.
    std::string to_text(Language language) const;

private:
    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace egret::console
