// The house rules, asked of the whole tree. Each is here because a reader does not see its breach.

#include "tests/tidy/rules.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>

namespace egret::tidy {
namespace {

namespace fs = std::filesystem;

std::string read_text(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    REQUIRE_MESSAGE(in, path.string());
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

/// Every text file of ours, sorted: all but what a build or a package manager put there.
const std::vector<Source>& tree() {
    static const std::vector<Source> all = [] {
        static const std::set<std::string> foreign = {"build", ".git", "node_modules", "dist"};
        static const std::set<std::string> kinds = {".h",    ".cpp", ".cmake", ".txt",  ".md",
                                                    ".json", ".sql", ".sh",    ".cddl", ".yaml",
                                                    ".ts",   ".css", ".html",  ""};
        const fs::path root = EGRET_SOURCE_DIR;
        std::vector<Source> found;
        for (fs::recursive_directory_iterator at(root), end; at != end; ++at) {
            const auto& path = at->path();
            if (at->is_directory() && foreign.contains(path.filename().string()))
                at.disable_recursion_pending();
            if (!at->is_regular_file() || path.filename() == ".git") continue;
            if (!kinds.contains(path.extension().string())) continue;
            found.push_back({path.lexically_relative(root).generic_string(), read_text(path)});
        }
        std::sort(found.begin(), found.end(),
                  [](const Source& a, const Source& b) { return a.path < b.path; });
        return found;
    }();
    return all;
}

std::vector<Source> sources_where(const std::function<bool(const std::string&)>& wanted) {
    std::vector<Source> found;
    for (const auto& source : tree()) {
        if (wanted(source.path)) found.push_back(source);
    }
    return found;
}

bool is_cpp(const std::string& path) { return path.ends_with(".h") || path.ends_with(".cpp"); }

bool is_product(const std::string& path) {
    return path.starts_with("registry/") || path.starts_with("sync/") || path.starts_with("cli/") ||
           path.starts_with("web/");
}

std::vector<Source> cpp_sources() { return sources_where(is_cpp); }

const House& house() {
    static const auto parsed = House::parse(read_text(EGRET_BINARY_DIR "/floors.txt"));
    return parsed;
}

void check_none(const Breaches& breaches) {
    for (const auto& breach : breaches) FAIL_CHECK(breach.to_string());
}

TEST_SUITE("tidy") {
    TEST_CASE("the tree was found") {
        CHECK(cpp_sources().size() > 20);
        CHECK_FALSE(house().modules().empty());
    }

    TEST_CASE("a module includes only what it says it uses, on lower floors") {
        const auto all = cpp_sources();
        for (const auto& source : all) check_none(check_our_includes(source, house(), all));
    }

    TEST_CASE("a third-party header has one owner") {
        for (const auto& source : cpp_sources())
            check_none(check_foreign_includes(source, house()));
    }

    TEST_CASE("no file is dead") {
        std::vector<std::string> built;
        std::istringstream lines(read_text(EGRET_BINARY_DIR "/sources.txt"));
        for (std::string line; std::getline(lines, line);) built.push_back(line);
        REQUIRE(built.size() > 10);

        auto all = cpp_sources();
        // What cmake/embed.cmake writes during the build includes it.
        all.push_back({"generated.h", "#include \"registry/base/embedded.h\"\n"});
        built.emplace_back("generated.h");
        auto breaches = check_dead_files(all, built);
        std::erase_if(breaches, [](const Breach& breach) { return breach.path == "generated.h"; });
        check_none(breaches);
    }

    TEST_CASE("files are short, lines fit, headers are guarded") {
        for (const auto& source : sources_where([](const std::string& path) {
                 return is_cpp(path) || path.ends_with(".cmake") || path.ends_with(".sh") ||
                        path.ends_with("CMakeLists.txt") || path == "run";
             })) {
            check_none(check_form(source));
        }
    }

    TEST_CASE("nobody calls what has a better place") {
        for (const auto& source : cpp_sources()) {
            check_none(check_banned(source));
            check_none(check_catch_all(source));
            check_none(check_ownership(source));
        }
    }

    TEST_CASE("the project speaks of itself, and leaves nothing for later") {
        for (const auto& source : tree()) check_none(check_speech(source));
    }

    TEST_CASE("documents link to what is there, and show every module on its floor") {
        std::vector<std::string> paths;
        for (const auto& source : tree()) paths.push_back(source.path);
        for (const auto& document :
             sources_where([](const std::string& path) { return path.ends_with(".md"); })) {
            check_none(check_links(document, paths));
            if (document.path == "docs/architecture.md")
                check_none(check_floor_table(document, house()));
        }
    }

    TEST_CASE("every message is said in both languages, with the same gaps, and is used") {
        Catalog catalog;
        for (const auto& file : sources_where([](const std::string& path) {
                 return path.starts_with("schemas/messages/") && path.ends_with(".json");
             })) {
            check_none(read_messages(file, catalog));
        }
        check_none(check_messages(catalog, sources_where([](const std::string& path) {
                                      return is_cpp(path) && is_product(path);
                                  })));
    }
}

}  // namespace
}  // namespace egret::tidy
