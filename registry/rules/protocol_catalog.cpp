#include "registry/rules/protocol_catalog.h"

#include "embedded/protocols.h"
#include "registry/rules/detail/versions.h"

namespace egret::rules {

const std::vector<Protocol>& known_protocols() {
    static const auto all = detail::read_all<Protocol>(embedded::protocols(), parse_protocol);
    return all;
}

Result<const Protocol*> find_protocol(std::string_view id_and_version) {
    return detail::find_version(known_protocols(), id_and_version);
}

Result<Protocol> load_protocol(std::string_view id_and_version,
                               const std::vector<Choice>& choices) {
    return detail::load_version<Protocol>(known_protocols(), embedded::protocols(), parse_protocol,
                                          id_and_version, choices);
}

}  // namespace egret::rules
