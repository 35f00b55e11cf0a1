#pragma once

#include "registry/follow_up/recall.h"
#include "registry/service/clinic.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Call and recall of everybody in the registry.
namespace egret::service {

struct RecallQuestion {
    Date on;
    std::optional<ScreenedSite> site;             // Either, if absent.
    std::optional<follow_up::RecallState> state;  // Any, if absent.
    std::string area;                             // She lives there or below. "" for anywhere.
    std::string facility;                         // That cares for her. "" for any.
};

struct RecallLine {
    WomanId woman;
    std::string name;
    std::optional<PartialDate> birth_date;
    std::string phone;  // "" if none is known.
    follow_up::Recall recall;
};

/// Each woman once for each site, by the day on which her next test is due.
std::vector<RecallLine> find_recalls(Clinic& clinic, const Caller& caller,
                                     const RecallQuestion& question);

/// How many of them stand in each state, by site. Names nobody.
using RecallCounts = std::map<std::pair<ScreenedSite, follow_up::RecallState>, int>;

RecallCounts count_recalls(const std::vector<RecallLine>& lines);
RecallCounts count_recalls(Clinic& clinic, const RecallQuestion& question);

}  // namespace egret::service
