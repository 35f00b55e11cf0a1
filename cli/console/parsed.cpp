#include "cli/console/parsed.h"

#include "registry/base/ensure.h"
#include "registry/base/text.h"

#include <algorithm>
#include <charconv>

namespace egret::console {
namespace {

bool is_in_table(const CommandPath& path, std::string_view name) {
    static constexpr std::string_view common[] = {"lang", "json", "quiet", "help", "version"};
    if (std::find(std::begin(common), std::end(common), name) != std::end(common)) return true;
    const auto named = [&](const auto& spec) { return spec.name == name; };
    const auto& command = *path.back();
    return std::any_of(command.positionals.begin(), command.positionals.end(), named) ||
           std::any_of(path.begin(), path.end(), [&](const CommandSpec* spec) {
               return std::any_of(spec->options.begin(), spec->options.end(), named);
           });
}

}  // namespace

Parsed::Parsed(CommandPath path,
               std::map<std::string, std::vector<std::string>, std::less<>> values,
               std::vector<FieldWord> fields)
    : path_(std::move(path)), values_(std::move(values)), fields_(std::move(fields)) {}

std::string Parsed::command() const {
    std::string names;
    for (const auto* spec : path_) {
        if (spec == path_.front()) continue;
        names.append(names.empty() ? "" : " ").append(spec->name);
    }
    return names;
}

const std::vector<std::string>* Parsed::find_values(std::string_view name) const {
    EGRET_ENSURE(is_in_table(path_, name));
    const auto found = values_.find(name);
    return found == values_.end() ? nullptr : &found->second;
}

std::string Parsed::first_word() const {
    const auto& positionals = path_.back()->positionals;
    if (positionals.empty() || positionals.front().takes_fields()) return {};
    const auto found = values_.find(positionals.front().name);
    return found == values_.end() || found->second.empty() ? "" : found->second.front();
}

bool Parsed::has(std::string_view name) const { return find_values(name) != nullptr; }

const std::string& Parsed::value(std::string_view name) const {
    const auto* values = find_values(name);
    EGRET_ENSURE(values != nullptr);
    return values->front();
}

std::optional<std::string> Parsed::find(std::string_view name) const {
    const auto* values = find_values(name);
    if (values == nullptr) return std::nullopt;
    return values->front();
}

std::optional<std::int64_t> Parsed::find_number(std::string_view name) const {
    const auto* values = find_values(name);
    if (values == nullptr) return std::nullopt;
    const auto& digits = values->front();
    std::int64_t number = 0;
    EGRET_ENSURE(std::from_chars(digits.data(), digits.data() + digits.size(), number).ec ==
                 std::errc{});
    return number;
}

std::optional<Date> Parsed::find_day(std::string_view name) const {
    const auto* values = find_values(name);
    if (values == nullptr) return std::nullopt;
    return *Date::parse(values->front());
}

std::vector<std::string> Parsed::list(std::string_view name) const {
    std::vector<std::string> items;
    const auto* values = find_values(name);
    if (values == nullptr) return items;
    for (const auto& value : *values) {
        for (const auto item : split(value, ',')) {
            if (!trim(item).empty()) items.emplace_back(trim(item));
        }
    }
    return items;
}

}  // namespace egret::console
