#pragma once

#include "sync/core/envelope.h"
#include "sync/core/protocol.h"
#include "tests/sync/client/hand_made_bundle.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace egret::tests {

/// What is asked of the centre, and a centre that has destroyed the key of all but its own bundle.
struct SessionFixture : RootFixture {
    /// Notes what is asked, and then does as `also` wants.
    void watch(TrickyLine::Trick also = nullptr) {
        asked.clear();
        trick = [this, also](const http::Request& request,
                             const TrickyLine::Send& send) -> Result<http::Response> {
            asked.push_back(request.method + " " + request.path);
            return also ? also(request, send) : send(request);
        };
    }

    client::ClinicLink::Outcome open_sync() {
        auto outcome = client::ClinicLink(*clinic, home(), tricky_way()).sync("", quiet);
        REQUIRE(outcome);
        return *std::move(outcome);
    }

    /// What is sealed to another key than the centre's is answered with STALE_KEY; `bundle` is what
    /// it hands out.
    TrickyLine::Trick key_destroyed(const sync::KeyBundle& bundle) {
        return [this, bundle](const http::Request& request,
                              const TrickyLine::Send& send) -> Result<http::Response> {
            if (request.path == "/v1/bundle")
                return http::Response::bytes(sign(bundle), "application/octet-stream");
            if (request.path != "/v1/sync/batches") return send(request);
            const auto header = sync::parse_envelope(request.body);
            REQUIRE(header);
            const auto present = sync::key_id_of(centre.keys->seal_key());
            if (header->recipient_key_id == present) return send(request);
            const auto head = centre.store->head(header->sender);
            const sync::UploadReply reply{
                sync::UploadCode::stale_key,
                {header->sender, head.seq, head.hash, 0, unix_ms(centre.clock.now())}};
            return http::Response::json(sync::encode_upload_reply(reply, centre.keys->receipt()),
                                        sync::http_status(reply.code));
        };
    }

    /// As TLS does it: whose key isn't among those of the bundle is refused, unless anybody will
    /// do; that one is told nothing that he could use.
    client::Connect pinned_way() {
        return [this](const client::HttpsClientOptions& options)
                   -> Result<std::unique_ptr<client::Transport>> {
            const auto own = centre_bundle().tls_pins;
            const auto& known = options.server_key_hashes;
            const bool is_known = std::find(known.begin(), known.end(), own.at(0)) != known.end();
            if (options.accept_any_server) {
                CHECK_FALSE(options.identity);
                ++strangers;
            } else if (!is_known) {
                return std::unique_ptr<client::Transport>(std::make_unique<Distrust>());
            }
            return tricky_way()(options);
        };
    }

    struct Distrust final : client::Transport {
        Result<http::Response> send(const http::Request&) override {
            return Error{ErrorCode::unavailable, "server", msg("net.untrusted_server")};
        }
    };

    client::ClinicLink::Outcome pinned_sync() {
        auto outcome = client::ClinicLink(*clinic, home(), pinned_way()).sync("", quiet);
        REQUIRE(outcome);
        return *std::move(outcome);
    }

    sync::KeyBundle with_other_pins(sync::KeyBundle bundle) {
        bundle.tls_pins = {random.bytes<32>()};
        return bundle;
    }

    sync::KeyBundle with_other_seal_key(sync::KeyBundle bundle) {
        bundle.seal_key = crypto::SealKeyPair::generate(random).public_key();
        return bundle;
    }

    std::vector<std::string> asked;
    int strangers = 0;  // Lines to whoever answers.
};

}  // namespace egret::tests
