#include "registry/rules/screening/subject.h"

#include <type_traits>

namespace egret::rules {
namespace {

void add(const Fact& fact, const EventUid& uid, ScreeningSubject& subject) {
    if (!is_completed(fact)) return;
    if (const auto* flag = std::get_if<Flag>(&fact.detail)) {
        subject.flags.push_back({flag->code, flag->from ? flag->from : fact.at.date, flag->to});
        return;
    }
    std::visit(
        [&](const auto& detail) {
            using Kind = std::decay_t<decltype(detail)>;
            if constexpr (is_finding_kind<Kind>) {
                Finding finding{fact.at.date.value_or(PartialDate{}), detail, fact.at.reported_on,
                                fact.at.source == Source::told, uid};
                auto& where = fact.at.date ? subject.findings : subject.without_date;
                where.push_back(std::move(finding));
            }
        },
        fact.detail);
}

ScreeningSubject subject_without_facts(const Demographics& who) {
    ScreeningSubject subject;
    subject.birth_date = who.birth_date;
    subject.sex = who.sex.value_or(Sex::unknown);
    return subject;
}

}  // namespace

ScreeningSubject screening_subject_of(const Demographics& who,
                                      const std::vector<const Fact*>& facts) {
    auto subject = subject_without_facts(who);
    for (const auto* fact : facts) add(*fact, {}, subject);
    return subject;
}

ScreeningSubject screening_subject_of(const History& history) {
    auto subject = subject_without_facts(history.who);
    for (const auto& live : history.facts) add(live.fact, live.uid, subject);
    return subject;
}

bool is_seen_by_screening(const Fact& fact) {
    if (std::holds_alternative<Flag>(fact.detail) ||
        std::holds_alternative<Register>(fact.detail) ||
        std::holds_alternative<DemographicsChange>(fact.detail))
        return true;
    return std::visit(
        [](const auto& detail) { return is_finding_kind<std::decay_t<decltype(detail)>>; },
        fact.detail);
}

}  // namespace egret::rules
