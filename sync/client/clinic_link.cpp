#include "sync/client/clinic_link.h"

#include "registry/base/limits.h"
#include "registry/crypto/x509.h"
#include "registry/store/log_check.h"
#include "sync/client/detail/calls.h"
#include "sync/client/detail/clinic_feeds.h"
#include "sync/client/detail/clinic_upload.h"
#include "sync/client/detail/http_status.h"
#include "sync/client/https_client.h"
#include "sync/client/outbox_folder.h"
#include "sync/client/outbox_strangers.h"
#include "sync/client/upload_store.h"
#include "sync/core/enrolment.h"

#include <algorithm>

namespace egret::client {
namespace {

using detail::Caller;
using detail::contact;
using detail::first_contact;
using detail::head_request;

/// The centre's refusal of an enrolment, by its status: what she can do about it.
Error refused_enrolment(int status) {
    switch (status) {
        case http_unauthorized:
        case http_forbidden: return {ErrorCode::unauthorized, "CODE", msg("link.code_refused")};
        case 429:
        case 503: return {ErrorCode::unavailable, "", msg("link.try_later")};
        default: return {ErrorCode::unavailable, "", msg("link.unexpected_answer")};
    }
}

/// A bundle as it came, and what it says.
struct FetchedBundle {
    Bytes bytes;
    sync::TrustedBundle trusted;
};

Result<FetchedBundle> fetch_bundle(Transport& line, const sync::RootHash& root_hash) {
    auto answer = line.send(detail::bundle_request(detail::BundleForm::newest));
    if (answer && answer->status == http_not_found)
        answer = line.send(detail::bundle_request(detail::BundleForm::oldest));
    if (!answer) return std::move(answer).error();
    if (answer->status != http_ok)
        return Error{ErrorCode::unavailable, "URL", msg("link.no_centre_here")};
    auto trusted = sync::open_first_bundle(answer->body, root_hash);
    if (!trusted) return Error{ErrorCode::unauthorized, "CODE", msg("link.other_centre")};
    return FetchedBundle{std::move(answer->body), *std::move(trusted)};
}

Caller caller_of(service::Clinic& clinic, const LinkKeys& keys) {
    return {clinic.device(), keys.epoch(), keys.sign_key(), clinic.now(), clinic.random()};
}

}  // namespace

Instant ClinicLink::trusted_now() {
    return std::max(clinic_.now(), clinic_.time_zone().start_of_day(clinic_.today()));
}

std::vector<Instant> ClinicLink::known_times() {
    std::vector<Instant> known{clinic_.time_zone().start_of_day(clinic_.today())};
    UploadStore uploads(clinic_.database());
    const auto state = uploads.load(upload_bounds(clinic_));
    if (state.server_time_ms > 0)
        known.insert(known.begin(), instant_from_unix_ms(state.server_time_ms));
    return known;
}

Result<Done> ClinicLink::adopt_if_new(const LinkKeys& keys, Progress& progress) {
    const auto& membership = keys.membership();
    if (!membership) return Error{ErrorCode::not_found, "", msg("link.not_enrolled")};
    if (clinic_.device() == membership->device) return Done{};
    if (!keys.belong_to(clinic_.device()))
        return Error{ErrorCode::conflict, "", msg("link.other_registry")};
    forget_uploads();
    keep_strangers();
    return clinic_.adopt(
        {membership->device, membership->clinic_code, membership->scope, membership->url},
        progress);
}

void ClinicLink::forget_uploads() {
    UploadStore uploads(clinic_.database());
    sync::SyncState fresh;
    fresh.server_time_ms = uploads.load(upload_bounds(clinic_)).server_time_ms;
    sqlite::WriteTransaction tx(clinic_.database());
    uploads.save(fresh, tx);
    tx.commit();
}

/// All else in the outbox is in the log, which is sealed anew under its new name.
void ClinicLink::keep_strangers() {
    const OutboxFolder folder(dir_, clinic_.disk());
    const StoredLog log(clinic_.log(), clinic_.device());
    for (const auto& item : folder.items()) {
        if (!is_current(item, log)) folder.set_aside(item);
    }
}

Result<bool> ClinicLink::is_membership_over(const LinkKeys& keys, const std::string& url) {
    const auto& membership = *keys.membership();
    const auto bundle = sync::open_bundle(membership.bundle, membership.root);
    if (!bundle) return true;
    auto line = connect_(contact(url, *bundle, trusted_now(), known_times(),
                                 ClientIdentity{membership.certificate_pem, keys.tls_key_pem()}));
    if (!line) {
        const auto& why = line.error();
        if (why.code == ErrorCode::unavailable || why.field == "url") return why;
        return true;  // With these keys nobody can be called any more.
    }
    const auto answer = (*line)->send(head_request(caller_of(clinic_, keys)));
    if (!answer) return answer.error();
    if (answer->status == http_unauthorized || answer->status == http_forbidden) return true;
    if (answer->status != http_ok)
        return Error{ErrorCode::unavailable, "", msg("link.unexpected_answer")};
    const auto head = sync::decode_head_reply(text_of(answer->body), {membership.device, *bundle});
    if (!head) return head.error();
    if (head->news && head->news->must_rejoin) return true;
    const StoredLog log(clinic_.log(), membership.device);
    return !sync::is_ours(log, head->standing);
}

Result<LinkKeys> ClinicLink::keys_to_join_with(std::optional<LinkKeys> known,
                                               const std::string& url, const sync::RootHash& root) {
    if (!known) return LinkKeys::make(clinic_.device(), clinic_.random());
    if (!known->membership()) return *std::move(known);
    if (sync::root_hash_of(known->membership()->root) != root) {
        return Error{ErrorCode::conflict, "CODE",
                     msg("link.other_programme", {{"url", known->membership()->url}})};
    }
    const auto is_over = is_membership_over(*known, url);
    if (!is_over) return is_over.error();
    if (!*is_over) return Error{ErrorCode::conflict, "", msg("link.enrolled_already")};
    return LinkKeys::make(clinic_.device(), clinic_.random());
}

Result<LinkMembership> ClinicLink::enrol(const std::string& url, const std::string& code,
                                         Progress& progress) {
    // Who hands over the outbox meanwhile may put a newer bundle into the keys that are replaced.
    const auto lock = clinic_.disk().take_lock(outbox_lock_path(dir_));
    if (!lock) return Error{ErrorCode::unavailable, "", msg("outbox.busy")};
    auto loaded = LinkKeys::load(dir_, clinic_.link_key(), clinic_.disk());
    // What can't even be opened is neither known to be lost, nor always to be replaced.
    if (!loaded &&
        (loaded.error().code == ErrorCode::unavailable || loaded.error().code == ErrorCode::locked))
        return std::move(loaded).error();
    // Keys that can't be read open no door: there is nothing to lose by new ones.
    auto known = loaded ? *std::move(loaded) : std::nullopt;
    if (known && known->membership() && clinic_.device() != known->membership()->device) {
        // An enrolment that was cut after its last step but one.
        if (auto adopted = adopt_if_new(*known, progress); !adopted)
            return std::move(adopted).error();
        return *known->membership();
    }
    const auto parsed = sync::parse_enrolment_code(code);
    if (!parsed) return Error{parsed.error().code, "CODE", parsed.error().message};
    // Joining makes all anew from the log; what stops that must not cost her the code.
    if (auto whole = store::require_whole_logs(clinic_.database(), progress); !whole)
        return std::move(whole).error();
    auto keys = keys_to_join_with(std::move(known), url, parsed->root_hash);
    if (!keys) return std::move(keys).error();
    if (auto joined = join(*keys, url, *parsed); !joined) return std::move(joined).error();
    if (auto adopted = adopt_if_new(*keys, progress); !adopted) return std::move(adopted).error();
    return *keys->membership();
}

Result<Done> ClinicLink::join(LinkKeys& keys, const std::string& url,
                              const sync::EnrolmentCode& code) {
    auto stranger = connect_(first_contact(url, trusted_now()));
    if (!stranger) return std::move(stranger).error();
    auto fetched = fetch_bundle(**stranger, code.root_hash);
    if (!fetched) return std::move(fetched).error();
    const auto& trusted = fetched->trusted;

    keys.save(dir_, clinic_.link_key(), clinic_.disk());
    auto csr = crypto::make_signing_request(keys.tls_key_pem());
    if (!csr) return std::move(csr).error();
    sync::EnrolmentRequest asked;
    asked.secret = code.secret;
    asked.csr_pem = *std::move(csr);
    asked.sign_key = keys.sign_key().public_key();
    asked.seal_key = keys.seal_public();
    asked.clinic = clinic_.identity().name;
    asked.area = clinic_.identity().area;
    asked.card_key = keys.card_key().public_key();

    auto line = connect_(contact(url, trusted.bundle, trusted_now(), known_times(), std::nullopt));
    if (!line) return std::move(line).error();
    http::Request request;
    request.method = "POST";
    request.path = "/v1/enroll";
    request.headers["content-type"] = "application/json";
    request.body =
        copy_of(bytes_of(sync::encode_enrolment_request(asked, keys.sign_key(), &keys.card_key())));
    auto answer = (*line)->send(request);
    if (!answer) return std::move(answer).error();
    if (answer->status != http_ok) return refused_enrolment(answer->status);
    const sync::EnrolmentTrust trust{trusted.root, trusted.bundle.number, asked.sign_key};
    auto enrolled = sync::decode_enrolment_reply(text_of(answer->body), trust);
    if (!enrolled) return std::move(enrolled).error();
    auto& reply = enrolled->reply;
    // The answer has it in the form that every program knows.
    const bool is_same = enrolled->bundle.number == trusted.bundle.number;
    auto& bundle = is_same ? fetched->bytes : reply.bundle;
    keys.join({reply.device, reply.clinic_code, reply.scope, reply.certificate_pem, url,
               trusted.root, std::move(bundle), std::string(text_of(answer->body))});
    keys.save(dir_, clinic_.link_key(), clinic_.disk());
    return Done{};
}

Result<std::unique_ptr<HeldLink>> ClinicLink::held(Progress& progress) {
    auto loaded = LinkKeys::load(dir_, clinic_.link_key(), clinic_.disk());
    if (!loaded) return std::move(loaded).error();
    if (!*loaded) return Error{ErrorCode::not_found, "", msg("link.not_enrolled")};
    if (auto adopted = adopt_if_new(**loaded, progress); !adopted)
        return std::move(adopted).error();
    return HeldLink::owning(std::move(**loaded), {dir_, clinic_.link_key(), clinic_.disk()});
}

Result<std::unique_ptr<SyncSession>> ClinicLink::session(const std::string& url,
                                                         Progress& progress) {
    auto link = held(progress);
    if (!link) return std::move(link).error();
    SyncSession::Parts parts;
    parts.make_uploads = [&clinic = clinic_, &by = **link] {
        return std::make_unique<detail::ClinicUpload>(clinic, by);
    };
    parts.feeds = std::make_unique<detail::ClinicFeeds>(clinic_, **link);
    parts.random = &clinic_.random();
    const OutboxOwner owner{clinic_.device(), (*link)->keys().sign_key().public_key(),
                            (*link)->bundle().seal_key_id()};
    // What only files hold that are signed by the old keys would be taken from nobody after it.
    parts.may_be_readmitted = find_strangers(OutboxFolder(dir_, clinic_.disk()), owner,
                                             StoredLog(clinic_.log(), clinic_.device()))
                                  .empty();
    parts.link = *std::move(link);
    return std::make_unique<SyncSession>(std::move(parts),
                                         SyncSession::Line{url, trusted_now(), known_times()});
}

Result<ClinicLink::Outcome> ClinicLink::sync(const std::string& url, Progress& progress) {
    auto outcome = sync_once(url, progress);
    // What was told may be answered by a fact of this registry's own: an erasure is confirmed.
    if (!outcome || !outcome->has_all || outcome->report.error || outcome->report.left == 0)
        return outcome;
    auto rest = sync_once(url, progress);
    if (!rest) return outcome;
    rest->report.sent += outcome->report.sent;
    rest->report.acked += outcome->report.acked;
    rest->received += outcome->received;
    rest->repairs.count += outcome->repairs.count;
    rest->repairs.taken_over += outcome->repairs.taken_over;
    rest->repairs.renumbered += outcome->repairs.renumbered;
    rest->repairs.set_aside += outcome->repairs.set_aside;
    return rest;
}

Result<ClinicLink::Outcome> ClinicLink::sync_once(const std::string& url, Progress& progress) {
    auto begun = session(url, progress);
    if (!begun) return std::move(begun).error();
    return carry_out(
        **begun, connect_, [this] { return clinic_.now(); }, progress);
}

Result<std::optional<sync::KeyBundle>> ClinicLink::bundle() {
    const auto keys = LinkKeys::load(dir_, clinic_.link_key(), clinic_.disk());
    if (!keys) return keys.error();
    if (!*keys || !(*keys)->membership() || !(*keys)->belong_to(clinic_.device()))
        return std::optional<sync::KeyBundle>();
    auto bundle = sync::open_bundle((*keys)->membership()->bundle, (*keys)->membership()->root);
    if (!bundle) return std::move(bundle).error();
    return std::optional(*std::move(bundle));
}

Result<LinkStatus> ClinicLink::status() {
    auto loaded = LinkKeys::load(dir_, clinic_.link_key(), clinic_.disk());
    if (!loaded) return std::move(loaded).error();
    LinkStatus status;
    if (const auto head = clinic_.log().find_head(clinic_.device())) status.head_seq = head->seq;
    if (!*loaded || !(*loaded)->membership()) return status;
    status.is_enrolled = true;
    status.url = (*loaded)->membership()->url;
    status.clinic_code = (*loaded)->membership()->clinic_code;
    const auto state = UploadStore(clinic_.database()).load(upload_bounds(clinic_));
    status.acked_seq = state.acked_seq;
    if (state.server_time_ms > 0) status.server_time = instant_from_unix_ms(state.server_time_ms);
    return status;
}

}  // namespace egret::client
