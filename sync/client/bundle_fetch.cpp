#include "sync/client/detail/bundle_fetch.h"

#include "sync/client/detail/calls.h"

#include <utility>

namespace egret::client::detail {

std::optional<http::Request> BundleFetch::start(Instant) {
    is_newer_ = false;
    is_first_ = true;
    error_.reset();
    return bundle_request(BundleForm::newest);
}

std::optional<http::Request> BundleFetch::next(const Result<http::Response>& answer, Instant) {
    if (!answer) {
        error_ = answer.error();
    } else if (answer->status == 404 && is_first_) {
        is_first_ = false;
        return bundle_request(BundleForm::oldest);
    } else if (auto refused = sync::refusal_of(answer->status)) {
        error_ = std::move(refused->error);
    } else if (answer->status != 200) {
        error_ = Error{ErrorCode::unavailable, "", msg("link.unexpected_answer")};
    } else if (auto taken = link_.take_bundle(answer->body)) {
        is_newer_ = *taken;
    } else {
        error_ = std::move(taken).error();
    }
    return std::nullopt;
}

}  // namespace egret::client::detail
