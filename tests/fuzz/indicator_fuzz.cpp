// Definitions of indicators, which a centre hands out as files.

#include "registry/base/text.h"
#include "registry/coverage/indicator_file.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

/// What is read of one is the same, whichever kind it turns out to be.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = egret::text_of({data, size});
    (void)egret::coverage::parse_indicator(text);
    (void)egret::coverage::parse_stock_indicator(text);
    return 0;
}
