#include "registry/base/limits.h"

#include "registry/base/key_limits.h"
#include "registry/base/sheet_limits.h"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace egret::limits {
namespace {

/// "4,000".
std::string grouped(std::size_t number) {
    auto text = std::to_string(number);
    for (auto at = static_cast<int>(text.size()) - 3; at > 0; at -= 3)
        text.insert(static_cast<std::size_t>(at), ",");
    return text;
}

std::string mebibytes(std::size_t bytes) {
    CHECK(bytes % (1024 * 1024) == 0);
    return std::to_string(bytes / (1024 * 1024)) + " MiB";
}

TEST_SUITE("registry/base/limits") {
    TEST_CASE("docs/limits.md says the numbers that hold") {
        std::ostringstream document;
        document << std::ifstream(EGRET_SOURCE_DIR "/docs/limits.md").rdbuf();
        const auto row = [&](const std::string& value, const std::string& constant) {
            CAPTURE(constant);
            CHECK(document.str().find("| " + value + " | `" + constant + "` |") !=
                  std::string::npos);
        };
        row(grouped(batch_facts_max), "batch_facts_max");
        row(mebibytes(batch_sealed_bytes_max), "batch_sealed_bytes_max");
        row(mebibytes(batch_open_bytes_max), "batch_open_bytes_max");
        row(mebibytes(person_line_bytes_max), "person_line_bytes_max");
        row(mebibytes(sheet_file_bytes_max), "sheet_file_bytes_max");
        row(grouped(registry_users_max), "registry_users_max");
        row(grouped(pin_characters_min), "pin_characters_min");
        row(grouped(pin_characters_max), "pin_characters_max");
        row(grouped(pin_tries_max), "pin_tries_max");
        row(grouped(sheet_rows_max), "sheet_rows_max");
        row(mebibytes(sheet_part_bytes_max), "sheet_part_bytes_max");
        row(std::to_string(nesting_max) + " levels", "nesting_max");
        row(grouped(search_rows_max), "search_rows_max");
        row(std::to_string(http_threads_max), "http_threads_max");
        row(std::to_string(enrolment_tries_max) + " tries, " +
                std::to_string(enrolment_valid_ms / 3'600'000) + " hours",
            "enrolment_tries_max`, `enrolment_valid_ms");
    }
}

}  // namespace
}  // namespace egret::limits
