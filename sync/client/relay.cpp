#include "sync/client/relay.h"

#include "sync/client/detail/calls.h"
#include "sync/client/detail/http_status.h"
#include "sync/core/relay.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

namespace egret::client {
namespace {

using sync::StickKind;
using sync::StickName;

class Carrier {
public:
    Carrier(const stick::Stick& stick, const RelayMeans& means, Transport& line)
        : stick_(stick), means_(means), line_(line) {}

    RelayOutcome run(Progress& progress) {
        auto names = stick_.up();
        // Calls last: what is carried back has then all that was brought.
        std::stable_partition(names.begin(), names.end(),
                              [](const StickName& name) { return name.kind != StickKind::call; });
        std::size_t done = 0;
        for (const auto& name : names) {
            progress.at(done, names.size());
            if (!carry(name)) break;
            ++done;
        }
        outcome_.left = names.size() - done;
        progress.at(done, names.size());
        return std::move(outcome_);
    }

private:
    /// False, if there is no use in going on.
    bool carry(const StickName& name) {
        const auto envelope = stick_.read(name);
        if (!envelope) return refuse(msg("stick.damaged_file"));
        if (name.kind == StickKind::call) clear_pages(name.device);
        std::uint64_t from = 0;
        do {
            const auto answer = line_.send(request(*envelope, from));
            if (!answer) return stop(answer.error(), false);
            if (answer->status != http_ok) return on_status(answer->status);
            const auto said = sync::decode_relay_answer(answer->body);
            if (!said) return stop(said.error(), said.error().code == ErrorCode::unsupported);
            if (said->next > 0 && said->next <= from)
                return stop({ErrorCode::unavailable, "", msg("sync.no_progress")}, false);
            for (const auto& file : said->files) {
                if (!put(name, file)) return false;
            }
            from = said->next;
        } while (from > 0);
        ++outcome_.carried;
        if (name.kind == StickKind::upload) outcome_.facts += name.last - name.first + 1;
        return true;
    }

    http::Request request(const Bytes& envelope, std::uint64_t from) const {
        http::Request request;
        request.method = "POST";
        request.path = "/v1/relay";
        if (from > 0) request.query["from"] = std::to_string(from);
        request.headers["content-type"] = "application/octet-stream";
        request.body = envelope;
        const auto& keys = means_.link.keys();
        detail::sign(request, {means_.link.membership().device, keys.epoch(), keys.sign_key(),
                               means_.now(), means_.random});
        return request;
    }

    /// What answered an earlier call of that machine.
    void clear_pages(const DeviceId& device) const {
        for (const auto& name : stick_.down()) {
            const bool is_page = name.kind == StickKind::page || name.kind == StickKind::snapshot;
            if (is_page && name.device == device) stick_.remove(name);
        }
    }

    bool put(const StickName& asked, const sync::RelayFile& file) {
        if (file.name.kind == StickKind::receipt) {
            // What was said of an upload says more than where the device stands.
            const bool is_of_upload = asked.kind == StickKind::upload;
            if (is_of_upload) answered_.insert(file.name.device);
            if (!is_of_upload && answered_.contains(file.name.device)) return true;
        }
        if (auto written = stick_.write(file.name, file.content); !written)
            return stop(written.error(), true);
        ++outcome_.brought;
        return true;
    }

    bool on_status(int status) {
        if (auto refused = sync::refusal_of(status))
            return stop(std::move(refused->error), refused->step == sync::SyncStep::stop);
        if (status == http_not_found)
            return stop({ErrorCode::unsupported, "", msg("relay.centre_too_old")}, true);
        return refuse(status == http_conflict ? msg("relay.not_its_machine")
                                              : msg("stick.damaged_file"));
    }

    bool refuse(const Message& why) {
        ++outcome_.refused;
        const bool is_said = std::any_of(outcome_.why.begin(), outcome_.why.end(),
                                         [&](const Message& said) { return said.id == why.id; });
        if (!is_said) outcome_.why.push_back(why);
        return true;
    }

    bool stop(Error error, bool must_stop) {
        outcome_.error = std::move(error);
        outcome_.must_stop = must_stop;
        return false;
    }

    const stick::Stick& stick_;
    const RelayMeans& means_;
    Transport& line_;
    std::set<DeviceId> answered_;  // Of uploads.
    RelayOutcome outcome_;
};

}  // namespace

RelayOutcome relay(const stick::Stick& stick, const RelayMeans& means, const Connect& connect,
                   Progress& progress) {
    auto line = connect(means.link.way(means.url, means.trusted_now));
    if (!line) {
        RelayOutcome outcome;
        outcome.error = line.error();
        outcome.left = stick.up().size();
        return outcome;
    }
    return Carrier(stick, means, **line).run(progress);
}

}  // namespace egret::client
