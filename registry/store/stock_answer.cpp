#include "registry/store/stock_answer.h"

#include "registry/store/lot_index.h"
#include "registry/store/stock_books.h"

#include <algorithm>
#include <map>
#include <utility>

namespace egret::store {
namespace {

using Areas = std::map<std::string, std::string>;

bool is_asked(const StockQuestion& question, const std::string& facility, const std::string& area) {
    if (!question.facility.empty() && facility != question.facility) return false;
    return !question.area || lies_in(area, question.area->text());
}

}  // namespace

StockReply answer_stock(EventLog& log, sqlite::Database& db,
                        const std::vector<PlacedFacility>& placed, const StockQuestion& question) {
    LotIndex lots(db);
    StockReply reply;
    reply.question = question;
    Areas areas;
    for (const auto& facility : placed) areas.emplace(facility.code, facility.area);
    // By facility and product, each "" where it is summed up.
    std::map<std::pair<std::string, std::string>, StockFigures> sums;
    for (const auto& book : StockBooks(log, lots).all()) {
        const auto& facility = book.facility();
        const auto known = areas.find(facility);
        if (!is_asked(question, facility, known == areas.end() ? "" : known->second)) continue;
        bool is_told = false;
        for (const auto& product : book.products()) {
            const auto figures = stock_figures(book, product, question.period);
            if (!figures.is_told()) continue;
            is_told = true;
            reply.total += figures;
            sums[{question.by == StockBy::product ? "" : facility,
                  question.by == StockBy::facility ? "" : product}] += figures;
        }
        if (is_told) reply.told.push_back(facility);
    }
    for (const auto& [key, figures] : sums) {
        const auto known = areas.find(key.first);
        reply.cells.push_back(
            {key.first, known == areas.end() ? "" : known->second, key.second, figures});
    }
    for (const auto& [facility, area] : areas) {
        const bool is_told = std::binary_search(reply.told.begin(), reply.told.end(), facility);
        if (!is_told && is_asked(question, facility, area)) reply.silent.push_back(facility);
    }
    reply.freshness = CoverageStore(log, db).freshness();
    return reply;
}

}  // namespace egret::store
