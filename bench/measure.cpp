#include "bench/measure.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <filesystem>
#include <limits>
#include <stdexcept>
#include <string_view>
#include <unistd.h>

namespace egret::bench {
namespace {

double seconds_on(clockid_t clock) {
    timespec at{};
    clock_gettime(clock, &at);
    return static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_nsec) * 1e-9;
}

constexpr std::array words = {"", "yes", "NO", "disk"};
constexpr auto row_format = "%-44s %16s %16s %8s  %-20s %s\n";

}  // namespace

int run_main(int argc, char** argv, void (*run)(const Options& options)) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        if (word == "--full") {
            options.full = true;
        } else if (word == "--rows") {
            options.with_head = false;
        } else if (word == "--profile") {
            options.is_profile = true;
        } else {
            std::fprintf(stderr, "usage: %s [--full] [--rows] [--profile]\n", argv[0]);
            return 2;
        }
    }
    try {
        run(options);
        return 0;
    } catch (const std::exception& failed) {
        std::fprintf(stderr, "%s: %s\n", argv[0], failed.what());
        return 1;
    }
}

double cpu_seconds() { return seconds_on(CLOCK_PROCESS_CPUTIME_ID); }

double wall_seconds() { return seconds_on(CLOCK_MONOTONIC); }

double cpu_seconds_of(const std::function<void()>& work) {
    const auto before = cpu_seconds();
    work();
    return cpu_seconds() - before;
}

double least_cpu_seconds(int repetitions, const std::function<void()>& work) {
    auto least = std::numeric_limits<double>::max();
    for (int i = 0; i < repetitions; ++i) least = std::min(least, cpu_seconds_of(work));
    return least;
}

double Samples::percentile(double part) const {
    auto sorted = seconds_;
    std::sort(sorted.begin(), sorted.end());
    const auto last = static_cast<double>(sorted.size() - 1);
    return sorted.at(static_cast<std::size_t>(std::lround(part * last)));
}

double Samples::sum() const {
    double sum = 0;
    for (const auto one : seconds_) sum += one;
    return sum;
}

WorkFolder::WorkFolder() {
    auto pattern =
        (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "bench-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no folder to work in");
    path_ = pattern;
}

WorkFolder::~WorkFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string WorkFolder::fresh(const std::string& name) const {
    auto path = file(name);
    std::filesystem::remove_all(path);
    std::filesystem::create_directory(path);
    return path;
}

Table::Table(const Options& options) {
    if (options.with_head) std::printf(row_format, "what", "ours", "limit", "ratio", "goal", "met");
    std::fflush(stdout);
}

void Table::add(const Row& row) const {
    std::array<char, 32> ratio{};
    std::snprintf(ratio.data(), ratio.size(), "%.2f", row.ratio);
    std::printf(row_format, row.name.c_str(), row.ours.c_str(), row.limit.c_str(), ratio.data(),
                row.goal.c_str(), words[static_cast<std::size_t>(row.verdict)]);
    std::fflush(stdout);
}

std::string shown(double value, const std::string& unit) {
    std::array<char, 64> text{};
    const auto print = [&](double number, const char* suffix) {
        const int decimals = number < 10 ? 2 : number < 100 ? 1 : 0;
        std::snprintf(text.data(), text.size(), "%.*f%s", decimals, number, suffix);
    };
    if (value >= 1e6) {
        print(value / 1e6, " M");
    } else if (value >= 1e4) {
        print(value / 1e3, " k");
    } else {
        print(value, "");
    }
    return text.data() + (unit.empty() ? "" : " " + unit);
}

}  // namespace egret::bench
