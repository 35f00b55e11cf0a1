#include "sync/client/detail/stick_mail.h"

#include "sync/client/detail/calls.h"
#include "sync/core/call.h"
#include "sync/core/feed.h"

#include <algorithm>
#include <map>
#include <utility>
#include <variant>

namespace egret::client::detail {
namespace {

using sync::StickKind;
using sync::StickName;

using PageRun = std::vector<StickName>;

/// Pages that follow each other, by what their names say.
std::vector<PageRun> runs_of(const std::vector<StickName>& pages) {
    std::vector<PageRun> runs;
    for (const auto& page : pages) {
        if (!runs.empty()) {
            auto& last = runs.back().back();
            if (page.first == last.first) {
                last = page;  // Goes further: by the order of names.
                continue;
            }
            if (page.first <= last.last) continue;
            if (page.first == last.last + 1) {
                runs.back().push_back(page);
                continue;
            }
        }
        runs.push_back({page});
    }
    return runs;
}

class MailReader {
public:
    MailReader(const stick::Stick& stick, HeldLink& link, files::Disk& disk)
        : stick_(stick),
          link_(link),
          inbox_(link.dir(), disk),
          device_(link.membership().device),
          names_(stick.down()) {}

    StickMail run(std::int64_t heard_ms) {
        take_keys();
        take_receipt(heard_ms);
        take_pages();
        say_odd();
        return std::move(mail_);
    }

private:
    void take_keys() {
        const auto bundle = stick_.read({StickKind::bundle, {}, 0, 0, 0, {}});
        if (!bundle) return;
        const auto opened = sync::open_bundle(*bundle, link_.membership().root);
        if (!opened) {
            const auto& why = opened.error();
            is_others_ = why.message.id == "bundle.other_root";
            if (why.code == ErrorCode::unsupported) mail_.error = why;
            is_damaged_ = !is_others_ && !mail_.error;
            return;
        }
        if (auto taken = link_.take_bundle(*bundle); !taken) mail_.error = taken.error();
    }

    void take_receipt(std::int64_t heard_ms) {
        const auto bytes = stick_.read({StickKind::receipt, device_, 0, 0, 0, {}});
        if (!bytes) return;
        mail_.is_any = true;
        auto receipt =
            sync::open_receipt(*bytes, {device_, link_.bundle()}, link_.keys().seal_keys());
        if (!receipt) {
            const bool is_newer = receipt.error().code == ErrorCode::unsupported;
            mail_.error = is_newer ? receipt.error()
                                   : Error{ErrorCode::invalid_input, "", msg("receipt.malformed")};
        } else if (receipt->standing().server_time_ms < heard_ms) {
            is_old_ = true;
        } else {
            mail_.receipt = *std::move(receipt);
        }
    }

    void take_pages() {
        std::map<std::uint64_t, std::vector<StickName>> of_scope;
        for (const auto& name : names_) {
            if (name.device != device_) continue;
            mail_.is_any = true;
            mail_.has_snapshot = mail_.has_snapshot || name.kind == StickKind::snapshot;
            if (name.kind == StickKind::page) of_scope[name.scope].push_back(name);
        }
        for (const auto& [scope, pages] : of_scope) take_scope(scope, pages);
    }

    /// How far it is in a feed with what lies in the inbox already.
    std::uint64_t end_in_inbox(std::uint64_t scope, std::uint64_t cursor) const {
        auto end = cursor;
        for (const auto& item : inbox_.items_of(scope)) {
            if (item.first_pos == end + 1) end = item.last_pos;
        }
        return end;
    }

    /// Pages behind what is known are taken in only if they lead beyond it, or if the centre has
    /// forgotten: an old stick must not bring back what was said before.
    void take_scope(std::uint64_t scope, const std::vector<StickName>& pages) {
        const auto cursor = sync::CursorTrail(scope, inbox_.cursors()).newest().pos;
        auto end = end_in_inbox(scope, cursor);
        const bool has_forgotten = is_before(scope, cursor);
        mail_.is_restored = mail_.is_restored || has_forgotten;
        for (const auto& run : runs_of(pages)) {
            if (run.front().first > end + 1) {
                is_gap_ = true;
            } else if (run.back().last > end || has_forgotten) {
                if (run.front().first <= end) {
                    for (const auto& item : inbox_.items_of(scope)) inbox_.remove(item);
                }
                end = take_run(run, end);
            }
        }
    }

    std::uint64_t take_run(const PageRun& run, std::uint64_t end) {
        for (const auto& name : run) {
            const auto page = stick_.read(name);
            const bool is_sound =
                page && sync::verify_envelope(*page, link_.bundle().receipt_keys());
            const auto outside = page ? sync::outside_of_page(*page)
                                      : Result<sync::PageOutside>(
                                            Error{ErrorCode::not_found, "", msg("feed.malformed")});
            if (!is_sound || !outside || outside->first_pos != name.first ||
                outside->last_pos != name.last) {
                is_damaged_ = true;
                return end;
            }
            inbox_.add({name.scope, name.first, name.last, outside->last_hash}, *page);
            mail_.items += name.last - name.first + 1;
            end = name.last;
        }
        return end;
    }

    /// By the centre's last word its feed ends before `pos`.
    bool is_before(std::uint64_t scope, std::uint64_t pos) const {
        const auto* news = mail_.news();
        if (news == nullptr) return false;
        return std::any_of(news->feed.begin(), news->feed.end(), [&](const sync::FeedHead& head) {
            return head.scope == scope && head.pos < pos;
        });
    }

