#include "tests/simulation/sync/shrink.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace egret::sync_world {
namespace {

class Shrinking {
public:
    Shrinking(const Founded& founded, Plan failing, int lives_max)
        : founded_(founded), plan_(std::move(failing)), left_(lives_max) {}

    Plan shrink() {
        auto calm = plan_;
        calm.line = {};
        try_instead(std::move(calm));
        // Ever smaller pieces, until no action can be left out alone.
        for (auto piece = plan_.actions.size() / 2; piece > 0 && left_ > 0;) {
            const bool is_smaller = leave_out_pieces(piece);
            if (!is_smaller || piece > 1) piece /= 2;
        }
        return std::move(plan_);
    }

private:
    bool try_instead(Plan smaller) {
        if (left_ == 0) return false;
        --left_;
        if (live(founded_, smaller).findings.empty()) return false;
        plan_ = std::move(smaller);
        return true;
    }

    bool leave_out_pieces(std::size_t piece) {
        bool is_smaller = false;
        for (std::size_t from = 0; from < plan_.actions.size();) {
            auto smaller = plan_;
            const auto begin = smaller.actions.begin() + static_cast<std::ptrdiff_t>(from);
            const auto count = std::min(piece, smaller.actions.size() - from);
            smaller.actions.erase(begin, begin + static_cast<std::ptrdiff_t>(count));
            if (try_instead(std::move(smaller)))
                is_smaller = true;
            else
                from += piece;
        }
        return is_smaller;
    }

    const Founded& founded_;
    Plan plan_;
    int left_;
};

}  // namespace

Plan shrink(const Founded& founded, Plan failing, int lives_max) {
    return Shrinking(founded, std::move(failing), lives_max).shrink();
}

}  // namespace egret::sync_world
