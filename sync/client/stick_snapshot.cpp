#include "sync/client/detail/stick_snapshot.h"

#include "sync/client/detail/clinic_feeds.h"
#include "sync/client/detail/http_status.h"
#include "sync/client/detail/received_page.h"
#include "sync/client/detail/take_page.h"

#include <map>
#include <utility>
#include <vector>

namespace egret::client::detail {
namespace {

using sync::FeedStep;
using sync::StickKind;
using sync::StickName;

/// One scope's snapshot.
class SnapshotTaker {
public:
    SnapshotTaker(const stick::Stick& stick, service::Clinic& clinic, const HeldLink& link,
                  std::uint64_t scope)
        : stick_(stick),
          clinic_(clinic),
          link_(link),
          scope_(scope),
          client_(place_of(clinic.feed_place(scope))) {}

    /// False, if not all of it is there.
    bool take(const std::vector<StickName>& pages, bool is_restored) {
        client_.start();
        for (const auto& name : pages) {
            auto page = read(name);
            if (!page) return false;
            const bool is_first = page->asked.empty();
            if (is_first && !is_restored && !client_.is_in_snapshot() &&
                page->end().pos <= client_.cursor().pos)
                return true;  // Of before.
            // As the centre would answer: what followed the cursor is gone there.
            if (is_first) client_.on_status(http_gone);
            if (!client_.is_in_snapshot()) return false;
            if (client_.on_page(*std::move(page)) != FeedStep::apply) return false;
            const auto taken = take_page(clinic_, client_);
            if (!taken) return false;
            received_ += *taken;
            client_.on_applied();
        }
        return !client_.is_in_snapshot();
    }

    std::uint64_t received() const noexcept { return received_; }

private:
    std::optional<sync::FeedPage> read(const StickName& name) const {
        const auto envelope = stick_.read(name);
        if (!envelope) return std::nullopt;
        auto page = sync::open_page(*envelope, page_trust(link_, scope_), link_.keys().seal_keys());
        if (!page || page->kind != sync::FeedPageKind::snapshot) return std::nullopt;
        return *std::move(page);
    }

    const stick::Stick& stick_;
    service::Clinic& clinic_;
    const HeldLink& link_;
    std::uint64_t scope_;
    sync::FeedClient client_;
    std::uint64_t received_ = 0;
};

}  // namespace

std::uint64_t take_snapshots(const stick::Stick& stick, service::Clinic& clinic,
                             const HeldLink& link, StickMail& mail) {
    std::map<std::uint64_t, std::vector<StickName>> of_scope;
    for (const auto& name : stick.down()) {
        if (name.device == link.membership().device && name.kind == StickKind::snapshot)
            of_scope[name.scope].push_back(name);
    }
    std::uint64_t received = 0;
    bool is_whole = true;
    for (const auto& [scope, pages] : of_scope) {
        SnapshotTaker taker(stick, clinic, link, scope);
        is_whole = taker.take(pages, mail.is_restored) && is_whole;
        received += taker.received();
    }
    if (!is_whole) mail.said.push_back(msg("stick.damaged"));
    return received;
}

}  // namespace egret::client::detail
