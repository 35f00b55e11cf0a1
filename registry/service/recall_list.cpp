#include "registry/service/recall_list.h"

#include "registry/domain/area.h"
#include "registry/follow_up/care.h"
#include "registry/follow_up/loops.h"
#include "registry/store/women.h"

#include <algorithm>
#include <tuple>

namespace egret::service {
namespace {

bool is_asked_for(const History& history, const RecallQuestion& question) {
    const auto area = history.residences.empty() ? "" : history.residences.back().area;
    return (question.area.empty() || lies_in(area, question.area)) &&
           (question.facility.empty() ||
            follow_up::owner_of(history, question.on) == question.facility);
}

std::vector<RecallLine> collect_recalls(Clinic& clinic, const RecallQuestion& question) {
    std::vector<RecallLine> lines;
    const auto* programme = clinic.programme_on(question.on);
    if (!programme) return lines;
    clinic.for_each_history([&](const History& history) {
        if (!is_asked_for(history, question)) return;
        for (auto& recall : follow_up::care_of(*programme, history, question.on).recalls) {
            if ((question.site && recall.site != *question.site) ||
                (question.state && recall.state != *question.state))
                continue;
            const auto& phones = history.who.phones;
            lines.push_back({history.woman, store::shown_name(history.who), history.who.birth_date,
                             phones.empty() ? "" : phones.front(), std::move(recall)});
        }
    });
    std::sort(lines.begin(), lines.end(), [](const RecallLine& a, const RecallLine& b) {
        const auto key = [](const RecallLine& line) {
            return std::tuple(line.recall.next_test_due.value_or(Date::from_days(0)), line.woman,
                              line.recall.site);
        };
        return key(a) < key(b);
    });
    return lines;
}

}  // namespace

std::vector<RecallLine> find_recalls(Clinic& clinic, const Caller& caller,
                                     const RecallQuestion& question) {
    auto lines = collect_recalls(clinic, question);
    Access access{audit::Action::listed, audit::Shown::recall_list};
    for (const auto& line : lines) access.women.push_back(line.woman);
    clinic.note(caller, access);
    return lines;
}

RecallCounts count_recalls(const std::vector<RecallLine>& lines) {
    RecallCounts counts;
    for (const auto& line : lines) ++counts[{line.recall.site, line.recall.state}];
    return counts;
}

RecallCounts count_recalls(Clinic& clinic, const RecallQuestion& question) {
    return count_recalls(collect_recalls(clinic, question));
}

}  // namespace egret::service
