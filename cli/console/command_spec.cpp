#include "cli/console/command_spec.h"

namespace egret::console {
namespace {

void collect_names(const CommandSpec& spec, const std::string& outer,
                   std::vector<std::string>& names) {
    for (const auto& sub : spec.subcommands) {
        const auto name = outer + std::string(sub.name);
        if (sub.acts) names.push_back(name);
        collect_names(sub, name + " ", names);
    }
}

}  // namespace

std::string path_text(const CommandPath& path) {
    std::string names;
    for (const auto* spec : path) names.append(names.empty() ? "" : " ").append(spec->name);
    return names;
}

std::vector<std::string> command_names(const CommandSpec& program) {
    std::vector<std::string> names;
    collect_names(program, "", names);
    return names;
}

}  // namespace egret::console
