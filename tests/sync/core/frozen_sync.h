#pragma once

#include "registry/base/bytes.h"
#include "registry/base/text.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <string>

/// tests/wire/sync.txt: messages of the way between a clinic and the centre as they were once sent,
/// "name value" a line; bytes in hexadecimal, JSON as it is. With EGRET_REWRITE=1 in the
/// environment what has no line yet is added, and no line is ever changed.
namespace egret::tests {

class FrozenSync {
public:
    FrozenSync() {
        std::ifstream in(path);
        for (std::string name, value; in >> name && std::getline(in >> std::ws, value);)
            lines_[name] = value;
    }

    /// The line of that name. Where there is none, `made` becomes it, or the test fails.
    std::string text(const std::string& name, const std::string& made) {
        const auto known = lines_.find(name);
        if (known != lines_.end()) return known->second;
        CAPTURE(name);
        REQUIRE(std::getenv("EGRET_REWRITE") != nullptr);
        std::ofstream(path, std::ios::app) << name << ' ' << made << '\n';
        return lines_[name] = made;
    }

    Bytes bytes(const std::string& name, ByteView made) {
        const auto raw = from_hex(text(name, to_hex(made)));
        REQUIRE(raw);
        return *raw;
    }

private:
    static constexpr auto path = EGRET_SOURCE_DIR "/tests/wire/sync.txt";

    std::map<std::string, std::string> lines_;
};

}  // namespace egret::tests
