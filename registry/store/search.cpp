#include "registry/store/search.h"

#include "registry/base/limits.h"

#include <algorithm>
#include <iterator>
#include <string>

namespace egret::store {
namespace {

constexpr auto select_source_sql = "SELECT source FROM search_source WHERE woman_ix = ?1";
constexpr auto upsert_source_sql = R"sql(
    INSERT INTO search_source (woman_ix, source) VALUES (?1, ?2)
    ON CONFLICT (woman_ix) DO UPDATE SET source = excluded.source
)sql";
constexpr auto delete_source_sql = "DELETE FROM search_source WHERE woman_ix = ?1";
constexpr auto insert_term_sql = R"sql(
    INSERT INTO search_term (term, woman_ix) VALUES (?1, ?2) ON CONFLICT DO NOTHING
)sql";
constexpr auto delete_term_sql = "DELETE FROM search_term WHERE term = ?1 AND woman_ix = ?2";
constexpr auto select_terms_sql = R"sql(
    SELECT woman_ix FROM search_term WHERE term >= ?1 AND term < ?2 ORDER BY term, woman_ix
    LIMIT ?3
)sql";

// After every text that begins with what stands before it.
constexpr std::string_view last_character = "\U0010ffff";
// One woman may have several terms that fit.
constexpr std::size_t terms_per_row_max = 8;

}  // namespace

SearchIndex::SearchIndex(sqlite::Database& db)
    : select_source_(db, select_source_sql),
      upsert_source_(db, upsert_source_sql),
      delete_source_(db, delete_source_sql),
      insert_term_(db, insert_term_sql),
      delete_term_(db, delete_term_sql),
      delete_terms_(db, "DELETE FROM search_term"),
      delete_sources_(db, "DELETE FROM search_source") {}

void SearchIndex::set(std::int64_t woman_ix, const History& history, sqlite::WriteTransaction&) {
    const auto source = search_source(history);
    replace(woman_ix, source);
}

void SearchIndex::remove(std::int64_t woman_ix, sqlite::WriteTransaction&) {
    replace(woman_ix, "");
}

void SearchIndex::replace(std::int64_t woman_ix, std::string_view source) {
    std::string before;
    {
        auto run = select_source_.start();
        run.bind_all(woman_ix);
        if (run.next()) before = run.text(0);
    }
    if (before == source) return;
    const auto old_terms = terms_of(before);
    const auto new_terms = terms_of(source);
    std::vector<std::string> changed;
    std::set_difference(old_terms.begin(), old_terms.end(), new_terms.begin(), new_terms.end(),
                        std::back_inserter(changed));
    for (const auto& term : changed) delete_term_.start().bind_all(term, woman_ix).finish();
    changed.clear();
    std::set_difference(new_terms.begin(), new_terms.end(), old_terms.begin(), old_terms.end(),
                        std::back_inserter(changed));
    for (const auto& term : changed) insert_term_.start().bind_all(term, woman_ix).finish();
    if (source.empty()) {
        delete_source_.start().bind_all(woman_ix).finish();
    } else {
        upsert_source_.start().bind_all(woman_ix, source).finish();
    }
}

void SearchIndex::clear(sqlite::WriteTransaction&) {
    delete_terms_.start().finish();
    delete_sources_.start().finish();
}

Search::Search(sqlite::Database& db)
    : select_terms_(db, select_terms_sql),
      select_source_(db, select_source_sql),
      index_(db),
      women_(db) {}

std::optional<Former> Search::former_of(const WomanId& woman, std::string_view typed) {
    const auto woman_ix = index_.find(woman);
    if (!woman_ix) return std::nullopt;
    auto run = select_source_.start();
    run.bind_all(index_.canonical(*woman_ix));
    return run.next() ? find_former(run.text(0), typed) : std::nullopt;
}

std::vector<WomanId> Search::women_with_barcode(std::string_view barcode) {
    const auto lowest = Probe{TermKind::barcode, std::string(barcode), true}.lowest();
    std::vector<WomanId> found;
    auto run = select_terms_.start();
    run.bind_all(lowest, lowest + std::string(1, '\0'), limits::search_rows_max);
    while (run.next()) {
        if (const auto row = women_.find_row(run.int64(0))) found.push_back(row->id);
    }
    return found;
}

SearchHits Search::find(std::string_view typed, std::size_t rows_max) {
    rows_max = std::min(rows_max, limits::search_rows_max);
    if (typed.size() > limits::search_text_bytes_max) return {};
    // One more than is given says whether there are more.
    const auto wanted = rows_max + 1;
    std::vector<std::int64_t> hits;
    for (const auto& probe : probes_of(typed)) {
        if (hits.size() >= wanted) break;
        const auto lowest = probe.lowest();
        // A term is followed by nothing that is smaller than a NUL.
        const auto past =
            lowest + (probe.is_exact ? std::string(1, '\0') : std::string(last_character));
        auto run = select_terms_.start();
        run.bind_all(lowest, past, wanted * terms_per_row_max);
        while (hits.size() < wanted && run.next()) {
            const auto woman_ix = run.int64(0);
            if (std::find(hits.begin(), hits.end(), woman_ix) == hits.end())
                hits.push_back(woman_ix);
        }
    }
    SearchHits found;
    found.has_more = hits.size() > rows_max;
    if (found.has_more) hits.resize(rows_max);
    for (const auto woman_ix : hits) {
        if (auto row = women_.find_row(woman_ix)) found.rows.push_back(*std::move(row));
    }
    return found;
}

}  // namespace egret::store
