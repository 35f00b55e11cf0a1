#include "registry/domain/flag_code.h"

#include <algorithm>
#include <array>

namespace egret {
namespace {

constexpr std::array<std::string_view, 20> known_flags = {
    "hiv",
    "immunocompromised",
    "pregnant",
    "no_cervix",  // Hysterectomy with removal of the cervix.
    "des_exposure",
    "precancer_history",
    "breast_high_risk",
    "abnormal_bleeding",
    "visible_lesion",
    "future_pregnancy_concern",
    "sexual_abuse_history",
    "allergy_yeast",
    "allergy_hpv_vaccine",
    "allergy_component",
    "hospice",
    "palliative_care",
    "mastectomy_left",
    "mastectomy_right",
    "premenopausal",
    "postmenopausal",
};

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

}  // namespace

std::span<const std::string_view> flag_codes() { return known_flags; }

bool is_flag_code(std::string_view text) {
    return std::find(known_flags.begin(), known_flags.end(), text) != known_flags.end() ||
           is_prefixed_code(text);
}

bool is_prefixed_code(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return false;
    const auto system = text.substr(0, colon);
    const auto code = text.substr(colon + 1);
    return text.size() <= 100 && std::all_of(system.begin(), system.end(), is_word) &&
           std::all_of(code.begin(), code.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace egret
