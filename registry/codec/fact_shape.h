#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace egret::codec {

/// What a member holds, for whoever turns typed text into facts or describes them to people.
struct MemberShape {
    enum class Kind { text, integer, truth, date, partial_date, code, id, object, fact };

    std::string name;
    std::string owner;  // The kind of fact that it is of; "" for what all have, and inside groups.
    Kind kind = Kind::text;
    bool is_list = false;
    bool is_required = false;
    std::string list_name;             // Of a code list, else "".
    std::vector<std::string> codes;    // Its codes.
    std::vector<MemberShape> members;  // Of an object.
};

/// The names of all types that can be recorded, in the order of their numbers.
const std::vector<std::string>& fact_type_names();

/// The members of a type beside `type`: first what every fact has, then its own. Empty if there is
/// no such type.
std::optional<std::vector<MemberShape>> fact_shape(std::string_view type_name);

/// The same without what no person says, but the machine says of her.
std::optional<std::vector<MemberShape>> entered_shape(std::string_view type_name);

}  // namespace egret::codec
