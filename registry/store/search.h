#pragma once

#include "registry/domain/history.h"
#include "registry/sqlite/statement.h"
#include "registry/sqlite/transaction.h"
#include "registry/store/search_terms.h"
#include "registry/store/woman_index.h"
#include "registry/store/women.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace egret::store {

/// The terms by which women are found (search_terms.h), kept by the projector. Only clinics have
/// them.
class SearchIndex {
public:
    explicit SearchIndex(sqlite::Database& db);

    /// Makes these the terms of that woman. Costs next to nothing if they are already; else about
    /// 0.2 ms, for the readings of her name.
    void set(std::int64_t woman_ix, const History& history, sqlite::WriteTransaction& tx);
    void remove(std::int64_t woman_ix, sqlite::WriteTransaction& tx);
    void clear(sqlite::WriteTransaction& tx);

private:
    void replace(std::int64_t woman_ix, std::string_view source);

    sqlite::Statement select_source_;
    sqlite::Statement upsert_source_;
    sqlite::Statement delete_source_;
    sqlite::Statement insert_term_;
    sqlite::Statement delete_term_;
    sqlite::Statement delete_terms_;
    sqlite::Statement delete_sources_;
};

/// What a search gives: the best, and whether more would fit.
struct SearchHits {
    std::vector<WomanRow> rows;
    bool has_more = false;
};

/// Finds women by whatever is typed into one box: characters anywhere in a name, pinyin, initials,
/// the beginning or the end of a number or a phone number, the barcode of a specimen; also by a
/// name or phone number of before.
class Search {
public:
    explicit Search(sqlite::Database& db);

    /// The best `rows_max` hits (never more than limits::search_rows_max), best first: a number or
    /// a name that is exactly that, then numbers, then names from their start, then the rest.
    /// Empty if nothing is typed that could be part of a name or number.
    SearchHits find(std::string_view typed, std::size_t rows_max);

    /// The women of whom a specimen with that barcode is recorded, whole and letter by letter.
    std::vector<WomanId> women_with_barcode(std::string_view barcode);

    /// The name or phone number of before by which that hit was found; nothing, if it is what she
    /// has now.
    std::optional<Former> former_of(const WomanId& woman, std::string_view typed);

private:
    sqlite::Statement select_terms_;
    sqlite::Statement select_source_;
    WomanIndex index_;
    Women women_;
};

}  // namespace egret::store
