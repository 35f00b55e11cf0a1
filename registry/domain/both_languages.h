#pragma once

#include <string>

namespace egret {

/// A text in the languages that we speak.
struct BothLanguages {
    std::string zh;
    std::string en;

    friend bool operator==(const BothLanguages&, const BothLanguages&) = default;
};

}  // namespace egret
