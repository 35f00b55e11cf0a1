#pragma once

#include "tests/support/egret_run.h"

#include <sstream>
#include <string>
#include <string_view>
#include <utility>

namespace egret::tests {

/// A registry that 林主任 leads, with a sheet, and a PIN that is given to others.
struct LedRun : EgretRun {
    static constexpr const char* lead = "林主任";
    static constexpr const char* nurse = "陈护士";
    static constexpr const char* given_pin = "628413";

    LedRun() {
        done({"init", "--clinic", "思明", "--area", "350203", "--user", lead, "--recovery-sheet",
              dir.file("sheet")});
        set_new_pin(given_pin);
    }

    void set_new_pin(const std::string& text) {
        write_file(dir.file("new_pin"), text);
        terminal.environment["EGRET_NEW_PIN_FILE"] = dir.file("new_pin");
    }

    /// The groups that stand on a sheet of any language, one behind the other.
    static std::string code_in(const std::string& path) {
        std::istringstream lines(read_file(path));
        std::string code;
        for (std::string line; std::getline(lines, line);) {
            if (line.starts_with("    ")) code += line;
        }
        return code;
    }

    /// From now on `egret recover` finds the code of that sheet.
    void take_sheet(const std::string& path) {
        write_file(dir.file("code"), code_in(path));
        terminal.environment["EGRET_RECOVERY_FILE"] = dir.file("code");
    }

    static bool says(const Ran& ran, std::string_view part) {
        return ran.out.find(part) != std::string::npos || ran.err.find(part) != std::string::npos;
    }
};

}  // namespace egret::tests
