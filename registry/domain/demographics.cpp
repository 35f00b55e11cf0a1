#include "registry/domain/demographics.h"

#include "registry/base/limits.h"
#include "registry/domain/history.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace egret {
namespace {

template <class Visit>
void for_each_who_field(Visit&& visit) {
    visit(WhoField::names, &Demographics::names);
    visit(WhoField::birth_date, &Demographics::birth_date);
    visit(WhoField::sex, &Demographics::sex);
    visit(WhoField::identifiers, &Demographics::identifiers);
    visit(WhoField::phones, &Demographics::phones);
    visit(WhoField::address, &Demographics::address);
    visit(WhoField::area, &Demographics::area);
    visit(WhoField::household_area, &Demographics::household_area);
    visit(WhoField::household_kind, &Demographics::household_kind);
    visit(WhoField::income_category, &Demographics::income_category);
    visit(WhoField::school, &Demographics::school);
    visit(WhoField::school_class, &Demographics::school_class);
    visit(WhoField::guardian, &Demographics::guardian);
    visit(WhoField::language, &Demographics::language);
    visit(WhoField::resident, &Demographics::resident);
    visit(WhoField::school_area, &Demographics::school_area);
}

template <class T>
bool is_said(const std::optional<T>& value) {
    return value.has_value();
}

template <class T>
bool is_said(const T& list_or_text) {
    return !list_or_text.empty();
}

template <class T>
bool is_same(const T& one, const T& other) {
    return one == other;
}

bool is_same(const std::vector<PersonName>& one, const std::vector<PersonName>& other) {
    return one.size() == other.size() &&
           std::is_permutation(one.begin(), one.end(), other.begin(),
                               [](const PersonName& a, const PersonName& b) {
                                   return a.use == b.use && a.text == b.text;
                               });
}

bool is_same(const std::vector<Identifier>& one, const std::vector<Identifier>& other) {
    return one.size() == other.size() &&
           std::is_permutation(one.begin(), one.end(), other.begin(),
                               [](const Identifier& a, const Identifier& b) {
                                   return a.kind == b.kind && a.value == b.value;
                               });
}

bool is_same(const std::vector<std::string>& one, const std::vector<std::string>& other) {
    return one.size() == other.size() && std::is_permutation(one.begin(), one.end(), other.begin());
}

bool tells_sightings(const Fact& fact) {
    return said_of_her(fact) || std::holds_alternative<Correct>(fact.detail);
}

/// A live fact about who she is.
struct Saying {
    const LiveFact* live;
    const Demographics* who;
};

using Sayings = std::vector<Saying>;

/// Puts together what all the sayings say.
class Merging {
public:
    Merging(Sayings sayings, const std::vector<LoggedEvent>& events)
        : sayings_(std::move(sayings)) {
        if (sayings_.size() > 1) sightings_.emplace(events);
    }

    MergedWho merge(Demographics before) && {
        merged_.who = std::move(before);
        const auto school_before = std::pair(merged_.who.school, merged_.who.school_area);
        for_each_who_field([&](WhoField field, auto member) { merge_field(field, member); });
        place_school(school_before);
        return std::move(merged_);
    }

private:
    template <class Member>
    void merge_field(WhoField field, Member Demographics::*member) {
        Sayings sayers;
        for (const auto& saying : sayings_) {
            if (is_said(saying.who->*member)) sayers.push_back(saying);
        }
        if (sayers.empty()) return;
        const auto standing = standing_of(sayers);
        const auto* shown = field == WhoField::area ? latest_of(sayers) : standing.back().live;
        bool is_disputed = false;
        for (const auto& saying : sayers) {
            const auto& live = *saying.live;
            const bool stands =
                std::any_of(standing.begin(), standing.end(),
                            [&](const Saying& other) { return other.live == saying.live; });
            merged_.said.push_back({field, live.uid, live.author, live.clinic, live.order,
                                    seen_by(saying, sayers), stands, &live == shown});
            if (&live == shown) merged_.who.*member = saying.who->*member;
            is_disputed = is_disputed ||
                          (stands && !is_same(saying.who->*member, standing.back().who->*member));
        }
        if (is_disputed && is_critical(field)) merged_.disputed.push_back(field);
    }

