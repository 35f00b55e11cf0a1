#include "cli/console/html_table.h"

#include "cli/console/catalog.h"

namespace egret::console {
namespace {

constexpr std::string_view style =
    "body{font-family:'Noto Sans CJK SC','Microsoft YaHei',sans-serif;margin:1.5cm;color:#000}"
    "h1{font-size:16pt;margin:0 0 .2em}p{margin:0 0 1em}"
    "table{border-collapse:collapse;width:100%;font-size:10pt}"
    "th,td{border:1px solid #666;padding:.25em .4em;text-align:left;vertical-align:top}"
    "th{background:#eee}thead{display:table-header-group}tr{page-break-inside:avoid}"
    "td.right{text-align:right}@page{size:A4 landscape;margin:1cm}@media print{body{margin:0}}";

void add_cells(std::string& html, const Table& table, const std::vector<std::string>& cells) {
    html += "<tr>";
    for (std::size_t i = 0; i < cells.size(); ++i) {
        html += table.columns()[i].align == Align::right ? "<td class=\"right\">" : "<td>";
        html += html_text(cells[i]) + "</td>";
    }
    html += "</tr>\n";
}

}  // namespace

std::string html_text(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        switch (c) {
            case '&': escaped += "&amp;"; break;
            case '<': escaped += "&lt;"; break;
            case '>': escaped += "&gt;"; break;
            case '"': escaped += "&quot;"; break;
            case '\'': escaped += "&#39;"; break;
            default: escaped += c;
        }
    }
    return escaped;
}

std::string to_html(const Table& table, const std::string& title, const std::string& note,
                    Language language) {
    std::string html = "<!DOCTYPE html>\n<html lang=\"";
    html += language == Language::zh ? "zh-CN" : "en";
    html += "\">\n<head><meta charset=\"utf-8\"><title>" + html_text(title) + "</title><style>";
    html += style;
    html += "</style></head>\n<body><h1>" + html_text(title) + "</h1>\n<p>" + html_text(note) +
            "</p>\n<table><thead><tr>";
    for (const auto& column : table.columns())
        html += "<th scope=\"col\">" + html_text(text(column.title, language)) + "</th>";
    html += "</tr></thead>\n<tbody>\n";
    for (const auto& row : table.rows()) add_cells(html, table, row);
    html += "</tbody></table>\n</body></html>\n";
    return html;
}

}  // namespace egret::console
