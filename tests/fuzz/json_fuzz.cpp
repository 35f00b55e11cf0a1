#include "registry/base/ensure.h"
#include "registry/base/limits.h"
#include "registry/base/text.h"
#include "registry/json/dump.h"
#include "registry/json/parse.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

/// Whatever is read can be written, as UTF-8, and read again as the same value in the same bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto value = egret::json::parse(egret::text_of({data, size}));
    if (!value) return 0;
    for (const auto& text : {egret::json::dump(*value), egret::json::dump_pretty(*value)}) {
        EGRET_ENSURE(egret::is_utf8(text));
        if (text.size() > egret::limits::json_bytes_max) continue;  // Escapes and indents add.
        const auto again = egret::json::parse(text);
        EGRET_ENSURE(again);
        EGRET_ENSURE(*again == *value);
        EGRET_ENSURE(egret::json::dump(*again) == egret::json::dump(*value));
    }
    return 0;
}
