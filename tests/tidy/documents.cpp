#include "tests/tidy/rules.h"

#include <algorithm>
#include <filesystem>

namespace egret::tidy {

Breaches check_links(const Source& document, const std::vector<std::string>& paths) {
    Breaches found;
    const std::string_view text = document.text;
    const auto folder = std::filesystem::path(document.path).parent_path();
    for (auto at = text.find("]("); at != std::string_view::npos; at = text.find("](", at + 1)) {
        const auto end = text.find(')', at);
        if (end == std::string_view::npos) break;
        auto target = text.substr(at + 2, end - at - 2);
        target = target.substr(0, target.find('#'));
        if (target.empty() || target.find("://") != std::string_view::npos) continue;
        auto path = (folder / target).lexically_normal().generic_string();
        const auto is_there =
            std::any_of(paths.begin(), paths.end(), [&](const std::string& known) {
                return known == path || known.starts_with(path.ends_with("/") ? path : path + "/");
            });
        if (!is_there)
            found.push_back(
                {document.path, line_of(text, at), "links to " + path + ", which is not there"});
    }
    return found;
}

Breaches check_floor_table(const Source& document, const House& house) {
    Breaches found;
    for (const auto& module : house.modules()) {
        const auto row = "| " + std::to_string(module.floor) + " | `" + module.folder + "/` |";
        if (document.text.find(row) == std::string::npos)
            found.push_back({document.path, 0, "has no row \"" + row + " …\""});
    }
    return found;
}

}  // namespace egret::tidy
