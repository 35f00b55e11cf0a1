#include "cli/console/figure_check.h"

#include "cli/console/catalog.h"
#include "cli/console/published_figures.h"
#include "cli/console/table.h"
#include "registry/base/sheet_limits.h"
#include "registry/json/dump.h"

#include <algorithm>
#include <ostream>
#include <string>

namespace egret::console {
namespace {

using coverage::Verdict;

std::int64_t count_of(const PublishedFigures& figures, Verdict verdict) {
    return std::count_if(figures.checked.begin(), figures.checked.end(),
                         [&](const CheckedFigure& one) { return one.result.verdict == verdict; });
}

void append_place(json::Object& to, const FigurePlace& place) {
    if (!place.sheet.empty()) to.append("sheet", place.sheet);
    to.append("row", static_cast<std::int64_t>(place.row));
}

json::Value to_json(const CheckedFigure& one) {
    json::Object object;
    append_place(object, one.place);
    object.append("what", one.what);
    object.append("kind", to_string(one.kind));
    object.append("printed", one.result.printed.to_string());
    object.append("expected", one.result.expected.to_string());
    object.append("exact", one.result.exact.to_string());
    object.append("verdict", to_string(one.result.verdict));
    object.append("difference", one.result.difference.to_string());
    return object;
}

json::Value to_json(const UnreadFigure& one, Language language) {
    json::Object object;
    append_place(object, one.place);
    object.append("column", one.column);
    object.append("name", one.name);
    object.append("what", one.what);
    object.append("kind", to_string(one.kind));
    object.append("text", text(one.message, language));
    return object;
}

void print_json(const PublishedFigures& figures, const Terminal& terminal) {
    json::Array rows;
    for (const auto& one : figures.checked) rows.push_back(to_json(one));
    json::Array unread;
    for (const auto& one : figures.unread) unread.push_back(to_json(one, terminal.language));
    const auto unread_count = static_cast<std::int64_t>(unread.size());
    terminal.out << json::dump(json::Object{
                        {"rows", std::move(rows)},
                        {"unread", std::move(unread)},
                        {"counts",
                         json::Object{{"equal", count_of(figures, Verdict::equal)},
                                      {"truncated", count_of(figures, Verdict::truncated)},
                                      {"differs", count_of(figures, Verdict::differs)},
                                      {"unread", unread_count}}}})
                 << '\n';
}

std::string_view word_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::equal: return "published.equal";
        case Verdict::truncated: return "published.truncated";
        case Verdict::differs: return "published.differs";
    }
    return "";
}

std::string row_text(const FigurePlace& place) {
    const auto row = std::to_string(place.row);
    return place.sheet.empty() ? row : place.sheet + "!" + row;
}

void print_table(const PublishedFigures& figures, const Terminal& terminal) {
    const auto language = terminal.language;
    Table table({{"row", "published.column.row", Align::right},
                 {"what", "published.column.what"},
                 {"kind", "published.column.kind"},
                 {"printed", "published.column.printed", Align::right},
                 {"expected", "published.column.expected", Align::right},
                 {"exact", "published.column.exact", Align::right},
                 {"verdict", "published.column.verdict"},
                 {"difference", "published.column.difference", Align::right}});
    for (const auto& one : figures.checked) {
        const auto& result = one.result;
        const bool is_equal = result.verdict == Verdict::equal;
        table.add_row(
            {row_text(one.place), one.what,
             text(one.kind == FigureKind::rate ? "published.rate" : "published.sum", language),
             result.printed.to_string(), result.expected.to_string(), result.exact.to_string(),
             text(word_of(result.verdict), language),
             is_equal ? "" : result.difference.to_string()});
    }
    terminal.out << table.to_text(language);
    for (const auto& one : figures.unread) {
        const Message where{
            "published.at",
            {{"row", row_text(one.place)}, {"column", one.column}, {"head", one.head}}};
        terminal.err << printable(text(where, language) + text(one.message, language)) << '\n';
    }
    const auto counted = [&](Verdict verdict) {
        return std::to_string(count_of(figures, verdict));
    };
    terminal.out << '\n'
                 << text(msg("published.counts",
                             {{"checked", std::to_string(figures.checked.size())},
                              {"equal", counted(Verdict::equal)},
                              {"truncated", counted(Verdict::truncated)},
                              {"differs", counted(Verdict::differs)},
                              {"unread", std::to_string(figures.unread.size())}}),
                         language)
                 << '\n';
}

}  // namespace

Result<ExitStatus> check_figures(std::istream& file, const Terminal& terminal) {
    std::string bytes(limits::sheet_file_bytes_max + 1, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    const auto figures = check_published(bytes);
    if (!figures) return figures.error();
    if (terminal.json)
        print_json(*figures, terminal);
    else
        print_table(*figures, terminal);
    const bool all_hold =
        figures->unread.empty() &&
        count_of(*figures, Verdict::equal) == static_cast<std::int64_t>(figures->checked.size());
    return all_hold ? ExitStatus::done : ExitStatus::refused;
}

}  // namespace egret::console
