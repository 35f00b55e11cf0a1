// What must hold of everybody under every screening pack: of the women whose histories were
// published for another guideline, and of invented ones. A failure prints the seed, which gives the
// same woman again.

#include "registry/rules/screening/fulfilment.h"
#include "tests/registry/rules/screening/rows.h"
#include "tests/support/random_screened.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>

namespace egret::tests {
namespace {

constexpr std::uint64_t random_women = 400;

/// Of all packs, without the women of the published rows.
std::vector<rules::Pathway> all_pathways() {
    std::vector<rules::Pathway> all;
    for (const auto id : {"cn-cervical-2021", "cn-breast-2021", "cn-clinical-cervical-2023"})
        all.push_back(pathway_of(id));
    for (const std::string algorithm : {"1", "2", "3", "4", "5", "6", "7"})
        all.push_back(pathway_of("who-cervical-2021", algorithm));
    return all;
}

/// The pathway with what tells it from its like.
std::string name_of(const rules::Pathway& pathway) {
    auto name = pathway.id;
    for (const auto& parameter : pathway.parameters)
        if (parameter.name == "algorithm") name += " algorithm " + parameter.value;
    return name;
}

/// Beside the source tree, for who has them: the histories of the published cervical cases.
std::vector<std::string> published_lines() {
    const auto* named = std::getenv("EGRET_CONFORMANCE");
    const auto folder = named ? std::filesystem::path(named)
                              : std::filesystem::path(EGRET_SOURCE_DIR) / "../shared/conformance";
    std::ifstream file(folder / "cases" / "ccsm.persons.jsonl");
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    if (lines.empty())
        MESSAGE("skipped: the published cervical cases are not beside the source tree");
    return lines;
}

void for_random_women(const std::function<void(const std::vector<rules::Pathway>&, const WomanLine&,
                                               SeededRandom&)>& hold) {
    const auto pathways = all_pathways();
    for (std::uint64_t seed = 1; seed <= random_women; ++seed) {
        CAPTURE(seed);
        SeededRandom random(seed);
        const RandomScreened made(random);
        hold(pathways, made.line(), random);
    }
}

bool is_of_breast(const std::string& event) {
    for (const auto* word : {"breast", "mammogram", "senior_review", "mastectomy", "lumpectomy"})
        if (event.find(word) != std::string::npos) return true;
    return false;
}

bool is_open(const rules::Loop& loop) { return !loop.closed_on && !loop.is_overtaken; }

/// An answer: something to be done or a reason why not. What is to be done has a day.
void check_answered(const rules::ScreeningDecision& decision) {
    using rules::ScreeningStatus;
    if (decision.status == ScreeningStatus::no_rule) return;
    REQUIRE_FALSE(decision.actions.empty());
    const auto& first = decision.actions.front();
    CHECK_FALSE(first.why.empty());
    const bool is_done_with =
        decision.status == ScreeningStatus::exited || decision.status == ScreeningStatus::excluded;
    CHECK((first.code == rules::ScreeningAction::none) == is_done_with);
    for (const auto& loop : decision.loops) {
        CAPTURE(to_string(loop.step.code));
        if (is_open(loop)) CHECK(loop.step.due);
    }
}

bool is_of_site(const rules::Finding& finding, ScreenedSite site) {
    const bool is_breast = site == ScreenedSite::breast;
    if (const auto* histology = std::get_if<Histology>(&finding.detail)) {
        const auto of = histology->site.value_or(HistologySite::cervix);
        if (is_breast) return of == HistologySite::breast_left || of == HistologySite::breast_right;
        return of == HistologySite::cervix;
    }
    return is_breast == (std::holds_alternative<BreastUltrasound>(finding.detail) ||
                         std::holds_alternative<Mammogram>(finding.detail));
}

/// The last day of a test that counts as a screening test, or as more than that, until the day of
/// the question. Treatments and examinations by eye are none, and what she was told isn't.
std::optional<Date> last_test(const rules::Pathway& pathway, const AskedWoman& woman) {
    std::optional<Date> last;
    for (const auto& finding : woman.subject.findings) {
        const auto day = finding.date.earliest();
        if (!finding.date.is_exact() || woman.on < day) continue;
        if (!is_of_site(finding, pathway.site)) continue;
        if (!rules::fulfils(finding, rules::ScreeningAction::screening)) continue;
        if (woman.subject.birth_date && day < woman.subject.birth_date->earliest()) continue;
        if (!last || *last < day) last = day;
    }
    return last;
}

/// Nothing is due before what it follows from: the visit that opened it, if it is an open loop,
/// else the last test, of either breast where there are two.
void check_days(const rules::Pathway& pathway, const rules::ScreeningDecision& decision,
                const AskedWoman& woman) {
    const auto last = last_test(pathway, woman);
    const bool is_one = pathway.site == ScreenedSite::cervix;
    for (const auto& step : decision.actions) {
        if (!step.due) continue;
        const auto code = to_string(step.code);
        CAPTURE(code);
        if (step.due_to) CHECK(*step.due <= *step.due_to);
        const auto loop =
            std::find_if(decision.loops.begin(), decision.loops.end(), [&](const rules::Loop& one) {
                return is_open(one) && one.step.code == step.code && one.step.due == step.due;
            });
        if (loop != decision.loops.end())
            CHECK(loop->opened_on <= *step.due);
        else if (last && is_one)
            CHECK(*last <= *step.due);
    }
}

AskedWoman shuffled(AskedWoman woman, SeededRandom& random) {
    shuffle(woman.subject.findings, random);
    shuffle(woman.subject.flags, random);
    shuffle(woman.subject.without_date, random);
    return woman;
}

/// The decision with its problems in one order, whatever it was.
rules::ScreeningDecision sorted(rules::ScreeningDecision decision) {
    const auto text = [](const Message& message) {
        auto all = message.id;
        for (const auto& argument : message.arguments)
            all += " " + argument.first + argument.second;
        return all;
    };
    std::sort(decision.problems.begin(), decision.problems.end(),
              [&](const Message& a, const Message& b) { return text(a) < text(b); });
    return decision;
}

void check_all_of(const rules::Pathway& pathway, const std::string& line, SeededRandom& random) {
    const auto name = name_of(pathway);
    CAPTURE(name);
    CAPTURE(line);
    const auto woman = asked_woman(line);
    const auto decision = rules::decide(pathway, woman.subject, woman.on);
    const auto answer = answer_of(decision);
    CAPTURE(answer);
    check_answered(decision);
    check_days(pathway, decision, woman);
    for (int i = 0; i < 2; ++i)
        CHECK(sorted(rules::decide(pathway, shuffled(woman, random).subject, woman.on)) ==
              sorted(decision));
}

}  // namespace

TEST_SUITE("registry/rules/screening/properties") {
    TEST_CASE("published histories: answered, in any order the same, nothing due too early") {
        const auto pathways = all_pathways();
        const auto lines = published_lines();
        CHECK((lines.empty() || lines.size() == 1375));
        SeededRandom random(1);
        for (const auto& line : lines)
            for (const auto& pathway : pathways) check_all_of(pathway, line, random);
    }

    TEST_CASE("invented histories: answered, in any order the same, nothing due too early") {
        for_random_women([](const auto& pathways, const WomanLine& line, SeededRandom& random) {
            for (const auto& pathway : pathways) check_all_of(pathway, line.text(), random);
        });
    }

    TEST_CASE("the order in which a file tells of her never matters") {
        for_random_women([](const auto& pathways, const WomanLine& line, SeededRandom& random) {
            auto other = line;
            shuffle(other.events, random);
            shuffle(other.flags, random);
            for (const auto& pathway : pathways)
                CHECK(sorted(ask(pathway, other.text())) == sorted(ask(pathway, line.text())));
        });
    }

    TEST_CASE("nor do the problems of her facts stand in another order") {
        for_random_women([](const auto& pathways, const WomanLine& line, SeededRandom& random) {
            auto other = line;
            shuffle(other.events, random);
            for (const auto& pathway : pathways)
                CHECK(ask(pathway, other.text()).problems == ask(pathway, line.text()).problems);
        });
    }

    TEST_CASE("what is found at the breasts says nothing of the cervix, nor the other way round") {
        for_random_women([](const auto& pathways, const WomanLine& line, SeededRandom&) {
            for (const auto& pathway : pathways) {
                const bool is_cervix = pathway.site == ScreenedSite::cervix;
                auto own = line;
                std::erase_if(own.events, [&](const std::string& one) {
                    return is_of_breast(one) == is_cervix;
                });
                CHECK(sorted(ask(pathway, own.text())) == sorted(ask(pathway, line.text())));
            }
        });
    }

    TEST_CASE("a fact that was entered in error is as if it had never been") {
        for_random_women([](const auto& pathways, const WomanLine& line, SeededRandom& random) {
            if (line.events.empty()) return;
            const auto index = random.below(line.events.size());
            if (line.events[index].find("entered_in_error") != std::string::npos) return;
            auto taken_back = line;
            taken_back.events[index] = in_error(line.events[index]);
            auto without = line;
            without.events.erase(without.events.begin() + static_cast<std::ptrdiff_t>(index));
            for (const auto& pathway : pathways)
                CHECK(ask(pathway, taken_back.text()) == ask(pathway, without.text()));
        });
    }

    TEST_CASE("days that are known to the month or the year only are answered all the same") {
        for_random_women([](const auto& pathways, const WomanLine& line, SeededRandom&) {
            for (const std::size_t kept : {std::size_t{7}, std::size_t{4}}) {
                auto vague = line;
                vague.birth.resize(kept);
                for (auto& one : vague.events) one = blurred(one, kept);
                for (auto& one : vague.flags) one = blurred(one, kept);
                const auto text = vague.text();
                CAPTURE(text);
                for (const auto& pathway : pathways) check_answered(ask(pathway, text));
            }
        });
    }
}

}  // namespace egret::tests
