#pragma once

#include "registry/base/base64url.h"
#include "registry/base/ensure.h"
#include "registry/base/random.h"
#include "registry/card/health_card.h"
#include "registry/card/verify.h"
#include "registry/deflate/deflate.h"

#include <string>
#include <string_view>

namespace egret::tests {

/// A clinic's key for cards, and cards by it, right and wrong.
struct CardMaker {
    static card::HealthCard two_doses() {
        card::HealthCard card;
        card.issuer = "https://centre.example.cn:8443";
        card.issued = instant_from_unix_ms(1'777'608'000'123);  // 2026-05-01 04:00 UTC
        card.name = "王小丽";
        card.birth_date = *PartialDate::parse("2012-07-09");
        card.doses = {{*PartialDate::parse("2025-09-01"), "118", "XM9BT4", "X20250301", "思明"},
                      {*PartialDate::parse("2026-03-02"), "118", "XM9BT4", "X20251107", "思明"}};
        return card;
    }

    card::TrustedIssuer trusted() const {
        return {"https://centre.example.cn:8443", {key.public_key()}};
    }

    /// Any header and payload under a signature that is right.
    std::string jws(std::string_view header, std::string_view payload) const {
        return sign(header, to_base64url(deflate::pack(bytes_of(payload))));
    }

    std::string sign(std::string_view header, std::string_view encoded_payload) const {
        auto text = to_base64url(bytes_of(header)).append(".").append(encoded_payload);
        const auto signature = crypto::sign(key, bytes_of(text));
        return text.append(".").append(to_base64url(signature));
    }

    std::string header() const {
        return R"({"alg":"ES256","zip":"DEF","kid":")" + crypto::thumbprint(key.public_key()) +
               R"("})";
    }

    SeededRandom random{20260502};
    crypto::Es256Key key = crypto::Es256Key::generate(random);
    Instant now = instant_from_unix_ms(1'777'700'000'000);
};

/// `text` with the first `from` replaced, which must be there.
inline std::string with(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    EGRET_ENSURE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

}  // namespace egret::tests
