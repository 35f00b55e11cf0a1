#include "sync/http/route.h"

#include "registry/base/ensure.h"

namespace egret::http {

Routes& Routes::add(std::string_view method, std::string_view path, Handler& handler) {
    const bool added = by_path_[std::string(path)].emplace(method, &handler).second;
    EGRET_ENSURE(added);
    return *this;
}

Routes::Found Routes::find(std::string_view method, std::string_view path) const {
    const auto entry = by_path_.find(path);
    if (entry == by_path_.end()) return {nullptr, ""};
    const auto found = entry->second.find(method == "HEAD" ? "GET" : method);
    if (found != entry->second.end()) return {found->second, ""};
    std::string allowed;
    for (const auto& [name, handler] : entry->second) {
        allowed.append(allowed.empty() ? "" : ", ").append(name);
        if (name == "GET") allowed.append(", HEAD");
    }
    return {nullptr, allowed};
}

}  // namespace egret::http
