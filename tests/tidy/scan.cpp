#include "tests/tidy/rules.h"

#include <algorithm>
#include <cctype>

namespace egret::tidy {
namespace {

bool is_word_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// Walks over C++ text piece by piece and blanks what isn't wanted.
class Blanker {
public:
    Blanker(std::string_view text, Keep keep) : text_(text), keep_(keep), out_(text) {}

    std::string run() {
        while (at_ < text_.size()) step();
        return std::move(out_);
    }

private:
    bool starts(std::string_view with) const { return text_.substr(at_).starts_with(with); }

    void step() {
        if (starts("//")) {
            take(text_.find('\n', at_), keep_ == Keep::comments);
        } else if (starts("/*")) {
            const auto end = text_.find("*/", at_ + 2);
            take(end == std::string_view::npos ? end : end + 2, keep_ == Keep::comments);
        } else if (starts("R\"") && (at_ == 0 || !is_word_char(text_[at_ - 1]))) {
            take(raw_end(), keep_ == Keep::code_and_strings);
        } else if (text_[at_] == '"' || (text_[at_] == '\'' && !is_digit_separator())) {
            take(quoted_end(text_[at_]), keep_ == Keep::code_and_strings);
        } else {
            take(at_ + 1, keep_ != Keep::comments);
        }
    }

    bool is_digit_separator() const {
        return at_ > 0 && std::isxdigit(static_cast<unsigned char>(text_[at_ - 1])) != 0 &&
               at_ + 1 < text_.size() &&
               std::isxdigit(static_cast<unsigned char>(text_[at_ + 1])) != 0 &&
               text_.substr(at_ + 2, 1) != "'";
    }

    std::size_t raw_end() const {
        const auto open = text_.find('(', at_);
        if (open == std::string_view::npos) return text_.size();
        const auto closing = ")" + std::string(text_.substr(at_ + 2, open - at_ - 2)) + "\"";
        const auto end = text_.find(closing, open);
        return end == std::string_view::npos ? end : end + closing.size();
    }

    std::size_t quoted_end(char quote) const {
        for (auto i = at_ + 1; i < text_.size(); ++i) {
            if (text_[i] == '\\') {
                ++i;
            } else if (text_[i] == quote || text_[i] == '\n') {
                return i + 1;
            }
        }
        return text_.size();
    }

    void take(std::size_t end, bool wanted) {
        end = std::min(end, text_.size());
        for (; at_ < end; ++at_) {
            if (!wanted && text_[at_] != '\n') out_[at_] = ' ';
        }
    }

    std::string_view text_;
    Keep keep_;
    std::string out_;
    std::size_t at_ = 0;
};

}  // namespace

std::string Breach::to_string() const {
    return path + (line > 0 ? ":" + std::to_string(line) : "") + ": " + what;
}

std::string blank_except(std::string_view text, Keep keep) { return Blanker(text, keep).run(); }

std::vector<Include> includes_of(std::string_view text) {
    const auto code = blank_except(text, Keep::code_and_strings);
    std::vector<Include> found;
    int line = 0;
    for (std::size_t begin = 0; begin < code.size();) {
        const auto end = std::min(code.find('\n', begin), code.size());
        const std::string_view row(code.data() + begin, end - begin);
        ++line;
        begin = end + 1;
        const auto hash = row.find_first_not_of(" \t");
        if (hash == std::string_view::npos || row[hash] != '#') continue;
        const auto word = row.find_first_not_of(" \t", hash + 1);
        if (word == std::string_view::npos || !row.substr(word).starts_with("include")) continue;
        const auto open = row.find_first_of("\"<", word);
        if (open == std::string_view::npos) continue;
        const auto close = row.find(row[open] == '"' ? '"' : '>', open + 1);
        if (close == std::string_view::npos) continue;
        found.push_back(
            {line, row[open] == '"', std::string(row.substr(open + 1, close - open - 1))});
    }
    return found;
}

int line_of(std::string_view text, std::size_t position) {
    const auto before = text.substr(0, position);
    return static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1;
}

std::vector<std::size_t> find_words(std::string_view text, std::string_view word) {
    std::vector<std::size_t> found;
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        const auto end = at + word.size();
        if (at > 0 && is_word_char(text[at - 1])) continue;
        if (end < text.size() && is_word_char(text[end]) && is_word_char(word.back())) continue;
        found.push_back(at);
    }
    return found;
}

}  // namespace egret::tidy
