#include "registry/base/sheet_limits.h"
#include "registry/base/text.h"
#include "registry/sheet/detail/xml.h"
#include "registry/sheet/detail/zip.h"
#include "registry/sheet/sheet.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

namespace egret::sheet {
namespace {

using detail::XmlAttributes;
using detail::XmlVisitor;
using detail::ZipArchive;

constexpr const char* workbook_part = "xl/workbook.xml";
constexpr const char* relations_part = "xl/_rels/workbook.xml.rels";

// Far beyond the last row of any spreadsheet.
constexpr std::uint64_t row_number_max = 100'000'000;

Error too_much(const char* id, std::size_t limit) {
    return {ErrorCode::too_large, "", Message{id, {{"limit", std::to_string(limit)}}}};
}

Error damaged_workbook() { return {ErrorCode::invalid_input, "", msg("sheet.damaged")}; }

struct NamedSheet {
    std::string name;
    std::string relation;  // The id of the relation that leads to its part.
};

/// xl/workbook.xml: the visible sheets, and from when days are counted.
struct WorkbookVisitor final : XmlVisitor {
    void begin(std::string_view element, const XmlAttributes& attributes) override {
        if (element == "workbookPr") {
            const auto value = attributes.get("date1904");
            counts_days_from_1904 = value == "1" || value == "true";
        } else if (element == "sheet" && attributes.get("state") != "hidden" &&
                   attributes.get("state") != "veryHidden") {
            sheets.push_back(
                {std::string(attributes.get("name")), std::string(attributes.get("id"))});
        }
    }

    void text(std::string_view) override {}

    void end(std::string_view) override {}

    std::vector<NamedSheet> sheets;
    bool counts_days_from_1904 = false;
};

/// xl/_rels/workbook.xml.rels: where the parts lie.
struct RelationsVisitor final : XmlVisitor {
    void begin(std::string_view element, const XmlAttributes& attributes) override {
        if (element != "Relationship") return;
        const auto target = attributes.get("Target");
        auto path =
            target.starts_with('/') ? std::string(target.substr(1)) : "xl/" + std::string(target);
        if (attributes.get("Type").ends_with("/sharedStrings")) shared_strings = path;
        by_id.emplace(attributes.get("Id"), std::move(path));
    }

    void text(std::string_view) override {}

    void end(std::string_view) override {}

    std::map<std::string, std::string, std::less<>> by_id;
    std::string shared_strings;
};

/// A text that may come in runs (<r>), and with a reading aid (<rPh>) that is no part of it.
class RichText {
public:
    void begin(std::string_view element) {
        if (element == "rPh") is_aid_ = true;
        if (element == "t") is_text_ = true;
    }

    void end(std::string_view element) {
        if (element == "rPh") is_aid_ = false;
        if (element == "t") is_text_ = false;
    }

    void add(std::string_view piece) {
        if (is_text_ && !is_aid_ && text.size() <= limits::sheet_cell_bytes_max) text += piece;
    }

    std::string text;

private:
    bool is_text_ = false;
    bool is_aid_ = false;
};

struct StringsVisitor final : XmlVisitor {
    void begin(std::string_view element, const XmlAttributes&) override {
        if (element == "si") now = {};
        now.begin(element);
    }

    void text(std::string_view piece) override { now.add(piece); }

    void end(std::string_view element) override {
        now.end(element);
        if (element == "si") all.push_back(std::move(now.text));
    }

    bool has_enough() const override { return all.size() > limits::sheet_cells_max; }

