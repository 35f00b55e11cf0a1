#include "registry/qr/qr_code.h"

#include "registry/base/ensure.h"

#include <cerrno>
#include <memory>
#include <new>
#include <qrencode.h>
#include <stdexcept>
#include <string>

namespace egret::qr {
namespace {

struct InputFree {
    void operator()(QRinput* input) const noexcept { QRinput_free(input); }
};

struct CodeFree {
    void operator()(QRcode* code) const noexcept { QRcode_free(code); }
};

constexpr int smallest_that_fits = 0;
constexpr unsigned char dark_bit = 1;

Error too_much(int version_max) {
    return {ErrorCode::too_large, "",
            msg("qr.too_large", {{"limit", std::to_string(version_max)}})};
}

}  // namespace

Result<QrCode> encode(const std::vector<Segment>& segments, int version_max) {
    const std::unique_ptr<QRinput, InputFree> input(QRinput_new2(smallest_that_fits, QR_ECLEVEL_L));
    if (!input) throw std::bad_alloc();
    for (const auto& segment : segments) {
        const auto mode = segment.mode == Mode::digits ? QR_MODE_NUM : QR_MODE_8;
        const auto* bytes = reinterpret_cast<const unsigned char*>(segment.text.data());
        const int size = static_cast<int>(segment.text.size());
        EGRET_ENSURE(QRinput_append(input.get(), mode, size, bytes) == 0);  // Digits are digits.
    }
    const std::unique_ptr<QRcode, CodeFree> made(QRcode_encodeInput(input.get()));
    if (!made && errno == ERANGE) return too_much(version_max);
    if (!made) throw std::runtime_error("libqrencode: no code");
    if (made->version > version_max) return too_much(version_max);
    QrCode code;
    code.size = static_cast<std::size_t>(made->width);
    code.dark.resize(code.size * code.size);
    for (std::size_t i = 0; i < code.dark.size(); ++i)
        code.dark[i] = (made->data[i] & dark_bit) != 0;
    return code;
}

}  // namespace egret::qr
