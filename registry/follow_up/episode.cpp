#include "registry/follow_up/episode.h"

#include "registry/rules/screening/site.h"

#include <algorithm>

namespace egret::follow_up {
namespace {

bool is_counted(const LiveFact& live, Date on) {
    return is_completed(live.fact) && clinical_day(live.fact, live.order) <= on;
}

const Closing* case_closing(const LiveFact& live, ScreenedSite site) {
    const auto* closing = std::get_if<Closing>(&live.fact.detail);
    const bool is_of_case = closing && closing->action.empty() && closing->reason &&
                            (!closing->site || closing->site == site);
    return is_of_case ? closing : nullptr;
}

struct Said {
    Order when;
    const LiveFact* live = nullptr;
};

/// Findings of the site and closings of its case, in the order in which they were said. What was
/// amended was said twice.
std::vector<Said> said_of(const History& history, ScreenedSite site, Date on) {
    std::vector<Said> said;
    for (const auto& live : history.facts) {
        if (!is_counted(live, on) ||
            (!rules::is_finding_of(live.fact, site) && !case_closing(live, site)))
            continue;
        said.push_back({live.order, &live});
        if (live.settled != live.order) said.push_back({live.settled, &live});
    }
    std::sort(said.begin(), said.end(),
              [](const Said& a, const Said& b) { return a.when < b.when; });
    return said;
}

std::optional<Episode> last_episode(const History& history, ScreenedSite site, Date on) {
    std::optional<Episode> episode;
    for (const auto& [when, live] : said_of(history, site, on)) {
        const auto day = clinical_day(live->fact, live->order);
        if (const auto* closing = case_closing(*live, site)) {
            if (!episode) continue;
            episode->closed_on = day;
            episode->reason = closing->reason;
            episode->closed_by = live->uid;
            continue;
        }
        const bool is_new_round = episode && episode->closed_on && *episode->closed_on < day;
        if (!episode || is_new_round) {
            episode = Episode{site, day, {}, {}, {}, {}};
        } else if (episode->closed_on) {
            episode = Episode{site, std::min(episode->opened_on, day), {}, {}, {}, live->uid};
        } else {
            episode->opened_on = std::min(episode->opened_on, day);
        }
    }
    return episode;
}

}  // namespace

std::vector<Episode> episodes_of(const History& history, const std::vector<Loop>& loops, Date on) {
    std::vector<Episode> all;
    for (const auto site : {ScreenedSite::cervix, ScreenedSite::breast}) {
        auto episode = last_episode(history, site, on);
        if (!episode) continue;
        const bool has_open = std::any_of(loops.begin(), loops.end(), [&](const Loop& loop) {
            return loop.state == LoopState::open && !loop.is_about_records() &&
                   (!loop.site || loop.site == site);
        });
        if (has_open && episode->closed_on)
            episode = Episode{site, episode->opened_on, {}, {}, {}, episode->reopened_by};
        all.push_back(*episode);
    }
    return all;
}

}  // namespace egret::follow_up
