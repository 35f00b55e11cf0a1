#include "cli/console/published_figures.h"

#include "registry/base/sheet_limits.h"
#include "registry/base/text.h"
#include "registry/icu/fold.h"
#include "registry/sheet/sheet.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

namespace egret::console {
namespace {

enum class Part : std::uint8_t {
    what,
    numerator,
    denominator,
    unit,
    printed,
    parts,
    printed_total
};

struct PartHeads {
    Part part;
    std::string_view name;
    std::array<std::string_view, 2> others;  // What else its head may say.
};

constexpr std::array<PartHeads, 7> part_heads = {{
    {Part::what, "what", {"项目", "指标"}},
    {Part::numerator, "numerator", {"分子", ""}},
    {Part::denominator, "denominator", {"分母", ""}},
    {Part::unit, "unit", {"单位", ""}},
    {Part::printed, "printed", {"公布值", ""}},
    {Part::parts, "parts", {"分项", "各项"}},
    {Part::printed_total, "printed_total", {"公布合计", "合计"}},
}};

struct Heading {
    std::size_t column = 0;
    std::string text;  // As it stands in the file.
};

using Columns = std::map<Part, Heading>;

bool has_all(const Columns& columns, std::initializer_list<Part> parts) {
    return std::all_of(parts.begin(), parts.end(),
                       [&](Part part) { return columns.contains(part); });
}

bool has_rates(const Columns& columns) {
    return has_all(columns, {Part::numerator, Part::denominator, Part::unit, Part::printed});
}

bool has_sums(const Columns& columns) {
    return has_all(columns, {Part::parts, Part::printed_total});
}

std::string_view name_of(Part part) { return part_heads[static_cast<std::size_t>(part)].name; }

const PartHeads* find_head(const std::string& folded) {
    if (folded.empty()) return nullptr;
    const auto* found = std::find_if(part_heads.begin(), part_heads.end(), [&](const auto& head) {
        return head.name == folded || head.others[0] == folded || head.others[1] == folded;
    });
    return found == part_heads.end() ? nullptr : found;
}

/// The columns that the row names; none unless they are enough for rates or sums.
/// Errors: invalid_input, if one is named twice.
Result<Columns> read_head(const sheet::Row& row) {
    Columns columns;
    std::optional<Part> twice;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
        const auto* head = find_head(icu::fold(row.cells[i].text));
        if (!head) continue;
        const Heading heading{i, std::string(trim(row.cells[i].text))};
        if (!columns.emplace(head->part, heading).second) twice = head->part;
    }
    if (!has_rates(columns) && !has_sums(columns)) return Columns{};
    if (twice) {
        return Error{ErrorCode::invalid_input, "FILE",
                     msg("published.column_twice", {{"column", std::string(name_of(*twice))}})};
    }
    return columns;
}

/// One row below the head row.
class FigureRow {
public:
    FigureRow(const sheet::Row& row, const Columns& columns, std::string sheet,
              PublishedFigures& figures)
        : row_(row), columns_(columns), place_{std::move(sheet), row.number}, figures_(figures) {
        what_ = trim(row_.at(column(Part::what)).text);
    }

    void read() {
        if (has_rates(columns_) &&
            says_any({Part::numerator, Part::denominator, Part::unit, Part::printed}))
            read_rate();
        if (has_sums(columns_) && says_any({Part::parts, Part::printed_total})) read_sum();
    }

private:
    using Decimal = coverage::Decimal;

    std::size_t column(Part part) const {
        const auto found = columns_.find(part);
        return found == columns_.end() ? limits::sheet_columns_max : found->second.column;
    }

    /// Full-width digits and signs as plain ones.
    std::string text(Part part) const { return icu::fold(row_.at(column(part)).text); }

    bool says_any(std::initializer_list<Part> parts) const {
        return std::any_of(parts.begin(), parts.end(),
                           [&](Part part) { return !text(part).empty(); });
    }

    void refuse(FigureKind kind, Part part, Message message) {
        figures_.unread.push_back({place_, what_, kind, sheet::column_letters(column(part)),
                                   std::string(name_of(part)), columns_.at(part).text,
                                   std::move(message)});
    }

    std::optional<Decimal> number(FigureKind kind, Part part, const std::string& written) {
        if (written.empty()) {
            refuse(kind, part, msg("published.empty"));
            return std::nullopt;
        }
        const auto read = coverage::parse_decimal(written);
        if (read) return *read;
        refuse(kind, part, read.error().message);
        return std::nullopt;
    }

