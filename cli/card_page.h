#pragma once

#include "registry/domain/codes.h"
#include "registry/qr/qr_code.h"
#include "registry/service/woman_card.h"

#include <optional>
#include <string>
#include <vector>

namespace egret::cli {

/// What the card looks like.
struct CardPage {
    const service::WomanCard& card;
    std::optional<qr::QrCode> code;
    Message about_code;               // How to check it; or why there is none.
    std::vector<Language> languages;  // One, or both: every sentence is said in each.
};

/// The card as one HTML page of A5 that needs nothing else: no font, no picture, no script.
std::string to_html(const CardPage& page);

}  // namespace egret::cli
