#include "sync/central/stick_visit.h"

#include "sync/central/call_answer.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace egret::central {
namespace {

using sync::StickKind;
using sync::UploadCode;

/// What is known of a machine while its files are read.
struct Visitor {
    BroughtMachine said;
    std::optional<Device> device;
    std::optional<sync::UploadReply> reply;
    std::optional<sync::Call> call;
};

/// Which of two a clinic has to know.
int gravity_of(UploadCode code) {
    switch (code) {
        case UploadCode::applied: return 0;
        case UploadCode::gap: return 1;
        case UploadCode::bad_chain: return 2;
        case UploadCode::fork: return 3;
        case UploadCode::stale_key: return 4;
        case UploadCode::shut_out: break;
    }
    return 5;
}

class Visiting {
public:
    Visiting(const stick::Stick& from, Courier& courier) : from_(from), courier_(courier) {}

    void read() {
        for (const auto& name : from_.up()) read_file(name);
        for (auto& [id, visitor] : visitors_) count_waiting(visitor);
    }

    void write(const stick::Stick& to) {
        bool has_bundle = false;
        for (auto& [id, visitor] : visitors_) {
            if (!visitor.device) continue;
            if (!has_bundle && !write_file(to, courier_.bundle())) return;
            has_bundle = true;
            if (!answer(to, visitor)) return;
        }
    }

    StickVisit outcome() && {
        for (auto& [id, visitor] : visitors_) visit_.machines.push_back(std::move(visitor.said));
        std::sort(visit_.machines.begin(), visit_.machines.end(),
                  [](const BroughtMachine& a, const BroughtMachine& b) {
                      return std::tie(a.clinic, a.device) < std::tie(b.clinic, b.device);
                  });
        return std::move(visit_);
    }

private:
    /// By what the file says itself: names are believed by nobody.
    void read_file(const sync::StickName& name) {
        const auto envelope = from_.read(name);
        const auto header = envelope ? sync::parse_envelope(*envelope)
                                     : Result<sync::EnvelopeHeader>(
                                           Error{ErrorCode::not_found, "", msg("batch.malformed")});
        if (!header) {
            if (header.error().code == ErrorCode::unsupported) {
                refuse(visitor_of(name.device), header.error());
            } else {
                ++visit_.damaged;
            }
            return;
        }
        auto& visitor = visitor_of(header->sender);
        if (header->kind == sync::EnvelopeKind::call) {
            read_call(visitor, *envelope);
        } else {
            read_upload(visitor, *envelope);
        }
    }

    Visitor& visitor_of(const DeviceId& id) {
        auto& visitor = visitors_[id];
        if (!visitor.said.device.is_nil()) return visitor;
        visitor.said.device = id;
        // Found, but not believed to be there before something of it is verified.
        if (const auto device = courier_.services().store.find_device(id))
            visitor.said.clinic = device->clinic;
        return visitor;
    }

    void read_upload(Visitor& visitor, ByteView envelope) {
        auto brought = courier_.take(envelope);
        if (!brought) return refuse(visitor, brought.error());
        auto& said = visitor.said;
        ++said.uploads;
        said.added += brought->added;
        if (brought->reply.code == UploadCode::gap && !brought->waits) ++said.without_room;
        visitor.device = brought->device;
        if (gravity_of(brought->reply.code) > gravity_of(said.code))
            said.code = brought->reply.code;
        visitor.reply = std::move(brought->reply);
    }

    void read_call(Visitor& visitor, ByteView envelope) {
        auto call = courier_.open_call(envelope);
        if (!call && call.error().code == ErrorCode::forbidden) {
            // Verified, and to be told.
            visitor.device = courier_.services().store.find_device(visitor.said.device);
            visitor.said.code = UploadCode::shut_out;
        }
        if (!call) return refuse(visitor, call.error());
        visitor.device = call->device;
        visitor.said.has_called = true;
        visitor.said.has_asked_in_vain = !call->call.has_value();
        visitor.call = std::move(call->call);
    }

    static void refuse(Visitor& visitor, const Error& why) {
        auto& all = visitor.said.refused;
        const bool is_known = std::any_of(
            all.begin(), all.end(), [&](const Message& said) { return said.id == why.message.id; });
        if (!is_known) all.push_back(why.message);
    }

    void count_waiting(Visitor& visitor) {
        auto& store = courier_.services().store;
        auto& said = visitor.said;
        if (visitor.device && !visitor.device->revoked) {
            const auto before = store.head(said.device).seq;
            if (const auto later = courier_.take_waiting(*visitor.device); later && visitor.reply)
                visitor.reply->standing = later->standing;
            said.added += store.head(said.device).seq - before;
        }
        const auto waiting = store.spool().spooled(said.device);
        said.waiting = waiting.size();
        if (!waiting.empty()) said.missing_from = store.head(said.device).seq + 1;
    }

    bool write_file(const stick::Stick& to, const sync::RelayFile& file) {
        if (auto written = to.write(file.name, file.content); !written) {
            visit_.error = written.error();
            return false;
        }
        return true;
    }

    /// Into the place of what answered it before.
    bool answer(const stick::Stick& to, Visitor& visitor) {
        const auto& device = *visitor.device;
        for (const auto& name : to.down()) {
            if (name.device == device.id && name.kind != StickKind::receipt) to.remove(name);
        }
        const auto put = [&](const sync::RelayFile& file) {
            ++visitor.said.answers;
            return write_file(to, file);
        };
        if (!put(receipt_for(visitor))) return false;
        if (!visitor.call || device.revoked) return true;
        CallAnswer pages(courier_.services(), device, *visitor.call);
        while (const auto file = pages.next()) {
            if (!put(*file)) return false;
        }
        return true;
    }

    /// The gravest that was said, and how far the centre is after all of it.
    sync::RelayFile receipt_for(const Visitor& visitor) {
        if (!visitor.reply) return courier_.receipt(*visitor.device);
        auto reply = *visitor.reply;
        reply.code = visitor.said.code;
        return courier_.receipt(*visitor.device, reply);
    }

    const stick::Stick& from_;
    Courier& courier_;
    std::map<DeviceId, Visitor> visitors_;
    StickVisit visit_;
};

}  // namespace

StickVisit visit(const stick::Stick& from, const stick::Stick* to, Courier& courier) {
    Visiting visiting(from, courier);
    visiting.read();
    if (to != nullptr) visiting.write(*to);
    return std::move(visiting).outcome();
}

}  // namespace egret::central
