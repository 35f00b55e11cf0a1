#include "registry/rules/screening/catalog.h"

#include "embedded/pathways.h"
#include "registry/base/ensure.h"
#include "registry/rules/detail/versions.h"

#include <algorithm>

namespace egret::rules {

const std::vector<Pathway>& known_pathways() {
    static const auto pathways = [] {
        std::vector<Pathway> all;
        for (const auto& file : embedded::pathways()) {
            auto pathway = parse_pathway(file.content);
            EGRET_ENSURE(pathway);  // A test reads each of them.
            all.push_back(*std::move(pathway));
        }
        std::sort(all.begin(), all.end(), detail::stands_before<Pathway>);
        return all;
    }();
    return pathways;
}

Result<const Pathway*> find_pathway(std::string_view id_and_version) {
    return detail::find_version(known_pathways(), id_and_version);
}

Result<Pathway> load_pathway(std::string_view id_and_version, const std::vector<Choice>& choices) {
    const auto wanted = find_pathway(id_and_version);
    if (!wanted) return wanted.error();
    if (choices.empty()) return **wanted;
    for (const auto& file : embedded::pathways()) {
        auto pathway = parse_pathway(file.content, choices);
        // A file of another pathway may not have the parameters.
        if (pathway && pathway->id == (*wanted)->id && pathway->version == (*wanted)->version)
            return pathway;
    }
    return Error{ErrorCode::invalid_input, "choices", msg("rules.choice_does_not_fit")};
}

}  // namespace egret::rules
