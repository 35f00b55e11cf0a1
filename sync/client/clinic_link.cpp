#include "sync/client/clinic_link.h"

#include "registry/base/limits.h"
#include "registry/crypto/x509.h"
#include "registry/store/log_check.h"
#include "sync/client/detail/calls.h"
#include "sync/client/https_client.h"
#include "sync/client/upload_store.h"
#include "sync/core/enrolment.h"

#include <algorithm>

namespace egret::client {
namespace {

using detail::app_version;
using detail::Caller;
using detail::contact;
using detail::head_request;
using detail::signing_epoch;
using detail::upload_request;

constexpr int http_ok = 200;
constexpr int http_unauthorized = 401;
constexpr int http_forbidden = 403;

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

HttpsClientOptions first_contact(const std::string& url, Instant now) {
    HttpsClientOptions options;
    options.url = url;
    options.accept_any_server = true;
    options.now = now;
    return options;
}

Result<sync::TrustedBundle> fetch_bundle(Transport& line, const sync::RootHash& root_hash) {
    http::Request request;
    request.path = "/v1/bundle";
    auto answer = line.send(request);
    if (!answer) return std::move(answer).error();
    if (answer->status != http_ok)
        return Error{ErrorCode::unavailable, "URL", msg("link.no_centre_here")};
    auto trusted = sync::open_first_bundle(answer->body, root_hash);
    if (!trusted) return Error{ErrorCode::unauthorized, "CODE", msg("link.other_centre")};
    return trusted;
}

Caller caller_of(service::Clinic& clinic, const LinkKeys& keys) {
    return {clinic.device(), keys.sign_key(), clinic.now(), clinic.random()};
}

/// One run of the upload machine over a connection: carries out its steps, and saves what it
/// remembers before each of them.
class UploadRun {
public:
    struct Parts {
        service::Clinic& clinic;
        Transport& line;
        const LinkKeys& keys;
        sync::SyncClient& client;
    };

    UploadRun(const Parts& parts, Progress& progress)
        : parts_(parts), uploads_(parts.clinic.database()), progress_(progress) {}

    sync::SyncStep run() {
        auto step = parts_.client.start(now());
        for (;;) {
            remember();
            switch (step) {
                case sync::SyncStep::send: step = send(); break;
                case sync::SyncStep::ask_head: step = ask_head(); break;
                case sync::SyncStep::fetch_bundle:  // Not asked of who has no such skill.
                case sync::SyncStep::repair:
                case sync::SyncStep::done:
                case sync::SyncStep::wait:
                case sync::SyncStep::stop: return step;
            }
        }
    }

    /// Why the line failed last, if it did.
    const std::optional<Error>& line_error() const noexcept { return line_error_; }

private:
    Instant now() const { return parts_.clinic.now(); }

    void remember() {
        const auto& state = parts_.client.state();
        sqlite::WriteTransaction tx(parts_.clinic.database());
        uploads_.save(state, tx);
        if (state.server_time_ms > 0)
            parts_.clinic.note_server_time(instant_from_unix_ms(state.server_time_ms), tx);
        tx.commit();
        const auto report = parts_.client.report();
        progress_.at(report.acked, report.acked + report.left);
    }

    sync::SyncStep send() {
        return take(upload_request(parts_.client.state().outbox->envelope,
                                   caller_of(parts_.clinic, parts_.keys)));
    }

    sync::SyncStep ask_head() { return take(head_request(caller_of(parts_.clinic, parts_.keys))); }

    sync::SyncStep take(const http::Request& request) {
        const auto answer = parts_.line.send(request);
        if (!answer) {
            line_error_ = answer.error();
            return parts_.client.on_failure(detail::failure_of(answer.error()));
        }
        line_error_.reset();
        return parts_.client.on_reply(answer->status, text_of(answer->body), now());
    }

