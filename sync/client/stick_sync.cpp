#include "sync/client/stick_sync.h"

#include "sync/client/clinic_link.h"
#include "sync/client/detail/outbox_upload.h"
#include "sync/client/detail/stick_mail.h"
#include "sync/client/detail/stick_snapshot.h"
#include "sync/client/outbox_keeper.h"
#include "sync/client/upload_store.h"

#include <algorithm>
#include <utility>

namespace egret::client {
namespace {

Error stick_error(ErrorCode code, std::string_view id) { return {code, "", msg(id)}; }

std::uint64_t above(std::uint64_t number, std::uint64_t base) {
    return number > base ? number - base : 0;
}

/// What is said of a stick that was written, as far as that was possible.
StickOutcome outcome_of(const detail::LoadedStick& loaded, const detail::StickLoad& load) {
    StickOutcome outcome;
    auto& report = outcome.sync.report;
    report.sent = loaded.facts;
    report.left = above(load.top_seq, load.acked_seq);
    report.error = loaded.error;
    if (loaded.damaged > 0 && !report.error)
        report.error = stick_error(ErrorCode::conflict, "outbox.damaged");
    outcome.sync.must_stop = report.error.has_value();
    return outcome;
}

/// What a stick brought, before anything of it is applied.
StickOutcome outcome_of(const detail::StickMail& mail) {
    StickOutcome outcome;
    outcome.said = mail.said;
    outcome.sync.report.error = mail.error;
    outcome.has_receipt = mail.receipt.has_value();
    const auto* news = mail.news();
    outcome.sync.must_rejoin = news != nullptr && news->must_rejoin;
    return outcome;
}

detail::StickLoad load_of(service::Clinic& clinic, ClinicLink& link) {
    const auto state = UploadStore(clinic.database()).load(upload_bounds(clinic));
    const StoredLog log(clinic.log(), clinic.device());
    const auto now = std::max(
        link.trusted_now(), instant_from_unix_ms(std::max<std::int64_t>(state.server_time_ms, 0)));
    return {state.acked_seq, log.head().seq, now};
}

bool is_of_other_log(service::Clinic& clinic, const sync::Receipt& receipt) {
    const StoredLog log(clinic.log(), clinic.device());
    return !sync::is_ours(log, receipt.standing());
}

KeptReceipt kept_of(const sync::Receipt& receipt) {
    return {std::holds_alternative<sync::HeadReply>(receipt.reply), receipt.body};
}

}  // namespace

Result<StickOutcome> ClinicStick::write_to(const stick::Stick& stick, Progress& progress) {
    ClinicLink line(clinic_, dir_);
    const auto link = line.held(progress);
    if (!link) return link.error();
    const auto load = load_of(clinic_, line);
    const auto loaded = detail::load_stick(stick, **link, clinic_.disk(), load, clinic_.random());
    return outcome_of(loaded, load);
}

Result<StickOutcome> ClinicStick::take_from(const stick::Stick& stick, Progress& progress) {
    ClinicLink line(clinic_, dir_);
    const auto link = line.held(progress);
    if (!link) return link.error();
    const auto heard_ms =
        UploadStore(clinic_.database()).load(upload_bounds(clinic_)).server_time_ms;
    const auto before = load_of(clinic_, line);
    auto mail = detail::take_mail(stick, **link, clinic_.disk(), heard_ms);
    auto outcome = outcome_of(mail);
    auto& report = outcome.sync.report;
    if (mail.receipt) {
        auto trouble = detail::trouble_in(mail, **link, outcome.said);
        const bool is_shut_out = trouble && trouble->code == ErrorCode::forbidden;
        clinic_.note_standing(!is_shut_out);
        if (!trouble && is_of_other_log(clinic_, *mail.receipt))
            trouble = stick_error(ErrorCode::conflict, "stick.forked");
        if (!trouble) OutboxFolder(dir_, clinic_.disk()).keep_receipt(kept_of(*mail.receipt));
        if (trouble && !report.error) report.error = *std::move(trouble);
    }
    // From here on it goes as after a night on the line. With the newest keys: what was sealed to
    // older ones is sealed anew.
    if (const auto keeper = OutboxKeeper::find(clinic_, dir_)) {
        keeper->settle();
        outcome.sync.received = keeper->received();
    }
    if (mail.has_snapshot) {
        mail.said.clear();
        outcome.sync.received += detail::take_snapshots(stick, clinic_, **link, mail);
        outcome.said.insert(outcome.said.end(), mail.said.begin(), mail.said.end());
        if (const auto keeper = OutboxKeeper::find(clinic_, dir_)) keeper->settle();
    }
    const auto after = load_of(clinic_, line);
    report.acked = above(after.acked_seq, before.acked_seq);
    report.left = above(after.top_seq, after.acked_seq);
    outcome.sync.has_all = mail.receipt && report.left == 0;
    outcome.sync.must_stop = report.error.has_value();
    return outcome;
}

namespace {

/// A locked registry's machine: nobody else hands over its outbox meanwhile.
struct HeldOutbox {
    std::unique_ptr<files::Lock> lock;
    std::unique_ptr<HeldLink> link;
    OutboxFolder folder;
    std::optional<sync::Standing> standing;
    detail::StickLoad load;
};

Result<HeldOutbox> hold_outbox(const OutboxSync::Parts& parts, const std::string& dir) {
    auto lock = parts.disk.take_lock(outbox_lock_path(dir));
    if (!lock) return Error{ErrorCode::unavailable, "", msg("outbox.busy")};
    auto link = HeldLink::of(parts.keys, {dir, parts.link_key, parts.disk});
    if (!link) return std::move(link).error();
    HeldOutbox held{std::move(lock), *std::move(link), OutboxFolder(dir, parts.disk), {}, {}};
    if (const auto receipt = held.folder.find_receipt())
        held.standing =
            detail::standing_of(*receipt, {held.link->membership().device, held.link->bundle()});
    const auto items = held.folder.items();
    auto& load = held.load;
    load.now = std::max(parts.clock.now(), parts.not_before);
    load.acked_seq = items.empty() ? 0 : items.front().first_seq - 1;
    if (held.standing) {
        load.acked_seq = std::max(load.acked_seq, held.standing->head_seq);
        load.now = std::max(load.now, instant_from_unix_ms(held.standing->server_time_ms));
    }
    load.top_seq = std::max(load.acked_seq, detail::last_of(items));
    return held;
}

/// Under the number that the centre is at there are others here.
bool is_of_other_outbox(const OutboxFolder& folder, const sync::Standing& standing) {
    const auto items = folder.items();
    const auto ends_there = [&](const OutboxItem& item) {
        return item.last_seq == standing.head_seq;
    };
    const auto matches = [&](const OutboxItem& item) {
        return ends_there(item) && item.hash == name_part(standing.head_hash);
    };
    return std::any_of(items.begin(), items.end(), ends_there) &&
           std::none_of(items.begin(), items.end(), matches);
}

}  // namespace

Result<StickOutcome> OutboxStick::write_to(const stick::Stick& stick) {
    const auto held = hold_outbox(parts_, dir_);
    if (!held) return held.error();
    const auto loaded =
        detail::load_stick(stick, *held->link, parts_.disk, held->load, parts_.random);
    return outcome_of(loaded, held->load);
}

Result<StickOutcome> OutboxStick::take_from(const stick::Stick& stick) {
    const auto held = hold_outbox(parts_, dir_);
    if (!held) return held.error();
    const auto heard_ms = held->standing ? held->standing->server_time_ms : 0;
    const auto mail = detail::take_mail(stick, *held->link, parts_.disk, heard_ms);
    auto outcome = outcome_of(mail);
    auto& report = outcome.sync.report;
    auto acked_seq = held->load.acked_seq;
    if (mail.receipt) {
        const auto& standing = mail.receipt->standing();
        auto trouble = detail::trouble_in(mail, *held->link, outcome.said);
        if (!trouble && is_of_other_outbox(held->folder, standing))
            trouble = stick_error(ErrorCode::conflict, "stick.forked");
        if (!trouble) {
            held->folder.keep_receipt(kept_of(*mail.receipt));
            acked_seq = standing.head_seq;
        }
        if (trouble && !report.error) report.error = *std::move(trouble);
    }
    if (mail.has_snapshot) outcome.said.push_back(msg("stick.needs_registry"));
    report.acked = above(acked_seq, held->load.acked_seq);
    report.left = above(held->load.top_seq, acked_seq);
    outcome.sync.fetched = mail.items;
    outcome.sync.has_all = mail.receipt && report.left == 0;
    outcome.sync.must_stop = report.error.has_value();
    return outcome;
}

}  // namespace egret::client
