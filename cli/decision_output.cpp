#include "cli/decision_output.h"

#include "cli/console/catalog.h"
#include "registry/rules/period_text.h"
#include "registry/rules/protocol_catalog.h"
#include "registry/rules/screening/decision_json.h"
#include "registry/rules/vaccine.h"

namespace egret::cli {
namespace {

using console::text;
using rules::ActionCode;

std::string title_of(const rules::Decision& decision, Language language) {
    const auto protocol = rules::find_protocol(decision.protocol + "@" + decision.version);
    return protocol ? in_language((*protocol)->title, language) : decision.protocol;
}

json::Object with_id(const std::string& id, const json::Object& members) {
    json::Object answer{{"id", id}};
    for (const auto& member : members) answer.append(member.name, member.value);
    return answer;
}

/// Not yet, may be given, due, overdue: what she sees first.
Message standing(const rules::Action& action, Date on) {
    const std::string number = std::to_string(action.dose_number.value_or(0));
    if (action.overdue_after && *action.overdue_after <= on)
        return msg("next.dose_overdue",
                   {{"dose", number}, {"since", action.overdue_after->to_string()}});
    if (action.due && *action.due <= on) return msg("next.dose_due", {{"dose", number}});
    if (action.earliest && *action.earliest <= on)
        return msg("next.dose_possible", {{"dose", number}, {"due", action.due->to_string()}});
    return msg("next.dose_later", {{"dose", number},
                                   {"earliest", action.earliest->to_string()},
                                   {"due", action.due->to_string()}});
}

/// Nothing where the first reason says it all: what the clinician is to decide.
std::optional<Message> headline(const rules::Decision& decision) {
    switch (decision.status) {
        case rules::VaccinationStatus::complete: return msg("next.complete");
        case rules::VaccinationStatus::immune: return msg("next.immune");
        case rules::VaccinationStatus::contraindicated: return msg("next.contraindicated");
        case rules::VaccinationStatus::aged_out: return msg("next.aged_out");
        case rules::VaccinationStatus::not_recommended: return msg("next.not_recommended");
        case rules::VaccinationStatus::not_complete: break;
    }
    if (decision.actions.empty()) return msg("next.nothing");
    const auto& action = decision.actions.front();
    if (action.code == ActionCode::clinician_decides) return std::nullopt;
    return action.code == ActionCode::dose ? standing(action, decision.on) : msg("next.nothing");
}

/// As an age ("满13岁") or as a time between two days ("13年").
std::string span_text(const Period& period, bool is_age, Language language) {
    std::string words;
    const auto add = [&](int count, const char* unit) {
        if (count == 0) return;
        const auto size = count < 0 ? -count : count;
        if (!words.empty()) words += count < 0 ? " - " : " + ";
        words += text(Message{unit, {{"count", std::to_string(size)}}}, language);
    };
    add(period.years, is_age ? "span.years_of_age" : "span.years");
    add(period.months, "span.months");
    add(period.days, "span.days");
    return words;
}

/// Spans and ages come as protocols write them; people read them in their language.
Message with_spans(Message message, Language language) {
    for (auto& [name, value] : message.arguments) {
        const bool is_age = name == "age";
        if (name != "span" && !is_age) continue;
        if (const auto period = rules::parse_period(value))
            value = span_text(*period, is_age, language);
    }
    return message;
}

Message eligibility_line(const rules::EligibilityAnswer& answer) {
    switch (answer.verdict) {
        case rules::EligibilityAnswer::Verdict::yes: return msg("next.free");
        case rules::EligibilityAnswer::Verdict::no: return msg("next.not_free");
        case rules::EligibilityAnswer::Verdict::unknown: break;
    }
    return msg("next.free_unknown");
}

/// Then nobody asks who would pay for another dose.
bool is_finished(const rules::Decision& decision) {
    return decision.status == rules::VaccinationStatus::complete ||
           decision.status == rules::VaccinationStatus::immune;
}

std::string vaccine_text(const std::string& code, Language language) {
    const auto* vaccine = rules::find_vaccine(code);
    return vaccine ? in_language(vaccine->title, language) : code;
}

std::string uncounted_line(const rules::UncountedDose& dose, Language language) {
    const Message line{dose.lot.empty() ? "next.not_counted" : "next.not_counted_lot",
                       {{"date", dose.date.to_string()},
                        {"vaccine", vaccine_text(dose.product, language)},
                        {"lot", console::printable(dose.lot)},
                        {"reason", say_in(language)(dose.why.text)}}};
    return text(line, language) + " [" + dose.why.rule + "]";
}

std::string aside_lines(const rules::FreeAside& aside, Language language) {
    const bool is_no = aside.answer.verdict == rules::EligibilityAnswer::Verdict::no;
    std::string lines;
    for (const auto& why : aside.answer.why) {
        const Message line{is_no ? "next.aside_not_free" : "next.aside_unknown",
                           {{"protocol", in_language(aside.protocol->title, language)},
                            {"why", say_in(language)(why.text)}}};
        lines += "  " + text(line, language) + " [" + why.rule + "]\n";
    }
    return lines;
}

}  // namespace

std::string in_language(const BothLanguages& both, Language language) {
    return language == Language::zh ? both.zh : both.en;
}

json::Object both_json(const BothLanguages& both) { return {{"zh", both.zh}, {"en", both.en}}; }

rules::Say say_in(Language language) {
    return [language](const std::variant<Message, BothLanguages>& sentence) {
        if (const auto* message = std::get_if<Message>(&sentence))
            return text(with_spans(*message, language), language);
        return in_language(std::get<BothLanguages>(sentence), language);
    };
}

json::Object decision_json(const std::string& id, const rules::Decision& decision,
                           Language language) {
    return with_id(id, rules::to_json(decision, say_in(language)));
}

json::Object decision_json(const std::string& id, const rules::ScreeningDecision& decision,
                           Language language) {
    return with_id(id, rules::to_json(decision, say_in(language)));
}

std::string describe(const rules::Decision& decision, Language language) {
    const auto say = say_in(language);
    std::string lines = title_of(decision, language) + "\n";
    const auto add = [&](const std::string& line) { lines += "  " + line + "\n"; };
    if (decision.out_of_force)
        add(say(decision.out_of_force->text) + " [" + decision.out_of_force->rule + "]");
    if (const auto first = headline(decision)) add(text(*first, language));
    for (const auto& action : decision.actions) {
        for (const auto& why : action.why) add(say(why.text) + " [" + why.rule + "]");
    }
    for (const auto& dose : decision.not_counted) add(uncounted_line(dose, language));
    for (const auto& warning : decision.warnings) add(say(warning.text));
    for (const auto& problem : decision.problems) add(console::printable(text(problem, language)));
    if (decision.eligibility && !is_finished(decision)) {
        add(text(eligibility_line(*decision.eligibility), language));
        for (const auto& why : decision.eligibility->why)
            add("  " + say(why.text) + " [" + why.rule + "]");
    }
    return lines;
}

std::string describe(const rules::Programme& programme,
                     const std::vector<rules::Decision>& decisions,
                     const std::vector<rules::FreeAside>& asides, Language language) {
    std::string blocks =
        text(msg("next.programme", {{"programme", in_language(programme.title, language)}}),
             language) +
        "\n";
    if (decisions.empty()) blocks += "  " + text(msg("next.no_protocol"), language) + "\n";
    for (const auto& aside : asides) blocks += aside_lines(aside, language);
    for (const auto& decision : decisions) blocks += describe(decision, language);
    return blocks;
}

json::Array to_json(const std::vector<rules::FreeAside>& asides, Language language) {
    const auto say = say_in(language);
    json::Array items;
    for (const auto& aside : asides) {
        json::Array reasons;
        for (const auto& why : aside.answer.why)
            reasons.push_back(json::Object{{"rule", why.rule}, {"text", say(why.text)}});
        items.push_back(json::Object{{"protocol", aside.protocol->id},
                                     {"eligible", to_string(aside.answer.verdict)},
                                     {"why", std::move(reasons)}});
    }
    return items;
}

}  // namespace egret::cli
