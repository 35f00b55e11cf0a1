#include "cli/console/catalog.h"
#include "cli/console/labels.h"
#include "cli/console/table.h"
#include "cli/describe.h"
#include "cli/field_words.h"
#include "cli/handlers.h"
#include "cli/left_out.h"
#include "cli/recorded_answer.h"
#include "cli/typed_ids.h"
#include "cli/who_said.h"
#include "registry/base/limits.h"
#include "registry/codec/fact_json.h"
#include "registry/codec/person_file.h"
#include "registry/domain/identity_number.h"
#include "registry/json/dump.h"
#include "registry/json/parse.h"
#include "registry/service/look_up.h"
#include "registry/service/registrar.h"

#include <algorithm>
#include <ostream>

namespace egret::cli {
namespace {

using console::code_label;
using console::ExitStatus;
using console::text;

/// Who somebody is by the words, and the circumstances of saying so.
struct Said {
    Demographics who;
    Circumstances at;
};

Result<Said> read_said(std::string_view type, json::Object start,
                       const std::vector<console::FieldWord>& words) {
    const auto object = put_words(type, std::move(start), words, EmptyValue::refused);
    if (!object) return object.error();
    auto fact = codec::fact_from_json(*object);
    if (!fact) return std::move(fact).error();
    if (auto* registered = std::get_if<Register>(&fact->detail))
        return Said{std::move(registered->who), std::move(fact->at)};
    return Said{std::move(std::get<DemographicsChange>(fact->detail).who), std::move(fact->at)};
}

/// A resident number says when she was born, and her sex.
/// Errors: as IdentityNumber::parse, since without it no date would be said to be missing.
Result<Done> complete_from_number(Demographics& who) {
    for (const auto& identifier : who.identifiers) {
        const auto number = IdentityNumber::parse(identifier.kind, identifier.value);
        if (!number) return Error(number.error()).within(to_string(identifier.kind));
        if (const auto born = number->birth_date(); born && !who.birth_date) who.birth_date = *born;
        if (!who.sex) who.sex = number->sex();
    }
    return Done{};
}

Message woman_said(const service::Recorded& recorded) {
    return msg("woman.said", {{"event", recorded.event.to_string()}});
}

/// Fields as they are typed: "identifiers[0].value" is resident_id here.
Error in_words(Error error, const Demographics& who) {
    const auto index_after = [&](std::string_view list) -> std::optional<std::size_t> {
        const auto& field = error.field;
        if (!field.starts_with(list) || field.size() <= list.size() || field[list.size()] != '[')
            return std::nullopt;
        return std::stoul(field.substr(list.size() + 1));
    };
    if (const auto i = index_after("identifiers"); i && *i < who.identifiers.size()) {
        error.field = to_string(who.identifiers[*i].kind);
    } else if (const auto n = index_after("names"); n && *n < who.names.size()) {
        const auto use = who.names[*n].use;
        error.field = use == NameUse::official ? "name" : to_string(use);
    } else if (index_after("phones")) {
        error.field = "phone";
    }
    return error;
}

/// Holds a registration to what no registry could take.
Result<Done> check_registration(Said& said) {
    if (auto complete = complete_from_number(said.who); !complete) return complete;
    const auto& who = said.who;
    if (!who.birth_date) return Error{ErrorCode::invalid_input, "birth_date", msg("fact.missing")};
    if (!who.sex) return Error{ErrorCode::invalid_input, "sex", msg("fact.missing")};
    Fact fact{said.at, Register{who}, {}};
    if (const auto checked = check_typed(fact); !checked) return in_words(checked.error(), who);
    return Done{};
}

constexpr std::string_view same_number = "identity_in_use";

enum class SameNumber { none, explained };

/// Where somebody here has the number already and it can be asked: why she is added all the same.
/// Errors: those of ask_why; conflict, if she isn't to be added.
Result<SameNumber> ask_of_same_number(const Command& command, const service::Caller& caller,
                                      service::Registrar& registrar, Said& said) {
    if (!command.may_ask() || !said.at.because.empty()) return SameNumber::none;
    auto warnings = registrar.duplicates_of(caller, said.who);
    std::erase_if(warnings, [](const auto& one) { return one.code != same_number; });
    if (warnings.empty()) return SameNumber::none;
    auto why = ask_why(command, warnings);
    if (!why) return std::move(why).error();
    if (why->empty()) return Error{ErrorCode::conflict, "", msg("record.not_recorded")};
    said.at.because = *std::move(why);
    return SameNumber::explained;
}

bool is_there_twice(const std::vector<service::Warning>& warnings) {
    return std::any_of(warnings.begin(), warnings.end(), [](const service::Warning& one) {
        return one.code == same_number || one.code == "possible_duplicate";
    });
}

/// "林小燕, female, 2013-01-01": what a number brought is seen, too.
std::string who_in_words(const Demographics& who, Language language) {
    const std::string_view between = language == Language::zh ? "，" : ", ";
    std::string words(console::printable(store::shown_name(who)));
    if (who.sex)
        words.append(words.empty() ? "" : between)
            .append(code_label("sex", to_string(*who.sex), language));
    if (who.birth_date) words.append(between).append(who.birth_date->to_string());
    return words;
}

Outcome add_woman(const Command& command) {
    auto said = read_said(Register::name, {}, command.parsed.fields());
    if (!said) return refused_words(command, said.error(), PutInto::nothing);
    if (const auto checked = check_registration(*said); !checked)
        return refused_words(command, checked.error(), PutInto::nothing);
    const auto clinic = open_clinic_today(command);
    if (!clinic) return clinic.error();
    const auto said_who = said->who;
    service::Registrar registrar(**clinic);
    const auto caller = (*clinic)->caller();
    const auto asked = ask_of_same_number(command, caller, registrar, *said);
    if (!asked) return asked.error();
    auto added = registrar.add(caller, std::move(said->who), std::move(said->at));
    if (!added) return in_words(added.error(), said_who);
    if (*asked == SameNumber::explained)
        std::erase_if(added->warnings, [](const auto& one) { return one.code == same_number; });
    const auto id = added->woman.to_string();
    if (command.terminal.json) {
        command.terminal.out << json::dump(json::Object{
                                    {"id", id},
                                    {"event", added->event.to_string()},
                                    {"warnings", to_json(added->warnings, command.language())}})
                             << '\n';
        return ExitStatus::done;
    }
    command.terminal.out << text(msg("woman.added",
                                     {{"who", who_in_words(said_who, command.language())},
                                      {"id", id}}),
                                 command.language())
                         << '\n';
    print_warnings(added->warnings, command.terminal);
    if (is_there_twice(added->warnings)) {
        command.terminal.err << text(msg("woman.undo_added",
                                         {{"event", added->event.to_string()}, {"id", id}}),
                                     command.language())
                             << '\n';
    }
    return ExitStatus::done;
}

Outcome show_woman(const Command& command) {
    const auto clinic = open_clinic(command);
    if (!clinic) return clinic.error();
    const auto history =
        view_woman(**clinic, command.parsed.value("ID"), "ID", audit::Shown::record);
    if (!history) return history.error();
    auto& out = command.terminal.out;
    const auto changes = service::changes_of(**clinic, *history);
    const bool is_asked = command.parsed.has("history");
    if (command.terminal.json) {
        auto line = json::parse(codec::to_line(codec::person_of(*history)));
        if (!line) return std::move(line).error();
        auto& person = line->as_object();
        if (history->is_registration_voided) person.set("registration_voided", true);
        if (!history->disputed.empty()) person.set("disputed", disputed_json(*history));
        if (!history->unheeded.empty() || !history->refused.empty())
            person.set("unheeded", unheeded_json(**clinic, *history));
        if (is_asked) {
            person.set("changes", to_json(**clinic, changes));
            person.set("said", said_json(**clinic, *history));
        }
        out << json::dump(*line) << '\n';
        return ExitStatus::done;
    }
    const auto language = command.language();
    out << describe_all(**clinic, *history, language);
    for (const auto& noted : {disputes_text(**clinic, *history, language),
                              unheeded_text(**clinic, *history, language)}) {
        if (!noted.empty()) out << '\n' << noted;
    }
    if (is_asked) {
        out << '\n'
            << text("said.title", language) << '\n'
            << said_table(**clinic, *history, language);
    }
    if (changes.empty()) return ExitStatus::done;
    if (is_asked) {
        out << '\n'
            << text("change.title", command.language()) << '\n'
            << changes_table(**clinic, changes, command.language());
    } else {
        out << '\n'
            << text(msg("change.hint", {{"count", std::to_string(changes.size())}}),
                    command.language())
            << '\n';
    }
    return ExitStatus::done;
}

json::Value or_null(const std::string& value) {
    return value.empty() ? json::Value() : json::Value(value);
}

/// That more were found than the `shown` best ones.
Message more_found(std::size_t shown) {
    constexpr auto rows_max = limits::search_rows_max;
    const auto count = std::to_string(shown);
    if (shown >= rows_max) return msg("find.more", {{"count", count}});
    return msg("find.more_by_limit", {{"count", count}, {"limit", std::to_string(rows_max)}});
}

/// Behind the name of who was found by what she had before.
std::string former_mark(const std::optional<store::Former>& former, Language language) {
    if (!former) return {};
    return text(Message{former->is_name ? "find.former_name" : "find.former_phone",
                        {{"former", former->text}}},
                language);
}

Outcome find_women(const Command& command) {
    constexpr auto rows_max = limits::search_rows_max;
    const auto& typed = command.parsed.value("TEXT");
    if (typed.size() > limits::search_text_bytes_max) {
        return Error{
            ErrorCode::too_large, "TEXT",
            msg("find.too_long", {{"limit", std::to_string(limits::search_text_bytes_max)}})};
    }
    const auto limit = std::min(
        static_cast<std::size_t>(command.parsed.find_number("limit").value_or(rows_max)), rows_max);
    const auto clinic = open_clinic(command);
    if (!clinic) return clinic.error();
    const auto hits = service::find_women(**clinic, (*clinic)->caller(), typed, limit);
    const auto& rows = hits.women;
    auto& out = command.terminal.out;
    if (command.terminal.json) {
        json::Array found;
        for (const auto& [row, former] : rows) {
            json::Object item{{"id", row.id.to_string()}, {"name", row.name}};
            item.set("birth_date",
                     row.birth_date ? json::Value(row.birth_date->to_string()) : json::Value());
            item.set("sex", row.sex ? json::Value(to_string(*row.sex)) : json::Value());
            item.set("area", or_null(row.area));
            item.set("facility", or_null(row.facility));
            if (!row.registered_on) item.set("registration_voided", true);
            if (former) item.set(former->is_name ? "former_name" : "former_phone", former->text);
            found.emplace_back(std::move(item));
        }
        out << json::dump(found) << '\n';
        if (hits.has_more) say_left_out(command, rows.size(), more_found(rows.size()));
        return ExitStatus::done;
    }
    if (rows.empty() && !hits.has_more) {
        out << text(msg("find.nobody"), command.language()) << '\n';
        return ExitStatus::done;
    }
    console::Table table({{"name", "member.name"},
                          {"birth_date", "member.birth_date"},
                          {"sex", "member.sex"},
                          {"area", "member.area"},
                          {"id", "member.id"}});
    for (const auto& [row, former] : rows) {
        auto name = row.name;
        if (!row.registered_on) name += text("woman.voided_mark", command.language());
        name += former_mark(former, command.language());
        table.add_row({name, row.birth_date ? row.birth_date->to_string() : "",
                       row.sex ? code_label("sex", to_string(*row.sex), command.language()) : "",
                       row.area, short_id(**clinic, row.id)});
    }
    out << table.to_text(command.language());
    if (hits.has_more) say_left_out(command, rows.size(), more_found(rows.size()));
    return ExitStatus::done;
}

/// Lists that are changed item by item start from what is known; the rest is said anew or not.
json::Object start_of_edit(const Demographics& known) {
    Demographics start;
    start.names = known.names;
    start.identifiers = known.identifiers;
    start.guardian = known.guardian;
    return codec::to_json(start).as_object();
}

Outcome edit_woman(const Command& command) {
    const auto clinic = open_clinic_today(command);
    if (!clinic) return clinic.error();
    const auto id = read_woman_id(**clinic, command.parsed.value("ID"), "ID");
    if (!id) return id.error();
    const auto caller = (*clinic)->caller();
    service::Registrar registrar(**clinic);
    const auto known = registrar.load_known(caller, *id);
    if (!known) return known.error();
    auto said =
        read_said(DemographicsChange::name, start_of_edit(known->who), command.parsed.fields());
    if (!said) return refused_words(command, said.error(), PutInto::something);
    // What stayed as it was is not said again, unless that settles which of two is right.
    const auto settles = [&](WhoField field, const auto& typed) {
        const auto& disputed = known->disputed;
        return std::find(disputed.begin(), disputed.end(), field) != disputed.end() &&
               !typed.empty();
    };
    const auto typed = read_said(DemographicsChange::name, {}, command.parsed.fields());
    const auto by_itself = typed ? typed->who : Demographics{};
    if (said->who.names == known->who.names && !settles(WhoField::names, by_itself.names))
        said->who.names.clear();
    if (said->who.identifiers == known->who.identifiers &&
        !settles(WhoField::identifiers, by_itself.identifiers))
        said->who.identifiers.clear();
    if (said->who.guardian == known->who.guardian) said->who.guardian.reset();
    const auto said_who = said->who;
    Fact change{said->at, DemographicsChange{said_who}, {}};
    if (const auto checked = check_typed(change); !checked) {
        return refused_words(command, in_words(checked.error(), said_who), PutInto::something);
    }
    const auto edited =
        registrar.edit(caller, known->woman, std::move(said->who), std::move(said->at));
    if (!edited) return in_words(edited.error(), said_who);
    print_recorded(command, *edited, woman_said(*edited));
    return ExitStatus::done;
}

using SayOfTwo = Result<service::Recorded> (service::Registrar::*)(const service::Caller&,
                                                                   const WomanId&, const WomanId&,
                                                                   const std::string&);

Outcome say_of_two(const Command& command, SayOfTwo say) {
    const auto clinic = open_clinic_today(command);
    if (!clinic) return clinic.error();
    const auto one = read_woman_id(**clinic, command.parsed.value("ID"), "ID");
    if (!one) return one.error();
    const auto other = read_woman_id(**clinic, command.parsed.value("OTHER"), "OTHER");
    if (!other) return other.error();
    service::Registrar registrar(**clinic);
    const auto said = (registrar.*say)((*clinic)->caller(), *one, *other,
                                       command.parsed.find("because").value_or(""));
    if (!said) return said.error();
    print_recorded(command, *said, woman_said(*said));
    return ExitStatus::done;
}

Outcome link_women(const Command& command) {
    return say_of_two(command, &service::Registrar::link);
}

Outcome unlink_women(const Command& command) {
    return say_of_two(command, &service::Registrar::unlink);
}

}  // namespace

void add_woman_commands(console::Handlers& handlers, const Machine& machine) {
    add_action(handlers, machine, "woman add", add_woman);
    add_action(handlers, machine, "woman show", show_woman);
    add_action(handlers, machine, "woman find", find_women);
    add_action(handlers, machine, "woman edit", edit_woman);
    add_action(handlers, machine, "woman link", link_women);
    add_action(handlers, machine, "woman unlink", unlink_women);
}

}  // namespace egret::cli