    std::vector<std::string> all;
    RichText now;
};

/// A whole number as its digits, also where it was written as 4.1099E4.
std::string number_text(std::string_view written) {
    constexpr double exact_max = 1e15;
    double value = 0;
    const auto* end = written.data() + written.size();
    const auto read = std::from_chars(written.data(), end, value);
    const bool is_whole = read.ec == std::errc() && read.ptr == end &&
                          std::abs(value) < exact_max && value == std::floor(value);
    return is_whole ? std::to_string(static_cast<std::int64_t>(value)) : std::string(written);
}

/// "B7": a column and the number of a row. Of a column beyond the last that is read, that one.
struct CellPlace {
    std::size_t column = 0;
    std::uint64_t row = 0;
};

std::optional<CellPlace> parse_place(std::string_view text) {
    const auto at = std::min(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), text.size());
    CellPlace place;
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + at, end, place.row);
    if (at == 0 || read.ec != std::errc() || read.ptr != end || place.row > row_number_max)
        return std::nullopt;
    place.column = find_column(text.substr(0, at)).value_or(limits::sheet_columns_max - 1);
    return place;
}

/// "B2:B9"; nothing, if it is no such range.
std::optional<MergedCells> parse_range(std::string_view text) {
    const auto colon = std::min(text.find(':'), text.size());
    const auto first = parse_place(text.substr(0, colon));
    const auto last = parse_place(text.substr(std::min(colon + 1, text.size())));
    if (!first || !last || last->row < first->row || last->column < first->column)
        return std::nullopt;
    return MergedCells{first->row, last->row, first->column, last->column};
}

/// xl/worksheets/sheetN.xml.
class RowsVisitor final : public XmlVisitor {
public:
    explicit RowsVisitor(const std::vector<std::string>& strings) : strings_(strings) {}

    void begin(std::string_view element, const XmlAttributes& attributes) override {
        if (element == "row") begin_row(attributes.get("r"));
        if (element == "c") begin_cell(attributes);
        if (element == "mergeCell") add_merged(attributes.get("ref"));
        if (element == "v" && is_cell_) is_value_ = true;
        if (is_cell_) rich_.begin(element);
    }

    void text(std::string_view piece) override {
        if (is_value_ && value_.size() <= limits::sheet_cell_bytes_max) value_ += piece;
        if (is_cell_) rich_.add(piece);
    }

    void end(std::string_view element) override {
        if (is_cell_) rich_.end(element);
        if (element == "v") is_value_ = false;
        if (element == "c" && is_cell_) end_cell();
        if (element == "row" && !row_.cells.empty()) {
            if (rows.size() == limits::sheet_rows_max + limits::sheet_head_rows_max)
                fail(too_much("sheet.too_many_rows", limits::sheet_rows_max));
            else
                rows.push_back(std::move(row_));
            row_ = {};
        }
    }

    bool has_enough() const override { return failure.has_value(); }

    std::vector<Row> rows;
    std::vector<MergedCells> merged;
    std::size_t cells = 0;
    std::optional<Error> failure;

private:
    void fail(Error error) {
        if (!failure) failure = std::move(error);
    }

    void begin_row(std::string_view number) {
        row_ = {};
        row_.number = last_number_ + 1;
        const auto* end = number.data() + number.size();
        std::uint64_t told = 0;
        const auto read = std::from_chars(number.data(), end, told);
        if (!number.empty() && read.ec == std::errc() && read.ptr == end && told <= row_number_max)
            row_.number = told;
        last_number_ = row_.number;
        next_column_ = 0;
    }

    void add_merged(std::string_view range) {
        if (++cells > limits::sheet_cells_max)
            return fail(too_much("sheet.too_many_cells", limits::sheet_cells_max));
        if (const auto one = parse_range(range)) merged.push_back(*one);
    }

    void begin_cell(const XmlAttributes& attributes) {
        is_cell_ = true;
        type_ = attributes.get("t");
        value_.clear();
        rich_ = {};
        const auto place = attributes.get("r");
        const auto letters =
            place.substr(0, std::min(place.find_first_of("0123456789"), place.size()));
        is_beyond_ = false;
        if (place.empty()) {
            column_ = next_column_;
            is_beyond_ = column_ >= limits::sheet_columns_max;
        } else if (const auto column = find_column(letters)) {
            column_ = *column;
        } else {
            is_beyond_ = true;
        }
        next_column_ = column_ + 1;
    }

