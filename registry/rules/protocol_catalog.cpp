#include "registry/rules/protocol_catalog.h"

#include "embedded/protocols.h"
#include "registry/base/ensure.h"
#include "registry/rules/detail/versions.h"

#include <algorithm>

namespace egret::rules {

const std::vector<Protocol>& known_protocols() {
    static const auto protocols = [] {
        std::vector<Protocol> all;
        for (const auto& file : embedded::protocols()) {
            auto protocol = parse_protocol(file.content);
            EGRET_ENSURE(protocol);  // A test reads each of them.
            all.push_back(*std::move(protocol));
        }
        std::sort(all.begin(), all.end(), detail::stands_before<Protocol>);
        return all;
    }();
    return protocols;
}

Result<const Protocol*> find_protocol(std::string_view id_and_version) {
    return detail::find_version(known_protocols(), id_and_version);
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
