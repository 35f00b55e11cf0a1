#pragma once

#include "cli/console/table.h"

#include <string>

namespace egret::console {

/// Text inside an HTML element or a quoted attribute.
std::string html_text(std::string_view text);

/// The table as one page for print: no script, no font and no picture from elsewhere. `note` stands
/// below the title.
std::string to_html(const Table& table, const std::string& title, const std::string& note,
                    Language language);

}  // namespace egret::console
