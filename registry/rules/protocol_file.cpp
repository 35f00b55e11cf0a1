#include "registry/json/parse.h"
#include "registry/rules/detail/definition_reader.h"
#include "registry/rules/detail/eligibility_file.h"
#include "registry/rules/detail/parameters.h"
#include "registry/rules/detail/protocol_check.h"
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
    protocol.id = file.text("id");
    if (!detail::is_id(protocol.id)) file.refuse("id", msg("rules.protocol_id_shape"));
    protocol.version = detail::read_version(file);
    if (file.text("kind") != "vaccination_series")
        file.refuse("kind", msg("definition.unknown_code"));
    protocol.title = detail::read_languages(file.section("title"));
    protocol.source = detail::read_languages(file.section("source"));
    protocol.parameters = detail::read_parameters(file);
    detail::make_choices(file, choices, protocol.parameters);
    DefinitionReader reader(protocol.parameters);
    if (file.has("valid")) {
        auto valid = file.section("valid");
        valid.only({"from", "to"});
        protocol.valid = reader.in_force(valid);
    }
    protocol.schedule = detail::read_schedule(file, reader);
    if (file.has("eligibility"))
        protocol.eligibility =
            detail::read_eligibility(file.section("eligibility"), reader, protocol.schedule);
    detail::refuse_what_cannot_be_meant(file, protocol);
    if (const auto unused = reader.find_unused())
        file.refuse("parameters[" + std::to_string(*unused) + "].name",
                    msg("rules.parameter_unused"));
    if (error) return *std::move(error);
    return protocol;
}

}  // namespace egret::rules
