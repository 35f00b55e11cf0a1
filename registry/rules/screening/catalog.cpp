#include "registry/rules/screening/catalog.h"

#include "embedded/pathways.h"
#include "registry/rules/detail/versions.h"

namespace egret::rules {

const std::vector<Pathway>& known_pathways() {
    static const auto all = detail::read_all<Pathway>(embedded::pathways(), parse_pathway);
    return all;
}

Result<const Pathway*> find_pathway(std::string_view id_and_version) {
    return detail::find_version(known_pathways(), id_and_version);
}

Result<Pathway> load_pathway(std::string_view id_and_version, const std::vector<Choice>& choices) {
    return detail::load_version<Pathway>(known_pathways(), embedded::pathways(), parse_pathway,
                                         id_and_version, choices);
}

}  // namespace egret::rules
