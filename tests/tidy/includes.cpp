#include "tests/tidy/rules.h"

#include <algorithm>
#include <array>
#include <set>
#include <sstream>

namespace egret::tidy {
namespace {

constexpr std::array our_tops = {"registry/", "sync/", "cli/", "web/", "tests/", "bench/"};

bool starts_with_any(std::string_view text, const std::vector<std::string>& beginnings) {
    return std::any_of(beginnings.begin(), beginnings.end(),
                       [&](const std::string& beginning) { return text.starts_with(beginning); });
}

bool is_product(std::string_view path) {
    return starts_with_any(path, {"registry/", "sync/", "cli/", "web/"});
}

std::string folder_of(std::string_view path) {
    return std::string(path.substr(0, path.rfind('/') + 1));
}

/// Who may include a third-party header. Everybody else goes through that module. The first prefix
/// that fits decides.
struct Owned {
    std::string header;               // The beginning of its path.
    std::vector<std::string> owners;  // Folders.
};

const std::vector<Owned>& owned_headers() {
    static const std::vector<Owned> all = {
        {"sqlite3", {"registry/sqlite/", "registry/vault/"}},
        // Poco 1.11 has no call for a verification time: its owner sets it on the raw context.
        {"openssl/ssl.h", {"registry/crypto/", "sync/http/"}},
        {"openssl/x509", {"registry/crypto/", "sync/http/"}},
        {"openssl/", {"registry/crypto/"}},
        {"zstd.h", {"registry/zstd/"}},
        {"zdict.h", {"registry/zstd/"}},
        {"zlib.h", {"registry/deflate/"}},
        {"qrencode.h", {"registry/qr/"}},
        {"unicode/", {"registry/icu/"}},
        // For the patterns of JSON schemas; the product parses by hand.
        {"regex.h", {"tests/support/"}},
        {"nlohmann/", {"registry/json/"}},
        {"CLI/", {"cli/console/"}},
        {"Poco/Net/", {"sync/http/", "sync/client/", "sync/server/"}},
        {"Poco/Util/", {"sync/http/", "sync/client/", "sync/server/", "sync/daemon/", "cli/"}},
        {"Poco/Process", {"sync/daemon/", "cli/"}},
        {"Poco/SAX/", {"registry/sheet/"}},
        {"Poco/Exception.h", {"registry/sheet/", "sync/http/", "sync/client/", "sync/server/"}},
        {"Poco/", {"sync/http/", "sync/client/", "sync/server/"}},
        {"doctest/", {}},
        {"rapidcheck", {}},
        {"benchmark/", {}},
    };
    return all;
}

/// The C++20 library; a C header only under its C++ name.
constexpr std::string_view std_headers = R"(
    algorithm any array atomic barrier bit bitset cassert cctype cerrno cfenv charconv chrono
    cinttypes climits cmath compare complex concepts condition_variable coroutine csetjmp csignal
    cstdarg cstddef cstdint cstdio cstdlib cstring ctime cwchar deque exception execution
    filesystem forward_list fstream functional future initializer_list iomanip ios iosfwd iostream
    istream iterator latch limits list locale map memory memory_resource mutex new numbers numeric
    optional ostream queue random ranges ratio scoped_allocator semaphore set shared_mutex
    source_location span sstream stack stdexcept stop_token streambuf string string_view
    syncstream system_error thread tuple type_traits typeindex typeinfo unordered_map
    unordered_set utility valarray variant vector version
)";

bool is_std(std::string_view header) { return !find_words(std_headers, header).empty(); }

/// What the operating system gives: free to every module but those that may use std alone.
bool is_system(std::string_view header) {
    static const std::set<std::string, std::less<>> plain = {
        "dirent.h", "fcntl.h",  "grp.h",   "ifaddrs.h", "netdb.h",   "poll.h",   "pthread.h",
        "pwd.h",    "signal.h", "spawn.h", "syslog.h",  "termios.h", "unistd.h",
    };
    return header.starts_with("sys/") || header.starts_with("linux/") ||
           header.starts_with("netinet/") || header.starts_with("arpa/") ||
           header.starts_with("net/") || plain.contains(header);
}

/// Modules that a doctor can read: std, and ours on lower floors.
bool is_std_only(std::string_view path) {
    return starts_with_any(
        path, {"registry/base/", "registry/domain/", "registry/rules/", "registry/coverage/"});
}

}  // namespace

House House::parse(std::string_view floors) {
    House house;
    std::istringstream lines{std::string(floors)};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        Module module;
        std::string uses;
        if (!(words >> module.folder >> module.floor >> module.name)) continue;
        words >> uses;
        std::istringstream names(uses);
        for (std::string name; std::getline(names, name, ',');) module.uses.push_back(name);
        house.modules_.push_back(std::move(module));
    }
    return house;
}

