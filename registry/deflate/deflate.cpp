#include "registry/deflate/deflate.h"

#include "registry/base/ensure.h"

#include <limits>
#include <stdexcept>
#include <string>
#include <zlib.h>

namespace egret::deflate {
namespace {

constexpr int raw_window_bits = -15;  // Negative: no wrapper. 32 KiB, the most that there is.
constexpr int memory_level = 9;

Error not_a_stream() { return {ErrorCode::invalid_input, "", msg("deflate.malformed")}; }

void point_to(z_stream& stream, ByteView in, Bytes& out) {
    EGRET_ENSURE(in.size() <= std::numeric_limits<uInt>::max());
    EGRET_ENSURE(out.size() <= std::numeric_limits<uInt>::max());
    // The library never writes there; its type is older than const.
    stream.next_in = const_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = out.data();
    stream.avail_out = static_cast<uInt>(out.size());
}

}  // namespace

Bytes pack(ByteView data) {
    z_stream stream{};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, raw_window_bits, memory_level,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error("zlib: no compression");
    Bytes out(deflateBound(&stream, static_cast<uLong>(data.size())));
    point_to(stream, data, out);
    const int status = ::deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (status != Z_STREAM_END) throw std::runtime_error("zlib: compression failed");
    return out;
}

Result<Bytes> unpack(ByteView packed, std::size_t bytes_max) {
    z_stream stream{};
    if (inflateInit2(&stream, raw_window_bits) != Z_OK)
        throw std::runtime_error("zlib: no decompression");
    Bytes out(bytes_max + 1);  // One byte more than may be: what fills it is too long.
    point_to(stream, packed, out);
    const int status = ::inflate(&stream, Z_FINISH);
    const auto size = stream.total_out;
    const bool is_followed = stream.avail_in > 0;
    inflateEnd(&stream);
    if (size > bytes_max)
        return Error{ErrorCode::too_large, "",
                     msg("deflate.too_large", {{"limit", std::to_string(bytes_max)}})};
    if (status != Z_STREAM_END || is_followed) return not_a_stream();
    out.resize(size);
    return out;
}

}  // namespace egret::deflate
