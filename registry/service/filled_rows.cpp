#include "registry/base/sheet_limits.h"
#include "registry/base/text.h"
#include "registry/icu/fold.h"
#include "registry/service/tick_off.h"

#include <algorithm>
#include <array>
#include <functional>

namespace egret::service {
namespace {

/// The columns of a filled list, by their heads in either language.
struct ListColumn {
    std::string_view key;
    std::array<std::string_view, 3> heads;
};

constexpr std::array<ListColumn, 8> list_columns = {{
    {"id", {"id", "编号", ""}},
    {"given", {"given", "已接种", "接种"}},
    {"reason", {"reason", "原因", "未接种原因"}},
    {"lot", {"lot", "批号", ""}},
    {"because", {"because", "理由", ""}},
    {"consent", {"consent", "知情同意", "同意"}},
    {"guardian", {"guardian", "家长", "监护人"}},
    {"relation", {"relation", "关系", ""}},
}};

using ColumnPlaces = std::array<std::optional<std::size_t>, list_columns.size()>;

std::size_t list_place_of(std::string_view key) {
    const auto found = std::find_if(list_columns.begin(), list_columns.end(),
                                    [&](const ListColumn& column) { return column.key == key; });
    return static_cast<std::size_t>(found - list_columns.begin());
}

ColumnPlaces places_in(const sheet::Row& row) {
    ColumnPlaces places;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
        const auto head = icu::fold(row.cells[i].text);
        if (head.empty()) continue;
        for (std::size_t k = 0; k < list_columns.size(); ++k) {
            const auto& heads = list_columns[k].heads;
            const bool is_it = std::find(heads.begin(), heads.end(), head) != heads.end();
            if (is_it && !places[k]) places[k] = i;
        }
    }
    return places;
}

/// One row below the head row.
class ListRow {
public:
    ListRow(const sheet::Row& row, const ColumnPlaces& places) : row_(row), places_(places) {}

    std::string get(std::string_view key) const {
        const auto& place = places_[list_place_of(key)];
        return place ? std::string(trim(row_.at(*place).text)) : std::string();
    }

    std::string line() const { return std::to_string(row_.number); }

private:
    const sheet::Row& row_;
    const ColumnPlaces& places_;
};

/// Calls take(row) for each row below the head row, which has an id and `wanted`.
Result<Done> for_each_list_row(const std::vector<sheet::Sheet>& sheets, std::string_view wanted,
                               const std::function<void(const ListRow&)>& take) {
    bool has_head = false;
    for (const auto& sheet : sheets) {
        const auto end = std::min(sheet.rows.size(), limits::sheet_head_rows_max);
        for (std::size_t i = 0; i < end; ++i) {
            const auto places = places_in(sheet.rows[i]);
            if (!places[list_place_of("id")] || !places[list_place_of(wanted)]) continue;
            has_head = true;
            for (auto k = i + 1; k < sheet.rows.size(); ++k) take({sheet.rows[k], places});
            break;
        }
    }
    if (!has_head) {
        return Error{ErrorCode::invalid_input, "--from",
                     msg("tick.no_head_row", {{"column", std::string(wanted)}})};
    }
    return Done{};
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::optional<bool> find_truth(const std::string& typed) {
    const auto word = icu::fold(typed);
    if (is_one_of(word,
                  {"yes", "y", "true", "1", "是", "√", "✓", "✔", "given", "已接种", "已种", "☑"}))
        return true;
    if (is_one_of(word, {"no", "n", "false", "0", "否", "未", "未接种", "未种", "×"})) return false;
    return std::nullopt;
}

std::optional<ConsentDecision> find_decision(const std::string& typed) {
    const auto word = icu::fold(typed);
    if (is_one_of(word, {"given", "yes", "y", "1", "是", "√", "✓", "✔", "同意", "已同意"}))
        return ConsentDecision::given;
    if (is_one_of(word, {"refused", "no", "n", "0", "否", "×", "不同意", "拒绝", "已拒绝"}))
        return ConsentDecision::refused;
    return std::nullopt;
}

TickOutcome unread_row(const ListRow& row, const char* field, Message message) {
    TickOutcome outcome;
    outcome.place = row.line();
    outcome.woman = WomanId::parse(row.get("id")).value_or(WomanId{});
    outcome.error = Error{ErrorCode::invalid_input, field, std::move(message)};
    return outcome;
}

bool is_open_word(const std::string& typed) {
    const auto word = icu::fold(typed);
    return word.empty() || is_one_of(word, {"☐", "□", "missing", "未填", "缺"});
}

}  // namespace

Result<ListRows<Tick>> read_filled_rows(const std::vector<sheet::Sheet>& sheets, FindReason find) {
    ListRows<Tick> rows;
    const auto take = [&](const ListRow& row) {
        const auto given = row.get("given");
        const auto reason = row.get("reason");
        if (is_open_word(given) && reason.empty()) {
            if (!row.get("id").empty()) ++rows.open;
            return;
        }
        const auto woman = WomanId::parse(row.get("id"));
        if (!woman) return rows.refused.push_back(unread_row(row, "id", msg("tick.no_id")));
        // A reason alone says that it was not given.
        const auto truth = is_open_word(given) ? std::optional(false) : find_truth(given);
        if (!truth) return rows.refused.push_back(unread_row(row, "given", msg("tick.yes_or_no")));
        if (*truth && !reason.empty())
            return rows.refused.push_back(unread_row(row, "reason", msg("tick.given_with_reason")));
        if (!*truth && reason.empty())
            return rows.refused.push_back(unread_row(row, "reason", msg("tick.no_reason")));
        Tick tick;
        tick.place = row.line();
        tick.woman = *woman;
        tick.is_given = *truth;
        tick.lot = row.get("lot");
        tick.because = row.get("because");
        if (!tick.is_given) {
            tick.reason = find(reason);
            if (!tick.reason) tick.note = reason;
        }
        rows.ticks.push_back(std::move(tick));
    };
    if (auto read = for_each_list_row(sheets, "given", take); !read) return std::move(read).error();
    return rows;
}

Result<ListRows<ConsentTick>> read_consent_rows(const std::vector<sheet::Sheet>& sheets) {
    ListRows<ConsentTick> rows;
    const auto take = [&](const ListRow& row) {
        const auto said = row.get("consent");
        if (is_open_word(said)) {
            if (!row.get("id").empty()) ++rows.open;
            return;
        }
        const auto woman = WomanId::parse(row.get("id"));
        if (!woman) return rows.refused.push_back(unread_row(row, "id", msg("tick.no_id")));
        const auto decision = find_decision(said);
        if (!decision)
            return rows.refused.push_back(unread_row(row, "consent", msg("tick.consent_form")));
        rows.ticks.push_back(
            {row.line(), *woman, *decision, row.get("guardian"), row.get("relation"), false});
    };
    if (auto read = for_each_list_row(sheets, "consent", take); !read)
        return std::move(read).error();
    return rows;
}

}  // namespace egret::service
