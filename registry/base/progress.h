#pragma once

#include <cstdint>

namespace egret {

/// How far a long task has come. Called now and then by whoever works; shown (or not) at the edge.
class Progress {
public:
    virtual ~Progress() = default;
    /// `total` 0: not known.
    virtual void at(std::uint64_t done, std::uint64_t total) = 0;
};

class NoProgress final : public Progress {
public:
    void at(std::uint64_t, std::uint64_t) override {}
};

}  // namespace egret
