#pragma once

namespace egret::crypto {

/// Gives back what OpenSSL made, by the function for its kind: a deleter for std::unique_ptr.
template <auto Free>
struct Release {
    template <class T>
    void operator()(T* handle) const noexcept {
        Free(handle);
    }
};

}  // namespace egret::crypto
