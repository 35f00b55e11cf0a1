#include "tests/simulation/sync/world.h"

#include "tests/simulation/sync/invariants.h"

#include <algorithm>
#include <utility>

namespace egret::sync_world {
namespace {

using tests::DiskFault;

constexpr Milliseconds between_looks{12 * 3'600'000};

/// Three that follow each other, so that all are counted in some world.
std::span<const coverage::Indicator> some_indicators(std::uint64_t seed) {
    const std::span all(coverage::known_indicators());
    return all.subspan(seed % (all.size() - 2), 3);
}

class World {
public:
    World(const Founded& founded, const Plan& plan)
        : plan_(plan),
          rates_(plan.line),
          queue_(first_instant()),
          centre_(surroundings(), *founded.keys, founded.centre, plan.seed * 1000) {
        for (std::size_t i = 0; i < plan.clinics; ++i) codes_.push_back(founded.clinics[i].code);
        for (std::size_t i = 0; i < plan.clinics; ++i) {
            machines_.push_back(std::make_unique<SimClinic>(
                surroundings(), centre_, rates_,
                SimClinic::Made{founded.clinics[i], codes_, codes_[i], i < plan.old_ones},
                plan.seed * 1000 + 10 * (i + 1)));
            places_.push_back(i);
        }
    }

    Outcome live() {
        for (std::size_t i = 0; i < plan_.actions.size(); ++i) {
            queue_.after(Milliseconds(plan_.actions[i].at_ms), [this, i] {
                act(plan_.actions[i]);
                look_at_times();
            });
        }
        queue_.run();
        calm_down();
        drain();
        // What was under way for long comes after all, and changes nothing.
        queue_.run();
        look_at_end();
        return report();
    }

private:
    Surroundings surroundings() {
        const auto synchronous =
            plan_.is_unsynced ? sqlite::Synchronous::off : sqlite::Synchronous::full;
        return {queue_, trace_, findings_, model_, some_indicators(plan_.seed), synchronous};
    }

    /// One of the machines of that clinic.
    SimClinic& machine_for(const Action& action) {
        std::vector<SimClinic*> all;
        for (std::size_t i = 0; i < machines_.size(); ++i) {
            if (places_[i] == action.who) all.push_back(machines_[i].get());
        }
        return *all[action.number % all.size()];
    }

