#include "sync/central/enrolment_service.h"

#include "registry/base/limits.h"
#include "registry/base/text.h"
#include "registry/domain/area.h"
#include "registry/domain/plain_text.h"
#include "sync/central/renewal_service.h"
#include "sync/core/enrolment_code.h"

#include <chrono>
#include <string_view>
#include <utility>

namespace egret::central {
namespace {

// A million to tell codes apart by; the 30 bits after them are guarded by the tries.
constexpr std::size_t locator_size = 4;
constexpr int draws_max = 20;

std::string_view locator_of(std::string_view secret) { return secret.substr(0, locator_size); }

}  // namespace

Result<Invitation> EnrolmentService::add_clinic(const NewClinic& clinic) {
    const auto name = trim(clinic.name);
    if (name.empty() || name.size() > limits::name_bytes_max || !is_utf8(name))
        return Error{ErrorCode::invalid_input, "NAME", msg("central.clinic_name")};
    if (auto plain = check_plain_text(name, Lines::one); !plain)
        return std::move(plain).error().within("NAME");
    const auto area = AreaCode::parse_known(clinic.area);
    if (!area) return Error{area.error()}.within("area");
    // A second machine of a clinic is invited; a clinic that was added twice is never taken back.
    for (const auto& known : store_.clinics()) {
        if (!known.is_damaged && known.name == name && known.area == area->text())
            return Error{ErrorCode::conflict, "NAME",
                         msg("central.clinic_there", {{"clinic", known.code}})};
    }
    const auto added = store_.add_clinic({std::string(name), area->text()}, clock_.now());
    if (!added) return added.error();
    return invite(added->code);
}

Result<Invitation> EnrolmentService::invite(const std::string& clinic_code) {
    auto clinic = store_.find_clinic(clinic_code);
    if (!clinic) return std::move(clinic).error();
    const auto now = clock_.now();
    const auto expires = now + std::chrono::milliseconds{limits::enrolment_valid_ms};
    Result<Done> saved = Done{};
    for (int draw = 0; draw < draws_max; ++draw) {
        const auto code = sync::make_enrolment_code(keys_.root(), random_);
        saved = store_.save_code(
            {std::string(locator_of(code.secret)),
             sync::hash_enrolment_secret(code.secret, keys_.code_key()), clinic_code, expires},
            now);
        if (saved)
            return Invitation{*std::move(clinic), sync::format_enrolment_code(code), expires};
    }
    return saved.error();
}

Result<sync::EnrolmentReply> EnrolmentService::enrol(const sync::EnrolmentRequest& request) {
    const auto now = clock_.now();
    const auto locator = locator_of(request.secret);
    const auto secret_hash = sync::hash_enrolment_secret(request.secret, keys_.code_key());
    const auto tls_key_hash = crypto::check_signing_request(request.csr_pem);
    if (!tls_key_hash) return tls_key_hash.error();
    const DeviceKeys keys{request.sign_key, request.seal_key, *tls_key_hash, 1, request.card_key};

    if (const auto made = find_made_before(locator, secret_hash, keys)) {
        const auto clinic = store_.find_clinic(made->clinic);
        if (clinic && !made->revoked) return reply_for(*made, *clinic, request.csr_pem);
    }
    const auto clinic = store_.check_code(locator, secret_hash, now);
    if (!clinic) return clinic.error();
    const Device device{make_random_id<DeviceTag>(random_), clinic->code, keys, now, {}};
    auto reply = reply_for(device, *clinic, request.csr_pem);
    if (!reply) return reply;
    const auto let_in = store_.enrol(locator, device);
    if (!let_in) return let_in.error();
    store_.note_bundle(device.id, keys_.bundle_number());
    return reply;
}

std::optional<Device> EnrolmentService::find_made_before(std::string_view locator,
                                                         const Hash& secret_hash,
                                                         const DeviceKeys& keys) {
    const auto id = store_.find_user_of_code(locator, secret_hash);
    auto device = id ? store_.find_device(*id) : std::nullopt;
    if (!device || device->keys != keys) return std::nullopt;
    return device;
}

Result<sync::EnrolmentReply> EnrolmentService::reply_for(const Device& device, const Clinic& clinic,
                                                         const std::string& csr_pem) {
    auto certificate = issue_device_certificate(keys_, device.id, csr_pem, clock_.now());
    if (!certificate) return std::move(certificate).error();
    return sync::EnrolmentReply{device.id, clinic.code, clinic.scope, *std::move(certificate),
                                keys_.bundle()};
}

}  // namespace egret::central
