#pragma once

#include "registry/base/bytes.h"
#include "registry/crypto/hash.h"

#include <cstddef>
#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace egret::sync_world {

/// What happened, line by line: the last of it, and a hash of all.
class Trace {
public:
    void add(std::string line) {
        all_.update(bytes_of(line)).update(bytes_of("\n"));
        last_.push_back(std::move(line));
        if (last_.size() > last_max) last_.pop_front();
    }

    const std::deque<std::string>& last() const noexcept { return last_; }

    /// Nothing may be added afterwards.
    Hash finish() { return all_.finish(); }

private:
    static constexpr std::size_t last_max = 400;

    crypto::Sha256 all_;
    std::deque<std::string> last_;
};

/// What must not be, and was.
class Findings {
public:
    void add(std::string what) { all_.push_back(std::move(what)); }

    const std::vector<std::string>& all() const noexcept { return all_; }

private:
    std::vector<std::string> all_;
};

}  // namespace egret::sync_world