    /// Those that none of the others has seen, by order; at least one, if there are any.
    Sayings standing_of(const Sayings& sayers) const {
        if (sayers.size() < 2) return sayers;
        std::vector<EventUid> uids;
        for (const auto& saying : sayers) uids.push_back(saying.live->uid);
        const auto unseen = sightings_->unseen(uids);  // In the same order.
        Sayings standing;
        for (const auto& saying : sayers) {
            if (standing.size() < unseen.size() && saying.live->uid == unseen[standing.size()])
                standing.push_back(saying);
        }
        return standing;
    }

    /// Of the sayers those that stood when that one said it, as far as it knew.
    std::vector<EventUid> seen_by(const Saying& saying, const Sayings& sayers) const {
        Sayings seen;
        for (const auto& other : sayers) {
            if (sightings_ && sightings_->has_seen(saying.live->uid, other.live->uid))
                seen.push_back(other);
        }
        std::vector<EventUid> uids;
        for (const auto& stood : standing_of(seen)) uids.push_back(stood.live->uid);
        return uids;
    }

    static const LiveFact* latest_of(const Sayings& sayers) {
        const auto day_and_order = [](const Saying& saying) {
            return std::pair(clinical_day(saying.live->fact, saying.live->order),
                             saying.live->order);
        };
        return std::max_element(sayers.begin(), sayers.end(),
                                [&](const Saying& a, const Saying& b) {
                                    return day_and_order(a) < day_and_order(b);
                                })
            ->live;
    }

    /// One after the other, so that what was seen comes before what was made of it, and else by
    /// order: the last stands.
    Sayings in_turn(Sayings sayers) const {
        Sayings turns;
        while (!sayers.empty()) {
            const auto last = standing_of(sayers).back();
            turns.push_back(last);
            std::erase_if(sayers, [&](const Saying& saying) { return saying.live == last.live; });
        }
        std::reverse(turns.begin(), turns.end());
        return turns;
    }

    /// Where one school lies says nothing of another.
    void place_school(std::pair<std::string, std::string> now) {
        Sayings of_schools;
        bool has_area = !now.second.empty();
        for (const auto& saying : sayings_) {
            const auto& who = *saying.who;
            if (!who.school.empty() || !who.school_area.empty()) of_schools.push_back(saying);
            has_area = has_area || !who.school_area.empty();
        }
        if (!has_area) return;
        auto& [school, area] = now;
        const LiveFact* said_by = nullptr;
        for (const auto& saying : in_turn(std::move(of_schools))) {
            const auto& who = *saying.who;
            if (!who.school.empty() && who.school != school) {
                area.clear();
                said_by = nullptr;
                school = who.school;
            }
            if (who.school_area.empty()) continue;
            area = who.school_area;
            said_by = saying.live;
        }
        if (school != merged_.who.school) {
            area.clear();
            said_by = nullptr;
        }
        merged_.who.school_area = area;
        for (auto& said : merged_.said) {
            if (said.field == WhoField::school_area)
                said.is_shown = said_by && said.uid == said_by->uid;
        }
    }

    Sayings sayings_;
    std::optional<Sightings> sightings_;
    MergedWho merged_;
};

}  // namespace

const Demographics* said_of_her(const Fact& fact) {
    if (const auto* registered = std::get_if<Register>(&fact.detail)) return &registered->who;
    const auto* change = std::get_if<DemographicsChange>(&fact.detail);
    return change ? &change->who : nullptr;
}

std::vector<WhoField> fields_said(const Demographics& who) {
    std::vector<WhoField> fields;
    for_each_who_field([&](WhoField field, auto member) {
        if (is_said(who.*member)) fields.push_back(field);
    });
    return fields;
}

bool says_same(WhoField field, const Demographics& one, const Demographics& other) {
    bool same = true;
    for_each_who_field([&](WhoField which, auto member) {
        if (which == field) same = is_same(one.*member, other.*member);
    });
    return same;
}

