#include "registry/sheet/sheet.h"

#include "registry/base/sheet_limits.h"

#include <algorithm>

namespace egret::sheet {

const Cell& Row::at(std::size_t column) const {
    static const Cell empty;
    return column < cells.size() ? cells[column] : empty;
}

std::string column_letters(std::size_t column) {
    constexpr std::size_t letters = 26;
    std::string text;
    for (auto left = column + 1; left > 0; left = (left - 1) / letters)
        text.insert(text.begin(), static_cast<char>('A' + (left - 1) % letters));
    return text;
}

std::optional<std::size_t> find_column(std::string_view letters) {
    constexpr std::size_t letters_max = 3;
    if (letters.empty() || letters.size() > letters_max) return std::nullopt;
    std::size_t column = 0;
    for (const char c : letters) {
        const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        if (upper < 'A' || upper > 'Z') return std::nullopt;
        column = column * 26 + static_cast<std::size_t>(upper - 'A') + 1;
    }
    if (column > limits::sheet_columns_max) return std::nullopt;
    return column - 1;
}

Result<std::vector<Sheet>> read_sheets(std::string_view bytes) {
    if (bytes.starts_with("PK\x03\x04")) return read_xlsx(bytes);
    // A compound file: Excel before 2007, and any workbook that has a password.
    if (bytes.starts_with("\xD0\xCF\x11\xE0"))
        return Error{ErrorCode::unsupported, "", msg("sheet.old_excel")};
    auto sheet = read_csv(bytes);
    if (!sheet) return std::move(sheet).error();
    std::vector<Sheet> sheets;
    sheets.push_back(*std::move(sheet));
    return sheets;
}

}  // namespace egret::sheet
