#pragma once

#include "registry/base/result.h"
#include "registry/domain/woman.h"
#include "registry/sheet/sheet.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A class roll as a school keeps it: a table with a head row, one pupil a row.
namespace egret::service {

/// What a column of a roll says. Columns are known by their heads, in Chinese or English.
enum class RollField : std::uint8_t {
    name,
    sex,
    birth_date,
    resident_id,
    school_number,
    school,
    school_area,
    grade,  // Goes before the class: 初一 and 2班 are 初一2班.
    school_class,
    guardian,
    relation,
    guardian_phone,
    phone,
    household_area,
    area,
    address,
};

inline constexpr std::size_t roll_field_count = 16;

/// "birth_date": as --map and a file of refused rows call it.
std::string_view to_string(RollField field);
std::optional<RollField> find_roll_field(std::string_view name);

/// Which column is what, where its head doesn't say. `column` is a head as it stands in the file or
/// a column's letters; "" for a field that shall not be read.
struct RollChoice {
    RollField field = RollField::name;
    std::string column;
};

/// What holds of everybody in the file of whom it doesn't say anything else.
struct RollOptions {
    std::vector<RollChoice> choices;
    std::string school;
    std::string school_area;  // Of `school`, or of any school if that is "".
    std::string school_class;
    std::optional<Sex> sex;
};

/// What stands in a row, by field.
using RollCells = std::array<sheet::Cell, roll_field_count>;

/// Where a row stands in the file.
struct RollPlace {
    std::string sheet;  // "" if the file has one only.
    std::uint64_t line = 0;

    friend auto operator<=>(const RollPlace&, const RollPlace&) = default;
};

struct RollRow {
    RollPlace place;
    Demographics who;
    RollCells cells;
};

/// A row that was not taken, and why; no value of it is in the error.
struct RefusedRow {
    RollPlace place;
    Error error;
    RollCells cells;
};

/// What should be known of rows that were taken all the same.
struct RollNote {
    Message text;
    std::vector<RollPlace> places;
};

struct ClassRoll {
    std::vector<RollRow> rows;
    std::vector<RefusedRow> refused;
    std::vector<RollNote> notes;
    std::vector<std::string> unread_columns;  // By their letters, with the sheet if need be.
    std::vector<std::string> unread_sheets;   // Without a head row.
};

/// Reads the rows below each sheet's head row, which may have titles above it. A birth date and a
/// sex that are not there are taken from the resident number (GB 11643).
/// Rows that a merged cell leaves without what it says are noted.
/// Errors: invalid_input, if no sheet has a head row with a name, or `choices` names a column that
/// is not there ("--map"); too_large, if one has more rows below it than limits::sheet_rows_max.
Result<ClassRoll> read_roll(const std::vector<sheet::Sheet>& sheets, const RollOptions& options);

}  // namespace egret::service
