#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// The house rules that a tool can hold, as pure functions over the text of the sources: tidy_test
/// asks them of the tree, rules_test of small bad examples.
namespace egret::tidy {

/// A file of ours: its path from the root, with '/', and its text.
struct Source {
    std::string path;
    std::string text;
};

struct Breach {
    std::string path;
    int line;  // From 1; 0 for the file as a whole.
    std::string what;

    /// "registry/base/date.cpp:12: what is wrong".
    std::string to_string() const;

    friend bool operator==(const Breach&, const Breach&) = default;
};

using Breaches = std::vector<Breach>;

// ---- Text (scan.cpp) ----

enum class Keep { code, code_and_strings, comments };

/// `text` with everything but what is kept made blank: every line and column stays where it was.
/// Understands // and /* */, quotes, raw strings and digit separators.
std::string blank_except(std::string_view text, Keep keep);

struct Include {
    int line;
    bool quoted;       // "…", not <…>
    std::string path;  // Without quotes or brackets.
};

std::vector<Include> includes_of(std::string_view text);

/// The line, from 1, of a position.
int line_of(std::string_view text, std::size_t position);

/// Positions of `word` where no letter, digit or underscore stands directly before or after it.
std::vector<std::size_t> find_words(std::string_view text, std::string_view word);

// ---- Who may include what (includes.cpp) ----

struct Module {
    std::string folder;
    int floor = 0;
    std::string name;
    std::vector<std::string> uses;
};

/// All modules as egret_module() has written them down.
class House {
public:
    /// Lines of "folder floor name use,use,…".
    static House parse(std::string_view floors);

    /// The module whose folder is the longest that holds `path`, or none.
    const Module* find(std::string_view path) const;
    /// Whether `user` names `used`, or something that it uses names it, and so on.
    bool reaches(const Module& user, const Module& used) const;

    const std::vector<Module>& modules() const noexcept { return modules_; }

private:
    std::vector<Module> modules_;
};

/// Ours: only modules that this one uses, on lower floors; no other folder's detail/; every path
/// from the root and to a file that is there (`all`, or generated).
Breaches check_our_includes(const Source& source, const House& house,
                            const std::vector<Source>& all);
/// Third-party headers only in their owner, there only in .cpp files; std alone where only std may
/// be.
Breaches check_foreign_includes(const Source& source, const House& house);
/// A .cpp that no target builds, a header that nobody includes.
Breaches check_dead_files(const std::vector<Source>& all, const std::vector<std::string>& built);

// ---- What a file may say (banned.cpp) ----

/// At most 500 lines of at most 100 code points; a header starts with #pragma once.
Breaches check_form(const Source& source);
/// Calls and words that have a better place or none.
Breaches check_banned(const Source& source);
/// A catch (...) that neither throws on nor ends the program, nor stands at the edge to C.
Breaches check_catch_all(const Source& source);
/// A bare new or delete; the hand-over to Poco says so beside it.
Breaches check_ownership(const Source& source);
/// Paths and names of the places where somebody happened to work, and work left for later.
Breaches check_speech(const Source& source);

/// A link of a Markdown file, from its folder, to a file or folder that is not there. `paths` are
/// all files of the tree.
Breaches check_links(const Source& document, const std::vector<std::string>& paths);
/// A module that docs/architecture.md does not show in its row: | floor | `folder/` |.
Breaches check_floor_table(const Source& document, const House& house);

// ---- Messages (catalog.cpp) ----

struct Text {
    std::string file;
    std::string en;
    std::string zh;
};

using Catalog = std::map<std::string, Text>;

/// Adds the entries of one file of schemas/messages. A breach: not {"id": {"en", "zh"}}, or an id
/// that is there already, in this file or another.
Breaches read_messages(const Source& file, Catalog& catalog);

/// One use of a message: msg("id", {{"argument", …}}).
struct MessageUse {
    std::string path;
    int line;
    std::string id;
    bool arguments_known;  // Written out on the spot, not passed from elsewhere.
    std::vector<std::string> arguments;
};

std::vector<MessageUse> message_uses(const Source& source);

/// Both languages with the same gaps; every use has an entry and fills its gaps; every entry is
/// used; what is said with msg() is a sentence that ends as one.
Breaches check_messages(const Catalog& catalog, const std::vector<Source>& sources);

}  // namespace egret::tidy