void Sightings::add_nodes(const std::vector<LoggedEvent>& events) {
    std::vector<const LoggedEvent*> tellers;
    for (const auto& logged : events) {
        if (tells_sightings(logged.event.fact)) tellers.push_back(&logged);
    }
    std::sort(tellers.begin(), tellers.end(), [](const LoggedEvent* a, const LoggedEvent* b) {
        return std::tie(a->order.device, a->event.subject, a->order.seq) <
               std::tie(b->order.device, b->event.subject, b->order.seq);
    });
    for (std::size_t i = 0; i < tellers.size(); ++i) {
        const bool goes_on = i > 0 && tellers[i - 1]->order.device == tellers[i]->order.device &&
                             tellers[i - 1]->event.subject == tellers[i]->event.subject;
        if (!goes_on) ++chains_;
        nodes_.push_back({chains_ - 1, goes_on ? nodes_[i - 1].place + 1 : 1, {}, {}});
        if (goes_on) nodes_[i].named.push_back(i - 1);
        nodes_by_uid_[tellers[i]->event.uid] = i;
    }
    for (std::size_t i = 0; i < tellers.size(); ++i) {
        for (const auto& uid : tellers[i]->event.supersedes) {
            const auto found = nodes_by_uid_.find(uid);
            if (found != nodes_by_uid_.end()) nodes_[i].named.push_back(found->second);
        }
    }
}

std::vector<EventUid> replaced_by(const Demographics& news, const std::vector<SaidField>& said) {
    const auto fields = fields_said(news);
    std::vector<const SaidField*> standing;
    for (const auto& one : said) {
        if (one.stands && std::count(fields.begin(), fields.end(), one.field) > 0)
            standing.push_back(&one);
    }
    std::sort(standing.begin(), standing.end(),
              [](const SaidField* a, const SaidField* b) { return b->order < a->order; });
    std::vector<EventUid> uids;
    for (const auto* one : standing) {
        const bool is_new = std::find(uids.begin(), uids.end(), one->uid) == uids.end();
        if (is_new && uids.size() < limits::supersedes_max) uids.push_back(one->uid);
    }
    return uids;
}

Sightings::Sightings(const std::vector<LoggedEvent>& events) {
    add_nodes(events);
    if (look_around()) return;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        nodes_[i].named.clear();
        if (nodes_[i].place > 1) nodes_[i].named.push_back(i - 1);
    }
    look_around();
}

/// Works out what each one knew, those that it names before itself. False, if they name each other
/// in circles.
bool Sightings::look_around() {
    enum class State : std::uint8_t { unasked, asked, answered };
    std::vector<State> states(nodes_.size(), State::unasked);
    std::vector<std::pair<std::size_t, std::size_t>> path;  // And how many of its names are done.
    for (std::size_t first = 0; first < nodes_.size(); ++first) {
        if (states[first] == State::answered) continue;
        path.emplace_back(first, 0);
        while (!path.empty()) {
            auto& [at, done] = path.back();
            auto& node = nodes_[at];
            if (done == 0) node.knew.assign(chains_, 0);
            states[at] = State::asked;
            if (done == node.named.size()) {
                states[at] = State::answered;
                path.pop_back();
                continue;
            }
            const auto next = node.named[done];
            if (states[next] == State::asked) return false;
            if (states[next] == State::unasked) {
                path.emplace_back(next, 0);
                continue;
            }
            const auto& known = nodes_[next];
            for (std::size_t chain = 0; chain < chains_; ++chain)
                node.knew[chain] = std::max(node.knew[chain], known.knew[chain]);
            node.knew[known.chain] = std::max(node.knew[known.chain], known.place);
            ++done;
        }
    }
    return true;
}

const Sightings::Node* Sightings::find(const EventUid& uid) const {
    const auto found = nodes_by_uid_.find(uid);
    return found == nodes_by_uid_.end() ? nullptr : &nodes_[found->second];
}

bool Sightings::has_seen(const EventUid& later, const EventUid& earlier) const {
    const auto* by = find(later);
    const auto* seen = find(earlier);
    return by && seen && by->knew[seen->chain] >= seen->place;
}

std::vector<EventUid> Sightings::unseen(const std::vector<EventUid>& uids) const {
    std::vector<std::uint32_t> seen(chains_, 0);
    for (const auto& uid : uids) {
        const auto* node = find(uid);
        for (std::size_t chain = 0; node && chain < chains_; ++chain)
            seen[chain] = std::max(seen[chain], node->knew[chain]);
    }
    std::vector<EventUid> left;
    for (const auto& uid : uids) {
        const auto* node = find(uid);
        if (!node || seen[node->chain] < node->place) left.push_back(uid);
    }
    return left;
}

MergedWho merge_who(const std::vector<LiveFact>& facts, const std::vector<LoggedEvent>& events,
                    Demographics before) {
    Sayings sayings;
    for (const auto& live : facts) {
        if (const auto* who = said_of_her(live.fact)) sayings.push_back({&live, who});
    }
    return Merging(std::move(sayings), events).merge(std::move(before));
}

}  // namespace egret
