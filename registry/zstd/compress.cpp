#include "registry/zstd/compress.h"

#include <zstd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

namespace egret::zstd {
namespace {

constexpr int window_log_max = 22;                     // 4 MiB
constexpr std::size_t first_guess_bytes = 256 * 1024;  // For a frame that doesn't say its length.

struct StreamFree {
    void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

Error not_a_frame() { return {ErrorCode::invalid_input, "", msg("zstd.malformed")}; }

Error past_limit(std::size_t bytes_max) {
    return {ErrorCode::too_large, "",
            msg("zstd.too_large", {{"limit", std::to_string(bytes_max)}})};
}

}  // namespace

Bytes compress(ByteView data, int level) {
    Bytes frame(ZSTD_compressBound(data.size()));
    const auto size = ZSTD_compress(frame.data(), frame.size(), data.data(), data.size(), level);
    if (ZSTD_isError(size) != 0) throw std::runtime_error("zstd: compression failed");
    frame.resize(size);
    return frame;
}

Result<Bytes> decompress(ByteView frame, std::size_t bytes_max) {
    // What ZSTD_compress writes first. The library would also take "skippable" frames, as nothing.
    constexpr std::array<std::uint8_t, 4> magic{0x28, 0xb5, 0x2f, 0xfd};
    if (frame.size() < magic.size() || !std::equal(magic.begin(), magic.end(), frame.begin()))
        return not_a_frame();
    const auto declared = ZSTD_getFrameContentSize(frame.data(), frame.size());
    if (declared == ZSTD_CONTENTSIZE_ERROR) return not_a_frame();
    const bool is_declared = declared != ZSTD_CONTENTSIZE_UNKNOWN;
    if (is_declared && declared > bytes_max) return past_limit(bytes_max);

    const std::unique_ptr<ZSTD_DCtx, StreamFree> context(ZSTD_createDCtx());
    if (context == nullptr) throw std::bad_alloc();
    if (ZSTD_isError(ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, window_log_max)) !=
        0)
        throw std::runtime_error("zstd: the window can't be bounded");

    // One byte more than may be: what fills it is too long.
    const std::size_t room_max = bytes_max + 1;
    const auto expected = is_declared ? static_cast<std::size_t>(declared) : first_guess_bytes;
    Bytes out(std::min(expected + 1, room_max));
    ZSTD_inBuffer in{frame.data(), frame.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    for (;;) {
        const auto in_before = in.pos;
        const auto out_before = to.pos;
        const auto left = ZSTD_decompressStream(context.get(), &to, &in);
        if (ZSTD_isError(left) != 0) return not_a_frame();
        if (to.pos > bytes_max) return past_limit(bytes_max);
        if (left == 0) break;
        if (to.pos == to.size) {
            out.resize(std::min(out.size() * 2, room_max));
            to.dst = out.data();
            to.size = out.size();
        } else if (in.pos == in_before && to.pos == out_before) {
            return not_a_frame();  // It ends in the middle.
        }
    }
    if (in.pos != in.size) return not_a_frame();
    out.resize(to.pos);
    return out;
}

}  // namespace egret::zstd
