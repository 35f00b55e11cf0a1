#include "cli/console/csv.h"

#include "registry/base/text.h"

namespace egret::console {
namespace {

bool is_plain_number(std::string_view text) {
    if (text.starts_with("-")) text.remove_prefix(1);
    const auto parts = split(text, '.');
    return parts.size() <= 2 && is_digits(parts[0]) && (parts.size() == 1 || is_digits(parts[1]));
}

std::string csv_cell(std::string_view text) {
    std::string cell;
    const auto could_run =
        !text.empty() && std::string_view("=+-@\t\r\n").find(text[0]) != std::string_view::npos;
    if (could_run && !is_plain_number(text)) cell += '\'';
    cell += text;
    if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
    std::string quoted = "\"";
    for (const char c : cell) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

}  // namespace

std::string csv_line(const std::vector<std::string>& cells) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) line += ',';
        line += csv_cell(cells[i]);
    }
    return line + "\r\n";
}

std::string to_csv(const Table& table, ByteOrderMark mark) {
    std::string file(mark == ByteOrderMark::written ? byte_order_mark : "");
    std::vector<std::string> keys;
    for (const auto& column : table.columns()) keys.emplace_back(column.key);
    file += csv_line(keys);
    for (const auto& row : table.rows()) file += csv_line(row);
    return file;
}

}  // namespace egret::console
