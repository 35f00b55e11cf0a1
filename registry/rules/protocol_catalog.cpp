#include "registry/rules/protocol_catalog.h"

#include "embedded/protocols.h"
#include "registry/base/ensure.h"
#include "registry/base/find_by_id.h"
#include "registry/base/text.h"

#include <algorithm>
#include <tuple>

namespace egret::rules {
namespace {

/// "4.64" comes after "4.8": versions are numbers between dots, and the text after them.
std::vector<long> version_key(const std::string& version) {
    std::vector<long> key;
    for (const auto part : split(version, '.'))
        key.push_back(is_digits(part) && part.size() < 10 ? std::stol(std::string(part)) : -1);
    return key;
}

bool stands_before(const Protocol& a, const Protocol& b) {
    if (a.id != b.id) return a.id < b.id;
    const auto a_key = version_key(a.version);
    const auto b_key = version_key(b.version);
    return a_key != b_key ? a_key > b_key : a.version > b.version;
}

Error unknown_version(std::string_view id) {
    std::string versions;
    for (const auto& protocol : known_protocols()) {
        if (protocol.id == id) versions += (versions.empty() ? "" : ", ") + protocol.version;
    }
    return {ErrorCode::not_found, "protocol",
            msg("rules.unknown_version", {{"versions", versions}})};
}

}  // namespace

const std::vector<Protocol>& known_protocols() {
    static const auto protocols = [] {
        std::vector<Protocol> all;
        for (const auto& file : embedded::protocols()) {
            auto protocol = parse_protocol(file.content);
            EGRET_ENSURE(protocol);  // A test reads each of them.
            all.push_back(*std::move(protocol));
        }
        std::sort(all.begin(), all.end(), stands_before);
        return all;
    }();
    return protocols;
}

Result<const Protocol*> find_protocol(std::string_view id_and_version) {
    const auto at = id_and_version.find('@');
    const auto id = id_and_version.substr(0, at);
    const auto newest = find_by_id(known_protocols(), id);
    if (newest.meant) {
        return Error{ErrorCode::not_found, "protocol",
                     msg("rules.unknown_protocol_meant", {{"meant", *newest.meant}})};
    }
    if (!newest.item) return Error{ErrorCode::not_found, "protocol", msg("rules.unknown_protocol")};
    if (at == std::string_view::npos) return newest.item;
    const auto version = id_and_version.substr(at + 1);
    for (const auto& protocol : known_protocols()) {
        if (protocol.id == id && protocol.version == version) return &protocol;
    }
    return unknown_version(id);
}

Result<Protocol> load_protocol(std::string_view id_and_version,
                               const std::vector<Choice>& choices) {
    const auto wanted = find_protocol(id_and_version);
    if (!wanted) return wanted.error();
    if (choices.empty()) return **wanted;
    for (const auto& file : embedded::protocols()) {
        auto protocol = parse_protocol(file.content, choices);
        // A file of another protocol may not have the parameters.
        if (protocol && protocol->id == (*wanted)->id && protocol->version == (*wanted)->version)
            return protocol;
    }
    return Error{ErrorCode::invalid_input, "choices", msg("rules.choice_does_not_fit")};
}

}  // namespace egret::rules
