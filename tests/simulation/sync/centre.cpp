#include "tests/simulation/sync/centre.h"

#include "registry/sqlite/error.h"
#include "sync/http/problem.h"

#include <exception>

namespace egret::sync_world {
namespace {

using tests::DiskFault;

constexpr int broken_status = 500;
constexpr std::uint64_t away_ms_max = 30 * 60'000;

}  // namespace

SimCentre::SimCentre(const Surroundings& world, const central::CentreKeys& keys,
                     const tests::CrashDisk::Files& image, std::uint64_t seed)
    : world_(world), keys_(keys), disk_(seed), random_(seed + 1) {
    disk_.set_files(image);
    start();
}

void SimCentre::say(const std::string& line) {
    world_.trace.add(std::to_string(unix_ms(world_.queue.now())) + " centre " + line);
}

void SimCentre::start() {
    central::StoreOptions options;
    options.vfs_name = disk_.vfs_name();
    options.base_vfs = disk_.vfs_name();
    options.is_exclusive = true;
    options.indicators = world_.indicators;
    options.synchronous = world_.synchronous;
    NoProgress quiet;
    try {
        auto opened = central::SqliteStore::open(path, quiet, options);
        if (opened) {
            store_ = *std::move(opened);
        } else if (!disk_.has_failed()) {
            world_.findings.add("The centre doesn't open: " + opened.error().message.id);
        }
    } catch (const sqlite::SqliteError& error) {
        if (!disk_.has_failed())
            world_.findings.add(std::string("The centre doesn't open: ") + error.what());
    }
    if (!store_) {
        lose_power();
        return;
    }
    server_ = std::make_unique<server::CentreServer>(
        server::CentreServices{*store_, keys_, zone_, world_.queue, random_, translate_, log_});
    check_promises();
    say("is up");
}

void SimCentre::shut() {
    server_.reset();
    store_.reset();
}

void SimCentre::lose_power() {
    shut();
    const bool was_cut = disk_.is_cut();
    if (was_cut) {
        ++cuts_;
        disk_.crash();
    } else {
        disk_.mend();
    }
    say(was_cut ? "loses its power" : "ends");
    world_.queue.after(Milliseconds(1 + random_.below(away_ms_max)), [this] {
        if (!store_) start();
    });
}

/// What was acknowledged before is there, whatever happened since.
void SimCentre::check_promises() {
    for (const auto& promise : promised_) {
        const auto head = this->head(promise.first);
        const bool is_kept = head.seq > promise.second.seq ||
                             (head.seq == promise.second.seq && head.hash == promise.second.hash);
        if (!is_kept) {
            world_.findings.add("The centre acknowledged " + std::to_string(promise.second.seq) +
                                " facts of a device and has " + std::to_string(head.seq));
        }
    }
}

std::optional<http::Response> SimCentre::handle(const http::Request& request,
                                                const DeviceId& sender) {
    if (!is_up()) return std::nullopt;
    ++requests_;
    const auto found = server_->routes().find(request.method, request.path);
    http::Response response = http::Response::json("{}", broken_status);
    std::string thrown;
    try {
        auto answer = found.handler->handle(request);
        response = answer ? *std::move(answer)
                          : http::Response::json("{}", http::status_of(answer.error().code));
    } catch (const std::exception& error) {
        thrown = error.what();
    }
    const bool has_failed = disk_.has_failed();
    if (!has_failed && !thrown.empty()) world_.findings.add("An endpoint threw: " + thrown);
    if (disk_.is_cut()) {
        lose_power();
        return std::nullopt;
    }
    if (has_failed) disk_.mend();
    if (response.status == 200 || response.status == 409) promised_[sender] = head(sender);
    say(request.method + " " + request.path + " " + std::to_string(response.status));
    return response;
}

void SimCentre::fail_at(std::uint64_t n, DiskFault fault) {
    if (disk_.has_failed() || !is_up()) return;
    if (n > 0) {
        disk_.fail_at(n, fault, fault != DiskFault::power_cut);
        return;
    }
    disk_.cut_power();
    lose_power();
}

void SimCentre::mend() {
    disk_.mend();
    if (!store_) start();
}

}  // namespace egret::sync_world
