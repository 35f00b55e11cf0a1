#include "tests/simulation/sync/model.h"

#include <algorithm>
#include <functional>
#include <tuple>
#include <utility>

namespace egret::sync_world {
namespace {

struct Placed {
    const Said* said = nullptr;
    Order order;
};

template <class T>
const T* as(const Said& said) {
    return std::get_if<T>(&said.fact.detail);
}

bool is_amendment(const Said& said) { return as<VoidFact>(said) || as<Correct>(said); }

/// What holds of a set of facts, whoever they are about.
class Holding {
public:
    explicit Holding(const std::map<EventUid, Placed>& all) : all_(all) {
        for (const auto& [uid, placed] : all) {
            if (const auto* voids = as<VoidFact>(*placed.said))
                voids_of_[voids->target].push_back(uid);
        }
    }

    bool is_live(const EventUid& uid) const {
        const auto voids = voids_of_.find(uid);
        if (voids == voids_of_.end()) return true;
        return std::none_of(voids->second.begin(), voids->second.end(), [&](const EventUid& by) {
            return by != uid && may_amend(by, uid) && is_live(by);
        });
    }

    /// Whoever said it takes it back, or a lead of that clinic; it is corrected by that clinic.
    bool may_amend(const EventUid& later, const EventUid& about) const {
        const auto& by = *all_.at(later).said;
        const auto& of = *all_.at(about).said;
        if (by.clinic != of.clinic) return false;
        return !as<VoidFact>(by) || by.is_lead || by.author == of.author;
    }

    /// What is corrected in the end, as far as it is here.
    std::optional<EventUid> root_of(const EventUid& uid) const {
        auto at = uid;
        while (true) {
            const auto found = all_.find(at);
            if (found == all_.end()) return std::nullopt;
            const auto* correct = as<Correct>(*found->second.said);
            if (!correct) return at;
            at = correct->target;
        }
    }

private:
    const std::map<EventUid, Placed>& all_;
    std::map<EventUid, std::vector<EventUid>> voids_of_;
};

class Working {
public:
    explicit Working(std::map<EventUid, Placed> all) : all_(std::move(all)), holding_(all_) {}

    std::vector<ExpectedWoman> work() {
        correct_all();
        join_all();
        std::map<WomanId, ExpectedWoman> women;
        for (const auto& [uid, placed] : all_) {
            const auto& subject = placed.said->subject;
            women[root_of(subject)].members.insert(subject);
            if (const auto other = joined_with(*placed.said); other && root_of(*other) != *other)
                women[root_of(*other)].members.insert(*other);
        }
        for (auto& [root, woman] : women) fill(woman);
        std::vector<ExpectedWoman> all;
        for (auto& entry : women) all.push_back(std::move(entry.second));
        return all;
    }

private:
    void correct_all() {
        std::map<EventUid, Order> settled;
        for (const auto& [uid, placed] : all_) {
            const auto* correct = as<Correct>(*placed.said);
            if (!correct || !holding_.is_live(uid)) continue;
            const auto root = holding_.root_of(uid);
            if (!root || !holding_.may_amend(uid, *root)) continue;
            const auto found = settled.find(*root);
            if (found != settled.end() && placed.order < found->second) continue;
            settled[*root] = placed.order;
            corrected_[*root] = &correct->replacement.front();
        }
    }

    /// One whose clinic registered either of the two or has her by a transfer; anybody, where
    /// nobody did.
    bool may_join(const Said& said, const WomanId& other) const {
        bool is_registered = false;
        for (const auto& entry : all_) {
            const auto& one = *entry.second.said;
            if (one.subject != said.subject && one.subject != other) continue;
            if (as<Register>(one)) {
                if (one.clinic == said.clinic) return true;
                is_registered = true;
            }
            const auto* transfer = as<Transfer>(one);
            if (transfer && transfer->to_facility == said.clinic) return true;
        }
        return !is_registered;
    }

