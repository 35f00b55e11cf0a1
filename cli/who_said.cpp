#include "cli/who_said.h"

#include "cli/console/catalog.h"
#include "cli/console/labels.h"
#include "cli/console/table.h"
#include "cli/console/terminal.h"
#include "cli/describe.h"
#include "registry/codec/fact_json.h"
#include "registry/service/changes.h"

#include <algorithm>

namespace egret::cli {
namespace {

using console::text;

/// Who she is by that fact; nobody, if it isn't among hers.
const Demographics* who_by(const History& history, const EventUid& uid) {
    const auto found = std::find_if(history.facts.begin(), history.facts.end(),
                                    [&](const LiveFact& live) { return live.uid == uid; });
    return found == history.facts.end() ? nullptr : said_of_her(found->fact);
}

std::string value_by(const History& history, WhoField field, const EventUid& uid,
                     Language language) {
    const auto* who = who_by(history, uid);
    return who ? describe_who(*who, to_string(field), language) : std::string();
}

std::string place_name(const service::Clinic& clinic, const std::string& code) {
    return code == clinic.identity().code ? clinic.identity().name : code;
}

}  // namespace

std::string disputes_text(service::Clinic& clinic, const History& history, Language language) {
    std::string shown;
    for (const auto field : history.disputed) {
        shown += text(msg("said.disputed",
                          {{"field", console::member_label(to_string(field), language)}}),
                      language) +
                 "\n";
        for (const auto& said : history.said) {
            if (said.field != field || !said.stands) continue;
            const Message line{"said.value",
                               {{"value", value_by(history, field, said.uid, language)},
                                {"author", clinic.user_name(said.author)},
                                {"clinic", place_name(clinic, said.clinic)},
                                {"when", service::recorded_text(clinic, said.uid)}}};
            shown += "  " + console::printable(text(line, language)) + "\n";
        }
    }
    return shown;
}

std::string said_table(service::Clinic& clinic, const History& history, Language language) {
    console::Table table({{"what", "member.what"},
                          {"value", "column.value"},
                          {"recorded_on", "member.recorded_on"},
                          {"author", "column.author"},
                          {"where", "member.where"},
                          {"replaced", "column.replaced"},
                          {"event", "member.event"}});
    for (const auto& said : history.said) {
        std::string replaced;
        for (const auto& uid : said.replaced) {
            const auto value = value_by(history, said.field, uid, language);
            if (!value.empty()) replaced += (replaced.empty() ? "" : " / ") + value;
        }
        auto value = value_by(history, said.field, said.uid, language);
        if (said.is_shown) value += text("said.shown", language);
        table.add_row({console::member_label(to_string(said.field), language), value,
                       service::recorded_text(clinic, said.uid), clinic.user_name(said.author),
                       place_name(clinic, said.clinic), replaced, said.uid.to_string()});
    }
    return table.to_text(language);
}

std::string unheeded_text(service::Clinic& clinic, const History& history, Language language) {
    std::string shown;
    for (const auto& one : history.unheeded) {
        const auto line =
            msg("said.unheeded",
                {{"kind", console::kind_label(one.type, language)},
                 {"author", clinic.user_name(one.author)},
                 {"clinic", place_name(clinic, one.clinic)},
                 {"why", console::code_label("unheeded", to_string(one.why), language)},
                 {"event", one.uid.to_string()}});
        shown += console::printable(text(line, language)) + "\n";
    }
    for (const auto& one : history.refused) {
        const auto line =
            msg("said.refused", {{"kind", console::kind_label(one.type, language)},
                                 {"author", clinic.user_name(one.author)},
                                 {"clinic", place_name(clinic, one.clinic)},
                                 {"why", console::code_label("refusal", one.reason, language)},
                                 {"event", one.uid.to_string()}});
        shown += console::printable(text(line, language)) + "\n";
    }
    return shown;
}

json::Array said_json(service::Clinic& clinic, const History& history) {
    json::Array items;
    for (const auto& said : history.said) {
        json::Array replaced;
        for (const auto& uid : said.replaced) replaced.emplace_back(uid.to_string());
        json::Value value;
        if (const auto* who = who_by(history, said.uid)) {
            const auto whole = codec::to_json(*who);
            if (const auto* member = whole.find(to_string(said.field))) value = *member;
        }
        items.emplace_back(json::Object{{"field", to_string(said.field)},
                                        {"value", std::move(value)},
                                        {"event", said.uid.to_string()},
                                        {"author", clinic.user_name(said.author)},
                                        {"clinic", said.clinic},
                                        {"recorded_on", service::recorded_text(clinic, said.uid)},
                                        {"replaced", std::move(replaced)},
                                        {"stands", said.stands},
                                        {"shown", said.is_shown}});
    }
    return items;
}

json::Array disputed_json(const History& history) {
    json::Array items;
    for (const auto field : history.disputed) items.emplace_back(to_string(field));
    return items;
}

json::Array unheeded_json(service::Clinic& clinic, const History& history) {
    json::Array items;
    for (const auto& one : history.refused) {
        items.emplace_back(json::Object{{"event", one.uid.to_string()},
                                        {"type", one.type},
                                        {"about", json::Value()},
                                        {"why", one.reason},
                                        {"author", clinic.user_name(one.author)},
                                        {"clinic", one.clinic}});
    }
    for (const auto& one : history.unheeded) {
        items.emplace_back(json::Object{
            {"event", one.uid.to_string()},
            {"type", one.type},
            {"about", one.about.is_nil() ? json::Value() : json::Value(one.about.to_string())},
            {"why", to_string(one.why)},
            {"author", clinic.user_name(one.author)},
            {"clinic", one.clinic}});
    }
    return items;
}

}  // namespace egret::cli