    void end_cell() {
        is_cell_ = false;
        auto cell = cell_of();
        if (trim(cell.text).empty()) return;
        if (is_beyond_) return fail(too_much("sheet.too_many_columns", limits::sheet_columns_max));
        if (cell.text.size() > limits::sheet_cell_bytes_max)
            return fail(too_much("sheet.cell_too_long", limits::sheet_cell_bytes_max));
        if (++cells > limits::sheet_cells_max)
            return fail(too_much("sheet.too_many_cells", limits::sheet_cells_max));
        if (row_.cells.size() <= column_) row_.cells.resize(column_ + 1);
        row_.cells[column_] = std::move(cell);
    }

    Cell cell_of() {
        if (type_ == "inlineStr") return {std::move(rich_.text), false};
        if (type_ == "s") {
            std::size_t index = 0;
            const auto* end = value_.data() + value_.size();
            const auto read = std::from_chars(value_.data(), end, index);
            const bool is_there =
                read.ec == std::errc() && read.ptr == end && index < strings_.size();
            if (!is_there && !value_.empty()) fail(damaged_workbook());
            return {is_there ? strings_[index] : "", false};
        }
        // A text that a formula gave, a truth, an error, a day in ISO 8601.
        if (type_ == "str" || type_ == "b" || type_ == "e" || type_ == "d")
            return {std::move(value_), false};
        return {number_text(value_), true};
    }

    const std::vector<std::string>& strings_;
    Row row_;
    std::uint64_t last_number_ = 0;
    std::size_t column_ = 0;
    std::size_t next_column_ = 0;
    bool is_beyond_ = false;
    bool is_cell_ = false;
    bool is_value_ = false;
    std::string type_;
    std::string value_;
    RichText rich_;
};

Result<Done> visit_part(ZipArchive& archive, const std::string& part, XmlVisitor& visitor) {
    const auto document = archive.read(part);
    if (!document) return document.error();
    return detail::read_xml(*document, visitor);
}

}  // namespace

Result<std::vector<Sheet>> read_xlsx(std::string_view bytes) {
    if (bytes.size() > limits::sheet_file_bytes_max)
        return too_much("sheet.file_too_large", limits::sheet_file_bytes_max >> 20U);
    auto archive = ZipArchive::open(bytes);
    if (!archive) return std::move(archive).error();
    WorkbookVisitor workbook;
    if (auto read = visit_part(*archive, workbook_part, workbook); !read)
        return std::move(read).error();
    RelationsVisitor relations;
    if (auto read = visit_part(*archive, relations_part, relations); !read)
        return std::move(read).error();
    StringsVisitor strings;
    if (!relations.shared_strings.empty() && archive->has(relations.shared_strings)) {
        if (auto read = visit_part(*archive, relations.shared_strings, strings); !read)
            return std::move(read).error();
    }
    if (strings.has_enough()) return too_much("sheet.too_many_cells", limits::sheet_cells_max);
    std::vector<Sheet> sheets;
    std::size_t cells = 0;
    for (auto& named : workbook.sheets) {
        const auto part = relations.by_id.find(named.relation);
        if (part == relations.by_id.end()) return damaged_workbook();
        // A sheet that holds a chart has no rows.
        if (!part->second.starts_with("xl/worksheets/")) continue;
        RowsVisitor visitor(strings.all);
        visitor.cells = cells;
        if (auto read = visit_part(*archive, part->second, visitor); !read)
            return std::move(read).error();
        if (visitor.failure) return *std::move(visitor.failure);
        cells = visitor.cells;
        sheets.push_back({std::move(named.name), std::move(visitor.rows),
                          workbook.counts_days_from_1904, std::move(visitor.merged)});
    }
    if (sheets.empty()) return damaged_workbook();
    return sheets;
}

}  // namespace egret::sheet
