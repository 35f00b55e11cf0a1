// Every row of every pack is come to by one of the women of the published rows or by one of those
// beside them, and each of them would be missed.

#include "tests/registry/rules/screening/rows.h"

#include <doctest/doctest.h>

#include <map>
#include <set>

namespace egret::tests {
namespace {

/// A pack, and its women as the rules see them.
struct ReadPack {
    Pack pack;
    std::vector<AskedWoman> women;
    std::vector<rules::ScreeningDecision> decisions;
};

/// By the id of the pathway: WHO's seven are together.
std::map<std::string, std::vector<ReadPack>> read_packs() {
    std::map<std::string, std::vector<ReadPack>> all;
    for (auto& pack : all_packs()) {
        ReadPack read;
        for (const auto& row : pack.rows) {
            const auto woman = asked_woman(row.person);
            read.decisions.push_back(rules::decide(pack.pathway, woman.subject, woman.on));
            read.women.push_back(woman);
        }
        read.pack = std::move(pack);
        all[read.pack.pathway.id].push_back(std::move(read));
    }
    return all;
}

std::vector<rules::Table*> tables_of(rules::Pathway& pathway) {
    std::vector<rules::Table*> all{&pathway.at_visits, &pathway.on_day};
    for (auto& table : pathway.tables) all.push_back(&table);
    return all;
}

/// Rows that do as another row behind them does, and say better why.
const std::set<std::string> better_reasons{
    "cn-cervical-2021/at_visits/triage-missing",
    "cn-clinical-cervical-2023/at_visits/agc-from-35",
    "who-cervical-2021/at_visits/eligible",
    "who-cervical-2021/at_visits/eligible-hpv2",
    "who-cervical-2021/at_visits/eligible-hpv4",
    "who-cervical-2021/at_visits/via-triage-positive",
    "who-cervical-2021/at_visits/via-triage-positive-later",
};

/// Rows that leave what is owed as it is, and stand there so that no row behind them changes it.
const std::set<std::string> silent_rows{
    "cn-cervical-2021/at_visits/specimen-of-treatment",
    "cn-clinical-cervical-2023/at_visits/specimen-of-treatment",
    "who-cervical-2021/at_visits/specimen-of-treatment",
};

/// What a nurse is told to do, or also why.
std::string told(const rules::ScreeningDecision& decision, bool with_reasons) {
    auto text = std::string(to_string(decision.status));
    for (const auto& step : decision.actions) {
        for (const auto& why : step.why)
            if (const auto* reason = std::get_if<BothLanguages>(&why.text); reason && with_reasons)
                text += " \"" + reason->en + "\"";
        text += " " + std::string(to_string(step.code)) +
                (step.due ? " from " + step.due->to_string() : "") +
                (step.due_to ? " to " + step.due_to->to_string() : "");
        for (const auto choice : step.choices) text += "/" + std::string(to_string(choice));
    }
    return text;
}

/// "at_visits/hpv-negative": the same row in packs of one guideline.
std::string name_of(const rules::Table& table, const rules::Row& row) {
    return table.id + "/" + row.id;
}

/// The pathway without a row; nothing, if it doesn't have it: some are of some algorithms alone.
std::optional<rules::Pathway> without(rules::Pathway pathway, const std::string& name) {
    for (auto* table : tables_of(pathway)) {
        const auto erased = std::erase_if(
            table->rows, [&](const rules::Row& row) { return name_of(*table, row) == name; });
        if (erased > 0) return pathway;
    }
    return std::nullopt;
}

/// Whether somebody is told something else without the row.
bool is_missed(const std::vector<ReadPack>& packs, const std::string& name, bool with_reasons) {
    for (const auto& read : packs) {
        const auto mutant = without(read.pack.pathway, name);
        if (!mutant) continue;
        for (std::size_t i = 0; i < read.women.size(); ++i) {
            const auto& woman = read.women[i];
            const auto decision = rules::decide(*mutant, woman.subject, woman.on);
            if (told(decision, with_reasons) != told(read.decisions[i], with_reasons)) return true;
        }
    }
    return false;
}

std::set<std::string> rules_named(const std::vector<ReadPack>& packs) {
    std::set<std::string> all;
    const auto add = [&](const rules::ScreeningStep& step) {
        for (const auto& why : step.why) all.insert(why.rule);
    };
    for (const auto& read : packs) {
        for (const auto& decision : read.decisions) {
            for (const auto& step : decision.actions) add(step);
            for (const auto& loop : decision.loops) add(loop.step);
        }
    }
    return all;
}

/// The names of the rows of all packs of a guideline, and which of them answer by themselves.
std::map<std::string, bool> rows_of(std::vector<ReadPack>& packs) {
    std::map<std::string, bool> all;
    for (auto& read : packs) {
        for (const auto* table : tables_of(read.pack.pathway)) {
            for (const auto& row : table->rows)
                all[name_of(*table, row)] = row.outcome && !row.is_what_is_owed;
        }
    }
    return all;
}

}  // namespace

TEST_SUITE("registry/rules/screening/row_coverage") {
    TEST_CASE("every row of every pack answers one of the women") {
        for (auto& [id, packs] : read_packs()) {
            const auto named = rules_named(packs);
            for (const auto& [name, answers] : rows_of(packs)) {
                if (!answers) continue;
                const auto rule = id + "/" + name;
                if (silent_rows.count(rule) == 1) continue;
                CHECK_MESSAGE(named.count(rule) == 1, "nobody is answered by " << rule);
            }
        }
    }

    TEST_CASE("every row of every pack would be missed: without it somebody is told otherwise") {
        for (auto& [id, packs] : read_packs()) {
            for (const auto& [name, answers] : rows_of(packs)) {
                const auto rule = id + "/" + name;
                const bool is_for_its_reason = better_reasons.count(rule) == 1;
                CHECK_MESSAGE(is_missed(packs, name, is_for_its_reason), "nobody misses " << rule);
            }
        }
    }
}

}  // namespace egret::tests
