#include "cli/console/labels.h"

#include "cli/console/catalog.h"
#include "cli/console/code_label_ids.h"
#include "cli/console/label_ids.h"
#include "registry/base/text.h"
#include "registry/rules/vaccine.h"

#include <algorithm>
#include <iterator>

namespace egret::console {
namespace {

bool is_label(const std::string& id) {
    return std::binary_search(std::begin(label_ids), std::end(label_ids), id) ||
           std::binary_search(std::begin(code_label_ids), std::end(code_label_ids), id);
}

std::string label(const std::string& id, std::string_view otherwise, Language language) {
    return is_label(id) ? text(id, language) : std::string(otherwise);
}

std::string code_id(std::string_view list, std::string_view code) {
    return std::string("code.").append(list).append(".").append(code);
}

}  // namespace

std::string kind_label(std::string_view type, Language language) {
    return label(std::string("kind.").append(type), type, language);
}

std::string member_label(std::string_view member, Language language) {
    return label(std::string("member.").append(member), member, language);
}

std::optional<std::string> find_field_label(std::string_view name, Language language) {
    for (const auto& id : {std::string("member.").append(name), code_id("identifier_kind", name)}) {
        if (is_label(id)) return text(id, language);
    }
    return std::nullopt;
}

std::string code_label(std::string_view list, std::string_view code, Language language) {
    return label(code_id(list, code), code, language);
}

std::string loop_action_label(std::string_view action, Language language) {
    if (action == "inform") return text("due.action.inform", language);
    if (action == "confirm") return text("due.action.confirm", language);
    if (action == "referral_feedback") return text("due.action.feedback", language);
    if (action == "result") return text("due.action.result", language);
    if (action == "repeat_specimen") return text("due.action.new_specimen", language);
    return code_label("screening_action", action, language);
}

std::string vaccine_title(const std::string& code, Language language) {
    const auto* vaccine = rules::find_vaccine(code);
    if (!vaccine) return code;
    return language == Language::zh ? vaccine->title.zh : vaccine->title.en;
}

std::string vaccine_name(const std::string& code, Language language) {
    auto title = vaccine_title(code, language);
    const auto* vaccine = rules::find_vaccine(code);
    if (vaccine && !vaccine->maker.empty())
        title.resize(std::min(title.find(language == Language::zh ? "（" : " ("), title.size()));
    return title;
}

std::optional<std::string> find_meant_code(std::string_view list,
                                           const std::vector<std::string>& codes,
                                           std::string_view typed) {
    const auto lower = to_lower(typed);
    for (const auto& code : codes) {
        if (code == typed) return code;
    }
    for (const auto& code : codes) {
        if (to_lower(code) == lower) return code;
    }
    for (const auto& code : codes) {
        for (const auto language : {Language::zh, Language::en}) {
            if (to_lower(code_label(list, code, language)) == lower) return code;
        }
    }
    return std::nullopt;
}

}  // namespace egret::console
