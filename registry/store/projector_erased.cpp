// What is left in the projections of women who were erased.

#include "registry/store/erased_deltas.h"
#include "registry/store/projector.h"

namespace egret::store {

void Projector::forget_links(const std::vector<std::int64_t>& group, sqlite::WriteTransaction& tx) {
    components_.forget_links(group, tx);
    for (const auto woman_ix : group) {
        std::vector<Position> positions;
        {
            auto run = select_links_of_.start();
            run.bind_all(woman_ix, Link::type, Unlink::type, Correct::type);
            while (run.next()) positions.push_back(run.int64(0));
        }
        for (const auto position : positions) {
            if (const auto said = log_.find_said(position)) components_.note_links(*said, tx);
        }
    }
}

/// What no fact tells any more. Of an indicator that isn't known any more nothing is added.
void Projector::replay_erased() {
    areas_.clear();
    facilities_.clear();
    for (const auto& delta : read_erased_deltas(db_)) {
        for (std::size_t i = 0; i < indicators_.size(); ++i) {
            const bool is_kept_elsewhere =
                delta.part == static_cast<int>(coverage::Part::denominator) &&
                denominators_[i] != i;
            if (indicators_[i].id != delta.indicator || indicators_[i].version != delta.version ||
                is_kept_elsewhere)
                continue;
            insert_delta_.start()
                .bind_all(delta.ingest, i + 1, delta.part,
                          key_of(delta.area, areas_, select_area_, insert_area_),
                          key_of(delta.facility, facilities_, select_facility_, insert_facility_),
                          delta.birth_month, delta.day, delta.amount)
                .finish();
        }
    }
}

}  // namespace egret::store
