#include "sync/central/enrolment_service.h"

#include "registry/base/limits.h"
#include "sync/core/enrolment_code.h"
#include "tests/sync/central/test_centre.h"

#include <doctest/doctest.h>

namespace egret::central {
namespace {

using tests::TestCentre;

struct EnrolmentFixture : TestCentre {
    EnrolmentService service{*store, *keys, clock, random};

    Invitation invitation() {
        const auto made = service.add_clinic({"Lianqian clinic", "350203"});
        REQUIRE(made);
        return *made;
    }

    static std::string secret_of(const Invitation& invitation) {
        return sync::parse_enrolment_code(invitation.code)->secret;
    }

    /// Of a new machine.
    sync::EnrolmentRequest request(const std::string& secret) {
        sync::EnrolmentRequest made;
        made.secret = secret;
        made.csr_pem = *crypto::make_signing_request(crypto::make_tls_key());
        made.sign_key = crypto::SigningKey::generate(random).public_key();
        made.seal_key = crypto::SealKeyPair::generate(random).public_key();
        return made;
    }

    std::string refusal(const sync::EnrolmentRequest& asked) {
        const auto reply = service.enrol(asked);
        REQUIRE_FALSE(reply);
        return reply.error().message.id;
    }

    /// Another secret with the same locator.
    static std::string wrong(std::string secret) {
        secret.back() = secret.back() == '0' ? '1' : '0';
        return secret;
    }
};

}  // namespace

TEST_SUITE("sync/central/enrolment_service") {
    TEST_CASE_FIXTURE(EnrolmentFixture, "clinics get short codes and numbers that count up") {
        CHECK(service.add_clinic({"First", "350203"})->clinic.code == "C001");
        const auto second = service.add_clinic({"  Second ", "350200"});
        CHECK(second->clinic.code == "C002");
        CHECK(second->clinic.scope == 2);
        CHECK(second->clinic.name == "Second");
        CHECK(second->clinic.area == "350200");
        CHECK(store->clinics().size() == 2);
        CHECK(second->expires - clock.now() == std::chrono::hours{72});
        CHECK(sync::parse_enrolment_code(second->code)->root_hash ==
              sync::root_hash_of(keys->root()));
    }

    TEST_CASE_FIXTURE(EnrolmentFixture, "a clinic that is there is not added again") {
        REQUIRE(service.add_clinic({"First", "350203"}));
        const auto again = service.add_clinic({" First ", "350203"});
        REQUIRE_FALSE(again);
        CHECK(again.error().code == ErrorCode::conflict);
        CHECK(again.error().message == msg("central.clinic_there", {{"clinic", "C001"}}));
        CHECK(service.add_clinic({"First", "350206"}));
        CHECK(store->clinics().size() == 2);
    }

    TEST_CASE_FIXTURE(EnrolmentFixture, "a clinic without a name or with no real area is refused") {
        CHECK(service.add_clinic({" ", "350203"}).error().code == ErrorCode::invalid_input);
        CHECK_FALSE(service.add_clinic({std::string(limits::name_bytes_max + 1, 'a'), "350203"}));
        for (const auto* area : {"here", "3502", "990203"})
            CHECK(service.add_clinic({"A", area}).error().field == "area");
        for (const auto* name : {"A\nB", "A\u202eB", "A\x07"})
            CHECK(service.add_clinic({name, "350203"}).error().field == "NAME");
        CHECK(store->clinics().empty());
        CHECK(service.invite("C009").error().code == ErrorCode::not_found);
    }

    TEST_CASE_FIXTURE(EnrolmentFixture, "a code makes a machine a device of its clinic, once") {
        const auto invited = invitation();
        const auto asked = request(secret_of(invited));
        const auto reply = service.enrol(asked);
        REQUIRE(reply);
        CHECK(reply->clinic_code == "C001");
        CHECK(reply->scope == 1);
        CHECK(reply->bundle == keys->bundle());
        const auto certificate = crypto::read_certificate(reply->certificate_pem);
        REQUIRE(certificate);
        CHECK(certificate->common_name == reply->device.to_string());
        CHECK(certificate->validity.holds_at(clock.now() + std::chrono::days{700}));
        CHECK_FALSE(certificate->validity.holds_at(clock.now() + std::chrono::days{800}));
        const auto device = store->find_device(reply->device);
        REQUIRE(device);
        CHECK(device->clinic == "C001");
        CHECK(device->keys.sign == asked.sign_key);
        CHECK(device->keys.seal == asked.seal_key);
        CHECK(device->keys.tls_key_hash == certificate->key_hash);

        CHECK(refusal(request(secret_of(invited))) == "enrol.code_used");
        CHECK(store->statuses().size() == 1);
    }

    TEST_CASE_FIXTURE(EnrolmentFixture, "a request whose answer was lost finds its device again") {
        const auto asked = request(secret_of(invitation()));
        const auto first = service.enrol(asked);
        REQUIRE(first);
        const auto again = service.enrol(asked);
        REQUIRE(again);
        CHECK(again->device == first->device);
        CHECK(store->statuses().size() == 1);
        auto other = asked;
        other.seal_key = crypto::SealKeyPair::generate(random).public_key();
        CHECK(refusal(other) == "enrol.code_used");
        CHECK(store->revoke_device(first->device, clock.now()));
        CHECK(refusal(asked) == "enrol.code_used");
    }

    TEST_CASE_FIXTURE(EnrolmentFixture, "a clinic that is shut out has no open code left") {
        const auto secret = secret_of(invitation());
        CHECK(store->revoke_clinic("C001", clock.now()) == 0);
        CHECK(refusal(request(secret)) == "enrol.code_expired");
        CHECK(store->statuses().empty());
        CHECK(service.enrol(request(secret_of(*service.invite("C001")))));
    }

    TEST_CASE_FIXTURE(EnrolmentFixture, "five wrong secrets close a code for the right one, too") {
        const auto secret = secret_of(invitation());
        for (int i = 0; i < limits::enrolment_tries_max; ++i)
            CHECK(refusal(request(wrong(secret))) == "enrol.code_wrong");
        CHECK(refusal(request(secret)) == "enrol.code_locked");
        CHECK(store->statuses().empty());
    }

    TEST_CASE_FIXTURE(EnrolmentFixture, "four wrong secrets leave the right one a try") {
        const auto secret = secret_of(invitation());
        for (int i = 1; i < limits::enrolment_tries_max; ++i) (void)refusal(request(wrong(secret)));
        CHECK(service.enrol(request(secret)));
    }

    TEST_CASE_FIXTURE(EnrolmentFixture, "a code of nobody, and one that has run out, are refused") {
        const auto invited = invitation();
        CHECK(refusal(request("ZZZZZZZZZZ")) == "enrol.code_wrong");
        clock.set(invited.expires);
        CHECK(refusal(request(secret_of(invited))) == "enrol.code_expired");
        CHECK(service.enrol(request(secret_of(*service.invite("C001")))));
    }

    TEST_CASE_FIXTURE(EnrolmentFixture, "a signing request that is none takes no try") {
        auto asked = request(secret_of(invitation()));
        const auto good = asked.csr_pem;
        asked.csr_pem =
            "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----";
        for (int i = 0; i < 2 * limits::enrolment_tries_max; ++i)
            CHECK(service.enrol(asked).error().code == ErrorCode::invalid_input);
        asked.csr_pem = good;
        CHECK(service.enrol(asked));
    }

    TEST_CASE_FIXTURE(EnrolmentFixture, "another code for the same clinic makes a second device") {
        REQUIRE(service.enrol(request(secret_of(invitation()))));
        REQUIRE(service.enrol(request(secret_of(*service.invite("C001")))));
        CHECK(store->statuses().size() == 2);
        CHECK(store->clinics().size() == 1);
    }
}

}  // namespace egret::central
