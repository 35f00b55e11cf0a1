#include "registry/store/coverage_answer.h"

#include "registry/base/ensure.h"
#include "registry/coverage/case_answer.h"
#include "registry/coverage/cube.h"
#include "registry/coverage/stamp.h"
#include "registry/coverage/suppress.h"
#include "registry/store/erased_deltas.h"
#include "registry/store/recount_all.h"
#include "registry/store/series_days.h"
#include "registry/store/statements.h"

namespace egret::store {
namespace {

template <class Sums>
coverage::Answer sum_up_in(Sums sums, CoverageStore& store, const CoverageQuestion& question) {
    store.read_deltas(question.indicator->id, question.indicator->version, question.known_on, 0,
                      [&](const coverage::Delta& delta) { sums.add(delta); });
    return sums.ask(question.query);
}

coverage::Answer sum_up(CoverageStore& store, const CoverageQuestion& question) {
    switch (question.indicator->counts) {
        case coverage::Counts::women: return sum_up_in(coverage::Cube(), store, question);
        case coverage::Counts::cases: return sum_up_in(coverage::CaseCube(), store, question);
        case coverage::Counts::times: return sum_up_in(coverage::TimesTally(), store, question);
    }
    return {};
}

std::string stamp_of(EventLog& log, sqlite::Database& db, const CoverageQuestion& question) {
    coverage::StateOfKnowledge state;
    const auto heads = question.known_on ? log.heads_known_on(*question.known_on) : log.heads();
    for (const auto& head : heads) {
        // A device that has told nothing yet changes no figure.
        if (head.seq > 0) state.heads.push_back({head.device, head.seq, head.hash});
    }
    // What was said of facts changes figures as facts do: a log of nobody's.
    const auto until = question.known_on ? log.ingest_known_on(*question.known_on) : INT64_MAX;
    if (const auto said = hash_statements(db, until)) state.heads.push_back({{}, 1, *said});
    state.indicator = question.indicator->id;
    state.indicator_version = question.indicator->version;
    const auto protocols = protocol_versions_of(*question.indicator);
    if (!protocols.empty()) state.protocol = protocols;
    return coverage::state_stamp(state);
}

}  // namespace

CoverageReply answer_coverage(EventLog& log, sqlite::Database& db,
                              const CoverageQuestion& question) {
    EGRET_ENSURE(question.indicator != nullptr);
    CoverageStore store(log, db);
    CoverageReply reply;
    reply.question = question;
    reply.protocols = protocol_versions_of(*question.indicator);
    reply.answer =
        question.by_recount ? recount_all(store, {&question, 1}).front() : sum_up(store, question);
    if (question.hides_small_cells) {
        const auto& cases = question.indicator->cases;
        coverage::suppress_small_cells(reply.answer, coverage::small_cell,
                                       cases && cases->documented_by);
    }
    reply.freshness = store.freshness(question.known_on);
    if (question.known_on)
        reply.erased = count_erased_after(db, log.ingest_known_on(*question.known_on));
    reply.stamp = stamp_of(log, db, question);
    return reply;
}

}  // namespace egret::store
