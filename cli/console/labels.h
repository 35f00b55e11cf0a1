#pragma once

#include "registry/domain/codes.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What people read in place of the names and codes of facts: "HPV 检测" for hpv_test. What has no
/// label is its own: "NILM", "16".
namespace egret::console {

/// Of a kind of fact: "dose".
std::string kind_label(std::string_view type, Language language);

/// Of a member: "birth_date".
std::string member_label(std::string_view member, Language language);

/// Of a member, or of a kind of number ("resident_id") where that stands for the field. Empty if
/// there is no such field.
std::optional<std::string> find_field_label(std::string_view name, Language language);

/// Of a code in its list: "sex", "female". Conditions are the list "flag", true and false "truth".
std::string code_label(std::string_view list, std::string_view code, Language language);

/// Of what is owed to a woman: an action of a pathway, or what the programme itself asks for.
std::string loop_action_label(std::string_view action, Language language);

/// What the catalog of vaccines calls one; a code that it doesn't have is shown as it is.
std::string vaccine_title(const std::string& code, Language language);

/// What people call a product, in a sentence: its title without what stands in brackets. Of a code
/// that stands for several the whole title.
std::string vaccine_name(const std::string& code, Language language);

/// The code of the list that was meant: as written, in other letters (asc-us), or by its label in
/// either language (阳性).
std::optional<std::string> find_meant_code(std::string_view list,
                                           const std::vector<std::string>& codes,
                                           std::string_view typed);

}  // namespace egret::console
