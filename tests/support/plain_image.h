#pragma once

#include "registry/base/ensure.h"
#include "registry/crypto/random_bytes.h"
#include "registry/vault/key_ring.h"
#include "registry/vault/page_cipher.h"

#include <algorithm>
#include <string>

namespace egret::tests {

/// An encrypted database's file as it would be without encryption, and back: what wrong memory or a
/// wrong program that has the key would put into it.
class PlainImage {
public:
    /// `sealed` is the whole file.
    PlainImage(const std::string& sealed, ByteView key)
        : text_(sealed), ring_(key, random_), cipher_(ring_, id_of(sealed)) {
        cipher_.go_on_from(vault::PageCipher::steps_in(
            std::span<const std::uint8_t, 4>(bytes_of(sealed).subspan(4076, 4))));
        for_each_page(sealed, [&](const vault::PagePlace& place, vault::PageView page) {
            Fixed<vault::page_bytes> out{};
            EGRET_ENSURE(cipher_.open(place, page, out));
            text_.replace(static_cast<std::size_t>(place.offset), out.size(),
                          reinterpret_cast<const char*>(out.data()), out.size());
        });
    }

    /// To be changed.
    std::string& text() noexcept { return text_; }

    /// The file for the image as it is now.
    std::string seal() {
        auto file = text_;
        for_each_page(text_, [&](const vault::PagePlace& place, vault::PageView page) {
            Fixed<vault::page_bytes> out{};
            cipher_.seal(place, page, out);
            file.replace(static_cast<std::size_t>(place.offset), out.size(),
                         reinterpret_cast<const char*>(out.data()), out.size());
        });
        return file;
    }

private:
    static vault::FileId id_of(const std::string& sealed) {
        vault::FileId id{};
        std::copy_n(bytes_of(sealed).begin(), id.size(), id.begin());
        return id;
    }

    template <class Visit>
    static void for_each_page(const std::string& file, Visit visit) {
        const auto all = bytes_of(file);
        EGRET_ENSURE(all.size() % vault::page_bytes == 0);
        for (std::size_t at = 0; at < all.size(); at += vault::page_bytes) {
            const auto page = all.subspan(at, vault::page_bytes);
            // One that was never written.
            if (std::all_of(page.begin(), page.end(), [](auto byte) { return byte == 0; }))
                continue;
            visit({vault::PageKind::database, static_cast<std::int64_t>(at)},
                  vault::PageView(page));
        }
    }

    std::string text_;
    crypto::SystemRandom random_;
    vault::KeyRing ring_;
    vault::PageCipher cipher_;
};

}  // namespace egret::tests
