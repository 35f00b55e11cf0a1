#include "cli/console/labels.h"

#include "registry/codec/fact_shape.h"
#include "registry/domain/flag_code.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

namespace egret::console {
namespace {

/// Codes that are the doctors' own words in every language: NILM, CIN2, 16, 4a.
bool is_its_own_label(const std::string& code) {
    return code.size() <= 2 ||
           std::any_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

void check_labels(const codec::MemberShape& member) {
    CHECK_MESSAGE(member_label(member.name, Language::zh) != member.name, member.name);
    for (const auto& code : member.codes) {
        if (is_its_own_label(code) && member.list_name != "language") continue;
        const auto label = code_label(member.list_name, code, Language::zh);
        CHECK_MESSAGE(label != code, member.list_name, ".", code);
    }
    for (const auto& inner : member.members) check_labels(inner);
}

TEST_SUITE("cli/console/labels") {
    TEST_CASE("no two codes of a list have one name, in either language") {
        for (const auto& type : codec::fact_type_names()) {
            const auto shape = *codec::fact_shape(type);
            for (const auto& member : shape) {
                for (const auto language : {Language::zh, Language::en}) {
                    std::set<std::string> labels;
                    for (const auto& code : member.codes)
                        labels.insert(code_label(member.list_name, code, language));
                    CHECK_MESSAGE(labels.size() == member.codes.size(), member.list_name);
                }
            }
        }
    }

    TEST_CASE("every kind, member, code and condition has a name in Chinese") {
        for (const auto& type : codec::fact_type_names()) {
            CHECK_MESSAGE(kind_label(type, Language::zh) != type, type);
            const auto shape = *codec::fact_shape(type);
            for (const auto& member : shape) check_labels(member);
        }
        for (const auto code : flag_codes())
            CHECK_MESSAGE(code_label("flag", code, Language::zh) != code, code);
    }

    TEST_CASE("a code is found as written, in other letters, and by its label") {
        const std::vector<std::string> codes = {"female", "male"};
        CHECK(find_meant_code("sex", codes, "female") == "female");
        CHECK(find_meant_code("sex", codes, "Male") == "male");
        CHECK(find_meant_code("sex", codes, "女") == "female");
        CHECK(!find_meant_code("sex", codes, "妇"));
    }
}

}  // namespace
}  // namespace egret::console
