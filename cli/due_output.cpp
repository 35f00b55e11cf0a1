#include "cli/due_output.h"

#include "cli/console/catalog.h"
#include "cli/console/labels.h"
#include "cli/typed_ids.h"

#include <algorithm>

namespace egret::cli {
namespace {

using console::code_label;
using console::text;
using service::Standing;
using service::WorkItem;
using service::WorkSubject;

json::Value listed_day(const std::optional<Date>& day) {
    return day ? json::Value(day->to_string()) : json::Value(nullptr);
}

std::string standing_text(const WorkItem& item, Language language) {
    const auto days = std::to_string(item.overdue_days);
    if (item.standing == Standing::overdue)
        return text(Message{"due.standing.overdue", {{"days", days}}}, language);
    if (item.subject != WorkSubject::vaccination)
        return item.standing == Standing::due ? text("due.standing.to_do", language)
                                              : text("due.standing.later", language);
    switch (item.standing) {
        case Standing::possible: return text("due.standing.possible", language);
        case Standing::due: return text("due.standing.due", language);
        case Standing::later:
        case Standing::overdue: break;
    }
    return text("due.standing.later", language);
}

/// Beside how it stands: a person is missing, she is asked again, or how far the call has come.
std::string status_text(const WorkItem& item, Language language) {
    auto status = standing_text(item, language);
    const auto* comma = language == Language::zh ? "，" : ", ";
    if (item.loop && item.loop->needs_tissue) status += comma + text("due.needs_tissue", language);
    if (item.loop && item.loop->awaits_second_person)
        status += comma + text(awaits_second(*item.loop), language);
    if (item.loop && item.loop->is_asked_again())
        status += comma + text(asked_again(*item.loop), language);
    if (item.is_urgent) status = text("due.urgent", language) + comma + status;
    if (item.recall)
        status = code_label(CodeList<follow_up::RecallState>::name, to_string(item.recall->state),
                            language);
    return status;
}

std::string contact_text(const WorkItem& item, Language language) {
    if (!item.last_contact || !item.last_outcome) return "";
    const auto on = item.last_contact->to_string();
    const auto outcome = code_label("contact_outcome", to_string(*item.last_outcome), language);
    const auto count = std::to_string(item.contacts);
    if (!item.appointment_on) {
        return text(Message{"due.contact", {{"on", on}, {"outcome", outcome}, {"count", count}}},
                    language);
    }
    return text(Message{"due.contact_appointment",
                        {{"on", on},
                         {"outcome", outcome},
                         {"appointment", item.appointment_on->to_string()},
                         {"count", count}}},
                language);
}

std::string phone_text(const WorkItem& item, Language language) {
    if (!item.is_guardians_phone) return item.phone;
    return text(Message{"due.guardians_phone", {{"phone", item.phone}}}, language);
}

std::string screening_text(ScreenedSite site, Language language) {
    return text(Message{"due.action.screening",
                        {{"site", code_label("screened_site", to_string(site), language)}}},
                language);
}

std::string found_text(const WorkItem& item, Language language) {
    if (!item.loop || item.loop->severity == rules::Severity::none) return "";
    return code_label(CodeList<rules::Severity>::name, egret::to_string(item.loop->severity),
                      language);
}

std::string shown_woman(service::Clinic& clinic, const WorkItem& item, IdForm form) {
    return form == IdForm::whole ? item.woman.to_string() : short_id(clinic, item.woman);
}

console::Table doses_table(service::Clinic& clinic, const std::vector<WorkItem>& items, IdForm form,
                           Language language) {
    console::Table table({{"name", "due.column.name"},
                          {"birth_date", "due.column.birth_date"},
                          {"phone", "due.column.phone"},
                          {"school", "due.column.school"},
                          {"action", "due.column.action"},
                          {"due", "due.column.due"},
                          {"status", "due.column.status"},
                          {"contact", "due.column.contact"},
                          {"id", "due.column.action_id"},
                          {"woman", "due.column.id"}});
    for (const auto& item : items) {
        table.add_row({item.name, item.birth_date ? item.birth_date->to_string() : "",
                       phone_text(item, language),
                       item.school + (item.school_class.empty() ? "" : " " + item.school_class),
                       action_text(item, language), item.due.to_string(),
                       status_text(item, language), contact_text(item, language), item.id,
                       shown_woman(clinic, item, form)});
    }
    return table;
}

console::Table care_table(service::Clinic& clinic, const std::vector<WorkItem>& items, IdForm form,
                          Language language) {
    console::Table table({{"name", "due.column.name"},
                          {"birth_date", "due.column.birth_date"},
                          {"phone", "due.column.phone"},
                          {"found", "due.column.found"},
                          {"action", "due.column.action"},
                          {"due", "due.column.from"},
                          {"due_to", "due.column.latest"},
                          {"status", "due.column.status"},
                          {"owner", "due.column.owner"},
                          {"contact", "due.column.contact"},
                          {"id", "due.column.action_id"},
                          {"woman", "due.column.id"}});
    for (const auto& item : items) {
        table.add_row({item.name, item.birth_date ? item.birth_date->to_string() : "",
                       phone_text(item, language), found_text(item, language),
                       action_text(item, language), item.due.to_string(),
                       item.due_to ? item.due_to->to_string() : "", status_text(item, language),
                       item.facility, contact_text(item, language), item.id,
                       shown_woman(clinic, item, form)});
    }
    return table;
}

}  // namespace

json::Object work_json(const WorkItem& item) {
    json::Object members{
        {"id", item.id},
        {"woman", item.woman.to_string()},
        {"action", item.action},
        {"dose_number", item.dose_number ? json::Value(*item.dose_number) : json::Value()},
        {"protocol", item.protocol},
        {"rule", item.rule},
        {"earliest", listed_day(item.earliest)},
        {"due", item.due.to_string()},
        {"due_to", listed_day(item.due_to)},
        {"overdue_days", item.overdue_days},
        {"status", service::to_string(item.standing)},
        {"owner", item.facility},
        {"opened_by",
         item.opened_by ? json::Value(item.opened_by->to_string()) : json::Value(nullptr)},
        {"contacts", item.contacts},
        {"last_contact", listed_day(item.last_contact)},
        {"appointment", listed_day(item.appointment_on)}};
    if (item.loop) {
        members.set("kind", to_string(item.loop->kind));
        if (item.loop->site) members.set("site", to_string(*item.loop->site));
        if (item.loop->breast) members.set("breast", to_string(*item.loop->breast));
        members.set("urgent", item.is_urgent);
        members.set("severity", egret::to_string(item.loop->severity));
        members.set("needs_tissue", item.loop->needs_tissue);
        members.set("awaits_second_person", item.loop->awaits_second_person);
        members.set("asked_again", item.loop->is_asked_again());
    }
    if (item.recall) {
        members.set("kind", "screening");
        members.set("site", to_string(item.recall->site));
        members.set("recall", to_string(item.recall->state));
        members.set("invitations", item.recall->invitations);
    }
    return members;
}

console::Table work_table(service::Clinic& clinic, const std::vector<WorkItem>& items, IdForm form,
                          Language language) {
    const bool is_of_doses = std::all_of(items.begin(), items.end(), [](const WorkItem& item) {
        return item.subject == WorkSubject::vaccination;
    });
    return is_of_doses ? doses_table(clinic, items, form, language)
                       : care_table(clinic, items, form, language);
}

Message awaits_second(const follow_up::Loop& loop) {
    return loop.reason == ClosingReason::died ? Message{"due.awaits_second_of_death"}
                                              : Message{"due.awaits_second_person"};
}

Message asked_again(const follow_up::Loop& loop) {
    if (loop.came_since || !loop.given_up_on) return Message{"due.asked_again"};
    return Message{"due.asked_again_later", {{"day", loop.given_up_on->to_string()}}};
}

std::optional<Message> beyond_calendar(const std::vector<follow_up::Loop>& loops) {
    const follow_up::Loop* first = nullptr;
    for (const auto& loop : loops) {
        if (loop.state == follow_up::LoopState::open && loop.is_beyond_calendar &&
            (!first || loop.due_to < first->due_to))
            first = &loop;
    }
    if (!first) return std::nullopt;
    return msg("calendar.beyond", {{"year", std::to_string(first->due_to.year())}});
}

std::string loop_text(const follow_up::Loop& loop, Language language) {
    auto action = console::loop_action_label(loop.action, language);
    if (!loop.breast) return action;
    const auto side = code_label("site", to_string(*loop.breast), language);
    return text(Message{"due.action.of_side", {{"action", action}, {"side", side}}}, language);
}

std::string action_text(const WorkItem& item, Language language) {
    if (item.loop) return loop_text(*item.loop, language);
    if (item.recall) return screening_text(item.recall->site, language);
    const auto number = std::to_string(item.dose_number.value_or(0));
    return text(Message{"due.dose", {{"number", number}}}, language);
}

}  // namespace egret::cli