    std::optional<std::int64_t> whole(Part part) {
        const auto read = number(FigureKind::rate, part, text(part));
        if (!read) return std::nullopt;
        if (read->decimals == 0) return read->digits;
        refuse(FigureKind::rate, part, msg("published.not_whole"));
        return std::nullopt;
    }

    /// Each cell that is wrong is told of.
    void read_rate() {
        const auto numerator = whole(Part::numerator);
        const auto denominator = whole(Part::denominator);
        auto unit_text = text(Part::unit);
        std::erase(unit_text, ' ');
        const auto unit = coverage::find_unit(unit_text);
        if (!unit) {
            refuse(FigureKind::rate, Part::unit,
                   unit_text.empty() ? msg("published.empty") : msg("published.unknown_unit"));
        }
        auto written = text(Part::printed);
        // "2.71%" says no more than "2.71".
        if (unit && written.ends_with(unit_text))
            written = std::string(trim(written.substr(0, written.size() - unit_text.size())));
        const auto printed = number(FigureKind::rate, Part::printed, written);
        if (!numerator || !denominator || !unit || !printed) return;
        const auto result = coverage::reconcile_rate(*numerator, *denominator, *unit, *printed);
        if (result) {
            figures_.checked.push_back({place_, what_, FigureKind::rate, *result});
        } else {
            const bool is_below = result.error().field == name_of(Part::denominator);
            refuse(FigureKind::rate, is_below ? Part::denominator : Part::numerator,
                   result.error().message);
        }
    }

    std::optional<std::vector<Decimal>> read_parts() {
        const auto written = text(Part::parts);
        std::vector<Decimal> parts;
        for (const auto part : split(written, '+')) {
            const auto read = number(FigureKind::sum, Part::parts, std::string(trim(part)));
            if (!read) return std::nullopt;
            parts.push_back(*read);
        }
        if (parts.size() >= 2) return parts;
        refuse(FigureKind::sum, Part::parts, msg("published.one_part"));
        return std::nullopt;
    }

    void read_sum() {
        const auto parts = read_parts();
        const auto printed =
            number(FigureKind::sum, Part::printed_total, text(Part::printed_total));
        if (!parts || !printed) return;
        const auto result = coverage::reconcile_sum(*parts, *printed);
        if (result)
            figures_.checked.push_back({place_, what_, FigureKind::sum, *result});
        else
            refuse(FigureKind::sum, Part::parts, result.error().message);
    }

    const sheet::Row& row_;
    const Columns& columns_;
    FigurePlace place_;
    std::string what_;
    PublishedFigures& figures_;
};

/// The sheet's figures, if it has a head row. False if it has none.
Result<bool> read_sheet(const sheet::Sheet& sheet, const std::string& name,
                        PublishedFigures& figures) {
    const auto heads = std::min(sheet.rows.size(), limits::sheet_head_rows_max);
    for (std::size_t i = 0; i < heads; ++i) {
        const auto columns = read_head(sheet.rows[i]);
        if (!columns) return columns.error();
        if (columns->empty()) continue;
        if (sheet.rows.size() - i - 1 > limits::sheet_rows_max) {
            return Error{
                ErrorCode::too_large, "FILE",
                msg("sheet.too_many_rows", {{"limit", std::to_string(limits::sheet_rows_max)}})};
        }
        for (std::size_t below = i + 1; below < sheet.rows.size(); ++below)
            FigureRow(sheet.rows[below], *columns, name, figures).read();
        return true;
    }
    return false;
}

}  // namespace

std::string_view to_string(FigureKind kind) { return kind == FigureKind::rate ? "rate" : "sum"; }

Result<PublishedFigures> check_published(std::string_view bytes) {
    auto sheets = sheet::read_sheets(bytes);
    if (!sheets) return std::move(sheets).error().within("FILE");
    PublishedFigures figures;
    bool has_head = false;
    for (const auto& sheet : *sheets) {
        const auto read = read_sheet(sheet, sheets->size() > 1 ? sheet.name : "", figures);
        if (!read) return read.error();
        has_head = has_head || *read;
    }
    if (!has_head) return Error{ErrorCode::invalid_input, "FILE", msg("published.no_columns")};
    if (figures.checked.empty() && figures.unread.empty())
        return Error{ErrorCode::invalid_input, "FILE", msg("published.nothing")};
    return figures;
}

}  // namespace egret::console