    Parts parts_;
    UploadStore uploads_;
    Progress& progress_;
    std::optional<Error> line_error_;
};

}  // namespace

Instant ClinicLink::trusted_now() {
    return std::max(clinic_.now(), clinic_.time_zone().start_of_day(clinic_.today()));
}

Result<Done> ClinicLink::adopt_if_new(const LinkKeys& keys, Progress& progress) {
    const auto& membership = keys.membership();
    if (!membership) return Error{ErrorCode::not_found, "", msg("link.not_enrolled")};
    if (clinic_.device() == membership->device) return Done{};
    if (!keys.belong_to(clinic_.device()))
        return Error{ErrorCode::conflict, "", msg("link.other_registry")};
    forget_uploads();
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

Result<bool> ClinicLink::is_membership_over(const LinkKeys& keys, const std::string& url) {
    const auto& membership = *keys.membership();
    const auto bundle = sync::open_bundle(membership.bundle, membership.root);
    if (!bundle) return true;
    auto line = connect_(contact(url, *bundle, trusted_now(),
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
    const auto head =
        sync::decode_head_reply(text_of(answer->body), {membership.device, bundle->receipt_key});
    if (!head) return head.error();
    const StoredLog log(clinic_.log(), membership.device);
    return sync::hash_at(log, head->standing.head_seq) != head->standing.head_hash;
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
    auto trusted = fetch_bundle(**stranger, code.root_hash);
    if (!trusted) return std::move(trusted).error();

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

    auto line = connect_(contact(url, trusted->bundle, trusted_now(), std::nullopt));
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
    const sync::EnrolmentTrust trust{trusted->root, trusted->bundle.number, asked.sign_key};
    auto enrolled = sync::decode_enrolment_reply(text_of(answer->body), trust);
    if (!enrolled) return std::move(enrolled).error();
    auto& reply = enrolled->reply;
    keys.join({reply.device, reply.clinic_code, reply.scope, reply.certificate_pem, url,
               trusted->root, reply.bundle});
    keys.save(dir_, clinic_.link_key(), clinic_.disk());
    return Done{};
}

Result<ClinicLink::Outcome> ClinicLink::sync(const std::string& url, Progress& progress) {
    auto loaded = LinkKeys::load(dir_, clinic_.link_key(), clinic_.disk());
    if (!loaded) return std::move(loaded).error();
    if (!*loaded) return Error{ErrorCode::not_found, "", msg("link.not_enrolled")};
    const auto& keys = **loaded;
    if (auto adopted = adopt_if_new(keys, progress); !adopted) return std::move(adopted).error();
    const auto& membership = *keys.membership();
    auto bundle = sync::open_bundle(membership.bundle, membership.root);
    if (!bundle) return std::move(bundle).error();
    auto line = connect_(contact(url.empty() ? membership.url : url, *bundle, trusted_now(),
                                 ClientIdentity{membership.certificate_pem, keys.tls_key_pem()}));
    if (!line) return std::move(line).error();

    const StoredLog log(clinic_.log(), membership.device);
    sync::SyncIdentity identity;
    identity.seal.device = membership.device;
    identity.seal.epoch = signing_epoch;
    identity.seal.centre = bundle->seal_key;
    identity.receipt_key = bundle->receipt_key;
    identity.app_version = app_version;
    identity.schema_version = static_cast<std::uint32_t>(clinic_.database().user_version());
    sync::SyncClient client({log, keys.sign_key(), clinic_.random()}, identity,
                            UploadStore(clinic_.database()).load(upload_bounds(clinic_)));
    UploadRun run({clinic_, **line, keys, client}, progress);
    Outcome outcome;
    outcome.must_stop = run.run() == sync::SyncStep::stop;
    if (client.is_confirmed())
        clinic_.heed_centre(instant_from_unix_ms(client.state().server_time_ms));
    const auto& error = client.report().error;
    const bool is_shut_out = error && error->code == ErrorCode::forbidden;
    if (is_shut_out || client.is_confirmed()) clinic_.note_standing(!is_shut_out);
    outcome.report = client.report();
    if (!outcome.must_stop && run.line_error()) outcome.report.error = run.line_error();
    return outcome;
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
