#include "tests/simulation/sync/world.h"

#include "registry/sqlite/statement.h"
#include "registry/store/read_id.h"

#include <algorithm>
#include <set>
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
        for (std::size_t i = 0; i < plan.clinics; ++i) {
            clinics_.push_back(std::make_unique<SimClinic>(surroundings(), centre_, rates_,
                                                           founded.clinics[i],
                                                           plan.seed * 1000 + 10 * (i + 1)));
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
        return {queue_, trace_, findings_, some_indicators(plan_.seed), synchronous};
    }

    void act(const Action& action) {
        auto& clinic = *clinics_[action.who];
        const auto amount = static_cast<std::uint64_t>(action.amount);
        switch (action.what) {
            case What::record: clinic.record(amount, plan_.seed * 100'000 + action.number); break;
            case What::sync: clinic.sync(); break;
            case What::nightly: clinic.nightly(); break;
            case What::close: clinic.close(); break;
            case What::cut_power: clinic.fail_at(amount, DiskFault::power_cut); break;
            case What::fill_disk: clinic.fail_at(amount, DiskFault::full); break;
            case What::fail_disk: clinic.fail_at(amount, DiskFault::broken); break;
            case What::jump_clock: clinic.jump_clock(Milliseconds(action.amount)); break;
            case What::back_up: clinic.back_up(); break;
            case What::put_back: clinic.put_back(); break;
            case What::cut_centre: centre_.fail_at(amount, DiskFault::power_cut); break;
            case What::fill_centre: centre_.fail_at(amount, DiskFault::full); break;
            case What::fail_centre: centre_.fail_at(amount, DiskFault::broken); break;
        }
    }

    /// Whoever isn't busy is looked at every now and then.
    void look_at_times() {
        if (queue_.now() < looked_ + between_looks) return;
        looked_ = queue_.now();
        for (auto& clinic : clinics_) clinic->look();
    }

    void calm_down() {
        rates_ = {};
        centre_.mend();
        for (auto& clinic : clinics_) clinic->mend();
    }

    bool has_all() {
        return std::all_of(clinics_.begin(), clinics_.end(), [&](const auto& clinic) {
            return !clinic->is_put_back() &&
                   centre_.head(clinic->device()).seq == clinic->known().size();
        });
    }

    void drain() {
        // What was committed in the moment of a power cut is known only once it is open.
        for (auto& clinic : clinics_) clinic->open_again();
        while (!has_all() && rounds_ < rounds_max) {
            ++rounds_;
            for (auto& clinic : clinics_) {
                if (rounds_ % 2 == 1)
                    clinic->nightly();
                else
                    clinic->sync();
            }
            queue_.run();
        }
        if (!has_all()) findings_.add("The centre hasn't all after so many rounds");
        for (auto& clinic : clinics_) clinic->sync();
        queue_.run();
    }

    void look_at_end() {
        std::set<EventUid> known;
        for (auto& clinic : clinics_) {
            clinic->look_at_end();
            for (const auto& fact : clinic->known()) {
                if (!known.insert(fact.uid).second) findings_.add("One uid was given twice");
            }
        }
        facts_ = known.size();
        NoProgress quiet;
        const auto today = Date::parse("2026-06-01");
        for (const auto& fault : centre_.store().verify("/centre/copy.db", *today, quiet))
            findings_.add("The centre's check: " + fault.kind);
        centre_.look_into_file([&](sqlite::Database& db) { look_at_centre(db, known); });
    }

    /// Each fact of each clinic is there once, and nothing else; none was set aside.
    void look_at_centre(sqlite::Database& db, const std::set<EventUid>& known) {
        std::set<EventUid> found;
        sqlite::Statement uids(db, "SELECT uid FROM event");
        auto row = uids.start();
        while (row.next()) {
            const auto uid = store::read_id<EventUid>(row, 0);
            if (!known.contains(uid)) findings_.add("The centre has a fact that nobody recorded");
            if (!found.insert(uid).second) findings_.add("The centre has a fact twice");
        }
        if (found.size() != known.size()) findings_.add("The centre lacks facts");
        sqlite::Statement refused(db, "SELECT count(*) FROM quarantine");
        if (refused.start().single().int64(0) > 0) findings_.add("A fact was set aside");
    }

    Outcome report() {
        Outcome outcome;
        outcome.last_lines = trace_.last();
        outcome.findings = findings_.all();
        outcome.facts = facts_;
        outcome.centre_cuts = centre_.cuts();
        outcome.requests = centre_.requests();
        outcome.rounds = rounds_;
        for (const auto& clinic : clinics_) {
            outcome.clinic_cuts += clinic->cuts();
            outcome.losses += clinic->losses();
        }
        outcome.trace = trace_.finish();
        return outcome;
    }

    const Plan& plan_;
    LineRates rates_;
    Trace trace_;
    Findings findings_;
    EventQueue queue_;
    SimCentre centre_;
    std::vector<std::unique_ptr<SimClinic>> clinics_;
    Instant looked_ = Instant::min() + between_looks;
    std::uint64_t facts_ = 0;
    int rounds_ = 0;
};

}  // namespace

Outcome live(const Founded& founded, const Plan& plan) { return World(founded, plan).live(); }

}  // namespace egret::sync_world
