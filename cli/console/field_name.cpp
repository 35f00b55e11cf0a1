#include "cli/console/field_name.h"

#include "cli/console/labels.h"
#include "registry/base/text.h"

#include <string_view>

namespace egret::console {
namespace {

/// One step of a path: "events[2]" is a name and a place in a list.
struct Step {
    std::string_view name;
    std::string number;  // From 1 up; "" outside of lists.
};

Step step_of(std::string_view text) {
    const auto open = text.find('[');
    if (open == std::string_view::npos) return {text, ""};
    const auto digits = text.substr(open + 1, text.find(']') - open - 1);
    if (digits.empty() || digits.size() > 6 || !is_digits(digits)) return {text, ""};
    return {text.substr(0, open), std::to_string(std::stoul(std::string(digits)) + 1)};
}

std::string_view group_of(const Message& message) {
    return std::string_view(message.id).substr(0, message.id.find('.'));
}

/// The sentence is about the words of the command, so its word is shown as it was typed.
bool is_about_words(const Message& message) {
    const auto group = group_of(message);
    return group == "field" || group == "usage";
}

/// Members that only hold what their group is: names[0].text is the name.
bool is_content_of_group(std::string_view name) {
    return name == "text" || name == "value" || name == "use" || name == "kind";
}

}  // namespace

std::string field_name(const Error& error, Language language) {
    const std::string_view path = error.field;
    if (path.starts_with("--") || is_about_words(error.message)) return error.field;
    std::string shown;
    std::string_view last;
    for (const auto text : split(path, '.')) {
        const auto step = step_of(text);
        last = step.name;
        if (!shown.empty() && is_content_of_group(step.name)) continue;
        const auto label = find_field_label(step.name, language);
        if (!label) continue;  // Nobody's field: a part of a message, say.
        shown.append(shown.empty() ? "" : " ").append(*label);
        if (!step.number.empty()) shown.append(" ").append(step.number);
    }
    // "area.shape" is a sentence about areas. There are several dates, so theirs is always named.
    const bool is_said = last == path && last == group_of(error.message) && last != "date";
    return is_said ? "" : shown;
}

}  // namespace egret::console
