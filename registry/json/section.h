#pragma once

#include "registry/base/result.h"
#include "registry/json/value.h"

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace egret::json {

/// One object of a file of definitions (an indicator, a protocol), with its path in the file.
///
/// All sections of a file share one place for the first error; whoever reads goes on with empty
/// values and asks that place at the end. So a reader is a list of what the file holds, without a
/// question after every line. The value and the place must outlive the section.
class Section {
public:
    /// Refuses a missing value and one that is no object.
    Section(const Value* value, std::string path, std::optional<Error>& error);

    /// Refuses a member that is none of `names`: a misspelt one would be passed over in silence.
    void only(std::initializer_list<std::string_view> names);

    /// The names of its members, in their order.
    std::vector<std::string> names() const;

    /// Null if it is missing, or null in the file.
    const Value* find(std::string_view name) const;
    /// True also for a null.
    bool has(std::string_view name) const;

    // For all that follow a null in the file is a value of the wrong kind.

    /// A text that is not empty.
    std::string text(std::string_view name);
    std::optional<std::string> optional_text(std::string_view name);
    std::optional<bool> optional_truth(std::string_view name);
    /// A whole number in [0, most].
    int count(std::string_view name, int most);
    std::optional<int> optional_count(std::string_view name, int most);
    /// At least one text, each of a list of codes.
    std::vector<std::string> codes(std::string_view name,
                                   const std::function<bool(std::string_view)>& is_code);

    Section section(std::string_view name);
    /// The objects of a list; none if it is missing.
    std::vector<Section> sections(std::string_view name);

    void refuse(std::string_view name, Message message);
    std::string path_to(std::string_view name) const;

    const std::string& path() const noexcept { return path_; }

    bool failed() const noexcept { return error_->has_value(); }

    std::optional<Error>& error() noexcept { return *error_; }

private:
    const Value* find_any(std::string_view name) const;

    const Value* value_;
    std::string path_;
    std::optional<Error>* error_;
};

}  // namespace egret::json
