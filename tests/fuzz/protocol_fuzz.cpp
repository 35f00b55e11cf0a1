#include "registry/base/ensure.h"
#include "registry/base/text.h"
#include "registry/rules/programme.h"
#include "registry/rules/vaccination.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

egret::rules::Subject somebody() {
    egret::rules::Subject subject;
    subject.birth_date = egret::Date::from_ymd(2012, 2, 29);
    subject.sex = egret::Sex::female;
    subject.flags.push_back({"hiv", {}, {}});
    subject.doses = {{egret::Date::from_ymd(2024, 8, 31), "cvx:165", false},
                     {egret::Date::from_ymd(2024, 9, 30), "egret:cecolin", false},
                     {egret::Date::from_ymd(2025, 3, 1), "cvx:137", false}};
    return subject;
}

}  // namespace

/// What is read as a protocol gives an answer, no day of a forecast before its
/// earliest, and none due after its latest.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = egret::text_of({data, size});
    const auto programme = egret::rules::parse_programme(text);
    const auto protocol = egret::rules::parse_protocol(text);
    EGRET_ENSURE(!programme || !protocol);
    if (!protocol) return 0;
    const auto decision =
        egret::rules::decide(*protocol, somebody(), egret::Date::from_ymd(2025, 11, 26));
    for (const auto& action : decision.actions) {
        EGRET_ENSURE(!action.due || *action.earliest <= *action.due);
        EGRET_ENSURE(!action.latest || *action.earliest <= *action.latest);
        EGRET_ENSURE(!action.latest || *action.due <= *action.latest);
    }
    return 0;
}
