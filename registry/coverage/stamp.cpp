#include "registry/coverage/stamp.h"

#include "registry/base/text.h"
#include "registry/crypto/hash.h"

#include <algorithm>

namespace egret::coverage {
namespace {

// With its length before it, no text can pass for two lines.
std::string stamp_line(std::string_view name, const std::string& text) {
    return std::string(name) + " " + std::to_string(text.size()) + ":" + text + "\n";
}

}  // namespace

std::string state_stamp(const StateOfKnowledge& state) {
    auto heads = state.heads;
    std::sort(heads.begin(), heads.end());
    std::string text = "egret-stamp 1\n";
    text += stamp_line("indicator", state.indicator);
    text += stamp_line("indicator_version", state.indicator_version);
    text += stamp_line("protocol", state.protocol);
    text += stamp_line("programme", state.programme);
    text += stamp_line("population", state.population);
    text += stamp_line("areas", state.areas);
    text += stamp_line("calendar", state.calendar);
    for (const auto& head : heads) {
        text += "head " + head.device.to_string() + " " + std::to_string(head.seq) + " " +
                to_hex(head.hash) + "\n";
    }
    return to_hex(crypto::sha256(bytes_of(text)));
}

}  // namespace egret::coverage
