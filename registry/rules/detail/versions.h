#pragma once

#include "registry/base/ensure.h"
#include "registry/base/find_by_id.h"
#include "registry/base/result.h"
#include "registry/base/text.h"
#include "registry/rules/protocol.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace egret::rules::detail {

/// "4.64" comes after "4.8": versions are numbers between dots, and the text after them.
std::vector<long> version_key(const std::string& version);

/// By id, the newest version of each first.
template <class Definition>
bool stands_before(const Definition& a, const Definition& b) {
    if (a.id != b.id) return a.id < b.id;
    const auto a_key = version_key(a.version);
    const auto b_key = version_key(b.version);
    return a_key != b_key ? a_key > b_key : a.version > b.version;
}

/// All definitions that the program carries, sorted so. A test reads each of the files.
template <class Definition, class Files>
std::vector<Definition> read_all(const Files& files,
                                 Result<Definition> (*parse)(std::string_view text,
                                                             const std::vector<Choice>& choices)) {
    std::vector<Definition> all;
    for (const auto& file : files) {
        auto definition = parse(file.content, {});
        EGRET_ENSURE(definition);
        all.push_back(*std::move(definition));
    }
    std::sort(all.begin(), all.end(), stands_before<Definition>);
    return all;
}

/// "us-cdsi-hpv" is the newest version of it, "us-cdsi-hpv@4.60" that one; `all` by stands_before.
/// Errors: not_found, with the id that was probably meant, or with the versions that there are.
template <class Definition>
Result<const Definition*> find_version(const std::vector<Definition>& all,
                                       std::string_view id_and_version) {
    const auto at = id_and_version.find('@');
    const auto id = id_and_version.substr(0, at);
    const auto newest = find_by_id(all, id);
    if (newest.meant) {
        return Error{ErrorCode::not_found, "protocol",
                     msg("rules.unknown_protocol_meant", {{"meant", *newest.meant}})};
    }
    if (!newest.item) return Error{ErrorCode::not_found, "protocol", msg("rules.unknown_protocol")};
    if (at == std::string_view::npos) return newest.item;
    const auto version = id_and_version.substr(at + 1);
    std::string versions;
    for (const auto& one : all) {
        if (one.id != id) continue;
        if (one.version == version) return &one;
        versions += (versions.empty() ? "" : ", ") + one.version;
    }
    return Error{ErrorCode::not_found, "protocol",
                 msg("rules.unknown_version", {{"versions", versions}})};
}

/// One of them with a programme's choices.
/// Errors: those of find_version and of `parse`.
template <class Definition, class Files>
Result<Definition> load_version(const std::vector<Definition>& all, const Files& files,
                                Result<Definition> (*parse)(std::string_view text,
                                                            const std::vector<Choice>& choices),
                                std::string_view id_and_version,
                                const std::vector<Choice>& choices) {
    const auto wanted = find_version(all, id_and_version);
    if (!wanted) return wanted.error();
    if (choices.empty()) return **wanted;
    for (const auto& file : files) {
        auto definition = parse(file.content, choices);
        // A file of another definition may not have the parameters.
        if (definition && definition->id == (*wanted)->id &&
            definition->version == (*wanted)->version)
            return definition;
    }
    return Error{ErrorCode::invalid_input, "choices", msg("rules.choice_does_not_fit")};
}

}  // namespace egret::rules::detail
