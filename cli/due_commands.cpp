#include "cli/console/answer_form.h"
#include "cli/console/catalog.h"
#include "cli/console/csv.h"
#include "cli/console/html_table.h"
#include "cli/due_output.h"
#include "cli/handlers.h"
#include "cli/new_file.h"
#include "cli/recorded_answer.h"
#include "cli/typed_ids.h"
#include "registry/domain/area.h"
#include "registry/domain/entry_check.h"
#include "registry/json/dump.h"
#include "registry/service/worklist.h"

#include <algorithm>
#include <ostream>

namespace egret::cli {
namespace {

using console::ExitStatus;
using console::text;
using service::WorkItem;
using service::WorkKind;

constexpr int within_days_max = 3660;

/// "30d", or a number of days.
Result<int> read_within(std::string word) {
    if (word.ends_with('d')) word.pop_back();
    const bool is_number =
        !word.empty() && word.size() < 6 &&
        std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
    const int days = is_number ? std::stoi(word) : within_days_max + 1;
    if (days > within_days_max)
        return Error{ErrorCode::invalid_input, "--within", msg("due.within_form")};
    return days;
}

WorkKind kind_of(const std::string& word) {
    if (word == "overdue") return WorkKind::overdue;
    if (word == "dropout") return WorkKind::drop_out;
    if (word == "defaulter") return WorkKind::defaulter;
    if (word == "follow-up") return WorkKind::follow_up;
    if (word == "screening") return WorkKind::screening;
    if (word == "any") return WorkKind::any;
    return WorkKind::due;
}

Result<service::WorkQuestion> read_question(const Command& command, service::Clinic& clinic) {
    const auto& parsed = command.parsed;
    service::WorkQuestion question;
    question.on = parsed.find_day("on").value_or(clinic.today());
    const auto within = read_within(parsed.find("within").value_or("0"));
    if (!within) return within.error();
    question.within_days = *within;
    question.kind =
        parsed.has("failsafe") ? WorkKind::failsafe : kind_of(parsed.find("kind").value_or("due"));
    if (const auto contacts = parsed.find_number("contacts"))
        question.contacts_min = static_cast<int>(std::min<std::int64_t>(*contacts, 1000));
    question.area = parsed.find("area").value_or("");
    if (!question.area.empty()) {
        const auto area = AreaCode::parse(question.area);
        if (!area) return Error{area.error()}.within("--area");
    }
    question.facility = parsed.find("facility").value_or("");
    question.school = parsed.find("school").value_or("");
    question.school_class = parsed.find("class").value_or("");
    if (const auto nurse = parsed.find("nurse")) {
        const auto user = clinic.find_user(*nurse);
        if (!user) return user.error();
        question.nurse = *user;
    }
    return question;
}

/// Of the failsafe list what became of all that was owed, by facility.
std::string counts_of(service::Clinic& clinic, const service::WorkQuestion& question,
                      Language language) {
    if (question.kind != WorkKind::failsafe) return {};
    std::string lines;
    for (const auto& [facility, counts] : service::count_loops(clinic, question)) {
        const auto name = facility.empty() ? text("due.nobody", language) : facility;
        lines += "\n" + text(msg("due.counts", {{"facility", name},
                                                {"done", std::to_string(counts.done)},
                                                {"not_done", std::to_string(counts.not_done)},
                                                {"open", std::to_string(counts.open)},
                                                {"overdue", std::to_string(counts.overdue)}}),
                             language);
    }
    return lines;
}

/// That some of its last days may shift.
std::string calendar_note(const std::vector<WorkItem>& items, Language language) {
    std::vector<follow_up::Loop> loops;
    for (const auto& item : items) {
        if (item.loop) loops.push_back(*item.loop);
    }
    const auto note = beyond_calendar(loops);
    return note ? "\n" + text(*note, language) : "";
}

/// Of which day the list is, and how long.
std::string note_of(const service::WorkQuestion& question, const std::vector<WorkItem>& items,
                    service::Clinic& clinic, Language language) {
    return text(msg("due.note", {{"clinic", clinic.identity().name},
                                 {"on", question.on.to_string()},
                                 {"count", std::to_string(items.size())}}),
                language) +
           calendar_note(items, language) + counts_of(clinic, question, language);
}

Outcome print_page(const Command& command, const std::vector<WorkItem>& items,
                   const service::WorkQuestion& question, service::Clinic& clinic,
                   const std::string& path) {
    const auto language = command.language();
    const auto file = NewFile::create(path);
    if (!file) return file.error();
    const auto note = note_of(question, items, clinic, language);
    (*file)->stream() << console::to_html(work_table(clinic, items, IdForm::shown, language),
                                          text("due.title", language), note, language);
    if (const auto kept = (*file)->commit(); !kept) return kept.error();
    command.terminal.out << text(msg("due.written", {{"path", path}}), language) << '\n';
    return ExitStatus::done;
}

/// Of a list that is empty: whether there is what it is about.
Result<Done> check_known(service::Clinic& clinic, const service::WorkQuestion& question) {
    const bool is_of_school = !question.school.empty() || !question.school_class.empty();
    if (is_of_school && !service::has_pupils(clinic, question.school, question.school_class)) {
        return Error{ErrorCode::not_found, question.school.empty() ? "--class" : "--school",
                     msg("school.unknown")};
    }
    if (!question.facility.empty() && !service::is_facility_known(clinic, question.facility))
        return Error{ErrorCode::not_found, "--facility", msg("facility.unknown")};
    return Done{};
}

Outcome show_due(const Command& command) {
    const auto form = console::check_one_form(command.parsed, {"csv", "html", "json"});
    if (!form) return form.error();
    const auto list = console::check_one_form(command.parsed, {"failsafe", "kind"});
    if (!list) return list.error();
    const auto clinic = open_clinic_today(command);
    if (!clinic) return clinic.error();
    const auto question = read_question(command, **clinic);
    if (!question) return question.error();
    const auto items = service::find_work(**clinic, (*clinic)->caller(), *question);
    if (items.empty()) {
        if (auto known = check_known(**clinic, *question); !known) return std::move(known).error();
    }
    const auto language = command.language();
    auto& out = command.terminal.out;
    if (const auto path = command.parsed.find("html"))
        return print_page(command, items, *question, **clinic, *path);
    if (command.terminal.json) {
        json::Array all;
        for (const auto& item : items) all.emplace_back(work_json(item));
        out << json::dump(std::move(all)) << '\n';
    } else if (command.parsed.has("csv")) {
        out << console::to_csv(work_table(**clinic, items, IdForm::whole, language));
    } else {
        out << (items.empty()
                    ? text(msg("due.none"), language) + "\n"
                    : work_table(**clinic, items, IdForm::shown, language).to_text(language))
            << '\n'
            << note_of(*question, items, **clinic, language) << '\n';
    }
    return ExitStatus::done;
}

Outcome record_contact(const Command& command) {
    Contact contact;
    contact.action = command.parsed.value("ACTION");
    contact.outcome = find_code<ContactOutcome>(command.parsed.value("outcome"));
    if (const auto method = command.parsed.find("method"))
        contact.method = find_code<ContactMethod>(*method);
    contact.appointment_on = command.parsed.find_day("appointment");
    Fact fact;
    if (const auto day = command.parsed.find_day("date")) fact.at.date = *day;
    fact.at.note = command.parsed.find("note").value_or("");
    fact.detail = contact;
    // An appointment with somebody who wasn't reached is none anywhere.
    if (const auto checked = check_entry(fact); !checked)
        return usage_error(command, checked.error());
    const auto clinic = open_clinic_today(command);
    if (!clinic) return clinic.error();
    const auto woman = service::find_action(**clinic, contact.action, (*clinic)->today());
    if (!woman) return woman.error();
    auto recorded =
        service::Recorder(**clinic).record((*clinic)->caller(), *woman, std::move(fact));
    if (!recorded) return recorded.error();
    print_recorded(command, *recorded,
                   msg("contact.done", {{"event", recorded->event.to_string()}}));
    return ExitStatus::done;
}

}  // namespace

void add_due_commands(console::Handlers& handlers, const Machine& machine) {
    add_action(handlers, machine, "due", show_due);
    add_action(handlers, machine, "contact", record_contact);
}

}  // namespace egret::cli
