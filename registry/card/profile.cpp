// The data minimization profiles as code: every member that may be there, by name. All else is
// refused, so that a member which FHIR will have one day is looked at first.
#include "registry/base/date.h"
#include "registry/base/text.h"
#include "registry/card/verify.h"
#include "registry/json/reader.h"

#include <algorithm>
#include <string>
#include <utility>

namespace egret::card {
namespace {

using json::Reader;
using json::Value;

Error bad_content(std::string field) {
    return {ErrorCode::invalid_input, std::move(field), msg("card.bad_content")};
}

/// A text, and one that says something.
bool has_text(const Reader& from, std::string_view name) {
    const auto text = from.text(name);
    return text && !trim(*text).empty();
}

/// Missing, or a text that says something.
bool has_no_bad_text(const Reader& from, std::string_view name) {
    const auto any = from.any(name);
    return !any || has_text(from, name);
}

/// The only object of a list of one; nothing, if it is anything else.
std::optional<Reader> only_item(const Reader& from, std::string_view name) {
    const auto items = from.array(name);
    if (!items || (*items)->size() != 1 || !(*items)->front().is_object()) return std::nullopt;
    return Reader((*items)->front().as_object());
}

bool is_name(const Reader& patient) {
    const auto name = only_item(patient, "name");
    if (!name || !name->only({"family", "given", "text", "prefix", "suffix"})) return false;
    const auto given = name->texts("given");
    const bool has_given = given && !given->empty();
    if (name->any("given") && !has_given) return false;
    for (const auto* member : {"family", "text"}) {
        if (!has_no_bad_text(*name, member)) return false;
    }
    return has_given || has_text(*name, "family") || has_text(*name, "text");
}

bool is_date_member(const Reader& from, std::string_view name) {
    const auto text = from.text(name);
    return text && PartialDate::parse(*text);
}

Result<Done> check_patient(const Reader& patient) {
    if (!patient.only({"resourceType", "name", "birthDate"})) return bad_content("");
    if (!is_name(patient)) return bad_content("name");
    if (patient.any("birthDate") && !is_date_member(patient, "birthDate"))
        return bad_content("birthDate");
    return Done{};
}

bool is_coding_list(const Reader& from, std::string_view name, bool needs_system) {
    const auto items = from.array(name);
    if (!items || (*items)->empty()) return false;
    return std::all_of((*items)->begin(), (*items)->end(), [&](const Value& item) {
        if (!item.is_object()) return false;
        const Reader coding(item.as_object());
        return coding.only({"system", "code"}) && has_text(coding, "code") &&
               (needs_system ? has_text(coding, "system") : has_no_bad_text(coding, "system"));
    });
}

bool is_vaccine_code(const Reader& immunization) {
    const auto code = immunization.object("vaccineCode");
    return code && code->only({"coding"}) && is_coding_list(*code, "coding", true);
}

/// Its only use is to say how well the holder's identity was looked at.
bool is_meta(const Reader& immunization) {
    if (!immunization.any("meta")) return true;
    const auto meta = immunization.object("meta");
    return meta && meta->only({"security"}) && is_coding_list(*meta, "security", false);
}

bool is_performer(const Reader& immunization) {
    if (!immunization.any("performer")) return true;
    const auto performer = only_item(immunization, "performer");
    if (!performer || !performer->only({"actor"})) return false;
    const auto actor = performer->object("actor");
    return actor && actor->only({"display"}) && has_text(*actor, "display");
}

bool is_of_patient(const Reader& immunization) {
    const auto patient = immunization.object("patient");
    const auto reference = patient ? patient->text("reference") : Result<std::string>("");
    return patient && patient->only({"reference"}) && reference && *reference == "resource:0";
}

Result<Done> check_immunization(const Reader& immunization) {
    if (!immunization.only({"resourceType", "meta", "status", "vaccineCode", "patient",
                            "occurrenceDateTime", "lotNumber", "performer"}))
        return bad_content("");
    if (!is_meta(immunization)) return bad_content("meta");
    const auto status = immunization.text("status");
    if (!status || *status != "completed") return bad_content("status");
    if (!is_vaccine_code(immunization)) return bad_content("vaccineCode");
    if (!is_of_patient(immunization)) return bad_content("patient");
    if (!is_date_member(immunization, "occurrenceDateTime"))
        return bad_content("occurrenceDateTime");
    if (!has_no_bad_text(immunization, "lotNumber")) return bad_content("lotNumber");
    if (!is_performer(immunization)) return bad_content("performer");
    return Done{};
}

Result<Done> check_entry(const Value& entry, std::size_t number) {
    if (!entry.is_object()) return bad_content("");
    const Reader from(entry.as_object());
    const auto url = from.text("fullUrl");
    const auto resource = from.object("resource");
    if (!from.only({"fullUrl", "resource"}) || !url ||
        *url != "resource:" + std::to_string(number) || !resource)
        return bad_content("");
    const auto type = resource->text("resourceType");
    if (!type || *type != (number == 0 ? "Patient" : "Immunization"))
        return bad_content("resource.resourceType");
    auto checked = number == 0 ? check_patient(*resource) : check_immunization(*resource);
    if (!checked) return std::move(checked).error().within("resource");
    return checked;
}

}  // namespace

Result<Done> check_bundle(const Value& bundle) {
    if (!bundle.is_object()) return bad_content("");
    const Reader from(bundle.as_object());
    const auto type = from.text("resourceType");
    const auto kind = from.text("type");
    if (!from.only({"resourceType", "type", "entry"}) || !type || *type != "Bundle" || !kind ||
        *kind != "collection")
        return bad_content("");
    const auto entries = from.array("entry");
    if (!entries || (*entries)->size() < 2) return bad_content("entry");
    for (std::size_t i = 0; i < (*entries)->size(); ++i) {
        auto checked = check_entry((**entries)[i], i);
        if (!checked) return std::move(checked).error().within("entry[" + std::to_string(i) + "]");
    }
    return Done{};
}

}  // namespace egret::card
