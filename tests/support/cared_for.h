#pragma once

#include "registry/follow_up/care.h"
#include "tests/support/facts.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// A woman in a programme's care, fact by fact, as her clinic and others record them.
namespace egret::tests {

/// Where, by whom and when something was written down; the day of the fact, if not said.
struct Recorded {
    std::string clinic = "C1";
    std::uint8_t author = 1;
    std::string_view on = "";
    std::vector<EventUid> replaces{};
};

inline UserId user(std::uint8_t n) {
    UserId id;
    id.bytes[15] = n;
    return id;
}

class CaredFor {
public:
    explicit CaredFor(std::string_view birth = "1980-05-01") {
        Register registered;
        registered.who.birth_date = *PartialDate::parse(birth);
        registered.who.sex = Sex::female;
        registered.who.area = "350102";
        add("2022-01-10", registered);
    }

    template <class T>
    EventUid add(std::string_view date, T detail, const Recorded& how = {}) {
        return add_fact(fact(date, std::move(detail)), how);
    }

    EventUid add_fact(Fact made, const Recorded& how = {}) {
        LoggedEvent logged;
        logged.event.uid.bytes[14] = static_cast<std::uint8_t>((events_.size() + 1) >> 8U);
        logged.event.uid.bytes[15] = static_cast<std::uint8_t>(events_.size() + 1);
        const auto on = !how.on.empty() ? day(how.on)
                        : made.at.date  ? made.at.date->earliest()
                                        : day("2022-01-10");
        constexpr std::int64_t day_ms = 86'400'000;
        constexpr std::int64_t noon_ms = 43'200'000;
        const auto ms = on.days() * day_ms + noon_ms + static_cast<std::int64_t>(events_.size());
        logged.event.hlc = Hlc{}.next(instant_from_unix_ms(ms));
        logged.event.subject = woman(1);
        logged.event.author = user(how.author);
        logged.event.fact = std::move(made);
        logged.order.effective = logged.event.hlc;
        logged.event.supersedes = how.replaces;
        logged.order.device.bytes[15] = how.clinic == "C1" ? 1 : 2;
        logged.order.seq = events_.size() + 1;
        logged.clinic = how.clinic;
        events_.push_back(logged);
        return logged.event.uid;
    }

    /// An officer of the centre lets it count, or lets it count for nothing.
    void accept(const EventUid& uid) {
        refused_.erase(uid);
        event(uid).is_accepted = true;
    }

    void refuse(const EventUid& uid, std::string reason) {
        event(uid).is_accepted = false;
        refused_[uid] = std::move(reason);
    }

    History history() const {
        std::vector<LoggedEvent> counting;
        std::vector<RefusedFact> refused;
        for (const auto& logged : events_) {
            const auto found = refused_.find(logged.event.uid);
            if (found == refused_.end()) {
                counting.push_back(logged);
                continue;
            }
            refused.push_back({logged.event.uid, logged.event.subject,
                               std::string(type_name(logged.event.fact)), found->second,
                               logged.event.author, logged.clinic, logged.order});
        }
        auto history = fold({woman(1)}, std::move(counting));
        history.refused = std::move(refused);
        return history;
    }

    follow_up::Care care(std::string_view on) const {
        const auto programme = rules::find_programme("china");
        REQUIRE(programme);
        return follow_up::care_of(**programme, history(), day(on));
    }

    std::vector<follow_up::Loop> loops(std::string_view on) const { return care(on).loops; }

    /// The loops of that action, in the order of opening.
    std::vector<follow_up::Loop> loops_for(std::string_view action, std::string_view on) const {
        auto all = loops(on);
        std::erase_if(all, [&](const auto& loop) { return loop.action != action; });
        return all;
    }

    /// The one loop of that action.
    follow_up::Loop loop(std::string_view action, std::string_view on) const {
        const auto all = loops_for(action, on);
        CAPTURE(action);
        REQUIRE(all.size() == 1);
        return all.front();
    }

    /// The actions of the open loops, sorted.
    std::vector<std::string> open(std::string_view on) const {
        std::vector<std::string> actions;
        for (const auto& loop : loops(on)) {
            if (loop.state == follow_up::LoopState::open) actions.push_back(loop.action);
        }
        std::sort(actions.begin(), actions.end());
        return actions;
    }

    follow_up::Recall recall(ScreenedSite site, std::string_view on) const {
        for (const auto& recall : care(on).recalls) {
            if (recall.site == site) return recall;
        }
        FAIL("no recall");
        return {};
    }

private:
    LoggedEvent& event(const EventUid& uid) {
        const auto found = std::find_if(events_.begin(), events_.end(), [&](const auto& logged) {
            return logged.event.uid == uid;
        });
        REQUIRE(found != events_.end());
        return *found;
    }

    std::vector<LoggedEvent> events_;
    std::map<EventUid, std::string> refused_;  // Why.
};

inline HpvTest hpv_16() { return HpvTest{HpvResult::positive, {HpvType::hpv16}, {}}; }

inline HpvTest hpv_negative() { return HpvTest{HpvResult::negative, {}, {}}; }

inline Colposcopy looked(ColposcopyImpression impression) {
    Colposcopy look;
    look.impression = impression;
    look.adequate = true;
    return look;
}

inline Cytology smear(CytologyResult result) { return Cytology{{result}}; }

inline Histology tissue(HistologyResult result) { return Histology{{}, {result}}; }

inline Closing given_up(const std::string& action, ClosingReason reason, EventUid confirms = {}) {
    Closing closing;
    closing.action = action;
    closing.reason = reason;
    closing.confirms = confirms;
    return closing;
}

}  // namespace egret::tests