    void act(const Action& action) {
        auto& clinic = machine_for(action);
        const auto amount = static_cast<std::uint64_t>(action.amount);
        switch (action.what) {
            case What::record: return clinic.record(amount, plan_.seed * 100'000 + action.number);
            case What::sync: return clinic.sync();
            case What::nightly: return clinic.nightly();
            case What::close: return clinic.close();
            case What::cut_power: return clinic.fail_at(amount, DiskFault::power_cut);
            case What::fill_disk: return clinic.fail_at(amount, DiskFault::full);
            case What::fail_disk: return clinic.fail_at(amount, DiskFault::broken);
            case What::jump_clock: return clinic.jump_clock(Milliseconds(action.amount));
            case What::back_up: return clinic.back_up();
            case What::put_back: return clinic.put_back(amount == 1);
            case What::copy: return copy(clinic, action);
            case What::destroy: return clinic.destroy();
            case What::shut_out: return shut_out(clinic, amount == 1);
            case What::join_anew: return clinic.join_anew(false);
            case What::update: return clinic.update();
            default: act_at_centre(action, clinic);
        }
    }

    void act_at_centre(const Action& action, const SimClinic& clinic) {
        const auto amount = static_cast<std::uint64_t>(action.amount);
        switch (action.what) {
            case What::cut_centre: return centre_.fail_at(amount, DiskFault::power_cut);
            case What::fill_centre: return centre_.fail_at(amount, DiskFault::full);
            case What::fail_centre: return centre_.fail_at(amount, DiskFault::broken);
            case What::jump_centre: return centre_.jump_clock(Milliseconds(action.amount));
            case What::keep_centre: return centre_.back_up(amount == 1);
            case What::put_centre_back: return put_centre_back();
            case What::sweep: return centre_.sweep();
            case What::give_area: return centre_.give_area(clinic.device(), "350203");
            default: EGRET_ENSURE(false);
        }
    }

    void copy(SimClinic& clinic, const Action& action) {
        if (machines_.size() >= 2 * plan_.clinics) return;
        auto made = clinic.copy(clinic.code() + "-" + std::to_string(machines_.size()),
                                plan_.seed * 1000 + 10 * (machines_.size() + 50));
        if (!made) return;
        machines_.push_back(std::move(made));
        places_.push_back(action.who);
    }

    void shut_out(SimClinic& clinic, bool is_stolen) {
        centre_.revoke(clinic.device());
        if (is_stolen) clinic.destroy();
    }

    void put_centre_back() {
        if (!centre_.put_back() || !centre_.is_up()) return;
        const auto left = centre_.uids();
        for (auto& machine : machines_) machine->heed_restored_centre(left);
    }

    /// Whoever isn't busy is looked at every now and then.
    void look_at_times() {
        if (queue_.now() < looked_ + between_looks) return;
        looked_ = queue_.now();
        for (auto& machine : machines_) machine->look();
    }

    void calm_down() {
        rates_ = {};
        centre_.mend();
        centre_.jump_clock_right();
        for (auto& machine : machines_) {
            if (!machine->is_gone()) machine->mend();
        }
    }

    bool is_drained() {
        const auto has_all = [&](const auto& machine) {
            return machine->is_gone() ||
                   (!machine->is_put_back() && machine->is_open() &&
                    centre_.head(machine->device()).seq == machine->known().size());
        };
        return std::all_of(machines_.begin(), machines_.end(), has_all) &&
               have_followed_feeds(ended());
    }

    void drain() {
        // What was committed in the moment of a power cut is known only once it is open.
        for (auto& machine : machines_) machine->open_again();
        while (!is_drained() && rounds_ < rounds_max) {
            ++rounds_;
            for (auto& machine : machines_) {
                if (!machine->is_gone()) machine->join_anew(!centre_.lets_in(machine->device()));
                if (rounds_ % 3 == 1)
                    machine->nightly();
                else
                    machine->sync();
                if (rounds_ % 3 == 2) queue_.run();
            }
            queue_.run();
            for (auto& machine : machines_) machine->open_again();
        }
        if (!is_drained()) findings_.add("All isn't everywhere after so many rounds");
        for (auto& machine : machines_) machine->sync();
        queue_.run();
    }

    void look_at_end() {
        for (auto& machine : machines_) {
            if (!machine->is_gone()) machine->look_at_end();
        }
        NoProgress quiet;
        const auto today =
            Date::from_days(static_cast<std::int32_t>(unix_ms(queue_.now()) / 86'400'000 + 1));
        for (const auto& fault : centre_.store().verify("/centre/copy.db", today, quiet))
            findings_.add("The centre's check: " + fault.kind);
        look_at_all(ended());
    }

    Ended ended() { return {world_, centre_, machines_}; }

    Outcome report() {
        Outcome outcome;
        outcome.last_lines = trace_.last();
        outcome.findings = findings_.all();
        outcome.facts = model_.all().size();
        outcome.centre_cuts = centre_.cuts();
        outcome.requests = centre_.requests();
        outcome.rounds = rounds_;
        for (const auto& machine : machines_) {
            outcome.clinic_cuts += machine->cuts();
            outcome.losses += machine->losses();
            outcome.received += machine->received();
        }
        outcome.trace = trace_.finish();
        return outcome;
    }

    const Plan& plan_;
    LineRates rates_;
    Trace trace_;
    Findings findings_;
    Model model_;
    EventQueue queue_;
    Surroundings world_ = surroundings();
    SimCentre centre_;
    std::vector<std::string> codes_;
    std::vector<std::unique_ptr<SimClinic>> machines_;
    std::vector<std::size_t> places_;  // Of which clinic each is, by its place in the plan.
    Instant looked_ = Instant::min() + between_looks;
    int rounds_ = 0;
};

}  // namespace

Outcome live(const Founded& founded, const Plan& plan) { return World(founded, plan).live(); }

}  // namespace egret::sync_world
