#include "registry/icu/charset.h"

#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>
#include <unicode/unistr.h>

#include <memory>
#include <stdexcept>

namespace egret::icu {
namespace {

struct CloseConverter {
    void operator()(UConverter* converter) const noexcept { ucnv_close(converter); }
};

const char* charset_name(Charset charset) {
    return charset == Charset::gb18030 ? "gb18030" : "UTF-16";
}

}  // namespace

std::optional<std::string> utf8_from(std::string_view bytes, Charset charset) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UConverter, CloseConverter> converter(
        ucnv_open(charset_name(charset), &status));
    if (U_FAILURE(status)) throw std::runtime_error("ICU's tables of character sets are missing");
    ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr,
                        &status);
    const ::icu::UnicodeString text(bytes.data(), static_cast<std::int32_t>(bytes.size()),
                                    converter.get(), status);
    if (U_FAILURE(status)) return std::nullopt;
    std::string utf8;
    text.toUTF8String(utf8);
    return utf8;
}

}  // namespace egret::icu
