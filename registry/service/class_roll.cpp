#include "registry/service/class_roll.h"

#include "registry/base/sheet_limits.h"
#include "registry/base/text.h"
#include "registry/domain/area.h"
#include "registry/domain/identity_number.h"
#include "registry/icu/fold.h"
#include "registry/service/roll_columns.h"
#include "registry/sheet/day.h"

#include <algorithm>
#include <array>

namespace egret::service {
namespace {

using sheet::Cell;

Error bad_cell(const char* field, Message message) {
    return {ErrorCode::invalid_input, field, std::move(message)};
}

/// What a person would take for white space, also that of full width, at both ends and doubled.
bool is_space(char32_t c) { return c == U' ' || c == U'\t' || c == U'\u3000' || c == U'\u00A0'; }

bool is_han(char32_t c) {
    return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) || c >= 0x20000;
}

/// One space where there was white space, none at the ends, and none between Chinese characters,
/// where it only spreads a short name.
std::string tidy_text(std::string_view text) {
    std::u32string tidy;
    bool gap = false;
    for (const auto c : to_code_points(text)) {
        if (is_space(c) || c == U'\n' || c == U'\r') {
            gap = true;
            continue;
        }
        const bool is_inside = !tidy.empty() && !(is_han(tidy.back()) && is_han(c));
        if (gap && is_inside) tidy += U' ';
        gap = false;
        tidy += c;
    }
    return to_utf8(tidy);
}

/// A number as digits and capitals, without the apostrophe that keeps a spreadsheet from counting.
std::string tidy_number(std::string_view text) {
    std::string number;
    for (const char c : icu::fold(text)) {
        if (c == ' ' || c == '\'' || c == '`') continue;
        number += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return number;
}

/// An area's code in its one form, where it is one.
std::string tidy_area(std::string_view text) {
    auto number = tidy_number(text);
    const auto code = AreaCode::parse_known(number);
    return code ? code->text() : number;
}

std::optional<Sex> find_sex(std::string_view text) {
    constexpr std::array<std::string_view, 7> girls = {"女",     "女性", "女生", "f",
                                                       "female", "girl", "2"};
    constexpr std::array<std::string_view, 7> boys = {"男",   "男性", "男生", "m",
                                                      "male", "boy",  "1"};
    const auto folded = icu::fold(text);
    if (std::find(girls.begin(), girls.end(), folded) != girls.end()) return Sex::female;
    if (std::find(boys.begin(), boys.end(), folded) != boys.end()) return Sex::male;
    return std::nullopt;
}

/// What a spreadsheet shows in the place of a value that it couldn't work out.
bool is_sheet_error(std::string_view text) {
    constexpr std::array<std::string_view, 7> errors = {"#REF!",   "#N/A",   "#NAME?", "#VALUE!",
                                                        "#DIV/0!", "#NULL!", "#NUM!"};
    return std::find(errors.begin(), errors.end(), text) != errors.end();
}

/// Reads one row into who she is.
class RollRowReader {
public:
    RollRowReader(const RollCells& cells, const RollOptions& options, bool from_1904)
        : cells_(cells), options_(options), from_1904_(from_1904) {}

    Result<Demographics> read() {
        for (const auto& one : cells_) {
            if (is_sheet_error(one.text))
                return bad_cell("", msg("roll.error_cell", {{"error", one.text}}));
        }
        const auto name = tidy_text(text(RollField::name));
        if (name.empty()) return bad_cell("names", msg("roll.name_missing"));
        who_.names = {{NameUse::official, name, {}}};
        if (auto numbers = read_numbers(); !numbers) return std::move(numbers).error();
        if (auto birth = read_birth(); !birth) return std::move(birth).error();
        if (auto sex = read_sex(); !sex) return std::move(sex).error();
        read_school();
        read_contacts();
        read_places();
        return std::move(who_);
    }

    bool has_odd_household() const { return has_odd_household_; }

private:
    const Cell& cell(RollField field) const { return cells_[static_cast<std::size_t>(field)]; }

    const std::string& text(RollField field) const { return cell(field).text; }

    Result<Done> read_number(RollField field, IdentifierKind kind, const char* label) {
        const auto number = tidy_number(text(field));
        if (number.empty()) return Done{};
        // Fifteen digits are all that a spreadsheet keeps of a number.
        if (cell(field).is_number && number.size() > 15)
            return bad_cell(label, msg("roll.number_kept_as_number"));
        const auto parsed = IdentityNumber::parse(kind, number);
        if (!parsed) return bad_cell(label, parsed.error().message);
        who_.identifiers.push_back({kind, parsed->text(), {}});
        if (kind == IdentifierKind::resident_id) resident_id_ = *parsed;
        return Done{};
    }

    Result<Done> read_numbers() {
        auto read = read_number(RollField::resident_id, IdentifierKind::resident_id, "resident_id");
        if (!read) return read;
        return read_number(RollField::school_number, IdentifierKind::school_number,
                           "school_number");
    }

    std::optional<PartialDate> number_birth() const {
        if (!resident_id_) return std::nullopt;
        if (const auto birth = resident_id_->birth_date()) return PartialDate(*birth);
        return std::nullopt;
    }

    Result<Done> read_birth() {
        const auto by_number = number_birth();
        if (trim(text(RollField::birth_date)).empty()) {
            if (!by_number) return bad_cell("birth_date", msg("roll.birth_missing"));
            who_.birth_date = *by_number;
            return Done{};
        }
        const auto written = sheet::parse_day(cell(RollField::birth_date), from_1904_);
        if (!written) return bad_cell("birth_date", msg("roll.day_unread"));
        if (by_number && *by_number != PartialDate(*written))
            return bad_cell("birth_date", msg("roll.birth_contradicts_number"));
        who_.birth_date = *written;
        return Done{};
    }

    Result<Done> read_sex() {
        const auto by_number = resident_id_ ? resident_id_->sex() : std::nullopt;
        if (trim(text(RollField::sex)).empty()) {
            who_.sex = by_number ? by_number : options_.sex;
            if (!who_.sex) return bad_cell("sex", msg("roll.sex_missing"));
            return Done{};
        }
        who_.sex = find_sex(text(RollField::sex));
        if (!who_.sex) return bad_cell("sex", msg("roll.sex_unread"));
        if (by_number && who_.sex != by_number)
            return bad_cell("sex", msg("roll.sex_contradicts_number"));
        return Done{};
    }

    void read_school() {
        who_.school = tidy_text(text(RollField::school));
        if (who_.school.empty()) who_.school = tidy_text(options_.school);
        const auto said_class = tidy_text(text(RollField::school_class));
        const auto grade = tidy_text(text(RollField::grade));
        who_.school_class = said_class.starts_with(grade) ? said_class : grade + said_class;
        if (who_.school_class.empty()) who_.school_class = tidy_text(options_.school_class);
        who_.school_area = tidy_area(text(RollField::school_area));
        const bool is_of_school = options_.school.empty() ||
                                  icu::fold(tidy_text(options_.school)) == icu::fold(who_.school);
        if (who_.school_area.empty() && is_of_school) who_.school_area = options_.school_area;
    }

    void read_contacts() {
        const auto phone = tidy_number(text(RollField::phone));
        if (!phone.empty()) who_.phones = {phone};
        Guardian guardian;
        guardian.name = tidy_text(text(RollField::guardian));
        guardian.relation = tidy_text(text(RollField::relation));
        guardian.phone = tidy_number(text(RollField::guardian_phone));
        if (guardian != Guardian{}) who_.guardian = std::move(guardian);
    }

    void read_places() {
        const auto household = tidy_area(text(RollField::household_area));
        has_odd_household_ = !household.empty() && !AreaCode::parse_known(household);
        if (!has_odd_household_) who_.household_area = household;
        who_.area = tidy_area(text(RollField::area));
        const auto address = tidy_area(text(RollField::address));
        const bool is_code = is_digits(address) && AreaCode::parse_known(address);
        if (is_code && who_.area.empty())
            who_.area = address;
        else
            who_.address = tidy_text(text(RollField::address));
    }

    const RollCells& cells_;
    const RollOptions& options_;
    bool from_1904_;
    Demographics who_;
    std::optional<IdentityNumber> resident_id_;
    bool has_odd_household_ = false;
};

RollCells cells_of(const sheet::Row& row, const RollColumns& columns) {
    RollCells cells;
    for (std::size_t i = 0; i < roll_field_count; ++i) {
        if (const auto column = columns.of_field[i]) cells[i] = row.at(*column);
    }
    return cells;
}

bool says_nothing(const RollCells& cells) {
    return std::all_of(cells.begin(), cells.end(),
                       [](const Cell& cell) { return icu::fold(cell.text).empty(); });
}

/// So that a refused row, taken in from a file of its own, is still of the school that was meant.
void fill_in(const RollOptions& options, RollCells& cells) {
    const auto fill = [&](RollField field, const std::string& text) {
        auto& cell = cells[static_cast<std::size_t>(field)];
        if (trim(cell.text).empty()) cell = {text, false};
    };
    fill(RollField::school, options.school);
    fill(RollField::sex, options.sex ? std::string(to_string(*options.sex)) : std::string());
    const auto& school = cells[static_cast<std::size_t>(RollField::school)].text;
    if (options.school.empty() || school == options.school)
        fill(RollField::school_area, options.school_area);
    if (trim(cells[static_cast<std::size_t>(RollField::grade)].text).empty())
        fill(RollField::school_class, options.school_class);
}

/// Rows in which a column is empty only since its cells are merged with one above or beside it, as
/// spans of their numbers in order.
using RowSpans = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

RowSpans rows_merged_in(const sheet::Sheet& sheet, std::size_t column) {
    RowSpans spans;
    for (const auto& merged : sheet.merged) {
        if (column < merged.first_column || merged.last_column < column) continue;
        const auto first = merged.first_row + (column == merged.first_column ? 1 : 0);
        if (first <= merged.last_row) spans.emplace_back(first, merged.last_row);
    }
    std::sort(spans.begin(), spans.end());
    return spans;
}

/// The spreadsheet shows what a merged cell says beside all of its rows; but it is of the first.
void note_merged_cells(const sheet::Sheet& sheet, const RollColumns& columns,
                       const std::string& name, ClassRoll& roll) {
    if (sheet.merged.empty()) return;
    for (const auto& column : columns.of_field) {
        if (!column) continue;
        RollNote note{msg("roll.merged_cells", {{"column", sheet::column_letters(*column)}}), {}};
        const auto spans = rows_merged_in(sheet, *column);
        auto span = spans.begin();
        for (auto i = columns.first_row; i < sheet.rows.size(); ++i) {
            const auto& row = sheet.rows[i];
            while (span != spans.end() && span->second < row.number) ++span;
            if (span == spans.end()) break;
            const bool is_empty = trim(row.at(*column).text).empty();
            if (span->first <= row.number && is_empty && !says_nothing(cells_of(row, columns)))
                note.places.push_back({name, row.number});
        }
        if (!note.places.empty()) roll.notes.push_back(std::move(note));
    }
}

void read_rows(const sheet::Sheet& sheet, const RollColumns& columns, const std::string& name,
               const RollOptions& options, ClassRoll& roll) {
    RollNote odd_households{msg("roll.household_no_code"), {}};
    for (auto i = columns.first_row; i < sheet.rows.size(); ++i) {
        auto cells = cells_of(sheet.rows[i], columns);
        if (says_nothing(cells)) continue;
        RollPlace place{name, sheet.rows[i].number};
        RollRowReader reader(cells, options, sheet.counts_days_from_1904);
        auto who = reader.read();
        fill_in(options, cells);
        if (!who) {
            roll.refused.push_back({std::move(place), std::move(who).error(), std::move(cells)});
            continue;
        }
        if (reader.has_odd_household()) odd_households.places.push_back(place);
        roll.rows.push_back({std::move(place), *std::move(who), std::move(cells)});
    }
    if (!odd_households.places.empty()) roll.notes.push_back(std::move(odd_households));
}

}  // namespace

Result<ClassRoll> read_roll(const std::vector<sheet::Sheet>& sheets, const RollOptions& options) {
    ClassRoll roll;
    bool has_head = false;
    for (const auto& sheet : sheets) {
        if (sheet.rows.empty()) continue;
        const auto columns = find_columns(sheet, options.choices);
        if (!columns) return columns.error();
        const auto name = sheets.size() > 1 ? sheet.name : std::string();
        if (!*columns) {
            roll.unread_sheets.push_back(sheet.name);
            continue;
        }
        has_head = true;
        if (sheet.rows.size() - (*columns)->first_row > limits::sheet_rows_max) {
            return Error{
                ErrorCode::too_large, "FILE",
                msg("sheet.too_many_rows", {{"limit", std::to_string(limits::sheet_rows_max)}})};
        }
        for (const auto column : (*columns)->unread) {
            roll.unread_columns.push_back((name.empty() ? "" : name + "!") +
                                          sheet::column_letters(column));
        }
        read_rows(sheet, **columns, name, options, roll);
        note_merged_cells(sheet, **columns, name, roll);
    }
    if (!has_head) return Error{ErrorCode::invalid_input, "FILE", msg("roll.no_head_row")};
    return roll;
}

}  // namespace egret::service
