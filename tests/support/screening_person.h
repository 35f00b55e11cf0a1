#pragma once

#include "registry/codec/person_file.h"
#include "registry/rules/screening/catalog.h"
#include "registry/rules/screening/screening.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

/// Women for the rules of screening: lines of person files, made of a few words each.
namespace egret::tests {

using Words = std::vector<std::string>;

inline std::string quoted_list(const Words& words) {
    std::string all;
    for (const auto& word : words) all += (all.empty() ? "\"" : ",\"") + word + "\"";
    return "[" + all + "]";
}

/// Members with "" as the value are left out.
inline std::string event(const std::string& type, const std::string& date,
                         const std::vector<std::pair<std::string, std::string>>& members,
                         const std::string& list = "", const Words& codes = {}) {
    auto text = R"({"type":")" + type + R"(","date":")" + date + '"';
    for (const auto& [name, value] : members)
        if (!value.empty()) text += ",\"" + name + "\":\"" + value + '"';
    if (!list.empty()) text += ",\"" + list + "\":" + quoted_list(codes);
    return text + "}";
}

inline std::string hpv(const std::string& date, const std::string& result,
                       const Words& types = {}) {
    return event("hpv_test", date, {{"result", result}}, "types", types);
}

inline std::string cytology(const std::string& date, const Words& results) {
    return event("cytology", date, {}, "results", results);
}

inline std::string cytology(const std::string& date, const char* result) {
    return cytology(date, Words{result});
}

inline std::string via(const std::string& date, const std::string& result) {
    return event("via", date, {{"result", result}});
}

inline std::string gyn_exam(const std::string& date, const std::string& result) {
    return event("gyn_exam", date, {{"result", result}});
}

inline std::string colposcopy(const std::string& date, const std::string& impression) {
    return event("colposcopy", date, {{"impression", impression}});
}

/// One that tells whether ablation is possible: type 1 is, type 3 isn't.
inline std::string colposcopy_of_zone(const std::string& date, const std::string& impression,
                                      int tz_type) {
    return R"({"type":"colposcopy","date":")" + date + R"(","impression":")" + impression +
           R"(","adequate":true,"tz_type":)" + std::to_string(tz_type) + "}";
}

inline std::string histology(const std::string& date, const std::string& result,
                             const std::string& site = "") {
    return event("histology", date, {{"site", site}}, "results", {result});
}

inline std::string treatment(const std::string& date, const std::string& procedure,
                             const std::string& reason = "") {
    return event("treatment", date, {{"procedure", procedure}, {"reason", reason}});
}

inline std::string breast_exam(const std::string& date, const std::string& result) {
    return event("breast_exam", date, {{"result", result}});
}

/// BI-RADS of the left and the right breast.
inline std::string ultrasound(const std::string& date, const std::string& left,
                              const std::string& right = "1") {
    return event("breast_ultrasound", date, {{"left", left}, {"right", right}});
}

inline std::string mammogram(const std::string& date, const std::string& left,
                             const std::string& right = "1") {
    return event("mammogram", date, {{"left", left}, {"right", right}});
}

inline std::string senior_review(const std::string& date, const std::string& decision,
                                 const std::string& review_on = "") {
    return event("senior_review", date, {{"decision", decision}, {"review_on", review_on}});
}

inline std::string flag(const std::string& code, const std::string& from = "",
                        const std::string& to = "") {
    auto text = R"({"code":")" + code + '"';
    if (!from.empty()) text += R"(,"from":")" + from + '"';
    if (!to.empty()) text += R"(,"to":")" + to + '"';
    return text + "}";
}

/// A woman of a person file.
struct WomanLine {
    Words events;
    Words flags;
    std::string birth = "1984-06-15";  // 39 years old on the usual day.
    std::string on = "2024-06-01";     // The day of the question.
    std::string sex = "female";

    std::string text() const {
        return R"({"id":"w","birth_date":")" + birth + R"(","sex":")" + sex + R"(","on":")" + on +
               R"(","flags":[)" + joined(flags) + R"(],"events":[)" + joined(events) + "]}";
    }

private:
    static std::string joined(const Words& parts) {
        std::string all;
        for (const auto& part : parts) all += (all.empty() ? "" : ",") + part;
        return all;
    }
};

inline std::string woman(const Words& events, const Words& flags = {}) {
    return WomanLine{events, flags}.text();
}

inline std::string woman_on(const std::string& on, const Words& events, const Words& flags = {}) {
    WomanLine line{events, flags};
    line.on = on;
    return line.text();
}

inline std::string woman_born(const std::string& birth, const Words& events,
                              const Words& flags = {}) {
    WomanLine line{events, flags};
    line.birth = birth;
    return line.text();
}

/// A woman as the rules see her, and the day of the question.
struct AskedWoman {
    rules::ScreeningSubject subject;
    Date on;
};

inline AskedWoman asked_woman(const std::string& line) {
    const auto person = codec::parse_person(line);
    REQUIRE_MESSAGE(person, (person ? "" : person.error().field) << " of " << line);
    REQUIRE_MESSAGE(person->on, line);
    std::vector<const Fact*> facts;
    for (const auto& one : person->events) facts.push_back(&one.fact);
    return {rules::screening_subject_of(person->who, facts), *person->on};
}

inline rules::ScreeningDecision ask(const rules::Pathway& pathway, const std::string& line) {
    const auto woman = asked_woman(line);
    return rules::decide(pathway, woman.subject, woman.on);
}

/// With the other parameters as the file has them. `algorithm` is for WHO's alone.
inline rules::Pathway pathway_of(std::string_view id, const std::string& algorithm = "") {
    std::vector<rules::Choice> choices;
    if (!algorithm.empty()) choices.push_back({"algorithm", algorithm});
    auto pathway = rules::load_pathway(id, choices);
    REQUIRE_MESSAGE(pathway, id);
    return *std::move(pathway);
}

/// The actions of the loops that aren't closed, each with the day on which it is due: "treatment
/// 2024-03-10", in alphabetical order, with ", " between.
inline std::string open_of(const rules::Pathway& pathway, const std::string& on,
                           const Words& events, const Words& flags = {}) {
    const auto decision = ask(pathway, woman_on(on, events, flags));
    Words all;
    for (const auto& loop : decision.loops) {
        if (loop.closed_on) continue;
        const auto due = loop.step.due ? loop.step.due->to_string() : "-";
        all.push_back(std::string(to_string(loop.step.code)) + " " + due);
    }
    std::sort(all.begin(), all.end());
    std::string text;
    for (const auto& one : all) text += (text.empty() ? "" : ", ") + one;
    return text;
}

/// As she says herself.
inline std::string told(std::string event) {
    event.insert(event.size() - 1, R"(,"source":"told")");
    return event;
}

}  // namespace egret::tests
