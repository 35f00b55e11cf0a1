#include "registry/json/parse.h"
#include "registry/rules/detail/eligibility_file.h"
#include "registry/rules/detail/protocol_check.h"
#include "registry/rules/detail/protocol_head.h"
#include "registry/rules/detail/schedule_file.h"
#include "registry/rules/protocol.h"

namespace egret::rules {

using detail::DefinitionReader;
using json::Section;

Result<Protocol> parse_protocol(std::string_view text, const std::vector<Choice>& choices) {
    const auto document = json::parse(text);
    if (!document) return document.error();
    std::optional<Error> error;
    Section file(&*document, "", error);
    file.only({"id", "version", "kind", "title", "source", "valid", "parameters", "missing_day",
               "overdue", "counts", "vaccines", "allowed", "series", "contraindications",
               "guidance", "eligibility"});
    Protocol protocol;
    detail::read_head(file, "vaccination_series", choices, protocol);
    DefinitionReader reader(protocol.parameters);
    protocol.valid = detail::read_valid(file, reader);
    protocol.schedule = detail::read_schedule(file, reader);
    if (file.has("eligibility"))
        protocol.eligibility =
            detail::read_eligibility(file.section("eligibility"), reader, protocol.schedule);
    detail::refuse_what_cannot_be_meant(file, protocol);
    detail::refuse_unused(file, reader);
    if (error) return *std::move(error);
    return protocol;
}

}  // namespace egret::rules
