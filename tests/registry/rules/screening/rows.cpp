#include "tests/registry/rules/screening/rows.h"

#include <algorithm>
#include <set>
#include <sstream>

namespace egret::tests {
namespace {

/// The tables say "at once"; the packs' own parameter for that is three months.
constexpr int soon_in_months = 3;

std::vector<std::string> split(const std::string& text, const std::string& by) {
    std::vector<std::string> parts;
    std::size_t from = 0;
    for (auto at = text.find(by); at != std::string::npos; at = text.find(by, from)) {
        parts.push_back(text.substr(from, at - from));
        from = at + by.size();
    }
    parts.push_back(text.substr(from));
    return parts;
}

bool allows(const std::string& allowed, const std::string& value) {
    if (allowed == "?") return true;
    const bool is_negated = allowed.front() == '!';
    const auto all = split(is_negated ? allowed.substr(1) : allowed, "|");
    return (std::find(all.begin(), all.end(), value) != all.end()) != is_negated;
}

bool allows_end(const std::string& allowed, const std::string& due, const std::string& due_to) {
    if (allowed != "=" && allowed != "soon") return allows(allowed, due_to);
    if (due_to == "-" || due_to == due) return true;
    const auto from = Date::parse(due);
    const auto to = Date::parse(due_to);
    return allowed == "soon" && from && to && *from <= *to &&
           *to <= from->plus_months(soon_in_months);
}

bool fits_one(const std::vector<std::string>& got, const std::string& expected) {
    const auto wanted = split(expected, " ");
    REQUIRE_MESSAGE(wanted.size() >= 3, expected);
    if (!allows(wanted[0], got[0]) || !allows(wanted[1], got[1])) return false;
    if (!allows_end(wanted[2], got[1], got[2])) return false;
    return wanted.size() < 4 || allows(wanted[3], got[3]);
}

std::string day_text(const std::optional<Date>& date) { return date ? date->to_string() : "-"; }

SourceRows joined(SourceRows rows, const SourceRows& more) {
    rows.insert(rows.end(), more.begin(), more.end());
    return rows;
}

}  // namespace

std::string answer_of(const rules::ScreeningDecision& decision) {
    const std::string status(to_string(decision.status));
    if (decision.actions.empty()) return "none - - " + status;
    const auto& first = decision.actions.front();
    return std::string(to_string(first.code)) + " " + day_text(first.due) + " " +
           day_text(first.due_to) + " " + status;
}

bool fits(const std::string& answer, const std::string& expected) {
    const auto got = split(answer, " ");
    const auto alternatives = split(expected, " or ");
    return std::any_of(alternatives.begin(), alternatives.end(),
                       [&](const std::string& one) { return fits_one(got, one); });
}

void check_rows(const SourceRows& rows, const rules::Pathway& pathway,
                const std::string& algorithm) {
    for (const auto& row : rows) {
        if (row.algorithm != algorithm) continue;
        const auto decision = ask(pathway, row.person);
        const auto got = answer_of(decision);
        const auto rule = decision.actions.empty() || decision.actions.front().why.empty()
                              ? std::string("no rule")
                              : decision.actions.front().why.front().rule;
        const auto name = "row " + std::to_string(row.number) + " " + algorithm + ", " + row.what;
        CHECK_MESSAGE(fits(got, row.expected), name << "\n  person:   " << row.person
                                                    << "\n  expected: " << row.expected
                                                    << "\n  answered: " << got << " by " << rule);
    }
}

void check_numbers(const SourceRows& rows, int first, int last, const std::vector<int>& left_out) {
    std::set<int> there(left_out.begin(), left_out.end());
    for (const auto& row : rows) there.insert(row.number);
    for (int number = first; number <= last; ++number) {
        CAPTURE(number);
        CHECK(there.count(number) == 1);
    }
}

std::vector<Pack> all_packs() {
    std::vector<Pack> packs;
    const auto add = [&](const std::string& id, const SourceRows& rows) {
        packs.push_back({id, "", pathway_of(id), rows});
    };
    add("cn-cervical-2021", joined(china_cervical_rows(), china_cervical_extras()));
    add("cn-breast-2021", joined(china_breast_rows(), china_breast_extras()));
    add("cn-clinical-cervical-2023", joined(china_guideline_rows(), china_guideline_extras()));
    const auto who = joined(who_rows(), who_extras());
    for (const std::string algorithm : {"1", "2", "3", "4", "5", "6", "7"}) {
        SourceRows own;
        std::copy_if(who.begin(), who.end(), std::back_inserter(own),
                     [&](const SourceRow& row) { return row.algorithm == algorithm; });
        packs.push_back({"who-cervical-2021 algorithm " + algorithm, algorithm,
                         pathway_of("who-cervical-2021", algorithm), own});
    }
    return packs;
}

}  // namespace egret::tests