    void say_odd() {
        if (mail_.error) return;
        const auto no = [](std::string_view id) {
            return Error{ErrorCode::not_found, "", msg(id)};
        };
        if (is_others_) {
            mail_.error = no("stick.other_programme");
        } else if (!mail_.is_any) {
            mail_.error = no(names_.empty() ? "stick.nothing_yet" : "stick.not_for_us");
        }
        if (mail_.error) return;
        if (is_old_) mail_.said.push_back(msg("stick.old"));
        if (is_damaged_) mail_.said.push_back(msg("stick.damaged"));
        if (is_gap_ && !is_old_ && !is_damaged_) mail_.said.push_back(msg("stick.page_missing"));
    }

    const stick::Stick& stick_;
    HeldLink& link_;
    InboxFolder inbox_;
    DeviceId device_;
    std::vector<StickName> names_;
    StickMail mail_;
    bool is_others_ = false;   // Of another programme.
    bool is_old_ = false;      // Its receipt is older than what was heard since.
    bool is_damaged_ = false;  // Something on it isn't what the centre wrote.
    bool is_gap_ = false;      // Pages before these are missing.
};

StickName upload_name(const DeviceId& device, const OutboxItem& item) {
    StickName name{StickKind::upload, device, 0, item.first_seq, item.last_seq, {}};
    if (const auto hash = from_hex(item.hash); hash && hash->size() == name.hash.size())
        std::copy(hash->begin(), hash->end(), name.hash.begin());
    return name;
}

Bytes call_of(const HeldLink& link, const InboxFolder& inbox, const StickLoad& load,
              Random& random) {
    const auto identity = link.identity(0, load.now);
    sync::Call call;
    call.top_seq = load.top_seq;
    call.bundle_number = identity.bundle_number;
    call.protocol = identity.protocol;
    call.app_version = identity.app_version;
    call.clock_ms = unix_ms(load.now);
    std::map<std::uint64_t, sync::FeedCursor> newest;
    for (const auto& cursor : inbox.cursors()) {
        auto& kept = newest.try_emplace(cursor.scope, cursor).first->second;
        if (cursor.pos > kept.pos) kept = cursor;
    }
    for (const auto& [scope, cursor] : newest) {
        if (call.cursors.size() < limits::feed_scopes_max) call.cursors.push_back(cursor);
    }
    return sync::seal_call(call, identity.seal, link.keys().sign_key(), random);
}

}  // namespace

std::optional<sync::UploadCode> StickMail::code() const {
    if (!receipt) return std::nullopt;
    const auto* upload = std::get_if<sync::UploadReply>(&receipt->reply);
    return upload != nullptr ? std::optional(upload->code) : std::nullopt;
}

const sync::ReplyNews* StickMail::news() const {
    if (!receipt) return nullptr;
    const auto& news = std::visit(
        [](const auto& some) -> const std::optional<sync::ReplyNews>& { return some.news; },
        receipt->reply);
    return news ? &*news : nullptr;
}

StickMail take_mail(const stick::Stick& stick, HeldLink& link, files::Disk& disk,
                    std::int64_t heard_ms) {
    return MailReader(stick, link, disk).run(heard_ms);
}

std::optional<Error> trouble_in(const StickMail& mail, const HeldLink& link,
                                std::vector<Message>& said) {
    const auto code = mail.code();
    if (code == sync::UploadCode::shut_out)
        return Error{ErrorCode::forbidden, "", msg("sync.re_enrol")};
    if (code == sync::UploadCode::bad_chain)
        return Error{ErrorCode::conflict, "", msg("sync.bad_chain")};
    if (code != sync::UploadCode::stale_key) return std::nullopt;
    const auto* news = mail.news();
    if (news == nullptr || link.bundle().number < news->bundle_number)
        return Error{ErrorCode::unsupported, "", msg("stick.stale_key")};
    said.push_back(msg("stick.sealed_anew"));
    return std::nullopt;
}

LoadedStick load_stick(const stick::Stick& stick, HeldLink& link, files::Disk& disk,
                       const StickLoad& load, Random& random) {
    LoadedStick loaded;
    const auto& device = link.membership().device;
    const OutboxFolder outbox(link.dir(), disk);
    const OutboxOwner owner{device, link.keys().sign_key().public_key(),
                            link.bundle().seal_key_id()};
    std::vector<StickName> kept;
    const auto clear = [&](auto is_over) {
        for (const auto& name : stick.up()) {
            if (name.device == device && name.kind == StickKind::upload && is_over(name))
                stick.remove(name);
        }
    };
    clear([&](const StickName& name) { return name.last <= load.acked_seq; });
    // First, since it is small, and asks for all that the centre has.
    const auto call = call_of(link, InboxFolder(link.dir(), disk), load, random);
    if (auto written = stick.write({StickKind::call, device, 0, 0, 0, {}}, call); !written) {
        loaded.error = written.error();
        return loaded;
    }
    auto to = load.acked_seq;
    for (const auto& item : outbox.items()) {
        if (item.last_seq <= load.acked_seq) continue;
        const auto flaw = outbox.inspect(item, owner, nullptr);
        const auto envelope = outbox.read(item);
        // The centre keeps its old keys for a while.
        const bool is_sound = flaw == OutboxFlaw::none || flaw == OutboxFlaw::old_key;
        if (!is_sound || !envelope) {
            ++loaded.damaged;
            continue;
        }
        const auto name = upload_name(device, item);
        if (auto written = stick.write(name, *envelope); !written) {
            loaded.error = written.error();
            return loaded;
        }
        kept.push_back(name);
        if (item.last_seq <= to) continue;
        loaded.facts += item.last_seq - std::max(to, item.first_seq - 1);
        to = item.last_seq;
    }
    // The same facts, as they were sealed before.
    clear([&](const StickName& name) {
        return std::find(kept.begin(), kept.end(), name) == kept.end();
    });
    return loaded;
}

}  // namespace egret::client::detail
