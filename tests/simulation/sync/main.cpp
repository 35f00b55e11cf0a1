// Sync, simulated: ./run simulate --seeds N [--seed FIRST] [--jobs J]. A seed is a world; whatever
// goes wrong in it goes wrong again.

#include "registry/base/text.h"
#include "tests/simulation/sync/shrink.h"

#include <charconv>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace egret::sync_world {
namespace {

struct Wish {
    std::uint64_t first = 1;
    std::uint64_t count = 1;
    std::uint64_t step = 1;  // Several processes share the seeds.
    bool is_told = false;    // All that happens.
    bool is_unsynced = false;
    bool has_perfect_line = false;
    std::optional<std::set<std::uint64_t>> kept;  // Of the actions, by their numbers.
};

struct Sum {
    std::uint64_t worlds = 0;
    std::uint64_t twice = 0;
    std::uint64_t failed = 0;
    std::uint64_t facts = 0;
    std::uint64_t clinic_cuts = 0;
    std::uint64_t centre_cuts = 0;
    std::uint64_t requests = 0;
    std::uint64_t losses = 0;
    int rounds = 0;  // The most.
};

std::uint64_t seed_now = 0;

void tell_seed(int) {
    std::cerr << "Ended in: ./run simulate --seed " << seed_now << std::endl;
    std::_Exit(3);
}

void tell(const Outcome& outcome, std::size_t lines) {
    const auto& last = outcome.last_lines;
    const auto skipped = last.size() > lines ? last.size() - lines : 0;
    for (auto line = last.begin() + static_cast<std::ptrdiff_t>(skipped); line != last.end();
         ++line)
        std::cout << "    " << *line << "\n";
}

Plan planned(std::uint64_t seed, const Wish& wish) {
    auto plan = draw_plan(seed);
    plan.is_unsynced = wish.is_unsynced;
    if (wish.has_perfect_line) plan.line = {};
    if (wish.kept) {
        std::erase_if(plan.actions,
                      [&](const Action& action) { return !wish.kept->contains(action.number); });
    }
    return plan;
}

/// What of a plan is enough, and how to see it again.
void tell_least(const Plan& plan) {
    std::cout << "  Enough is: ./run simulate --seed " << plan.seed
              << (plan.is_unsynced ? " --unsynced" : "")
              << (plan.line == LineRates() ? " --perfect-line" : "") << " --keep ";
    for (const auto& action : plan.actions)
        std::cout << (&action == &plan.actions.front() ? "" : ",") << action.number;
    std::cout << "\n";
    for (const auto& action : plan.actions) {
        std::cout << "    " << action.at_ms << " " << name_of(action.what) << " at "
                  << action.who + 1 << ": " << action.amount << "\n";
    }
}

void try_seed(const Founded& founded, std::uint64_t seed, const Wish& wish, Sum& sum) {
    seed_now = seed;
    const auto plan = planned(seed, wish);
    auto outcome = live(founded, plan);
    ++sum.worlds;
    if (seed % 10 == 0) {
        ++sum.twice;
        if (live(founded, plan).trace != outcome.trace)
            outcome.findings.push_back("The same seed gave another world");
    }
    sum.facts += outcome.facts;
    sum.clinic_cuts += outcome.clinic_cuts;
    sum.centre_cuts += outcome.centre_cuts;
    sum.requests += outcome.requests;
    sum.losses += outcome.losses;
    sum.rounds = std::max(sum.rounds, outcome.rounds);
    if (wish.is_told) tell(outcome, 400);
    if (wish.is_told) std::cout << "Trace " << to_hex(outcome.trace) << "\n";
    if (outcome.findings.empty()) return;
    ++sum.failed;
    std::cout << "Seed " << seed << " fails: ./run simulate --seed " << seed << "\n";
    for (const auto& finding : outcome.findings) std::cout << "  " << finding << "\n";
    if (!wish.is_told) tell(outcome, 40);
    if (sum.failed == 1 && !wish.kept) tell_least(shrink(founded, plan));
}

bool read_number(std::string_view text, std::uint64_t& number) {
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    return read.ec == std::errc() && read.ptr == end;
}

bool read_numbers(std::string_view text, std::set<std::uint64_t>& numbers) {
    for (const auto part : split(text, ',')) {
        std::uint64_t number = 0;
        if (!read_number(part, number)) return false;
        numbers.insert(number);
    }
    return true;
}

bool read_wish(const std::vector<std::string_view>& words, Wish& wish) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        auto* flag = words[i] == "--trace"          ? &wish.is_told
                     : words[i] == "--unsynced"     ? &wish.is_unsynced
                     : words[i] == "--perfect-line" ? &wish.has_perfect_line
                                                    : nullptr;
        if (flag != nullptr) {
            *flag = true;
            continue;
        }
        if (words[i] == "--keep" && i + 1 < words.size()) {
            if (!read_numbers(words[++i], wish.kept.emplace())) return false;
            continue;
        }
        auto* number = words[i] == "--seed"    ? &wish.first
                       : words[i] == "--seeds" ? &wish.count
                       : words[i] == "--step"  ? &wish.step
                                               : nullptr;
        if (number == nullptr || ++i == words.size() || !read_number(words[i], *number) ||
            *number == 0)
            return false;
    }
    return true;
}

int run(const std::vector<std::string_view>& words) {
    Wish wish;
    if (!read_wish(words, wish)) {
        std::cerr << "Usage: egret_sync_simulation [--seed FIRST] [--seeds N] [--step N] "
                     "[--keep N,N…] [--perfect-line] [--unsynced] [--trace]\n";
        return 2;
    }
    std::signal(SIGABRT, tell_seed);
    const auto founded = found_all();
    Sum sum;
    for (std::uint64_t i = 0; i < wish.count; ++i)
        try_seed(founded, wish.first + i * wish.step, wish, sum);
    std::cout << sum.worlds << " worlds, " << sum.twice << " of them twice: " << sum.failed
              << " fail; " << sum.facts << " facts, " << sum.requests << " requests heard, "
              << sum.losses << " without an answer, " << sum.clinic_cuts
              << " power cuts at clinics and " << sum.centre_cuts
              << " at the centre; all is at the centre after " << sum.rounds << " rounds at most\n";
    return sum.failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace egret::sync_world

int main(int count, char** words) { return egret::sync_world::run({words + 1, words + count}); }
