#include "registry/base/sheet_limits.h"
#include "registry/base/text.h"
#include "registry/icu/charset.h"
#include "registry/sheet/sheet.h"

#include <algorithm>
#include <array>

namespace egret::sheet {
namespace {

Error too_many_csv(const char* id, std::size_t limit) {
    return {ErrorCode::too_large, "", Message{id, {{"limit", std::to_string(limit)}}}};
}

Result<std::string> text_of_file(std::string_view bytes) {
    constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";
    if (bytes.starts_with(utf8_mark)) bytes.remove_prefix(utf8_mark.size());
    if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
        auto text = icu::utf8_from(bytes, icu::Charset::utf16);
        if (text) return *std::move(text);
    } else if (is_utf8(bytes)) {
        return std::string(bytes);
    } else if (auto text = icu::utf8_from(bytes, icu::Charset::gb18030)) {
        return *std::move(text);
    }
    return Error{ErrorCode::invalid_input, "", msg("sheet.no_text")};
}

/// What parts the cells: the sign that is there most often in the first lines.
char separator_of(std::string_view text) {
    constexpr std::size_t lines_looked_at = 20;
    constexpr std::array separators = {',', '\t', ';'};
    std::array<std::size_t, separators.size()> counts{};
    std::size_t lines = 0;
    bool is_quoted = false;
    for (const char c : text) {
        if (c == '"') is_quoted = !is_quoted;
        if (is_quoted) continue;
        if (c == '\n' && ++lines == lines_looked_at) break;
        for (std::size_t i = 0; i < separators.size(); ++i)
            counts[i] += c == separators[i] ? 1U : 0U;
    }
    const auto most = std::max_element(counts.begin(), counts.end()) - counts.begin();
    return separators[static_cast<std::size_t>(most)];
}

/// Takes back the apostrophe that keeps a spreadsheet from running a cell as a formula.
void take_back_guard(std::string& cell) {
    const bool is_guarded = cell.size() > 1 && cell[0] == '\'' &&
                            std::string_view("=+-@").find(cell[1]) != std::string_view::npos;
    if (is_guarded) cell.erase(0, 1);
}

class CsvReader {
public:
    CsvReader(std::string_view text, char separator) : text_(text), separator_(separator) {}

    Result<Sheet> read() {
        Sheet sheet;
        while (at_ < text_.size()) {
            auto row = read_row();
            if (!row) return std::move(row).error();
            const bool is_empty =
                std::all_of(row->cells.begin(), row->cells.end(),
                            [](const Cell& cell) { return trim(cell.text).empty(); });
            if (is_empty) continue;
            if (sheet.rows.size() == limits::sheet_rows_max + limits::sheet_head_rows_max)
                return too_many_csv("sheet.too_many_rows", limits::sheet_rows_max);
            sheet.rows.push_back(*std::move(row));
        }
        return sheet;
    }

private:
    bool is_line_end() const { return text_[at_] == '\n' || text_[at_] == '\r'; }

    void pass_line_end() {
        if (at_ >= text_.size()) return;
        if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
        ++at_;
        ++line_;
    }

    Result<Row> read_row() {
        Row row;
        row.number = line_;
        for (;;) {
            auto cell = read_cell();
            if (!cell) return std::move(cell).error();
            if (cell->size() > limits::sheet_cell_bytes_max)
                return too_many_csv("sheet.cell_too_long", limits::sheet_cell_bytes_max);
            take_back_guard(*cell);
            if (row.cells.size() < limits::sheet_columns_max)
                row.cells.push_back({*std::move(cell), false});
            else if (!cell->empty())
                return too_many_csv("sheet.too_many_columns", limits::sheet_columns_max);
            if (at_ >= text_.size() || is_line_end()) break;
            ++at_;  // The separator.
        }
        pass_line_end();
        return row;
    }

    Result<std::string> read_cell() {
        std::string cell;
        if (at_ < text_.size() && text_[at_] == '"') {
            ++at_;
            for (;; ++at_) {
                if (at_ >= text_.size()) {
                    return Error{ErrorCode::invalid_input, "",
                                 msg("sheet.quote_without_end", {{"line", std::to_string(line_)}})};
                }
                if (text_[at_] == '"') {
                    const bool is_doubled = at_ + 1 < text_.size() && text_[at_ + 1] == '"';
                    if (!is_doubled) break;
                    ++at_;
                }
                if (text_[at_] == '\n') ++line_;
                cell += text_[at_];
            }
            ++at_;
        }
        while (at_ < text_.size() && text_[at_] != separator_ && !is_line_end())
            cell += text_[at_++];
        return cell;
    }

    std::string_view text_;
    char separator_;
    std::size_t at_ = 0;
    std::uint64_t line_ = 1;
};

}  // namespace

Result<Sheet> read_csv(std::string_view bytes) {
    if (bytes.size() > limits::sheet_file_bytes_max)
        return too_many_csv("sheet.file_too_large", limits::sheet_file_bytes_max >> 20U);
    const auto text = text_of_file(bytes);
    if (!text) return text.error();
    if (text->find('\0') != std::string::npos)
        return Error{ErrorCode::invalid_input, "", msg("sheet.no_text")};
    return CsvReader(*text, separator_of(*text)).read();
}

}  // namespace egret::sheet
