#pragma once

#include "sync/client/sync_session.h"

#include <memory>
#include <optional>
#include <string>

namespace egret::sync_world {

/// A sync that is told what came over the line, and says what goes next.
class Talk {
public:
    Talk() = default;
    virtual ~Talk() = default;

    Talk(const Talk&) = delete;
    Talk& operator=(const Talk&) = delete;

    virtual std::optional<http::Request> start(Instant now) = 0;
    virtual std::optional<http::Request> next(const Result<http::Response>& answer,
                                              Instant now) = 0;
    virtual client::HttpsClientOptions way() const = 0;
    virtual client::SyncOutcome outcome() const = 0;
};

/// That of today's programs.
class NewTalk final : public Talk {
public:
    explicit NewTalk(std::unique_ptr<client::SyncSession> session) : session_(std::move(session)) {}

    std::optional<http::Request> start(Instant now) override { return session_->start(now); }

    std::optional<http::Request> next(const Result<http::Response>& answer, Instant now) override {
        return session_->next(answer, now);
    }

    client::HttpsClientOptions way() const override { return session_->way(); }

    client::SyncOutcome outcome() const override { return session_->outcome(); }

private:
    std::unique_ptr<client::SyncSession> session_;
};

/// That of the first program that spoke with a centre: batches of version 1, no repair, no newer
/// bundle, no feed. The clinic and the folder outlive it.
Result<std::unique_ptr<Talk>> old_talk(service::Clinic& clinic, const std::string& dir);

}  // namespace egret::sync_world
