#pragma once

#include "registry/files/private_file.h"
#include "sync/client/outbox_keeper.h"
#include "sync/client/outbox_sync.h"
#include "sync/client/upload_store.h"
#include "tests/support/sqlite_file.h"
#include "tests/sync/client/link_fixture.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace egret::tests {

/// Does to a request what a test wants, or lets it through.
struct TrickyLine final : client::Transport {
    using Send = std::function<Result<http::Response>(const http::Request&)>;
    using Trick = std::function<Result<http::Response>(const http::Request&, const Send&)>;

    TrickyLine(std::unique_ptr<client::Transport> line_, const Trick& trick_)
        : line(std::move(line_)), trick(trick_) {}

    Result<http::Response> send(const http::Request& request) override {
        const auto through = [this](const http::Request& asked) { return line->send(asked); };
        return trick ? trick(request, through) : through(request);
    }

    std::unique_ptr<client::Transport> line;
    const Trick& trick;
};

/// A clinic that has joined, its outbox, and the centre.
struct OutboxFixture : LinkFixture {
    OutboxFixture() { REQUIRE(enrol(first_code())); }

    client::OutboxFolder folder() const { return client::OutboxFolder(home()); }

    std::unique_ptr<client::OutboxKeeper> settled() {
        auto keeper = client::OutboxKeeper::find(*clinic, home());
        REQUIRE(keeper);
        keeper->settle();
        return keeper;
    }

    /// With the registry closed, as it is while nobody has unlocked it.
    client::ClinicLink::Outcome locked_sync() {
        clinic.reset();
        const auto keys = client::LinkKeys::load(home());
        REQUIRE(keys);
        REQUIRE(*keys);
        client::OutboxSync sync({**keys, clock, random, instant_from_unix_ms(0)}, home(),
                                tricky_way());
        auto outcome = sync.sync("", quiet);
        REQUIRE(outcome);
        return *std::move(outcome);
    }

    client::OutboxStatus locked_status() {
        const auto keys = client::LinkKeys::load(home());
        return client::OutboxSync({**keys, clock, random, instant_from_unix_ms(0)}, home())
            .status();
    }

    client::Connect tricky_way() {
        return [this](const client::HttpsClientOptions& options)
                   -> Result<std::unique_ptr<client::Transport>> {
            auto line = way()(options);
            if (!line) return line;
            return std::unique_ptr<client::Transport>(
                std::make_unique<TrickyLine>(*std::move(line), trick));
        };
    }

    std::uint64_t acked() {
        return client::UploadStore(clinic->database())
            .load(client::upload_bounds(*clinic))
            .acked_seq;
    }

    client::OutboxOwner owner() {
        const auto keys = client::LinkKeys::load(home());
        const auto& membership = *(*keys)->membership();
        const auto bundle = sync::open_bundle(membership.bundle, membership.root);
        return {membership.device, (*keys)->sign_key().public_key(), bundle->seal_key_id()};
    }

    /// Each fact after the last acknowledged one is in one whole file.
    void check_outbox_has_rest() {
        auto to = acked();
        for (const auto& item : folder().items()) {
            CHECK(item.first_seq == to + 1);
            CHECK(folder().inspect(item, owner(), nullptr) == client::OutboxFlaw::none);
            to = item.last_seq;
        }
        CHECK(to == head());
    }

    std::string path_of(const client::OutboxItem& item) const {
        return home() + "/outbox/" + item.name();
    }

    TrickyLine::Trick trick;
};

}  // namespace egret::tests
