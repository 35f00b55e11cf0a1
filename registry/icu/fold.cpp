#include "registry/icu/fold.h"

#include "registry/base/text.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <stdexcept>

namespace egret::icu {
namespace {

const ::icu::Normalizer2& folding_normalizer() {
    UErrorCode status = U_ZERO_ERROR;
    const auto* normalizer = ::icu::Normalizer2::getNFKCCasefoldInstance(status);
    if (U_FAILURE(status)) throw std::runtime_error("ICU's normalisation data is missing");
    return *normalizer;
}

}  // namespace

std::string fold(std::string_view text) {
    if (!is_utf8(text)) return {};
    const auto piece = ::icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size()));
    UErrorCode status = U_ZERO_ERROR;
    const auto folded =
        folding_normalizer().normalize(::icu::UnicodeString::fromUTF8(piece), status);
    if (U_FAILURE(status)) throw std::runtime_error("ICU could not normalise a text");

    ::icu::UnicodeString spaced;
    bool gap = false;
    for (std::int32_t at = 0; at < folded.length(); at = folded.moveIndex32(at, 1)) {
        const auto c = folded.char32At(at);
        if (u_isUWhiteSpace(c) != 0) {
            gap = true;
            continue;
        }
        if (gap && !spaced.isEmpty()) spaced.append(u' ');
        gap = false;
        spaced.append(c);
    }
    std::string out;
    return spaced.toUTF8String(out);
}

}  // namespace egret::icu
