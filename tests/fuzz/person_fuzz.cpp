// Lines of a person file, which anybody may have written: what is read says the same when it is
// written and read again.

#include "registry/base/ensure.h"
#include "registry/base/text.h"
#include "registry/codec/person_file.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using egret::codec::UnknownEvents;
    const auto text = egret::text_of({data, size});
    for (const auto unknown : {UnknownEvents::refuse, UnknownEvents::pass_over}) {
        const auto person = egret::codec::parse_person(text, unknown);
        if (!person) continue;
        const auto line = egret::codec::to_line(*person);
        const auto again = egret::codec::parse_person(line, unknown);
        // Escapes add to the length.
        if (!again) {
            EGRET_ENSURE(again.error().code == egret::ErrorCode::too_large);
            continue;
        }
        EGRET_ENSURE(egret::codec::to_line(*again) == line);
        EGRET_ENSURE(again->events.size() == person->events.size());
        (void)egret::codec::facts_of(*person, egret::Date::from_ymd(2026, 5, 1));
    }
    return 0;
}
