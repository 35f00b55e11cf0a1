#include "cli/console/answer_form.h"

#include <string>

namespace egret::console {

Result<Done> check_one_form(const Parsed& parsed, std::initializer_list<std::string_view> forms) {
    std::string given;
    for (const auto form : forms) {
        if (!parsed.has(form)) continue;
        const auto option = "--" + std::string(form);
        if (!given.empty()) {
            return Error{ErrorCode::invalid_input, given,
                         msg("cli.two_forms", {{"one", given}, {"other", option}})};
        }
        given = option;
    }
    return Done{};
}

}  // namespace egret::console
