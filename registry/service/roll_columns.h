#pragma once

#include "registry/base/result.h"
#include "registry/service/class_roll.h"

#include <array>
#include <optional>
#include <vector>

/// Which column of a roll is what.
namespace egret::service {

struct RollColumns {
    std::size_t first_row = 0;  // Index among the sheet's rows of the first below the head row.
    std::array<std::optional<std::size_t>, roll_field_count> of_field{};
    std::vector<std::size_t> unread;  // Columns with a head that says nothing to us.

    std::optional<std::size_t> column(RollField field) const {
        return of_field[static_cast<std::size_t>(field)];
    }
};

/// The columns of a sheet, by the first row that is a head row. Nothing if no row is one.
/// Errors: invalid_input "--map", for a column that is not there.
Result<std::optional<RollColumns>> find_columns(const sheet::Sheet& sheet,
                                                const std::vector<RollChoice>& choices);

}  // namespace egret::service
