#pragma once

#include "registry/base/result.h"
#include "sync/http/message.h"

#include <functional>
#include <string>
#include <string_view>

namespace egret::http {

/// The text of a message in a language, "zh" or "en". Called from several threads at once.
using Translate = std::function<std::string(const Message& message, std::string_view language)>;

/// The one mapping from what went wrong to a status.
int status_of(ErrorCode code) noexcept;

/// "zh" or "en", whichever an Accept-Language header prefers; "en" if it says neither.
std::string_view preferred_language(std::string_view accept_language);

/// How problem documents (RFC 9457) are written for one caller.
struct ProblemWriter {
    const Translate& translate;
    std::string_view language;

    /// {type, title, status, detail, code, field, message}: `type` is
    /// "tag:egret,2026:problem/<code>", `message` the id of the message, for programs that have
    /// their own texts. Nothing in it but what is in the Error: never a value from a record.
    Response write(const Error& error) const { return write(error, status_of(error.code)); }

    /// The same with a finer status than the code has: 405, 411, 426, 431 …
    Response write(const Error& error, int status) const;

    /// What was thrown is logged by whoever caught it, and not told.
    Response write_internal_error() const;
};

}  // namespace egret::http
