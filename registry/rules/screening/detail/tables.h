#pragma once

#include "registry/rules/screening/pathway.h"
#include "registry/rules/screening/state.h"

#include <optional>
#include <string>
#include <vector>

namespace egret::rules::detail {

/// What is known of a condition. Of several the least holds, so the order matters.
enum class Truth : std::uint8_t { no, unknown, yes };

/// What a pathway's rows ask for at one moment, each thing looked up once at most.
class State {
public:
    /// Both must outlive it.
    State(const Pathway& pathway, const Moment& moment);

    Truth holds(const std::vector<Condition>& all);

    /// A named report; null if there is none.
    const Report* find_report(std::size_t named);

    const Moment& moment() const { return moment_; }

private:
    Truth ask(const Condition& condition);
    Truth ask(const StateTest& test);
    Truth ask(const ReportTest& test);
    Truth ask(const CountTest& test);
    Truth ask(const NamedTest& test);
    Truth ask(const AnyOf& test);
    Truth ask(const NotAll& test);

    const StateValue& value(std::size_t call);
    const Report* find_in_chain(const ReportQuery& query);
    std::vector<const Report*> find_all(const ReportQuery& query);
    bool fits(const ReportQuery& query, const Report& report);
    bool has_beside(const Report& report, const Pairing& pairing);
    Truth lies_in(Date day, const DayWindow& window);
    Truth lies_in(Date day, const std::vector<DayWindow>& windows);
    const Reports& reports();

    const Pathway& pathway_;
    const Moment& moment_;
    std::vector<std::optional<StateValue>> values_;
    std::vector<std::optional<const Report*>> named_;
    std::vector<std::optional<Truth>> conditions_;
    std::optional<Reports> reports_;
};

/// A row that holds, and the table in which it stands.
struct Hit {
    const Table* table = nullptr;
    const Row* row = nullptr;
};

/// Which rows are asked: all, or those that ask for more than that somebody looks.
enum class Rows : std::uint8_t { all, but_reviews };

/// The first row that holds, also in the tables that rows lead to. Null, if none does.
Hit first_hit(const Pathway& pathway, const Table& table, State& state, Rows rows = Rows::all);

/// "cn-cervical-2021/at_visits/hpv-16-18".
std::string rule_of(const Pathway& pathway, const Hit& hit);

}  // namespace egret::rules::detail