const Module* House::find(std::string_view path) const {
    const Module* found = nullptr;
    for (const auto& module : modules_) {
        if (path.starts_with(module.folder + "/") &&
            (found == nullptr || module.folder.size() > found->folder.size())) {
            found = &module;
        }
    }
    return found;
}

bool House::reaches(const Module& user, const Module& used) const {
    std::vector<const Module*> open = {&user};
    std::set<const Module*> seen;
    while (!open.empty()) {
        const auto* module = open.back();
        open.pop_back();
        if (!seen.insert(module).second) continue;
        for (const auto& name : module->uses) {
            if (name == used.name) return true;
            for (const auto& next : modules_) {
                if (next.name == name) open.push_back(&next);
            }
        }
    }
    return false;
}

Breaches check_our_includes(const Source& source, const House& house,
                            const std::vector<Source>& all) {
    Breaches found;
    const auto* user = house.find(source.path);
    if (is_product(source.path) && user == nullptr &&
        !starts_with_any(source.path, {"cli/", "sync/daemon/"})) {
        found.push_back({source.path, 0, "belongs to no egret_module()"});
    }
    for (const auto& include : includes_of(source.text)) {
        const auto add = [&](std::string what) {
            found.push_back({source.path, include.line, std::move(what)});
        };
        if (!include.quoted || include.path.starts_with("embedded/")) continue;
        const auto is_there = std::any_of(all.begin(), all.end(), [&](const Source& other) {
            return other.path == include.path;
        });
        if (!is_there || std::none_of(our_tops.begin(), our_tops.end(), [&](const char* top) {
                return include.path.starts_with(top);
            })) {
            add("includes \"" + include.path + "\", which is no path from the root");
            continue;
        }
        if (const auto detail = include.path.find("/detail/"); detail != std::string::npos) {
            if (!source.path.starts_with(include.path.substr(0, detail + 1)))
                add("includes the inside of another module: " + include.path);
        }
        if (!is_product(source.path)) continue;
        if (!is_product(include.path)) {
            add("includes a test: " + include.path);
            continue;
        }
        const auto* used = house.find(include.path);
        if (used == nullptr || used == user || user == nullptr) continue;
        if (used->floor >= user->floor) {
            add("is on floor " + std::to_string(user->floor) + " and includes " + include.path +
                " on floor " + std::to_string(used->floor));
        } else if (!house.reaches(*user, *used)) {
            add("includes " + include.path + ", but " + user->name + " does not use " + used->name);
        }
    }
    return found;
}

Breaches check_foreign_includes(const Source& source, const House& house) {
    Breaches found;
    const auto is_header = source.path.ends_with(".h");
    for (const auto& include : includes_of(source.text)) {
        if (include.quoted || is_std(include.path)) continue;
        const auto add = [&](const std::string& what) {
            found.push_back(
                {source.path, include.line, "includes <" + include.path + ">: " + what});
        };
        if (is_std_only(source.path)) {
            add("only std may be used here");
            continue;
        }
        if (is_system(include.path)) continue;
        const auto& all = owned_headers();
        const auto owned = std::find_if(all.begin(), all.end(), [&](const Owned& candidate) {
            return include.path.starts_with(candidate.header);
        });
        if (owned == all.end()) {
            add("a header without an owner (tests/tidy/includes.cpp lists them)");
            continue;
        }
        if (!is_product(source.path)) continue;
        const auto* module = house.find(source.path);
        const auto folder = module != nullptr ? module->folder + "/" : folder_of(source.path);
        if (std::find(owned->owners.begin(), owned->owners.end(), folder) == owned->owners.end()) {
            add("that is its owner's alone");
        } else if (is_header && include.path != "nlohmann/json_fwd.hpp") {
            add("third-party headers belong into .cpp files");
        }
    }
    return found;
}

Breaches check_dead_files(const std::vector<Source>& all, const std::vector<std::string>& built) {
    Breaches found;
    std::set<std::string> included;
    for (const auto& source : all) {
        for (const auto& include : includes_of(source.text)) included.insert(include.path);
    }
    for (const auto& source : all) {
        if (source.path.ends_with(".cpp") &&
            std::find(built.begin(), built.end(), source.path) == built.end()) {
            found.push_back({source.path, 0, "no target builds this file"});
        }
        if (source.path.ends_with(".h") && !included.contains(source.path))
            found.push_back({source.path, 0, "nobody includes this header"});
    }
    return found;
}

}  // namespace egret::tidy
