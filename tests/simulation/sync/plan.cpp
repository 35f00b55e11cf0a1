#include "tests/simulation/sync/plan.h"

#include "registry/base/random.h"

#include <algorithm>

namespace egret::sync_world {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t day_ms = 24 * hour_ms;

class Drawing {
public:
    explicit Drawing(std::uint64_t seed) : random_(seed) { plan_.seed = seed; }

    Plan draw() {
        // Mostly few, since faults meet each other more often then.
        plan_.clinics =
            random_.chance(0.1) ? 7 + random_.below(clinics_max - 6) : 1 + random_.below(6);
        draw_line();
        days_ = 2 + random_.below(25);
        for (std::size_t who = 0; who < plan_.clinics; ++who) draw_work(who);
        draw_clinic_faults();
        draw_centre_faults();
        std::stable_sort(plan_.actions.begin(), plan_.actions.end(),
                         [](const Action& a, const Action& b) { return a.at_ms < b.at_ms; });
        for (std::size_t i = 0; i < plan_.actions.size(); ++i) plan_.actions[i].number = i;
        return std::move(plan_);
    }

private:
    double rate(double max) { return random_.chance(0.5) ? random_.unit() * max : 0; }

    /// How often something comes to pass that half of all worlds are spared.
    std::uint64_t times(std::uint64_t max) {
        return random_.chance(0.5) ? 1 + random_.below(max) : 0;
    }

    void draw_line() {
        auto& line = plan_.line;
        line.unreachable = rate(0.4);
        line.request_cut = rate(0.3);
        line.request_lost = rate(0.4);
        line.answer_lost = rate(0.4);
        line.duplicated = rate(0.3);
        line.late = rate(0.2);
        constexpr std::int64_t speeds[] = {1'200, 4'000, 16'000, 125'000, 1'000'000};
        line.bytes_per_s = speeds[random_.below(5)];
        line.turn_ms = 20 + static_cast<std::int64_t>(random_.below(1500));
    }

    void add(What what, std::size_t who, std::int64_t amount) {
        const auto at = random_.below(days_ * static_cast<std::uint64_t>(day_ms));
        plan_.actions.push_back({static_cast<std::int64_t>(at), what, who, amount});
    }

    void draw_work(std::size_t who) {
        for (auto left = 3 + random_.below(12); left > 0; --left)
            add(What::record, who, 1 + static_cast<std::int64_t>(random_.below(9)));
        if (random_.chance(0.1))
            add(What::record, who, 100 + static_cast<std::int64_t>(random_.below(400)));
        for (auto left = random_.below(6); left > 0; --left) add(What::sync, who, 0);
        for (auto left = random_.below(6); left > 0; --left) add(What::nightly, who, 0);
        for (auto left = random_.below(4); left > 0; --left) add(What::close, who, 0);
    }

    std::size_t somebody() { return random_.below(plan_.clinics); }

    /// Few operations, or many: an opening alone has some fifty that count.
    std::int64_t some_operation() {
        constexpr std::uint64_t spans[] = {4, 40, 200, 600};
        return static_cast<std::int64_t>(random_.below(spans[random_.below(4)]));
    }

    void draw_clinic_faults() {
        for (auto left = times(5 * plan_.clinics); left > 0; --left)
            add(What::cut_power, somebody(), some_operation());
        for (auto left = times(3 * plan_.clinics); left > 0; --left)
            add(What::fill_disk, somebody(), 1 + some_operation() / 4);
        for (auto left = times(3 * plan_.clinics); left > 0; --left)
            add(What::fail_disk, somebody(), 1 + some_operation());
        for (auto left = times(2 * plan_.clinics); left > 0; --left)
            add(What::jump_clock, somebody(), some_jump());
        for (auto left = times(2 * plan_.clinics); left > 0; --left) {
            const auto who = somebody();
            add(What::back_up, who, 0);
            add(What::put_back, who, 0);
        }
    }

    std::int64_t some_jump() {
        constexpr std::uint64_t spans_ms[] = {20 * 60'000, 3 * day_ms, 400 * day_ms, 9131 * day_ms};
        if (random_.chance(0.2)) return 0;  // Somebody sets it right.
        const auto off = static_cast<std::int64_t>(random_.below(spans_ms[random_.below(4)]));
        return random_.chance(0.5) ? off : -off;
    }

    void draw_centre_faults() {
        for (auto left = times(8); left > 0; --left) add(What::cut_centre, 0, some_operation());
        for (auto left = times(5); left > 0; --left)
            add(What::fill_centre, 0, 1 + some_operation() / 4);
        for (auto left = times(5); left > 0; --left)
            add(What::fail_centre, 0, 1 + some_operation());
    }

    SeededRandom random_;
    Plan plan_;
    std::uint64_t days_ = 0;
};

}  // namespace

const char* name_of(What what) {
    switch (what) {
        case What::record: return "record";
        case What::sync: return "sync";
        case What::nightly: return "nightly";
        case What::close: return "close";
        case What::cut_power: return "cut_power";
        case What::fill_disk: return "fill_disk";
        case What::fail_disk: return "fail_disk";
        case What::jump_clock: return "jump_clock";
        case What::back_up: return "back_up";
        case What::put_back: return "put_back";
        case What::cut_centre: return "cut_centre";
        case What::fill_centre: return "fill_centre";
        case What::fail_centre: return "fail_centre";
    }
    return "";
}

Plan draw_plan(std::uint64_t seed) { return Drawing(seed).draw(); }

}  // namespace egret::sync_world
