#pragma once

#include "registry/base/message.h"

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace egret {

/// What went wrong, in the words of the caller. One enumerator per way of reacting, not per cause.
enum class ErrorCode {
    invalid_input,  // The caller sent something that can never work.
    unauthorized,   // We don't know who is asking.
    forbidden,      // We know, and they may not.
    not_found,
    conflict,     // Someone else wrote in between, or it is there already.
    too_large,    // Past a limit in registry/base/limits.h.
    unsupported,  // A version or a media type that we don't speak.
    unavailable,  // Not now: try again later.
    no_space,     // Not before somebody makes room on the disk.
    locked,       // A PIN is needed first.
};

/// The wire string of a code: "invalid_input".
std::string_view to_string(ErrorCode code);

/// An outcome that a correct program meets in normal use. A broken machine throws instead.
struct Error {
    ErrorCode code;
    std::string field;  // Path of the offending input, "changes[3].birth_date", or "".
    Message message;    // Never holds a value from a person's record.

    /// The same error seen from one level further out: "birth_date" becomes
    /// "changes[3].birth_date".
    Error within(std::string_view outer) && {
        std::string path(outer);
        if (!field.empty()) path.append(field[0] == '[' ? "" : ".").append(field);
        field = std::move(path);
        return std::move(*this);
    }
};

/// Either a T or an Error. Stands in for std::expected, which GCC 12 has not.
template <class T>
class [[nodiscard]] Result {
public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}

    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    explicit operator bool() const noexcept { return state_.index() == 0; }

    // Reading the half that isn't there is a bug in our code, and throws.
    const T& operator*() const& { return std::get<0>(state_); }

    T& operator*() & { return std::get<0>(state_); }

    T operator*() && { return std::get<0>(std::move(state_)); }

    const T* operator->() const { return &std::get<0>(state_); }

    T* operator->() { return &std::get<0>(state_); }

    const Error& error() const& { return std::get<1>(state_); }

    Error error() && { return std::get<1>(std::move(state_)); }

private:
    std::variant<T, Error> state_;
};

/// The value of a Result that carries none.
struct Done {};

}  // namespace egret
