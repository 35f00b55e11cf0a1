#pragma once

#include "registry/base/date.h"
#include "registry/domain/fact.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What coverage has to be told of schedules. The rules that judge doses lie beside it, so whoever
/// uses both hands in what they say.
namespace egret::coverage {

/// How somebody stands under a protocol on a day.
struct Reached {
    bool first = false;     // A dose of hers counts.
    bool complete = false;  // A series is complete.
};

/// On which of the days of her doses she got so far for the first time, each day judged by what is
/// known now. What was reached stays reached: a condition that begins later asks for more doses,
/// but takes no coverage back.
struct SeriesDays {
    std::optional<Date> first;
    std::optional<Date> complete;

    friend bool operator==(const SeriesDays&, const SeriesDays&) = default;
};

/// By the id of the protocol. Who has no dose needs none.
using SeriesByProtocol = std::map<std::string, SeriesDays, std::less<>>;

/// What a protocol says of who she is and of her facts that hold, on that day.
using ReachedOn = std::function<Reached(std::string_view protocol, const Demographics& who,
                                        const std::vector<const Fact*>& facts, Date day)>;

}  // namespace egret::coverage
