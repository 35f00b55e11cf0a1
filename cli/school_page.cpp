#include "cli/school_page.h"

#include "cli/console/catalog.h"
#include "cli/console/html_table.h"
#include "cli/school_output.h"

#include <array>

namespace egret::cli {
namespace {

using console::html_text;
using console::text;
using service::SessionLine;

constexpr std::string_view page_style =
    "@page{size:A4 landscape;margin:10mm}"
    "body{font-family:'Noto Sans CJK SC','Microsoft YaHei',sans-serif;color:#000;margin:10mm;"
    "font-size:9.5pt;line-height:1.35}"
    "@media print{body{margin:0}}"
    "h1{font-size:15pt;margin:0 0 1mm}p{margin:0 0 3mm}"
    "table{border-collapse:collapse;width:100%;table-layout:fixed}"
    "thead{display:table-header-group}tr{break-inside:avoid}"
    "th,td{border:.3mm solid #555;padding:1mm 1.5mm;text-align:left;vertical-align:middle;"
    "overflow-wrap:break-word}"
    "th{background:#eee;font-size:8.5pt;vertical-align:bottom}"
    "td.tick{text-align:center}"
    "i.box{display:inline-block;width:5mm;height:5mm;border:.5mm solid #000}"
    "td.warn{font-weight:600}tr.no td{color:#555}"
    "footer{margin-top:6mm;display:flex;gap:12mm}footer span{flex:1;border-bottom:.3mm solid #000;"
    "padding-bottom:1mm}";

struct PageColumn {
    std::string_view title;
    std::string_view width;
};

constexpr std::array<PageColumn, 12> page_columns = {{
    {"session.column.number", "8mm"},
    {"session.column.class", "17mm"},
    {"due.column.name", "22mm"},
    {"due.column.birth_date", "22mm"},
    {"session.column.free", "15mm"},
    {"session.column.next", "29mm"},
    {"session.column.window", "27mm"},
    {"session.column.consent", "18mm"},
    {"session.column.doses", "36mm"},
    {"session.column.warnings", "30mm"},
    {"session.column.given", "14mm"},
    {"session.column.remark", "auto"},
}};

std::string page_cell(const std::string& content, std::string_view kind = "") {
    const auto attribute = kind.empty() ? std::string() : " class=\"" + std::string(kind) + "\"";
    return "<td" + attribute + ">" + html_text(content) + "</td>";
}

/// An empty box where a dose may be ticked; nothing for whoever was vaccinated in this round.
std::string tick_cell(const SessionLine& line, Language language) {
    if (line.is_done) return page_cell(text("session.done", language), "tick");
    return "<td class=\"tick\"><i class=\"box\"></i></td>";
}

std::string page_row(const SessionLine& line, std::size_t number, Language language) {
    const bool is_out = line.free && line.free->verdict == rules::EligibilityAnswer::Verdict::no;
    return std::string(is_out ? "<tr class=\"no\">" : "<tr>") + page_cell(std::to_string(number)) +
           page_cell(line.school_class) + page_cell(line.name) +
           page_cell(line.birth_date ? line.birth_date->to_string() : "") +
           page_cell(free_text(line, language)) + page_cell(next_text(line, language)) +
           page_cell(window_text(line, language)) + page_cell(consent_text(line, language)) +
           page_cell(doses_text(line, language)) +
           page_cell(warnings_text(line, language), "warn") + tick_cell(line, language) +
           page_cell("") + "</tr>\n";
}

}  // namespace

std::string to_html(const SchoolPage& page) {
    const auto language = page.language;
    std::string html = "<!DOCTYPE html>\n<html lang=\"";
    html += language == Language::zh ? "zh-CN" : "en";
    html +=
        "\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        "style-src 'unsafe-inline'\">\n<title>" +
        html_text(page.title) + "</title>\n<style>" + std::string(page_style) +
        "</style>\n</head>\n<body>\n<h1>" + html_text(page.title) + "</h1>\n<p>" +
        html_text(page.note) + "</p>\n<table><colgroup>";
    for (const auto& column : page_columns)
        html += "<col style=\"width:" + std::string(column.width) + "\">";
    html += "</colgroup>\n<thead><tr>";
    for (const auto& column : page_columns)
        html += "<th scope=\"col\">" + html_text(text(column.title, language)) + "</th>";
    html += "</tr></thead>\n<tbody>\n";
    std::size_t number = 0;
    for (const auto& line : page.lines) html += page_row(line, ++number, language);
    html += "</tbody></table>\n<footer>";
    for (const auto* id :
         {"session.foot.lot", "session.foot.date", "session.foot.nurse", "session.foot.teacher"})
        html += "<span>" + html_text(text(id, language)) + "</span>";
    return html + "</footer>\n</body>\n</html>\n";
}

}  // namespace egret::cli