    void join_all() {
        std::map<std::pair<WomanId, WomanId>, Placed> last;
        for (const auto& [uid, placed] : all_) {
            const auto other = joined_with(*placed.said);
            if (!other || !holding_.is_live(uid)) continue;
            if (!may_join(*placed.said, *other)) {
                powerless_.insert(uid);
                continue;
            }
            auto& known = last[std::minmax(placed.said->subject, *other)];
            if (!known.said || known.order < placed.order) known = placed;
        }
        for (const auto& [pair, placed] : last) {
            if (!as<Link>(*placed.said)) continue;
            const auto one = root_of(pair.first);
            const auto other = root_of(pair.second);
            if (one != other) parents_[std::max(one, other)] = std::min(one, other);
        }
    }

    WomanId root_of(WomanId id) const {
        for (auto found = parents_.find(id); found != parents_.end(); found = parents_.find(id))
            id = found->second;
        return id;
    }

    Date day_of(const Placed& placed) const {
        constexpr std::int64_t day_ms = 86'400'000;
        const auto& date = placed.said->fact.at.date;
        return date ? date->earliest()
                    : Date::from_days(
                          static_cast<std::int32_t>(placed.order.effective.ms() / day_ms));
    }

    /// By who has her, by who sent her there, and by who takes her.
    void follow_moves(const std::vector<const Placed*>& moves, ExpectedWoman& woman) const {
        std::string has;
        std::string by;
        for (const auto* move : moves) {
            const auto& said = *move->said;
            if (as<Register>(said)) {
                has = by = said.clinic;
                continue;
            }
            const auto& to = as<Transfer>(said)->to_facility;
            if (has.empty() || said.clinic == has || said.clinic == by || said.clinic == to) {
                has = to;
                by = said.clinic;
            } else {
                woman.unheeded.insert(said.uid);
            }
        }
    }

    void fill(ExpectedWoman& woman) const {
        std::vector<const Placed*> moves;
        for (const auto& [uid, placed] : all_) {
            const auto& said = *placed.said;
            if (!woman.members.contains(said.subject) || !holding_.is_live(uid)) continue;
            if (is_amendment(said)) {
                if (is_unheeded(uid, said)) woman.unheeded.insert(uid);
                continue;
            }
            if (as<Register>(said) || as<Transfer>(said)) moves.push_back(&placed);
            if (powerless_.contains(uid)) {
                woman.unheeded.insert(uid);
                continue;
            }
            const auto corrected = corrected_.find(uid);
            woman.facts.emplace(
                uid, corrected == corrected_.end() ? said.fact.detail : corrected->second->detail);
        }
        std::sort(moves.begin(), moves.end(), [this](const Placed* a, const Placed* b) {
            return std::tuple(day_of(*a), a->order) < std::tuple(day_of(*b), b->order);
        });
        follow_moves(moves, woman);
        for (const auto& uid : woman.unheeded) woman.facts.erase(uid);
    }

    bool is_unheeded(const EventUid& uid, const Said& said) const {
        const auto* voids = as<VoidFact>(said);
        const auto about = voids ? std::optional(voids->target) : holding_.root_of(uid);
        return about && *about != uid && all_.contains(*about) && !holding_.may_amend(uid, *about);
    }

    std::map<EventUid, Placed> all_;
    Holding holding_;
    std::map<EventUid, const Fact*> corrected_;
    std::map<WomanId, WomanId> parents_;
    std::set<EventUid> powerless_;
};

}  // namespace

std::optional<WomanId> joined_with(const Said& said) {
    if (const auto* link = as<Link>(said)) return link->other;
    if (const auto* unlink = as<Unlink>(said)) return unlink->other;
    return std::nullopt;
}

void Model::commit(const Said& said) {
    if (said_.emplace(said.uid, said).second) order_.push_back(said.uid);
}

const Said* Model::find(const EventUid& uid) const {
    const auto found = said_.find(uid);
    return found == said_.end() ? nullptr : &found->second;
}

std::vector<ExpectedWoman> Model::expect(const std::map<EventUid, Order>& counted) const {
    std::map<EventUid, Placed> all;
    for (const auto& [uid, order] : counted) {
        const auto* said = find(uid);
        if (said && !said->is_bad) all.emplace(uid, Placed{said, order});
    }
    return Working(std::move(all)).work();
}

}  // namespace egret::sync_world
